//! Conversion of rows to the shop's types, with the domain's parsers; a value that they refuse is an error of the database.
//!
//! The comment of each function lists the columns that it reads, in order.

use domain::access::Role;
use domain::authenticator::StoredApiKey;
use domain::events::{Event, EventKind};
use domain::idempotency::StoredResult;
use domain::money::Money;
use domain::orders::{Order, OrderId, OrderLine, OrderStatus};
use domain::products::{Product, ProductId};
use domain::progress::ExerciseProgress;
use domain::sandbox::{Access, Exercises, Sandbox, Settings};
use domain::text::{Email, Text};
use domain::time::Timestamp;
use domain::users::{User, UserId};
use domain::webhooks::{
    Delivery, DeliveryId, DeliveryStatus, Endpoint, Registration, Webhook, WebhookId, WebhookStatus,
};
use rusqlite::types::Type;
use rusqlite::{Error, Result, Row, Rows};

/// id, name, email, role, created_at, version
pub(crate) fn user(row: &Row<'_>) -> Result<User> {
    Ok(User {
        id: UserId(row.get(0)?),
        name: text(row, 1)?,
        email: Email::parse(row.get(2)?).map_err(|problem| corrupt(2, problem))?,
        role: word(row, 3, Role::from_word)?,
        created_at: Timestamp(row.get(4)?),
        version: row.get(5)?,
    })
}

/// A sandbox's row; the store keeps a copy of each in memory.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SandboxRow {
    pub id: i64,
    pub settings: Settings,
}

/// name (not read here), id, access, rate_per_minute, rtt_ms, exercises
pub(crate) fn sandbox(row: &Row<'_>) -> Result<SandboxRow> {
    let (access, exercises) = (word(row, 2, Access::from_word)?, word(row, 5, Exercises::from_word)?);
    let settings = Settings { access, rate_per_minute: row.get(3)?, rtt_ms: row.get(4)?, exercises };
    Ok(SandboxRow { id: row.get(1)?, settings })
}

/// exercise, hints, done_at, evidence
pub(crate) fn progress(row: &Row<'_>) -> Result<ExerciseProgress> {
    let done_at = row.get::<_, Option<i64>>(2)?.map(Timestamp);
    Ok(ExerciseProgress { exercise: row.get(0)?, hints: row.get(1)?, done_at, evidence: row.get(3)? })
}

/// id, url, status, created_at, secret, former_secret, former_until, mark
pub(crate) fn registration(row: &Row<'_>) -> Result<Registration> {
    let (id, status) = (WebhookId(row.get(0)?), word(row, 2, WebhookStatus::from_word)?);
    let webhook = Webhook { id, url: text(row, 1)?, status, secret: None, created_at: Timestamp(row.get(3)?) };
    let former = match row.get::<_, Option<i64>>(6)? {
        Some(until) => Some((text(row, 5)?, Timestamp(until))),
        None => None,
    };
    Ok(Registration { webhook, mark: text(row, 7)?, secret: text(row, 4)?, former })
}

/// the sandbox's name, webhook_id, the time of the next attempt
pub(crate) fn endpoint(row: &Row<'_>) -> Result<(Endpoint, Timestamp)> {
    let name = row.get_ref(0)?.as_str()?;
    let sandbox = Sandbox::parse(name).ok_or_else(|| corrupt(0, format!("\"{name}\" is not the name of a sandbox")))?;
    Ok((Endpoint { sandbox, webhook_id: WebhookId(row.get(1)?) }, Timestamp(row.get(2)?)))
}

/// id, webhook_id, seq, status, attempts, response_status, problem, created_at, next_attempt_at
pub(crate) fn delivery(row: &Row<'_>) -> Result<Delivery> {
    let problem = row.get::<_, Option<String>>(6)?;
    Ok(Delivery {
        id: DeliveryId(row.get(0)?),
        webhook_id: WebhookId(row.get(1)?),
        seq: row.get(2)?,
        status: word(row, 3, DeliveryStatus::from_word)?,
        attempts: row.get(4)?,
        response_status: row.get(5)?,
        problem: problem.map(Text::parse).transpose().map_err(|problem| corrupt(6, problem))?,
        created_at: Timestamp(row.get(7)?),
        next_attempt_at: row.get::<_, Option<i64>>(8)?.map(Timestamp),
    })
}

