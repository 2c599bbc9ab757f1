//! The access matrix: every operation over every protocol, by every kind of caller. The expected result of each cell follows
//! from the table of operations.

use super::callers::{locked, user, wrong};
use domain::Operation;
use domain::access::{Credentials, RequiredAccess};
use domain::operations::{OPERATIONS, OperationKind};
use domain::sandbox::Settings;
use serde_json::json;
use std::sync::Arc;
use tests::{Conversation, Look, TestServer};
use wire::connection::Failure;
use wire::{Adapter, Outcome};

/// A kind of caller.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Comer {
    Nobody,
    Wrong,
    Stranger,
    Oneself,
    Staff,
    Admin,
}

/// In this order: callers that are refused come before those that change something.
const COMERS: [Comer; 6] = [Comer::Nobody, Comer::Wrong, Comer::Stranger, Comer::Oneself, Comer::Staff, Comer::Admin];

impl Comer {
    fn credentials(self) -> Credentials {
        match self {
            Comer::Nobody => Credentials::None,
            Comer::Wrong => wrong(),
            Comer::Stranger => user(20),
            Comer::Oneself => user(10),
            Comer::Staff => user(2),
            Comer::Admin => user(3),
        }
    }

    /// The user whom the call is about: none of them has an order in the seed.
    fn subject(self, is_locked: bool) -> i64 {
        match self {
            Comer::Staff => 30,
            Comer::Admin => 40,
            Comer::Nobody if !is_locked => 50,
            Comer::Nobody | Comer::Wrong | Comer::Stranger | Comer::Oneself => 10,
        }
    }
}

/// What an input names; other customers get another refusal for each.
#[derive(Clone, Copy, Debug, PartialEq)]
enum About {
    Nobody,
    User,
    Order,
    List,
    Webhook,
    /// A new user with a role above customer: a rule of that operation's own.
    Promotion,
}

/// An operation with an input that names something.
pub struct Row {
    operation: &'static Operation,
    about: About,
    /// Distinguishes it from other rows of the operation.
    with: &'static str,
    input: fn(i64, i64) -> serde_json::Value,
}

impl Row {
    pub fn name(&self) -> String {
        format!("{}{}", self.operation.name, self.with)
    }

    pub fn streams(&self) -> bool {
        self.operation.kind == OperationKind::Stream
    }
}

/// At least one row for each operation of the table, more where an input can name several things.
pub fn rows() -> impl Iterator<Item = Row> {
    OPERATIONS.iter().flat_map(|operation| {
        inputs(operation.name).iter().map(|(with, about, input)| Row { operation, about: *about, with, input: *input })
    })
}

type Input = (&'static str, About, fn(i64, i64) -> serde_json::Value);

/// The input of each operation, about a user, and an order of that user or a webhook.
fn inputs(operation: &str) -> &'static [Input] {
    use About::{List, Nobody, Order, Promotion, User, Webhook};
    match operation {
        "list_users" | "search_products" | "who_am_i" | "list_webhooks" => &[("", Nobody, |_, _| json!({}))],
        "get_product" => &[("", Nobody, |_, _| json!({"id": 1}))],
        "update_product" => &[("", Nobody, |_, _| json!({"id": 1, "stock": 900}))],
        "log_in" => &[("", Nobody, |_, _| json!({"email": "ada@example.com", "password": "parlance"}))],
        "create_user" => &[
            ("", Nobody, |user, _| json!({"name": "A", "email": format!("a{user}-{}@b", fresh())})),
            (" as staff", Promotion, |_, _| json!({"name": "A", "email": format!("s{}@b", fresh()), "role": "staff"})),
        ],
        "get_user" | "delete_user" => &[("", User, |user, _| json!({"id": user}))],
        "update_user" => &[("", User, |user, _| json!({"id": user, "name": "A"}))],
        "get_cart" | "check_out" => &[("", User, |user, _| json!({"user_id": user}))],
        "set_cart_line" => &[("", User, |user, _| json!({"user_id": user, "product_id": 1, "quantity": 2}))],
        "place_order" => &[("", User, |user, _| json!({"user_id": user, "lines": [{"product_id": 1, "quantity": 1}]}))],
        "list_orders" => &[("", List, |_, _| json!({})), (" of one user", User, |user, _| json!({"user_id": user}))],
        "watch_events" => &[
            ("", List, |_, _| json!({"after": 0})),
            (" of one user", User, |user, _| json!({"after": 0, "user_id": user})),
        ],
        "list_events" => &[("", List, |_, _| json!({"limit": 100}))],
        "get_order" | "get_order_details" | "cancel_order" => &[("", Order, |_, order| json!({"id": order}))],
        "set_order_status" => &[("", Order, |_, order| json!({"id": order, "status": "paid"}))],
        "create_webhook" => &[("", Nobody, |_, _| json!({"url": "https://example.com/"}))],
        "get_webhook" | "delete_webhook" | "rotate_webhook_secret" | "test_webhook" => {
            &[("", Webhook, |_, webhook| json!({"id": webhook}))]
        }
        "list_deliveries" => {
            &[("", Nobody, |_, _| json!({})), (" to one webhook", Webhook, |_, webhook| json!({"webhook_id": webhook}))]
        }
        other => panic!("with what is {other} asked?"),
    }
}

