//! Writes that wait at the same time share one commit, and fail independently.

use super::*;
use domain::Reason;
use domain::users::existing;

fn rename(user: i32, name: &str) -> WriteJob {
    let name = Name::parse(name.to_owned()).unwrap();
    change(move |shop| {
        let user = existing(shop, UserId(user))?;
        shop.update_user(&User { name, version: user.version + 1, ..user })
    })
}

async fn names(store: &Sqlite) -> Vec<String> {
    let names =
        |shop: &dyn Records| (1..=3).map(|id| existing(shop, UserId(id)).unwrap().name.as_str().to_owned()).collect();
    query(store, "main", names).await.unwrap()
}

#[tokio::test]
async fn a_failing_write_does_not_affect_the_others() {
    let (store, _) = open();
    let main = Sandbox::main();
    let release = hold_writer(&store).await;
    let before = store.write(&main, rename(1, "before"));
    let failing = store.write(
        &main,
        change(|shop| {
            shop.delete_user(UserId(2))?;
            Err(Error::new(Reason::NotAllowed, "changed my mind"))
        }),
    );
    let panicking = store.write(
        &main,
        change(|shop| {
            shop.delete_user(UserId(2))?;
            panic!("a panic that the test wants")
        }),
    );
    let breaking = store.write(&main, change(|shop| shop.set_cart_line(UserId(77), ProductId(1), 1)));
    let after = store.write(&main, rename(3, "after"));
    let commits = store.commits();
    drop(release);
    before.await.unwrap();
    assert_eq!(failing.await.unwrap_err().reason, Reason::NotAllowed);
    assert_eq!(panicking.await.unwrap_err().reason, Reason::Internal);
    assert_eq!(breaking.await.unwrap_err().reason, Reason::Internal);
    after.await.unwrap();
    assert_eq!(store.commits(), commits + 1);
    assert_eq!(names(&store).await, ["before", "Grace", "after"]);
}

#[tokio::test]
async fn many_writes_share_few_commits() {
    let (store, shop) = open();
    place(&shop, &main_shop(), &[(1, 1)]).await.unwrap();
    let release = hold_writer(&store).await;
    let orders: Vec<_> = (0..600)
        .map(|_| {
            let shop = shop.clone();
            tokio::spawn(async move { place(&shop, &main_shop(), &[(1, 1)]).await })
        })
        .collect();
    // One thread runs all tasks of this test: after one turn of each, all writes are in the queue.
    tokio::task::yield_now().await;
    let commits = store.commits();
    drop(release);
    for order in orders {
        order.await.unwrap().unwrap();
    }
    let commits = store.commits() - commits;
    assert!((3..60).contains(&commits), "600 orders took {commits} commits");
    assert_eq!(product(&shop, &main_shop(), 1).await.stock, 1_000 - 601);
}

#[tokio::test]
async fn a_full_queue_refuses_at_once() {
    let (store, _) = open();
    query(&store, "main", |_| ()).await.unwrap();
    let release = hold_writer(&store).await;
    let waiting: Vec<_> = (0..4_096).map(|_| store.write(&Sandbox::main(), change(|_| Ok(())))).collect();
    let refused = store.write(&Sandbox::main(), change(|_| Ok(()))).await.unwrap_err();
    assert_eq!((refused.reason, refused.retry_after_ms), (Reason::Overloaded, Some(1_000)));
    query(&store, "main", |_| ()).await.expect("reads do not wait for writes");
    drop(release);
    for done in waiting {
        done.await.unwrap();
    }
}

#[tokio::test]
async fn a_write_whose_caller_is_gone_is_committed() {
    let (store, _) = open();
    let release = hold_writer(&store).await;
    drop(store.write(&Sandbox::main(), rename(1, "detached")));
    drop(release);
    store.write(&Sandbox::main(), change(|_| Ok(()))).await.unwrap();
    assert_eq!(names(&store).await[0], "detached");
}
