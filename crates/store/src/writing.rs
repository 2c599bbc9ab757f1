//! Changes: the store's implementation of `Transaction`.

use crate::errors::internal;
use crate::reading::View;
use domain::Error;
use domain::authenticator::{PasswordHash, StoredApiKey};
use domain::events::Event;
use domain::idempotency::{IdempotencyKey, StoredResult};
use domain::limits::STOCK_MAX;
use domain::orders::Order;
use domain::products::{Product, ProductId};
use domain::progress::ExerciseProgress;
use domain::store::{Sequence, Transaction};
use domain::text::{Name, Text};
use domain::time::Timestamp;
use domain::users::{User, UserId};
use domain::webhooks::{Delivery, DeliveryId, DeliveryStatus, Registration, WebhookId};
use rusqlite::Params;

impl View<'_> {
    /// Executes a statement.
    pub(crate) fn execute(&self, sql: &str, values: impl Params) -> Result<(), Error> {
        self.prepare(sql)?.execute(values).map(drop).map_err(internal)
    }

    fn write_product(&self, sql: &str, product: &Product) -> Result<(), Error> {
        let (name, description) = (product.name.as_str(), product.description.as_str());
        let (price, stock, version) = (product.price.amount, product.stock, product.version);
        let values = (self.sandbox_id, product.id.0, name, description, price, stock, version, search_text(product));
        self.execute(sql, values)
    }
}