/// user_id, name, digest
pub(crate) fn key(row: &Row<'_>) -> Result<(UserId, StoredApiKey)> {
    Ok((UserId(row.get(0)?), StoredApiKey { name: row.get(1)?, digest: row.get(2)? }))
}

/// fingerprint, order_id, at
pub(crate) fn stored_result(row: &Row<'_>) -> Result<StoredResult> {
    Ok(StoredResult { fingerprint: row.get(0)?, order: OrderId(row.get(1)?), at: Timestamp(row.get(2)?) })
}

/// id, name, description, price, stock, version
pub(crate) fn product(row: &Row<'_>) -> Result<Product> {
    Ok(Product {
        id: ProductId(row.get(0)?),
        name: text(row, 1)?,
        description: text(row, 2)?,
        price: Money::cents(row.get(3)?),
        stock: row.get(4)?,
        version: row.get(5)?,
    })
}

/// product_id, quantity
pub(crate) fn cart_line(row: &Row<'_>) -> Result<(ProductId, i32)> {
    Ok((ProductId(row.get(0)?), row.get(1)?))
}

/// Up to `limit` orders, from orders joined with their lines; the lines of an order follow each other:
/// id, user_id, status, placed_at, updated_at, version, then product_id, quantity, unit_price
pub(crate) fn orders(rows: &mut Rows<'_>, limit: usize) -> Result<Vec<Order>> {
    let mut orders: Vec<Order> = Vec::new();
    while let Some(row) = rows.next()? {
        let id = OrderId(row.get(0)?);
        if orders.last().is_none_or(|order| order.id != id) {
            if orders.len() == limit {
                break;
            }
            orders.push(order_without_lines(id, row)?);
        }
        let Some(order) = orders.last_mut() else { continue };
        let line = order_line(row)?;
        order.total = Money::sum([&order.total, &line.line_total]);
        order.lines.push(line);
    }
    Ok(orders)
}

fn order_without_lines(id: OrderId, row: &Row<'_>) -> Result<Order> {
    Ok(Order {
        id,
        user_id: UserId(row.get(1)?),
        status: word(row, 2, OrderStatus::from_word)?,
        lines: Vec::with_capacity(4),
        total: Money::cents(0),
        placed_at: Timestamp(row.get(3)?),
        updated_at: Timestamp(row.get(4)?),
        version: row.get(5)?,
    })
}

fn order_line(row: &Row<'_>) -> Result<OrderLine> {
    let (quantity, unit_price) = (row.get(7)?, Money::cents(row.get(8)?));
    Ok(OrderLine { product_id: ProductId(row.get(6)?), quantity, line_total: unit_price.times(quantity), unit_price })
}

/// seq, kind, order_id, user_id, status, at
pub(crate) fn event(row: &Row<'_>) -> Result<Event> {
    Ok(Event {
        seq: row.get(0)?,
        kind: word(row, 1, EventKind::from_word)?,
        order_id: OrderId(row.get(2)?),
        user_id: UserId(row.get(3)?),
        status: word(row, 4, OrderStatus::from_word)?,
        at: Timestamp(row.get(5)?),
    })
}

fn text<const MAX: u32>(row: &Row<'_>, column: usize) -> Result<Text<MAX>> {
    Text::parse(row.get(column)?).map_err(|problem| corrupt(column, problem))
}

fn word<T>(row: &Row<'_>, column: usize, from_word: fn(&str) -> Option<T>) -> Result<T> {
    let word = row.get_ref(column)?.as_str()?;
    from_word(word).ok_or_else(|| corrupt(column, format!("\"{word}\" is not a known word")))
}

fn corrupt(column: usize, problem: String) -> Error {
    Error::FromSqlConversionFailure(column, Type::Text, problem.into())
}
