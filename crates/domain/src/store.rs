//! Where does the shop keep its data? Behind this port, whatever the database.
//!
//! A rule is a plain synchronous function over [`Records`] or [`Transaction`]. The shop hands it to the [`Store`] as a job, and
//! the store runs it inside a transaction of its own kind: so every rule exists once, and is atomic everywhere.

use crate::authenticator::{PasswordHash, StoredApiKey};
use crate::error::Error;
use crate::events::{Event, EventSignal};
use crate::idempotency::{IdempotencyKey, StoredResult};
pub use crate::long_poll::Pending;
use crate::orders::{Order, OrderFilter, OrderId};
use crate::page::PageRequest;
use crate::products::{Product, ProductFilter, ProductId};
use crate::sandbox::{Sandbox, Settings};
use crate::text::Name;
use crate::time::Timestamp;
use crate::users::{User, UserFilter, UserId};
use crate::webhooks::{Delivery, DeliveryId, DueDelivery, Endpoint, Registration, WebhookId};
use std::any::Any;
use std::sync::Arc;

/// The answer of a job, of whatever type. [`look`](<dyn Store>::look) and [`change`](<dyn Store>::change) give it back its own.
pub type JobResult = Box<dyn Any + Send>;
/// A rule that only looks.
pub type ReadJob = Box<dyn FnOnce(&dyn Records) -> Result<JobResult, Error> + Send>;
/// A rule that changes something; when it fails, nothing was changed.
pub type WriteJob = Box<dyn FnOnce(&mut dyn Transaction) -> Result<JobResult, Error> + Send>;
/// What fills a new sandbox.
pub type Seed = Arc<dyn Fn(&Sandbox, &mut dyn Transaction) -> Result<(), Error> + Send + Sync>;

/// All the shops of one server, each in its sandbox. A sandbox that is not there yet is made and seeded by the first job.
pub trait Store: Send + Sync {
    /// Runs a job on one consistent view.
    fn read(&self, sandbox: &Sandbox, job: ReadJob) -> Pending<JobResult>;
    /// Runs a job in a transaction. When it is answered, what it did is durable.
    fn write(&self, sandbox: &Sandbox, job: WriteJob) -> Pending<JobResult>;
    /// The same for something that only matters while the sandbox is there: else nothing happens, and none is made.
    fn update_if_exists(&self, sandbox: &Sandbox, job: WriteJob) -> Pending<()>;
    /// Makes the sandbox as it was when new; makes it, if it was not there.
    fn reset(&self, sandbox: &Sandbox) -> Pending<()>;
    /// Forgets the sandbox. Nothing happens if it was not there.
    fn delete(&self, sandbox: &Sandbox) -> Pending<()>;
    /// Whether the sandbox has been made.
    fn exists(&self, sandbox: &Sandbox) -> bool;
    /// What is set for the sandbox; if it is not there, what is set for every new one.
    fn settings(&self, sandbox: &Sandbox) -> Settings;
    /// Sets it. It outlives a reset, and goes when the sandbox is forgotten.
    fn configure(&self, sandbox: &Sandbox, settings: Settings) -> Pending<()>;
    /// What rings when the sandbox has a new event.
    fn event_signal(&self, sandbox: &Sandbox) -> Arc<EventSignal>;
    /// What rings when any sandbox has something new to deliver to a webhook.
    fn webhook_signal(&self) -> Arc<EventSignal>;
    /// The webhooks of all sandboxes to which something is to be delivered, each with the moment of the first of it; the
    /// longest due first.
    fn endpoints(&self) -> Result<Vec<(Endpoint, Timestamp)>, Error>;
    /// Up to `limit` deliveries to a webhook that are to be tried by now, the longest due first.
    fn due_deliveries(&self, endpoint: &Endpoint, now: Timestamp, limit: u32) -> Result<Vec<DueDelivery>, Error>;
}