impl Transaction for View<'_> {
    fn next(&mut self, of: Sequence) -> Result<i32, Error> {
        let column = match of {
            Sequence::Users => "next_user",
            Sequence::Products => "next_product",
            Sequence::Orders => "next_order",
            Sequence::Events => "next_event",
            Sequence::Webhooks => "next_webhook",
            Sequence::Deliveries => "next_delivery",
        };
        let sql = format!("UPDATE sandboxes SET {column} = {column} + 1 WHERE id = ?1 RETURNING {column} - 1");
        self.prepare(&sql)?.query_row([self.sandbox_id], |row| row.get(0)).map_err(internal)
    }

    fn insert_user(&mut self, user: &User) -> Result<(), Error> {
        let sql = "INSERT INTO users (sandbox_id, id, name, email, email_folded, role, created_at, version) \
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
        let (name, email, folded) = (user.name.as_str(), user.email.as_str(), user.email.folded());
        let (role, created_at) = (user.role.word(), user.created_at.0);
        self.execute(sql, (self.sandbox_id, user.id.0, name, email, folded, role, created_at, user.version))
    }

    fn update_user(&mut self, user: &User) -> Result<(), Error> {
        let sql = "UPDATE users SET name = ?3, email = ?4, email_folded = ?5, role = ?6, version = ?7 \
                   WHERE sandbox_id = ?1 AND id = ?2";
        let (name, email, folded) = (user.name.as_str(), user.email.as_str(), user.email.folded());
        self.execute(sql, (self.sandbox_id, user.id.0, name, email, folded, user.role.word(), user.version))
    }

    fn set_password(&mut self, user: UserId, hash: &PasswordHash) -> Result<(), Error> {
        let sql = "INSERT INTO passwords (sandbox_id, user_id, hash) VALUES (?1, ?2, ?3) \
                   ON CONFLICT DO UPDATE SET hash = excluded.hash";
        self.execute(sql, (self.sandbox_id, user.0, &hash.0))
    }

    fn add_key(&mut self, user: UserId, key: &StoredApiKey) -> Result<(), Error> {
        let sql = "INSERT INTO api_keys (sandbox_id, name, user_id, digest) VALUES (?1, ?2, ?3, ?4)";
        self.execute(sql, (self.sandbox_id, &key.name, user.0, key.digest))
    }

    fn delete_user(&mut self, id: UserId) -> Result<(), Error> {
        self.clear_cart(id)?;
        self.execute("DELETE FROM passwords WHERE sandbox_id = ?1 AND user_id = ?2", (self.sandbox_id, id.0))?;
        self.execute("DELETE FROM api_keys WHERE sandbox_id = ?1 AND user_id = ?2", (self.sandbox_id, id.0))?;
        self.execute("DELETE FROM users WHERE sandbox_id = ?1 AND id = ?2", (self.sandbox_id, id.0))
    }

    fn insert_product(&mut self, product: &Product) -> Result<(), Error> {
        let sql = "INSERT INTO products (sandbox_id, id, name, description, price, stock, version, searched) \
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
        self.write_product(sql, product)
    }

    fn update_product(&mut self, product: &Product) -> Result<(), Error> {
        let sql = "UPDATE products SET name = ?3, description = ?4, price = ?5, stock = ?6, version = ?7, searched = ?8 \
                   WHERE sandbox_id = ?1 AND id = ?2";
        self.write_product(sql, product)
    }

    fn take_stock(&mut self, id: ProductId, quantity: i32) -> Result<bool, Error> {
        let sql = "UPDATE products SET stock = stock - ?3, version = version + 1 \
                   WHERE sandbox_id = ?1 AND id = ?2 AND stock >= ?3";
        self.prepare(sql)?.execute((self.sandbox_id, id.0, quantity)).map(|rows| rows == 1).map_err(internal)
    }

    fn return_stock(&mut self, id: ProductId, quantity: i32) -> Result<(), Error> {
        // A stock that is at its limit does not change, so its version stays.
        let sql = "UPDATE products SET stock = min(stock + ?3, ?4), version = version + 1 \
                   WHERE sandbox_id = ?1 AND id = ?2 AND stock < ?4";
        self.execute(sql, (self.sandbox_id, id.0, quantity, STOCK_MAX))
    }

    fn set_cart_line(&mut self, user: UserId, product: ProductId, quantity: i32) -> Result<(), Error> {
        if quantity == 0 {
            let sql = "DELETE FROM cart_lines WHERE sandbox_id = ?1 AND user_id = ?2 AND product_id = ?3";
            return self.execute(sql, (self.sandbox_id, user.0, product.0));
        }
        let sql = "INSERT INTO cart_lines (sandbox_id, user_id, product_id, quantity) VALUES (?1, ?2, ?3, ?4) \
                   ON CONFLICT DO UPDATE SET quantity = excluded.quantity";
        self.execute(sql, (self.sandbox_id, user.0, product.0, quantity))
    }

    fn clear_cart(&mut self, user: UserId) -> Result<(), Error> {
        self.execute("DELETE FROM cart_lines WHERE sandbox_id = ?1 AND user_id = ?2", (self.sandbox_id, user.0))
    }

    fn insert_order(&mut self, order: &Order) -> Result<(), Error> {
        // The total is not stored: it is the sum of the lines, which never change.
        let sql = "INSERT INTO orders (sandbox_id, id, user_id, status, placed_at, updated_at, version) \
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
        let (id, status) = (order.id.0, order.status.word());
        let (placed_at, updated_at) = (order.placed_at.0, order.updated_at.0);
        self.execute(sql, (self.sandbox_id, id, order.user_id.0, status, placed_at, updated_at, order.version))?;
        let sql = "INSERT INTO order_lines (sandbox_id, order_id, position, product_id, quantity, unit_price) \
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
        let mut insert = self.prepare(sql)?;
        for (position, line) in (0_i64..).zip(&order.lines) {
            let values = (self.sandbox_id, id, position, line.product_id.0, line.quantity, line.unit_price.amount);
            insert.execute(values).map_err(internal)?;
        }
        Ok(())
    }

    fn update_order(&mut self, order: &Order) -> Result<(), Error> {
        let sql = "UPDATE orders SET status = ?3, updated_at = ?4, version = ?5 WHERE sandbox_id = ?1 AND id = ?2";
        let (status, updated_at) = (order.status.word(), order.updated_at.0);
        self.execute(sql, (self.sandbox_id, order.id.0, status, updated_at, order.version))
    }

    fn append_event(&mut self, event: &Event) -> Result<(), Error> {
        let sql = "INSERT INTO events (sandbox_id, seq, kind, order_id, user_id, status, at) \
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
        let (kind, status, at) = (event.kind.word(), event.status.word(), event.at.0);
        self.execute(sql, (self.sandbox_id, event.seq, kind, event.order_id.0, event.user_id.0, status, at))?;
        self.has_events = true;
        Ok(())
    }

    fn delete_events(&mut self, upto: i32, before: Timestamp) -> Result<(), Error> {
        // Deletes only events before the oldest one that stays, so the log has no gap even if the clock was set back. There is one
        // upper bound: with two, SQLite would search by one and compare every event below it with the other.
        let sql = "DELETE FROM events WHERE sandbox_id = ?1 AND seq < min(?2 + 1, coalesce( \
                   (SELECT seq FROM events WHERE sandbox_id = ?1 AND at >= ?3 ORDER BY seq LIMIT 1), ?2 + 1))";
        self.execute(sql, (self.sandbox_id, upto, before.0))
    }

    fn insert_webhook(&mut self, registration: &Registration) -> Result<(), Error> {
        let sql = "INSERT INTO webhooks (sandbox_id, id, url, status, mark, secret, created_at) \
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
        let Registration { webhook, mark, secret, .. } = registration;
        let (id, url, status) = (webhook.id.0, webhook.url.as_str(), webhook.status.word());
        let (mark, secret, created_at) = (mark.as_str(), secret.as_str(), webhook.created_at.0);
        self.execute(sql, (self.sandbox_id, id, url, status, mark, secret, created_at))
    }

    fn update_webhook(&mut self, registration: &Registration) -> Result<(), Error> {
        let sql = "UPDATE webhooks SET status = ?3, secret = ?4, former_secret = ?5, former_until = ?6 \
                   WHERE sandbox_id = ?1 AND id = ?2";
        let Registration { webhook, secret, former, .. } = registration;
        let (former, until) = former.as_ref().map(|(secret, until)| (secret.as_str(), until.0)).unzip();
        let (id, status) = (webhook.id.0, webhook.status.word());
        self.execute(sql, (self.sandbox_id, id, status, secret.as_str(), former, until))
    }

    fn delete_webhook(&mut self, id: WebhookId) -> Result<(), Error> {
        self.execute("DELETE FROM deliveries WHERE sandbox_id = ?1 AND webhook_id = ?2", (self.sandbox_id, id.0))?;
        self.execute("DELETE FROM webhooks WHERE sandbox_id = ?1 AND id = ?2", (self.sandbox_id, id.0))
    }

    fn insert_delivery(&mut self, delivery: &Delivery) -> Result<(), Error> {
        let sql = "INSERT INTO deliveries (sandbox_id, id, webhook_id, seq, status, attempts, problem, created_at, \
                   next_attempt_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";
        let Delivery { id, webhook_id, seq, status, attempts, created_at, .. } = delivery;
        let problem = delivery.problem.as_ref().map(Text::as_str);
        let next = delivery.next_attempt_at.map(|at| at.0);
        let (status, created_at) = (status.word(), created_at.0);
        let values = (self.sandbox_id, id.0, webhook_id.0, seq, status, attempts, problem, created_at, next);
        self.execute(sql, values)?;
        self.has_deliveries = true;
        Ok(())
    }

    fn update_delivery(&mut self, delivery: &Delivery) -> Result<(), Error> {
        let sql = "UPDATE deliveries SET status = ?3, attempts = ?4, response_status = ?5, problem = ?6, \
                   next_attempt_at = ?7 WHERE sandbox_id = ?1 AND id = ?2";
        let Delivery { id, status, attempts, response_status, .. } = delivery;
        let problem = delivery.problem.as_ref().map(Text::as_str);
        let next = delivery.next_attempt_at.map(|at| at.0);
        self.execute(sql, (self.sandbox_id, id.0, status.word(), attempts, response_status, problem, next))?;
        self.has_deliveries = true;
        Ok(())
    }

    fn fail_deliveries(&mut self, webhook: WebhookId, problem: &Name) -> Result<(), Error> {
        let sql = "UPDATE deliveries SET status = ?3, problem = ?4, next_attempt_at = NULL \
                   WHERE sandbox_id = ?1 AND webhook_id = ?2 AND next_attempt_at IS NOT NULL";
        self.execute(sql, (self.sandbox_id, webhook.0, DeliveryStatus::Failed.word(), problem.as_str()))
    }

    fn delete_deliveries(&mut self, upto: DeliveryId) -> Result<(), Error> {
        let sql = "DELETE FROM deliveries WHERE sandbox_id = ?1 AND id <= ?2 AND next_attempt_at IS NULL";
        self.execute(sql, (self.sandbox_id, upto.0))
    }

    fn store_result(&mut self, caller: i32, key: &IdempotencyKey, stored_result: &StoredResult) -> Result<(), Error> {
        let sql = "INSERT INTO commands_done (sandbox_id, caller, idempotency_key, fingerprint, order_id, at) \
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
        let StoredResult { fingerprint, order, at } = stored_result;
        self.execute(sql, (self.sandbox_id, caller, key.as_str(), fingerprint, order.0, at.0))
    }

    fn delete_idempotency_keys(&mut self, before: Timestamp) -> Result<(), Error> {
        self.execute("DELETE FROM commands_done WHERE sandbox_id = ?1 AND at < ?2", (self.sandbox_id, before.0))
    }

    fn set_progress(&mut self, progress: &ExerciseProgress) -> Result<(), Error> {
        let sql = "INSERT OR REPLACE INTO progress (sandbox_id, exercise, hints, done_at, evidence) \
                   VALUES (?1, ?2, ?3, ?4, ?5)";
        let ExerciseProgress { exercise, hints, done_at, evidence } = progress;
        self.execute(sql, (self.sandbox_id, exercise, hints, done_at.map(|at| at.0), evidence))
    }

    fn delete_progress(&mut self, exercise: &str) -> Result<(), Error> {
        self.execute("DELETE FROM progress WHERE sandbox_id = ?1 AND exercise = ?2", (self.sandbox_id, exercise))
    }
}

/// The text that a search compares. No text can contain U+0001, so no match spans the name and the description.
fn search_text(product: &Product) -> String {
    format!("{}\u{1}{}", product.name.as_str().to_lowercase(), product.description.as_str().to_lowercase())
}
