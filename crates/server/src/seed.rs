//! The contents of a new shop: made-up people, products and orders, always the same, so that lessons and examples can name them.
//!
//! The domain's own rules create everything, so that stock, events and versions are consistent. The people and goods
//! are in `people` and `goods`; larger shops combine them.

mod goods;
mod people;

use domain::access::{Caller, Credentials, Role};
use domain::carts::{self, SetCartLine};
use domain::money::Money;
use domain::orders::{self, OrderId, OrderStatus, SetOrderStatus, Wanted};
use domain::products::{Product, ProductId};
use domain::sandbox::Sandbox;
use domain::schema::Int;
use domain::shop::Context;
use domain::store::{Seed, Sequence, Transaction};
use domain::text::{Description, Email, Name};
use domain::time::Timestamp;
use domain::users::{User, UserId};
use domain::{Error, limits};
use goods::{GOODS, Good};
use std::sync::Arc;

/// The size of a new shop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SeedSize {
    /// Number of users.
    pub users: u32,
    /// Number of products.
    pub products: u32,
    /// Number of orders. Without a user or a product there are none.
    pub orders: u32,
}

impl Default for SeedSize {
    fn default() -> Self {
        SeedSize { users: 50, products: 100, orders: 200 }
    }
}

/// Fills a new sandbox: `main` with this size, any other with the default size.
pub fn seed(main: SeedSize) -> Seed {
    Arc::new(move |sandbox, shop| {
        let size = if *sandbox == Sandbox::main() { main } else { SeedSize::default() };
        fill(shop, size)
    })
}

/// 2025-03-01T08:00:00Z: the first user is created.
const FIRST_USER: i64 = 1_740_816_000;
/// 2026-01-05T09:00:00Z: the first order is placed, after the last user was created.
const FIRST_ORDER: i64 = 1_767_603_600;
/// 2026-10-31T12:00:00Z: the last order was placed before this, and paid before November.
const LAST_ORDER: i64 = 1_793_448_000;
const HOUR: i64 = 3_600;

fn fill(shop: &mut dyn Transaction, size: SeedSize) -> Result<(), Error> {
    let plan = plan(size);
    for number in 0..size.users {
        let created_at = FIRST_USER + i64::from(number) * (FIRST_ORDER - FIRST_USER - HOUR) / i64::from(size.users);
        let user = person(UserId(shop.next(Sequence::Users)?), number as usize, Timestamp(created_at))?;
        shop.insert_user(&user)?;
        if number < people::COUNT {
            shop.set_password(user.id, &auth::demo::password_hash())?;
            shop.add_key(user.id, &auth::demo::stored_key(user.id))?;
        }
    }
    let sold = sold(&plan, size.products);
    for (number, sold) in sold.into_iter().enumerate() {
        let product = product(ProductId(shop.next(Sequence::Products)?), number, sold)?;
        shop.insert_product(&product)?;
    }
    perform(shop, plan)?;
    fill_carts(shop, size)
}

/// The plan of an order: its buyer, lines and time, and the statuses that follow.
struct Plan {
    user_id: UserId,
    lines: Vec<(ProductId, i32)>,
    placed_at: i64,
    steps: Vec<(OrderStatus, i64)>,
}

fn plan(size: SeedSize) -> Vec<Plan> {
    if size.users == 0 || size.products == 0 {
        return Vec::new();
    }
    let mut dice = Dice(2026);
    let interval = (LAST_ORDER - FIRST_ORDER) / i64::from(size.orders.max(1));
    let order = |number: u32| {
        // At most half a step of variation, so that the ids follow the order of time.
        let placed_at = FIRST_ORDER + i64::from(number) * interval + i64::from(dice.below(interval as u32 / 2 + 1));
        let statuses = statuses(&mut dice, number, size.orders);
        let steps = steps(&mut dice, statuses, placed_at);
        let user_id = buyer(&mut dice, number, size.users);
        let lines = basket(&mut dice, number, size, statuses.contains(&OrderStatus::Cancelled));
        Plan { user_id, lines, placed_at, steps }
    };
    (0..size.orders).map(order).collect()
}

