//! The port for the store, whatever the database.
//!
//! A rule is a plain synchronous function over [`Records`] or [`Transaction`]. The shop hands it to the [`Store`] as a job, and
//! the store runs it in a transaction of its own. So every rule exists once and is atomic on every database.

use crate::authenticator::{PasswordHash, StoredApiKey};
use crate::error::Error;
use crate::events::{Event, EventSignal};
use crate::idempotency::{IdempotencyKey, StoredResult};
pub use crate::long_poll::Pending;
use crate::orders::{Order, OrderFilter, OrderId};
use crate::page::PageRequest;
use crate::products::{Product, ProductFilter, ProductId};
use crate::progress::ExerciseProgress;
use crate::sandbox::{Sandbox, Settings};
use crate::text::Name;
use crate::time::Timestamp;
use crate::users::{User, UserFilter, UserId};
use crate::webhooks::{Delivery, DeliveryId, DueDelivery, Endpoint, Registration, WebhookId};
use std::any::Any;
use std::sync::Arc;

/// The result of a job, of any type; `query` and `transact` cast it back.
pub type JobResult = Box<dyn Any + Send>;
/// A job that reads.
pub type ReadJob = Box<dyn FnOnce(&dyn Records) -> Result<JobResult, Error> + Send>;
/// A job that writes; if it fails, nothing is changed.
pub type WriteJob = Box<dyn FnOnce(&mut dyn Transaction) -> Result<JobResult, Error> + Send>;
/// Fills a new sandbox with data.
pub type Seed = Arc<dyn Fn(&Sandbox, &mut dyn Transaction) -> Result<(), Error> + Send + Sync>;

/// The sandboxes of a server. A sandbox that doesn't exist is created and seeded by its first job.
pub trait Store: Send + Sync {
    /// Runs a job on a consistent snapshot.
    fn read(&self, sandbox: &Sandbox, job: ReadJob) -> Pending<JobResult>;
    /// Runs a job in a transaction. When the future is ready, the changes are durable.
    fn write(&self, sandbox: &Sandbox, job: WriteJob) -> Pending<JobResult>;
    /// Like `write`, but if the sandbox doesn't exist nothing happens, and none is created.
    fn update_if_exists(&self, sandbox: &Sandbox, job: WriteJob) -> Pending<()>;
    /// Deletes the data of a sandbox and seeds it again; creates it if it doesn't exist.
    fn reset(&self, sandbox: &Sandbox) -> Pending<()>;
    /// Deletes a sandbox, if it exists.
    fn delete(&self, sandbox: &Sandbox) -> Pending<()>;
    /// Whether a sandbox exists.
    fn exists(&self, sandbox: &Sandbox) -> bool;
    /// The settings of a sandbox; the default settings if it doesn't exist.
    fn settings(&self, sandbox: &Sandbox) -> Settings;
    /// Sets the settings. They survive a reset and end with the sandbox.
    fn configure(&self, sandbox: &Sandbox, settings: Settings) -> Pending<()>;
    /// The sandboxes that exist, in no order, each with its settings.
    fn sandboxes(&self) -> Vec<(Sandbox, Settings)>;
    /// The signal that notifies of new events of a sandbox.
    fn event_signal(&self, sandbox: &Sandbox) -> Arc<EventSignal>;
    /// The signal that notifies of new webhook deliveries in any sandbox.
    fn webhook_signal(&self) -> Arc<EventSignal>;
    /// The webhooks of all sandboxes with pending deliveries, each with the time of its first one, the earliest first.
    fn endpoints(&self) -> Result<Vec<(Endpoint, Timestamp)>, Error>;
    /// Up to `limit` deliveries of a webhook that are due now, the earliest first.
    fn due_deliveries(&self, endpoint: &Endpoint, now: Timestamp, limit: u32) -> Result<Vec<DueDelivery>, Error>;
}