impl dyn Store + '_ {
    /// Runs a rule that only looks, and gives its answer.
    pub fn query<T, R>(&self, sandbox: &Sandbox, rule: R) -> Pending<T>
    where
        T: Send + 'static,
        R: FnOnce(&dyn Records) -> Result<T, Error> + Send + 'static,
    {
        Box::pin(typed(self.read(sandbox, Box::new(move |records| rule(records).map(boxed)))))
    }

    /// Runs a rule that changes something, and gives its answer once that is durable.
    pub fn transact<T, R>(&self, sandbox: &Sandbox, rule: R) -> Pending<T>
    where
        T: Send + 'static,
        R: FnOnce(&mut dyn Transaction) -> Result<T, Error> + Send + 'static,
    {
        Box::pin(typed(self.write(sandbox, Box::new(move |changes| rule(changes).map(boxed)))))
    }
}

/// The answer of a job.
pub fn boxed<T: Send + 'static>(answer: T) -> JobResult {
    Box::new(answer)
}

async fn typed<T: 'static>(answer: Pending<JobResult>) -> Result<T, Error> {
    // A store hands over what the job gave it, so it is of that type.
    answer.await?.downcast().map(|answer| *answer).map_err(|_| Error::internal())
}

/// What a rule can look at: typed rows of one sandbox. Lists come in ascending id and hold up to one thing more than the
/// slice's limit, so that the caller knows whether there are more.
pub trait Records {
    /// The user, if there is one.
    fn user(&self, id: UserId) -> Result<Option<User>, Error>;
    /// The user whose folded email this is.
    fn user_with_email(&self, folded: &str) -> Result<Option<UserId>, Error>;
    /// What is kept of a user's password, if there is one.
    fn password(&self, user: UserId) -> Result<Option<PasswordHash>, Error>;
    /// What is kept of the API key of that name, and whose it is.
    fn key(&self, name: &str) -> Result<Option<(UserId, StoredApiKey)>, Error>;
    /// Users.
    fn users(&self, filter: &UserFilter, page: &PageRequest) -> Result<Vec<User>, Error>;
    /// The product, if there is one.
    fn product(&self, id: ProductId) -> Result<Option<Product>, Error>;
    /// Products.
    fn products(&self, filter: &ProductFilter, page: &PageRequest) -> Result<Vec<Product>, Error>;
    /// The lines of a user's cart, in ascending product.
    fn cart(&self, user: UserId) -> Result<Vec<(ProductId, i32)>, Error>;
    /// The order, if there is one.
    fn order(&self, id: OrderId) -> Result<Option<Order>, Error>;
    /// Orders.
    fn orders(&self, filter: &OrderFilter, page: &PageRequest) -> Result<Vec<Order>, Error>;
    /// Whether the user has any order.
    fn has_orders(&self, user: UserId) -> Result<bool, Error>;
    /// Up to `limit` events after a sequence number, of one user or of all.
    fn events(&self, after: i32, user: Option<UserId>, limit: u32) -> Result<Vec<Event>, Error>;
    /// The sequence number of the newest event that there was; 0 if there was none.
    fn last_seq(&self) -> Result<i32, Error>;
    /// The sequence number of the oldest event that is kept.
    fn first_seq(&self) -> Result<Option<i32>, Error>;
    /// What is kept of a webhook, if there is one.
    fn webhook(&self, id: WebhookId) -> Result<Option<Registration>, Error>;
    /// Webhooks.
    fn webhooks(&self, page: &PageRequest) -> Result<Vec<Registration>, Error>;
    /// The delivery, if there is one.
    fn delivery(&self, id: DeliveryId) -> Result<Option<Delivery>, Error>;
    /// Deliveries, to one webhook or to all.
    fn deliveries(&self, webhook: Option<WebhookId>, page: &PageRequest) -> Result<Vec<Delivery>, Error>;
    /// How many deliveries to a webhook are to be tried, or tried again.
    fn deliveries_waiting(&self, webhook: WebhookId) -> Result<u32, Error>;
    /// What is kept of the command that happened under a key of a caller's.
    fn stored_result(&self, caller: i32, key: &IdempotencyKey) -> Result<Option<StoredResult>, Error>;
}