/// The later statuses of an order: old orders are delivered, the newest wait, and a few are cancelled.
fn statuses(dice: &mut Dice, number: u32, of: u32) -> &'static [OrderStatus] {
    use OrderStatus::{Cancelled, Delivered, Paid, Shipped};
    let age = (of - number) * 100 / of;
    match (number, age, dice.below(10)) {
        (0, _, _) => &[Paid, Shipped, Delivered],
        (_, _, 0) => &[Cancelled],
        (_, 30.., 1) => &[Paid, Cancelled],
        (_, 30.., _) => &[Paid, Shipped, Delivered],
        (_, 18..30, _) => &[Paid, Shipped],
        (_, 9..18, _) => &[Paid],
        _ => &[],
    }
}

/// The time of each status: orders are paid or cancelled within hours, shipped and delivered within days.
fn steps(dice: &mut Dice, statuses: &[OrderStatus], placed_at: i64) -> Vec<(OrderStatus, i64)> {
    let mut at = placed_at;
    let step = |status: &OrderStatus| {
        let unit = match status {
            OrderStatus::Shipped | OrderStatus::Delivered => HOUR,
            OrderStatus::Placed | OrderStatus::Paid | OrderStatus::Cancelled => HOUR / 8,
        };
        at += unit * (2 + i64::from(dice.below(40)));
        (*status, at)
    };
    statuses.iter().map(step).collect()
}

/// The buyer: user 1 first and often; every tenth user and the last never, so that some users can be deleted.
fn buyer(dice: &mut Dice, number: u32, users: u32) -> UserId {
    let id = dice.below(users) + 1;
    let never = id.is_multiple_of(10) || id == users;
    UserId(if number == 0 || never { 1 } else { id as i32 })
}

fn basket(dice: &mut Dice, number: u32, size: SeedSize, called_off: bool) -> Vec<(ProductId, i32)> {
    if number == 0 && size.products >= 3 {
        return vec![(ProductId(1), 1), (ProductId(3), 2), (ProductId(2), 1)];
    }
    let wanted = 1 + dice.below(4).min(dice.below(4));
    let mut lines: Vec<(ProductId, i32)> = Vec::new();
    for _ in 0..wanted {
        let product = dice.below(size.products);
        let (id, quantity) = (ProductId(product as i32 + 1), 1 + dice.below(3).min(dice.below(3)) as i32);
        // A cancelled order returns to the stock, so it must not contain the goods that are to stay scarce.
        let scarce = good(product as usize).stock < 10;
        if lines.iter().all(|(other, _)| *other != id) && !(scarce && called_off) {
            lines.push((id, quantity));
        }
    }
    if lines.is_empty() {
        lines.push((ProductId(1), 1));
    }
    lines
}

/// Pieces of each product in all orders together, so that the stock suffices for them.
fn sold(plan: &[Plan], products: u32) -> Vec<i32> {
    let mut sold = vec![0; products as usize];
    for (product_id, quantity) in plan.iter().flat_map(|order| &order.lines) {
        sold[product_id.0 as usize - 1] += quantity;
    }
    sold
}

/// Executes the plan in the order of time, so that the event log is realistic.
fn perform(shop: &mut dyn Transaction, mut plan: Vec<Plan>) -> Result<(), Error> {
    let mut due = Vec::new();
    for (number, order) in plan.iter().enumerate() {
        due.push((order.placed_at, number, None));
        due.extend(order.steps.iter().map(|(status, at)| (*at, number, Some(*status))));
    }
    // The sort is stable: changes in the same second keep their order.
    due.sort_by_key(|(at, _, _)| *at);
    let mut ids = vec![OrderId(0); plan.len()];
    for (at, number, status) in due {
        let context = Context { caller: Caller::visitor(Sandbox::main()), now: Timestamp(at) };
        if let Some(status) = status {
            let input = SetOrderStatus { id: ids[number], status, expected_version: None };
            orders::set_status(shop, &context, input)?;
            continue;
        }
        let lines = std::mem::take(&mut plan[number].lines).into_iter();
        let wanted = lines.map(|(product_id, quantity)| Wanted { product_id, quantity }).collect();
        ids[number] = orders::sell(shop, &context, plan[number].user_id, wanted)?.id;
    }
    Ok(())
}

