//! Queries: the store's implementation of `Records`, over one snapshot.

use crate::errors::{catch_panic, internal};
use crate::rows;
use domain::Error;
use domain::authenticator::{PasswordHash, StoredApiKey};
use domain::events::Event;
use domain::idempotency::{IdempotencyKey, StoredResult};
use domain::orders::{Order, OrderFilter, OrderId};
use domain::page::PageRequest;
use domain::products::{Product, ProductFilter, ProductId};
use domain::progress::ExerciseProgress;
use domain::store::{JobResult, ReadJob, Records};
use domain::time::Timestamp;
use domain::users::{User, UserFilter, UserId};
use domain::webhooks::{Delivery, DeliveryId, DueDelivery, Endpoint, Registration, WebhookId};
use rusqlite::types::Value;
use rusqlite::{CachedStatement, Connection, OptionalExtension, Params, Row, params_from_iter};

/// One sandbox, seen through one connection. The queries are in this file, the changes in [`crate::writing`]; a job that only
/// reads receives the view as [`Records`] and so cannot make changes.
pub(crate) struct View<'a> {
    pub connection: &'a Connection,
    pub sandbox_id: i64,
    /// Whether an event was appended.
    pub has_events: bool,
    /// Whether a webhook delivery was added or updated.
    pub has_deliveries: bool,
}

/// Runs a job. If the sandbox no longer exists, returns the job as the inner error.
pub(crate) fn read(
    connection: &Connection,
    sandbox_id: i64,
    job: ReadJob,
) -> Result<Result<JobResult, ReadJob>, Error> {
    let view = View::new(connection, sandbox_id);
    match view.one("SELECT 1 FROM sandboxes WHERE id = ?1", [sandbox_id], |_| Ok(()))? {
        Some(()) => catch_panic(|| job(&view)).map(Ok),
        None => Ok(Err(job)),
    }
}

impl<'a> View<'a> {
    pub(crate) fn new(connection: &'a Connection, sandbox_id: i64) -> Self {
        View { connection, sandbox_id, has_events: false, has_deliveries: false }
    }

