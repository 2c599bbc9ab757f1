//! temporary
#[path = "../../server/src"]
mod server {
    pub mod seed;
}
use domain::store::Store;
use server::seed::{SeedSize, seed};
use store::{Place, Sqlite};
#[tokio::test]
async fn measure() {
    for size in [
        SeedSize::default(),
        SeedSize { users: 50, products: 100, orders: 20000 },
        SeedSize { users: 5000, products: 1000, orders: 20000 },
    ] {
        let store = Sqlite::open(Place::Temporary, seed(size)).unwrap();
        for _ in 0..3 {
            let t = std::time::Instant::now();
            store.reset(&domain::Sandbox::main()).await.unwrap();
            println!("{size:?} {:?}", t.elapsed());
        }
    }
}