/// Every third user, from the first, has a cart with something in it.
fn fill_carts(shop: &mut dyn Transaction, size: SeedSize) -> Result<(), Error> {
    let mut dice = Dice(7);
    let context = Context { caller: Caller::visitor(Sandbox::main()), now: Timestamp(LAST_ORDER) };
    for user in (0..size.users).step_by(3) {
        let lines = if user == 0 { 2 } else { 1 + dice.below(4) };
        for line in 0..lines.min(size.products) {
            // Steps of 7 give different products. The first cart is the same in shops of every size.
            let product = (user * 5 + line * 7 + 1) % size.products;
            let (user_id, product_id) = (UserId(user as i32 + 1), ProductId(product as i32 + 1));
            let Some(quantity) = Int::new(1 + dice.below(3) as i32) else { continue };
            carts::set_line(shop, &context, SetCartLine { user_id, product_id, quantity })?;
        }
    }
    Ok(())
}

/// The users of a new shop that lessons use: one of each role.
pub fn people() -> Vec<lab::Person> {
    let person = |(user_id, role): (i32, &'static str)| {
        let (name, email) = people::person(user_id.unsigned_abs() as usize - 1);
        let api_key = auth::demo::api_key(UserId(user_id)).reveal().to_owned();
        lab::Person { user_id, name, role, email, password: auth::demo::PASSWORD, api_key }
    };
    [(1, "customer"), (2, "staff"), (3, "admin")].map(person).into()
}

/// The credentials of the admin of every new shop, whose key is public. The lab manages its sandboxes with them.
pub fn admin() -> Credentials {
    Credentials::ApiKey(auth::demo::api_key(UserId(3)))
}

fn person(id: UserId, number: usize, created_at: Timestamp) -> Result<User, Error> {
    let (name, email) = people::person(number);
    let role = match id.0 {
        2 => Role::Staff,
        3 => Role::Admin,
        _ => Role::Customer,
    };
    let name = Name::parse(name).map_err(|problem| Error::invalid("/name", problem))?;
    let email = Email::parse(email).map_err(|problem| Error::invalid("/email", problem))?;
    Ok(User { id, name, email, role, created_at, version: 1 })
}

/// The goods of a product: they repeat in later series.
fn good(number: usize) -> &'static Good {
    &GOODS[number % GOODS.len()]
}

fn product(id: ProductId, number: usize, sold: i32) -> Result<Product, Error> {
    let Good { name, description, price, stock } = *good(number);
    let name = match number / GOODS.len() {
        0 => name.to_owned(),
        earlier => format!("{name}, series {}", earlier + 1),
    };
    let name = Name::parse(name).map_err(|problem| Error::invalid("/name", problem))?;
    let description =
        Description::parse(description.to_owned()).map_err(|problem| Error::invalid("/description", problem))?;
    let stock = stock.saturating_add(sold).min(limits::STOCK_MAX);
    Ok(Product { id, name, description, price: Money::cents(price), stock, version: 1 })
}

/// Pseudo-random numbers that are always the same: the linear congruential generator of Numerical Recipes, of which the
/// upper bits are the better ones.
struct Dice(u32);