/// What is numbered from 1 in each sandbox.
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

/// What a rule can change, inside its transaction.
pub trait Transaction: Records {
    /// The next number. It is never given out again, unless the transaction fails.
    fn next(&mut self, of: Sequence) -> Result<i32, Error>;
    /// Adds a user.
    fn insert_user(&mut self, user: &User) -> Result<(), Error>;
    /// Replaces a user.
    fn update_user(&mut self, user: &User) -> Result<(), Error>;
    /// Keeps what is to be kept of a user's password.
    fn set_password(&mut self, user: UserId, hash: &PasswordHash) -> Result<(), Error>;
    /// Keeps what is to be kept of a user's API key.
    fn add_key(&mut self, user: UserId, key: &StoredApiKey) -> Result<(), Error>;
    /// Removes a user with the cart, the password and the API keys.
    fn delete_user(&mut self, id: UserId) -> Result<(), Error>;
    /// Adds a product.
    fn insert_product(&mut self, product: &Product) -> Result<(), Error>;
    /// Replaces a product.
    fn update_product(&mut self, product: &Product) -> Result<(), Error>;
    /// Takes pieces out of stock in one conditional step; false, and nothing done, if there are fewer.
    fn take_stock(&mut self, id: ProductId, quantity: i32) -> Result<bool, Error>;
    /// Puts pieces back, up to the most that a stock can hold.
    fn return_stock(&mut self, id: ProductId, quantity: i32) -> Result<(), Error>;
    /// Sets a line of a cart; 0 removes it.
    fn set_cart_line(&mut self, user: UserId, product: ProductId, quantity: i32) -> Result<(), Error>;
    /// Empties a cart.
    fn clear_cart(&mut self, user: UserId) -> Result<(), Error>;
    /// Adds an order with its lines.
    fn insert_order(&mut self, order: &Order) -> Result<(), Error>;
    /// Replaces an order's status, time and version; lines never change.
    fn update_order(&mut self, order: &Order) -> Result<(), Error>;
    /// Adds to the log. The bell rings once the transaction is durable.
    fn append_event(&mut self, event: &Event) -> Result<(), Error>;
    /// Forgets the oldest events: those up to a sequence number that were before a moment, and leaves no gap.
    fn delete_events(&mut self, upto: i32, before: Timestamp) -> Result<(), Error>;
    /// Adds a webhook.
    fn insert_webhook(&mut self, registration: &Registration) -> Result<(), Error>;
    /// Replaces a webhook's status and secrets.
    fn update_webhook(&mut self, registration: &Registration) -> Result<(), Error>;
    /// Removes a webhook with its deliveries.
    fn delete_webhook(&mut self, id: WebhookId) -> Result<(), Error>;
    /// Adds a delivery. Couriers are called once the transaction is durable.
    fn insert_delivery(&mut self, delivery: &Delivery) -> Result<(), Error>;
    /// Replaces what became of a delivery.
    fn update_delivery(&mut self, delivery: &Delivery) -> Result<(), Error>;
    /// Gives up the deliveries to a webhook that are to be tried, or tried again, and says why.
    fn fail_deliveries(&mut self, webhook: WebhookId, problem: &Name) -> Result<(), Error>;
    /// Forgets the deliveries up to an id that have ended.
    fn delete_deliveries(&mut self, upto: DeliveryId) -> Result<(), Error>;
    /// Keeps what happened under a key of a caller's.
    fn store_result(&mut self, caller: i32, key: &IdempotencyKey, stored_result: &StoredResult) -> Result<(), Error>;
    /// Forgets what happened under keys before a moment.
    fn delete_idempotency_keys(&mut self, before: Timestamp) -> Result<(), Error>;
}