impl dyn Store + '_ {
    /// Runs a query and returns its result.
    pub fn query<T, R>(&self, sandbox: &Sandbox, rule: R) -> Pending<T>
    where
        T: Send + 'static,
        R: FnOnce(&dyn Records) -> Result<T, Error> + Send + 'static,
    {
        Box::pin(typed(self.read(sandbox, Box::new(move |records| rule(records).map(boxed)))))
    }

    /// Runs a command and returns its result once it is durable.
    pub fn transact<T, R>(&self, sandbox: &Sandbox, rule: R) -> Pending<T>
    where
        T: Send + 'static,
        R: FnOnce(&mut dyn Transaction) -> Result<T, Error> + Send + 'static,
    {
        Box::pin(typed(self.write(sandbox, Box::new(move |changes| rule(changes).map(boxed)))))
    }
}

/// Boxes a result.
pub fn boxed<T: Send + 'static>(answer: T) -> JobResult {
    Box::new(answer)
}

async fn typed<T: 'static>(answer: Pending<JobResult>) -> Result<T, Error> {
    // A store returns what the job returned, so the type is right.
    answer.await?.downcast().map(|answer| *answer).map_err(|_| Error::internal())
}

/// What a rule can read: typed rows of one sandbox. Lists are ordered by ascending id and hold up to one item more than the
/// page's limit, so that the caller knows whether there is a next page.
pub trait Records {
    /// The user with that id.
    fn user(&self, id: UserId) -> Result<Option<User>, Error>;
    /// The user with that email, in lower case.
    fn user_with_email(&self, folded: &str) -> Result<Option<UserId>, Error>;
    /// The stored password hash of a user.
    fn password(&self, user: UserId) -> Result<Option<PasswordHash>, Error>;
    /// The stored API key with that name, and its user.
    fn key(&self, name: &str) -> Result<Option<(UserId, StoredApiKey)>, Error>;
    /// A page of users.
    fn users(&self, filter: &UserFilter, page: &PageRequest) -> Result<Vec<User>, Error>;
    /// The product with that id.
    fn product(&self, id: ProductId) -> Result<Option<Product>, Error>;
    /// A page of products.
    fn products(&self, filter: &ProductFilter, page: &PageRequest) -> Result<Vec<Product>, Error>;
    /// The lines of a user's cart, by ascending product id.
    fn cart(&self, user: UserId) -> Result<Vec<(ProductId, i32)>, Error>;
    /// The order with that id.
    fn order(&self, id: OrderId) -> Result<Option<Order>, Error>;
    /// A page of orders.
    fn orders(&self, filter: &OrderFilter, page: &PageRequest) -> Result<Vec<Order>, Error>;
    /// Whether a user has orders.
    fn has_orders(&self, user: UserId) -> Result<bool, Error>;
    /// Up to `limit` events after a sequence number, of one user or of all.
    fn events(&self, after: i32, user: Option<UserId>, limit: u32) -> Result<Vec<Event>, Error>;
    /// The sequence number of the newest event ever; 0 if there was none.
    fn last_seq(&self) -> Result<i32, Error>;
    /// The sequence number of the oldest event that is kept.
    fn first_seq(&self) -> Result<Option<i32>, Error>;
    /// The stored webhook with that id.
    fn webhook(&self, id: WebhookId) -> Result<Option<Registration>, Error>;
    /// A page of webhooks.
    fn webhooks(&self, page: &PageRequest) -> Result<Vec<Registration>, Error>;
    /// The delivery with that id.
    fn delivery(&self, id: DeliveryId) -> Result<Option<Delivery>, Error>;
    /// A page of deliveries, to one webhook or to all.
    fn deliveries(&self, webhook: Option<WebhookId>, page: &PageRequest) -> Result<Vec<Delivery>, Error>;
    /// The number of pending deliveries of a webhook.
    fn deliveries_waiting(&self, webhook: WebhookId) -> Result<u32, Error>;
    /// The stored result of the command with that idempotency key of a caller.
    fn stored_result(&self, caller: i32, key: &IdempotencyKey) -> Result<Option<StoredResult>, Error>;
    /// The exercises that were done or had hints, in no order.
    fn progress(&self) -> Result<Vec<ExerciseProgress>, Error>;
}