impl Dice {
    fn below(&mut self, bound: u32) -> u32 {
        self.0 = self.0.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        ((u64::from(self.0) * u64::from(bound)) >> 32) as u32
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_examples_are_of_the_shop_that_is_made() {
        let ada = people().remove(0);
        assert_eq!(wire::examples::ADA, (ada.email.as_str(), ada.password));
    }
    use domain::orders::{Order, OrderFilter};
    use domain::page::PageRequest;
    use domain::products::ProductFilter;
    use domain::store::{Pending, Records, Store};
    use std::collections::HashSet;
    use std::task::{Context as Task, Poll, Wake, Waker};
    use std::thread::{Thread, current, park};
    use store::{Location, Sqlite};

    struct Unpark(Thread);

    impl Wake for Unpark {
        fn wake(self: Arc<Self>) {
            self.0.unpark();
        }
    }

    fn wait<T>(mut pending: Pending<T>) -> Result<T, Error> {
        let waker = Waker::from(Arc::new(Unpark(current())));
        loop {
            match pending.as_mut().poll(&mut Task::from_waker(&waker)) {
                Poll::Ready(done) => return done,
                Poll::Pending => park(),
            }
        }
    }

    /// Reads from a new shop of that size.
    fn with_shop(size: SeedSize, read: impl FnOnce(&dyn Records) + Send + 'static) {
        let store = Sqlite::open(Location::Temporary, seed(size)).unwrap();
        let store: &dyn Store = &store;
        wait(store.query(&Sandbox::main(), move |shop| {
            read(shop);
            Ok(())
        }))
        .unwrap();
    }

    fn all() -> PageRequest {
        let mut slice = PageRequest::of("", None, None).unwrap();
        slice.limit = u32::MAX;
        slice
    }

    fn all_orders(shop: &dyn Records) -> Vec<Order> {
        shop.orders(&OrderFilter::default(), &all()).unwrap()
    }

    #[test]
    fn the_standard_shop_is_as_lessons_name_it() {
        with_shop(SeedSize::default(), |shop| {
            let user = |id| shop.user(UserId(id)).unwrap().unwrap();
            assert_eq!((user(1).name.as_str(), user(1).email.as_str()), ("Ada Lovelace", "ada@example.com"));
            assert_eq!([user(1).role, user(2).role, user(3).role], [Role::Customer, Role::Staff, Role::Admin]);
            assert!(shop.user(UserId(50)).unwrap().is_some() && shop.user(UserId(51)).unwrap().is_none());
            assert!(!shop.has_orders(UserId(50)).unwrap() && !shop.has_orders(UserId(10)).unwrap());
            assert_eq!(shop.cart(UserId(1)).unwrap().len(), 2);
            assert!(shop.cart(UserId(5)).unwrap().is_empty());

            let laptops = ProductFilter { query: Some("laptop".to_owned()), ids: None };
            assert_eq!(shop.products(&laptops, &all()).unwrap().len(), 6);
            let products = shop.products(&ProductFilter::default(), &all()).unwrap();
            assert_eq!(products.len(), 100);
            assert!(products[0].name.as_str().starts_with("Laptop") && products[0].stock >= 100);
            assert!(products.iter().filter(|product| product.stock == 0).count() >= 2);
            let names: HashSet<&str> = products.iter().map(|product| product.name.as_str()).collect();
            assert_eq!(names.len(), 100);

            let first = shop.order(OrderId(1)).unwrap().unwrap();
            assert_eq!((first.user_id, first.lines.len(), first.status), (UserId(1), 3, OrderStatus::Delivered));
        });
    }

    #[test]
    fn its_orders_are_lively_and_in_the_order_of_time() {
        with_shop(SeedSize::default(), |shop| {
            let orders = all_orders(shop);
            assert_eq!(orders.len(), 200);
            assert!(orders.is_sorted_by_key(|order| order.placed_at));
            let november = Timestamp(1_793_491_200);
            assert!(orders.iter().all(|order| order.placed_at.0 >= FIRST_ORDER && order.updated_at < november));
            for status in OrderStatus::ALL {
                assert!(orders.iter().filter(|order| order.status == *status).count() >= 8, "{status:?}");
            }
            let buyers: HashSet<UserId> = orders.iter().map(|order| order.user_id).collect();
            assert!(buyers.len() >= 35, "{}", buyers.len());
            let events = shop.events(0, None, u32::MAX).unwrap();
            assert!(events.is_sorted_by_key(|event| event.at));
            assert_eq!(events.last().map(|event| event.seq), Some(events.len() as i32));
            assert_eq!(events.len() as i32, orders.iter().map(|order| order.version).sum::<i32>());
        });
    }

    #[test]
    fn shops_of_other_sizes_work_too() {
        for (users, products, orders) in [(0, 0, 5), (1, 1, 1), (3, 2, 10), (120, 250, 1_000)] {
            with_shop(SeedSize { users, products, orders }, move |shop| {
                let placed = if users == 0 { 0 } else { orders };
                assert_eq!(all_orders(shop).len() as u32, placed);
                assert_eq!(shop.user(UserId(users as i32 + 1)).unwrap(), None);
                assert_eq!(shop.product(ProductId(products as i32)).unwrap().is_some(), products > 0);
            });
        }
    }
}