    pub(crate) fn prepare(&self, sql: &str) -> Result<CachedStatement<'a>, Error> {
        self.connection.prepare_cached(sql).map_err(internal)
    }

    pub(crate) fn one<T>(
        &self,
        sql: &str,
        values: impl Params,
        read: impl FnOnce(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Option<T>, Error> {
        self.prepare(sql)?.query_row(values, read).optional().map_err(internal)
    }

    fn all<T>(
        &self,
        sql: &str,
        values: impl Params,
        read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Vec<T>, Error> {
        self.prepare(sql)?.query_map(values, read).and_then(Iterator::collect).map_err(internal)
    }

    fn event(&self, seq: i32) -> Result<Option<Event>, Error> {
        let sql = "SELECT seq, kind, order_id, user_id, status, at FROM events WHERE sandbox_id = ?1 AND seq = ?2";
        self.one(sql, (self.sandbox_id, seq), rows::event)
    }

    fn list(&self, sql: &str, page: &PageRequest) -> List {
        List { sql: sql.to_owned(), values: vec![self.sandbox_id.into(), page.after.into()] }
    }

    fn orders_list(&self, filter: &OrderFilter, page: &PageRequest) -> List {
        let sql = match filter {
            OrderFilter { ids: Some(_), .. } => ORDERS,
            OrderFilter { user_id: Some(_), .. } => ORDERS_BY_USER,
            OrderFilter { status: Some(_), .. } => ORDERS_BY_STATUS,
            OrderFilter { .. } => ORDERS,
        };
        let mut list = self.list(sql, page);
        list.add(" AND o.user_id = ?", filter.user_id.map(|user| user.0));
        list.add(" AND o.status = ?", filter.status.map(|status| status.word().to_owned()));
        list.add(
            " AND o.id IN (SELECT value FROM json_each(?))",
            filter.ids.as_deref().map(|ids| json(ids, |id| id.0)),
        );
        list.sql.push_str(" ORDER BY o.id, l.position");
        list
    }
}

impl Records for View<'_> {
    fn user(&self, id: UserId) -> Result<Option<User>, Error> {
        let sql = "SELECT id, name, email, role, created_at, version FROM users WHERE sandbox_id = ?1 AND id = ?2";
        self.one(sql, (self.sandbox_id, id.0), rows::user)
    }

    fn user_with_email(&self, folded: &str) -> Result<Option<UserId>, Error> {
        let sql = "SELECT id FROM users WHERE sandbox_id = ?1 AND email_folded = ?2";
        self.one(sql, (self.sandbox_id, folded), |row| row.get(0).map(UserId))
    }

    fn password(&self, user: UserId) -> Result<Option<PasswordHash>, Error> {
        let sql = "SELECT hash FROM passwords WHERE sandbox_id = ?1 AND user_id = ?2";
        self.one(sql, (self.sandbox_id, user.0), |row| row.get(0).map(PasswordHash))
    }

    fn key(&self, name: &str) -> Result<Option<(UserId, StoredApiKey)>, Error> {
        let sql = "SELECT user_id, name, digest FROM api_keys WHERE sandbox_id = ?1 AND name = ?2";
        self.one(sql, (self.sandbox_id, name), rows::key)
    }

    fn users(&self, filter: &UserFilter, page: &PageRequest) -> Result<Vec<User>, Error> {
        let sql = "SELECT id, name, email, role, created_at, version FROM users WHERE sandbox_id = ? AND id > ?";
        let mut list = self.list(sql, page);
        list.add(" AND id IN (SELECT value FROM json_each(?))", filter.ids.as_deref().map(|ids| json(ids, |id| id.0)));
        list.add(" ORDER BY id LIMIT ?", Some(i64::from(page.limit) + 1));
        self.all(&list.sql, params_from_iter(&list.values), rows::user)
    }

    fn product(&self, id: ProductId) -> Result<Option<Product>, Error> {
        let sql = "SELECT id, name, description, price, stock, version FROM products WHERE sandbox_id = ?1 AND id = ?2";
        self.one(sql, (self.sandbox_id, id.0), rows::product)
    }

    fn products(&self, filter: &ProductFilter, page: &PageRequest) -> Result<Vec<Product>, Error> {
        let sql = "SELECT id, name, description, price, stock, version FROM products WHERE sandbox_id = ? AND id > ?";
        let mut list = self.list(sql, page);
        list.add(" AND id IN (SELECT value FROM json_each(?))", filter.ids.as_deref().map(|ids| json(ids, |id| id.0)));
        list.add(" AND instr(searched, ?) > 0", filter.query.clone());
        list.add(" ORDER BY id LIMIT ?", Some(i64::from(page.limit) + 1));
        self.all(&list.sql, params_from_iter(&list.values), rows::product)
    }

    fn cart(&self, user: UserId) -> Result<Vec<(ProductId, i32)>, Error> {
        let sql = "SELECT product_id, quantity FROM cart_lines WHERE sandbox_id = ?1 AND user_id = ?2 \
                   ORDER BY product_id";
        self.all(sql, (self.sandbox_id, user.0), rows::cart_line)
    }

    fn order(&self, id: OrderId) -> Result<Option<Order>, Error> {
        let mut statement = self.prepare(ORDER)?;
        let read = statement.query((self.sandbox_id, id.0)).and_then(|mut rows| rows::orders(&mut rows, 1));
        read.map(|mut orders| orders.pop()).map_err(internal)
    }

    fn orders(&self, filter: &OrderFilter, page: &PageRequest) -> Result<Vec<Order>, Error> {
        let list = self.orders_list(filter, page);
        let mut statement = self.prepare(&list.sql)?;
        // A LIMIT would count order lines; instead, reading stops after one order more than the page holds.
        let limit = page.limit as usize + 1;
        let rows = statement.query(params_from_iter(&list.values));
        rows.and_then(|mut rows| rows::orders(&mut rows, limit)).map_err(internal)
    }

    fn has_orders(&self, user: UserId) -> Result<bool, Error> {
        let sql = "SELECT 1 FROM orders INDEXED BY orders_by_user WHERE sandbox_id = ?1 AND user_id = ?2 LIMIT 1";
        self.one(sql, (self.sandbox_id, user.0), |_| Ok(())).map(|row| row.is_some())
    }

    fn events(&self, after: i32, user: Option<UserId>, limit: u32) -> Result<Vec<Event>, Error> {
        let Some(user) = user else {
            let sql = "SELECT seq, kind, order_id, user_id, status, at FROM events \
                       WHERE sandbox_id = ?1 AND seq > ?2 ORDER BY seq LIMIT ?3";
            return self.all(sql, (self.sandbox_id, after, limit), rows::event);
        };
        let sql = "SELECT seq, kind, order_id, user_id, status, at FROM events INDEXED BY events_by_user \
                   WHERE sandbox_id = ?1 AND seq > ?2 AND user_id = ?4 ORDER BY seq LIMIT ?3";
        self.all(sql, (self.sandbox_id, after, limit, user.0), rows::event)
    }

    fn last_seq(&self) -> Result<i32, Error> {
        let sql = "SELECT next_event - 1 FROM sandboxes WHERE id = ?1";
        self.one(sql, [self.sandbox_id], |row| row.get(0)).map(Option::unwrap_or_default)
    }

    fn first_seq(&self) -> Result<Option<i32>, Error> {
        self.one("SELECT min(seq) FROM events WHERE sandbox_id = ?1", [self.sandbox_id], |row| row.get(0))
            .map(Option::flatten)
    }

    fn webhook(&self, id: WebhookId) -> Result<Option<Registration>, Error> {
        self.one(WEBHOOK, (self.sandbox_id, id.0), rows::registration)
    }

    fn webhooks(&self, page: &PageRequest) -> Result<Vec<Registration>, Error> {
        self.all(WEBHOOKS, (self.sandbox_id, page.after, i64::from(page.limit) + 1), rows::registration)
    }

    fn delivery(&self, id: DeliveryId) -> Result<Option<Delivery>, Error> {
        self.one(DELIVERY, (self.sandbox_id, id.0), rows::delivery)
    }

    fn deliveries(&self, webhook: Option<WebhookId>, page: &PageRequest) -> Result<Vec<Delivery>, Error> {
        let more = i64::from(page.limit) + 1;
        match webhook {
            None => self.all(DELIVERIES, (self.sandbox_id, page.after, more), rows::delivery),
            Some(webhook) => self.all(DELIVERIES_TO, (self.sandbox_id, page.after, more, webhook.0), rows::delivery),
        }
    }

    fn deliveries_waiting(&self, webhook: WebhookId) -> Result<u32, Error> {
        let sql = "SELECT count(*) FROM deliveries INDEXED BY deliveries_waiting \
                   WHERE sandbox_id = ?1 AND webhook_id = ?2 AND next_attempt_at IS NOT NULL";
        self.one(sql, (self.sandbox_id, webhook.0), |row| row.get(0)).map(Option::unwrap_or_default)
    }

    fn stored_result(&self, caller: i32, key: &IdempotencyKey) -> Result<Option<StoredResult>, Error> {
        let sql = "SELECT fingerprint, order_id, at FROM commands_done \
                   WHERE sandbox_id = ?1 AND caller = ?2 AND idempotency_key = ?3";
        self.one(sql, (self.sandbox_id, caller, key.as_str()), rows::stored_result)
    }

    fn progress(&self) -> Result<Vec<ExerciseProgress>, Error> {
        let sql = "SELECT exercise, hints, done_at, evidence FROM progress WHERE sandbox_id = ?1";
        self.all(sql, [self.sandbox_id], rows::progress)
    }
}

/// Webhooks with pending deliveries in all sandboxes, each with the time of its next attempt.
pub(crate) fn endpoints(connection: &Connection) -> Result<Vec<(Endpoint, Timestamp)>, Error> {
    View::new(connection, 0).all(ENDPOINTS, [], rows::endpoint)
}

/// Up to `limit` deliveries to a webhook whose next attempt is due at `now`.
pub(crate) fn due_deliveries(
    connection: &Connection,
    sandbox_id: i64,
    webhook: WebhookId,
    now: Timestamp,
    limit: u32,
) -> Result<Vec<DueDelivery>, Error> {
    let view = View::new(connection, sandbox_id);
    let Some(registration) = view.webhook(webhook)? else { return Ok(Vec::new()) };
    let deliveries = view.all(DUE, (sandbox_id, webhook.0, now.0, limit), rows::delivery)?;
    let with_event = |delivery: Delivery| {
        let event = delivery.seq.map_or(Ok(None), |seq| view.event(seq))?;
        Ok(DueDelivery { delivery, event, registration: registration.clone() })
    };
    deliveries.into_iter().map(with_event).collect()
}

const WEBHOOK: &str = "SELECT id, url, status, created_at, secret, former_secret, former_until, mark \
                       FROM webhooks WHERE sandbox_id = ?1 AND id = ?2";
const WEBHOOKS: &str = "SELECT id, url, status, created_at, secret, former_secret, former_until, mark \
                        FROM webhooks WHERE sandbox_id = ?1 AND id > ?2 ORDER BY id LIMIT ?3";

/// A query for deliveries, with the columns of [`rows::delivery`].
macro_rules! delivery_sql {
    ($from:literal) => {
        concat!(
            "SELECT d.id, d.webhook_id, d.seq, d.status, d.attempts, d.response_status, d.problem, d.created_at, ",
            "d.next_attempt_at FROM deliveries d ",
            $from
        )
    };
}

const DELIVERY: &str = delivery_sql!("WHERE d.sandbox_id = ?1 AND d.id = ?2");
const DELIVERIES: &str = delivery_sql!("WHERE d.sandbox_id = ?1 AND d.id > ?2 ORDER BY d.id LIMIT ?3");
const DELIVERIES_TO: &str = delivery_sql!(
    "INDEXED BY deliveries_by_webhook WHERE d.sandbox_id = ?1 AND d.id > ?2 AND d.webhook_id = ?4 ORDER BY d.id LIMIT ?3"
);
const DUE: &str = delivery_sql!(
    "INDEXED BY deliveries_waiting WHERE d.sandbox_id = ?1 AND d.webhook_id = ?2 AND d.next_attempt_at <= ?3 \
     ORDER BY d.next_attempt_at, d.id LIMIT ?4"
);
/// One index lookup for each webhook, however many of its deliveries are pending.
const ENDPOINTS: &str = "WITH endpoints AS MATERIALIZED (SELECT s.name, w.id, (SELECT d.next_attempt_at \
                    FROM deliveries d INDEXED BY deliveries_waiting WHERE d.sandbox_id = w.sandbox_id \
                    AND d.webhook_id = w.id AND d.next_attempt_at IS NOT NULL ORDER BY d.next_attempt_at LIMIT 1) \
                    AS first FROM webhooks w JOIN sandboxes s ON s.id = w.sandbox_id) \
                    SELECT name, id, first FROM endpoints WHERE first IS NOT NULL ORDER BY first, name, id";

/// A query for orders joined with their lines, with the columns of [`rows::orders`].
macro_rules! orders_sql {
    ($from:literal, $where:literal) => {
        concat!(
            "SELECT o.id, o.user_id, o.status, o.placed_at, o.updated_at, o.version, ",
            "l.product_id, l.quantity, l.unit_price FROM ",
            $from,
            " JOIN order_lines l ON l.sandbox_id = o.sandbox_id AND l.order_id = o.id WHERE ",
            $where
        )
    };
}

const ORDER: &str = orders_sql!("orders o", "o.sandbox_id = ?1 AND o.id = ?2 ORDER BY l.position");
const ORDERS: &str = orders_sql!("orders o", "o.sandbox_id = ? AND o.id > ?");
// Without INDEXED BY, SQLite assumes that a sandbox is small, and scans all of its orders.
const ORDERS_BY_USER: &str = orders_sql!("orders o INDEXED BY orders_by_user", "o.sandbox_id = ? AND o.id > ?");
const ORDERS_BY_STATUS: &str = orders_sql!("orders o INDEXED BY orders_by_status", "o.sandbox_id = ? AND o.id > ?");

/// A list query that is built from the conditions of a filter; each combination of conditions can use its own index.
struct List {
    sql: String,
    values: Vec<Value>,
}

impl List {
    fn add(&mut self, clause: &str, value: Option<impl Into<Value>>) {
        if let Some(value) = value {
            self.sql.push_str(clause);
            self.values.push(value.into());
        }
    }
}

/// Writes ids as one JSON value, `[1,2,3]`, so that lists of every length share one prepared statement.
fn json<T>(ids: &[T], number: impl Fn(&T) -> i32) -> String {
    let ids: Vec<String> = ids.iter().map(|id| number(id).to_string()).collect();
    format!("[{}]", ids.join(","))
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::orders::OrderStatus;

    /// Reading stops at the end of the page, so a query must not sort all orders first.
    #[test]
    fn order_lists_are_sorted_by_their_index() {
        let directory = tempfile::tempdir().unwrap();
        let connection = crate::schema::open_writer(&directory.path().join("shop.db")).unwrap();
        let view = View::new(&connection, 1);
        let page = PageRequest::of("", None, None).unwrap();
        let (user, status) = (Some(UserId(1)), Some(OrderStatus::Paid));
        for (user_id, status, path) in [
            (None, None, "SEARCH o USING PRIMARY KEY (sandbox_id=? AND id>?)"),
            (user, None, "SEARCH o USING INDEX orders_by_user (sandbox_id=? AND user_id=? AND id>?)"),
            (None, status, "SEARCH o USING INDEX orders_by_status (sandbox_id=? AND status=? AND id>?)"),
            (user, status, "SEARCH o USING INDEX orders_by_user (sandbox_id=? AND user_id=? AND id>?)"),
        ] {
            let list = view.orders_list(&OrderFilter { user_id, status, ids: None }, &page);
            let explain = format!("EXPLAIN QUERY PLAN {}", list.sql);
            let plan = view.all(&explain, params_from_iter(&list.values), |row| row.get::<_, String>(3)).unwrap();
            assert_eq!(plan, [path, "SEARCH l USING PRIMARY KEY (sandbox_id=? AND order_id=?)"]);
        }
    }
}