/// What is numbered 1, 2, 3, ... in each sandbox.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sequence {
    /// Users.
    Users,
    /// Products.
    Products,
    /// Orders.
    Orders,
    /// Events.
    Events,
    /// Webhooks.
    Webhooks,
    /// Deliveries.
    Deliveries,
}

/// What a rule can write, in its transaction.
pub trait Transaction: Records {
    /// The next number. It is used once, unless the transaction fails.
    fn next(&mut self, of: Sequence) -> Result<i32, Error>;
    /// Inserts a user.
    fn insert_user(&mut self, user: &User) -> Result<(), Error>;
    /// Updates a user.
    fn update_user(&mut self, user: &User) -> Result<(), Error>;
    /// Stores a user's password hash.
    fn set_password(&mut self, user: UserId, hash: &PasswordHash) -> Result<(), Error>;
    /// Stores an API key of a user.
    fn add_key(&mut self, user: UserId, key: &StoredApiKey) -> Result<(), Error>;
    /// Deletes a user with the cart, the password and the API keys.
    fn delete_user(&mut self, id: UserId) -> Result<(), Error>;
    /// Inserts a product.
    fn insert_product(&mut self, product: &Product) -> Result<(), Error>;
    /// Updates a product.
    fn update_product(&mut self, product: &Product) -> Result<(), Error>;
    /// Takes pieces from stock in one conditional statement; returns false, with nothing changed, if there are fewer.
    fn take_stock(&mut self, id: ProductId, quantity: i32) -> Result<bool, Error>;
    /// Returns pieces to stock, up to its maximum.
    fn return_stock(&mut self, id: ProductId, quantity: i32) -> Result<(), Error>;
    /// Sets a line of a cart; 0 removes it.
    fn set_cart_line(&mut self, user: UserId, product: ProductId, quantity: i32) -> Result<(), Error>;
    /// Empties a cart.
    fn clear_cart(&mut self, user: UserId) -> Result<(), Error>;
    /// Inserts an order with its lines.
    fn insert_order(&mut self, order: &Order) -> Result<(), Error>;
    /// Updates an order's status, time and version; lines never change.
    fn update_order(&mut self, order: &Order) -> Result<(), Error>;
    /// Appends an event. Listeners are notified once the transaction is durable.
    fn append_event(&mut self, event: &Event) -> Result<(), Error>;
    /// Deletes the oldest events, up to a sequence number, that are older than a time; leaves no gap.
    fn delete_events(&mut self, upto: i32, before: Timestamp) -> Result<(), Error>;
    /// Inserts a webhook.
    fn insert_webhook(&mut self, registration: &Registration) -> Result<(), Error>;
    /// Updates a webhook's status and secrets.
    fn update_webhook(&mut self, registration: &Registration) -> Result<(), Error>;
    /// Deletes a webhook with its deliveries.
    fn delete_webhook(&mut self, id: WebhookId) -> Result<(), Error>;
    /// Inserts a delivery. The dispatcher is notified once the transaction is durable.
    fn insert_delivery(&mut self, delivery: &Delivery) -> Result<(), Error>;
    /// Updates the outcome of a delivery.
    fn update_delivery(&mut self, delivery: &Delivery) -> Result<(), Error>;
    /// Marks the pending deliveries of a webhook as failed, with the reason.
    fn fail_deliveries(&mut self, webhook: WebhookId, problem: &Name) -> Result<(), Error>;
    /// Deletes finished deliveries up to an id.
    fn delete_deliveries(&mut self, upto: DeliveryId) -> Result<(), Error>;
    /// Stores the result of a command with an idempotency key of a caller.
    fn store_result(&mut self, caller: i32, key: &IdempotencyKey, stored_result: &StoredResult) -> Result<(), Error>;
    /// Deletes stored results that are older than a time.
    fn delete_idempotency_keys(&mut self, before: Timestamp) -> Result<(), Error>;
    /// Stores the progress in an exercise, in place of what was stored before.
    fn set_progress(&mut self, progress: &ExerciseProgress) -> Result<(), Error>;
    /// Deletes the progress in an exercise.
    fn delete_progress(&mut self, exercise: &str) -> Result<(), Error>;
}