/// A number that was not used before.
fn fresh() -> u64 {
    use std::sync::atomic::{AtomicU64, Ordering};
    static NEXT: AtomicU64 = AtomicU64::new(0);
    NEXT.fetch_add(1, Ordering::Relaxed)
}

/// The expected reason of the refusal, from the table; `None` for success.
fn told(who: RequiredAccess, about: About, comer: Comer, is_locked: bool) -> Option<&'static str> {
    let is_staff = matches!(comer, Comer::Staff | Comer::Admin) || (comer == Comer::Nobody && !is_locked);
    let is_unknown = comer == Comer::Nobody && is_locked;
    match (who, about) {
        _ if comer == Comer::Wrong => Some("credentials_wrong"),
        (_, About::Promotion) if is_unknown => Some("credentials_missing"),
        (_, About::Promotion) => (comer != Comer::Admin).then_some("not_allowed"),
        (RequiredAccess::Anyone, _) => None,
        _ if is_unknown => Some("credentials_missing"),
        _ if is_staff => None,
        (RequiredAccess::Staff, _) => Some("not_allowed"),
        (RequiredAccess::SelfOrStaff, About::User) if comer == Comer::Stranger => Some("not_allowed"),
        (RequiredAccess::SelfOrStaff, About::Order) if comer == Comer::Stranger => Some("order_not_found"),
        (RequiredAccess::SelfOrStaff, _) => None,
    }
}

/// Every cell of a row, over one protocol, in an open and in a locked sandbox.
pub fn check(server: &Arc<TestServer>, style: &'static Adapter, row: &Row) {
    for settings in [Settings::default(), locked()] {
        let is_locked = settings != Settings::default();
        let mut talk = Conversation::over(server, style);
        talk.set_up(settings);
        for comer in COMERS {
            let subject = comer.subject(is_locked);
            let thing = prepare(&mut talk, row, subject);
            talk.become_caller(comer.credentials());
            let input = (row.input)(subject, thing);
            let shown = format!("{} {input} by {comer:?}, locked: {is_locked}", row.operation.name);
            let expected = told(row.operation.who, row.about, comer, is_locked);
            match (heard(&mut talk, row.operation.name, input), expected) {
                (Ok(answer), None) => check_sight(row, comer, is_locked, &answer, &shown),
                (Err(reason), Some(expected)) => assert_eq!(reason, expected, "{shown}"),
                (Ok(answer), Some(expected)) => panic!("{shown}: not {expected}, but {answer:?}"),
                (Err(reason), None) => panic!("{shown}: {reason}"),
            }
        }
    }
}

/// What the call needs to succeed: an order of the user, a webhook, or a product in the cart.
fn prepare(talk: &mut Conversation, row: &Row, subject: i64) -> i64 {
    talk.become_caller(user(3));
    let line = json!({"product_id": 2, "quantity": 1});
    match row.about {
        _ if row.streams() => {
            // An allowed watcher gets a first item at once; others only their own events.
            for user in [subject, 20] {
                talk.tell("place_order", json!({"user_id": user, "lines": [line]}));
            }
            0
        }
        About::Order | About::List => {
            talk.tell("place_order", json!({"user_id": subject, "lines": [line]})).number("id")
        }
        _ if row.operation.name == "check_out" => {
            talk.tell("set_cart_line", json!({"user_id": subject, "product_id": 2, "quantity": 1}));
            0
        }
        About::Webhook => talk.tell("create_webhook", json!({"url": "https://example.com/"})).number("id"),
        About::Nobody | About::User | About::Promotion => 0,
    }
}

/// The reply, or the reason of the refusal.
fn heard(talk: &mut Conversation, operation: &str, input: serde_json::Value) -> Result<Outcome, String> {
    let heard = if operation == "watch_events" { talk.watch(input) } else { talk.try_hear(operation, input) };
    match heard {
        Ok(Outcome::Refused(refused)) => Err(refused.reason.unwrap_or_default()),
        // graphql-transport-ws has its own word for it: a socket whose first message is refused is closed with 4403.
        Err(Failure::Closed(4403, _)) => Err("credentials_wrong".to_owned()),
        Ok(heard) => Ok(heard),
        Err(failure) => panic!("{operation}: {failure}"),
    }
}

/// A list shows a customer only their own items, and staff everybody's.
fn check_sight(row: &Row, comer: Comer, is_locked: bool, answer: &Outcome, shown: &str) {
    if row.about != About::List {
        return;
    }
    let own = match comer {
        Comer::Stranger => Some(20),
        Comer::Oneself => Some(10),
        Comer::Nobody if is_locked => panic!("{shown}: somebody unknown sees {answer:?}"),
        Comer::Nobody | Comer::Wrong | Comer::Staff | Comer::Admin => None,
    };
    let page = match answer {
        Outcome::Reply(page) => page,
        Outcome::Event(event) => {
            return assert!(own.is_none_or(|own| event.number("user_id") == own), "{shown}: {event}");
        }
        heard => panic!("{shown}: {heard:?}"),
    };
    let owners: Vec<i64> = page.look("items").items().iter().map(|item| item.number("user_id")).collect();
    match own {
        Some(own) => assert!(owners.iter().all(|owner| *owner == own), "{shown}: {owners:?}"),
        None => assert!(owners.iter().any(|owner| *owner != owners[0]), "{shown}: {owners:?}"),
    }
    assert_eq!(comer == Comer::Stranger, owners.is_empty(), "{shown}: a stranger has nothing, oneself has: {owners:?}");
}
