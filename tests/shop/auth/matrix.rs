//! The access matrix: every operation over every protocol, by every kind of caller. The expected result of each cell follows
//! from the table of operations.

use super::callers::{locked, user, wrong};
use domain::Operation;
use domain::access::{Credentials, RequiredAccess};
use domain::operations::{OPERATIONS, OperationKind};
use domain::sandbox::Settings;
use serde_json::json;
use std::sync::Arc;
use tests::{Conversation, TestServer, ValueAccess};
use wire::connection::Failure;
use wire::{Adapter, Outcome};

/// A kind of caller.
#[derive(Clone, Copy, Debug, PartialEq)]
enum CallerKind {
    Anonymous,
    Wrong,
    Stranger,
    Oneself,
    Staff,
    Admin,
}

/// In this order: callers that are refused come before those that change something.
const COMERS: [CallerKind; 6] = [
    CallerKind::Anonymous,
    CallerKind::Wrong,
    CallerKind::Stranger,
    CallerKind::Oneself,
    CallerKind::Staff,
    CallerKind::Admin,
];

impl CallerKind {
    fn credentials(self) -> Credentials {
        match self {
            CallerKind::Anonymous => Credentials::None,
            CallerKind::Wrong => wrong(),
            CallerKind::Stranger => user(20),
            CallerKind::Oneself => user(10),
            CallerKind::Staff => user(2),
            CallerKind::Admin => user(3),
        }
    }

    /// The user whom the call is about: none of them has an order in the seed.
    fn subject(self, is_locked: bool) -> i64 {
        match self {
            CallerKind::Staff => 30,
            CallerKind::Admin => 40,
            CallerKind::Anonymous if !is_locked => 50,
            CallerKind::Anonymous | CallerKind::Wrong | CallerKind::Stranger | CallerKind::Oneself => 10,
        }
    }
}

/// What an input names; other customers get another refusal for each.
#[derive(Clone, Copy, Debug, PartialEq)]
enum About {
    Nothing,
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
    use About::{List, Nothing, Order, Promotion, User, Webhook};
    match operation {
        "list_users" | "search_products" | "who_am_i" | "list_webhooks" => &[("", Nothing, |_, _| json!({}))],
        "get_product" => &[("", Nothing, |_, _| json!({"id": 1}))],
        "update_product" => &[("", Nothing, |_, _| json!({"id": 1, "stock": 900}))],
        "log_in" => &[("", Nothing, |_, _| json!({"email": "ada@example.com", "password": "parlance"}))],
        "create_user" => &[
            ("", Nothing, |user, _| json!({"name": "A", "email": format!("a{user}-{}@b", fresh())})),
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
        "create_webhook" => &[("", Nothing, |_, _| json!({"url": "https://example.com/"}))],
        "get_webhook" | "delete_webhook" | "rotate_webhook_secret" | "test_webhook" => {
            &[("", Webhook, |_, webhook| json!({"id": webhook}))]
        }
        "list_deliveries" => &[
            ("", Nothing, |_, _| json!({})),
            (" to one webhook", Webhook, |_, webhook| json!({"webhook_id": webhook})),
        ],
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
fn expected_reason(
    who: RequiredAccess,
    about: About,
    caller_kind: CallerKind,
    is_locked: bool,
) -> Option<&'static str> {
    let is_staff = matches!(caller_kind, CallerKind::Staff | CallerKind::Admin)
        || (caller_kind == CallerKind::Anonymous && !is_locked);
    let is_unknown = caller_kind == CallerKind::Anonymous && is_locked;
    match (who, about) {
        _ if caller_kind == CallerKind::Wrong => Some("credentials_wrong"),
        (_, About::Promotion) if is_unknown => Some("credentials_missing"),
        (_, About::Promotion) => (caller_kind != CallerKind::Admin).then_some("not_allowed"),
        (RequiredAccess::Anyone, _) => None,
        _ if is_unknown => Some("credentials_missing"),
        _ if is_staff => None,
        (RequiredAccess::Staff, _) => Some("not_allowed"),
        (RequiredAccess::SelfOrStaff, About::User) if caller_kind == CallerKind::Stranger => Some("not_allowed"),
        (RequiredAccess::SelfOrStaff, About::Order) if caller_kind == CallerKind::Stranger => Some("order_not_found"),
        (RequiredAccess::SelfOrStaff, _) => None,
    }
}

/// Every cell of a row, over one protocol, in an open and in a locked sandbox.
pub fn check(server: &Arc<TestServer>, style: &'static Adapter, row: &Row) {
    for settings in [Settings::default(), locked()] {
        let is_locked = settings != Settings::default();
        let mut client = Conversation::over(server, style);
        client.set_up(settings);
        for caller_kind in COMERS {
            let subject = caller_kind.subject(is_locked);
            let thing = prepare(&mut client, row, subject);
            client.authenticate_as(caller_kind.credentials());
            let input = (row.input)(subject, thing);
            let shown = format!("{} {input} by {caller_kind:?}, locked: {is_locked}", row.operation.name);
            let expected = expected_reason(row.operation.who, row.about, caller_kind, is_locked);
            match (result(&mut client, row.operation.name, input), expected) {
                (Ok(answer), None) => check_sight(row, caller_kind, is_locked, &answer, &shown),
                (Err(reason), Some(expected)) => assert_eq!(reason, expected, "{shown}"),
                (Ok(answer), Some(expected)) => panic!("{shown}: not {expected}, but {answer:?}"),
                (Err(reason), None) => panic!("{shown}: {reason}"),
            }
        }
    }
}

/// What the call needs to succeed: an order of the user, a webhook, or a product in the cart.
fn prepare(client: &mut Conversation, row: &Row, subject: i64) -> i64 {
    client.authenticate_as(user(3));
    let line = json!({"product_id": 2, "quantity": 1});
    match row.about {
        _ if row.streams() => {
            // An allowed watcher gets a first item at once; others only their own events.
            for user in [subject, 20] {
                client.report_to("place_order", json!({"user_id": user, "lines": [line]}));
            }
            0
        }
        About::Order | About::List => {
            client.report_to("place_order", json!({"user_id": subject, "lines": [line]})).number("id")
        }
        _ if row.operation.name == "check_out" => {
            client.report_to("set_cart_line", json!({"user_id": subject, "product_id": 2, "quantity": 1}));
            0
        }
        About::Webhook => client.report_to("create_webhook", json!({"url": "https://example.com/"})).number("id"),
        About::Nothing | About::User | About::Promotion => 0,
    }
}

/// The reply, or the reason of the refusal.
fn result(client: &mut Conversation, operation: &str, input: serde_json::Value) -> Result<Outcome, String> {
    let result = if operation == "watch_events" { client.watch(input) } else { client.try_outcome(operation, input) };
    match result {
        Ok(Outcome::Refused(refused)) => Err(refused.reason.unwrap_or_default()),
        // graphql-transport-ws has its own word for it: a socket whose first message is refused is closed with 4403.
        Err(Failure::Closed(4403, _)) => Err("credentials_wrong".to_owned()),
        Ok(result) => Ok(result),
        Err(failure) => panic!("{operation}: {failure}"),
    }
}

/// A list shows a customer only their own items, and staff everybody's.
fn check_sight(row: &Row, caller_kind: CallerKind, is_locked: bool, answer: &Outcome, shown: &str) {
    if row.about != About::List {
        return;
    }
    let own = match caller_kind {
        CallerKind::Stranger => Some(20),
        CallerKind::Oneself => Some(10),
        CallerKind::Anonymous if is_locked => panic!("{shown}: an unknown caller sees {answer:?}"),
        CallerKind::Anonymous | CallerKind::Wrong | CallerKind::Staff | CallerKind::Admin => None,
    };
    let page = match answer {
        Outcome::Reply(page) => page,
        Outcome::Event(event) => {
            return assert!(own.is_none_or(|own| event.number("user_id") == own), "{shown}: {event}");
        }
        result => panic!("{shown}: {result:?}"),
    };
    let owners: Vec<i64> = page.value_at("items").items().iter().map(|item| item.number("user_id")).collect();
    match own {
        Some(own) => assert!(owners.iter().all(|owner| *owner == own), "{shown}: {owners:?}"),
        None => assert!(owners.iter().any(|owner| *owner != owners[0]), "{shown}: {owners:?}"),
    }
    assert_eq!(
        caller_kind == CallerKind::Stranger,
        owners.is_empty(),
        "{shown}: a stranger has nothing, oneself has: {owners:?}"
    );
}
