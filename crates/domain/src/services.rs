//! What does an operation work with? The ports that the shop was given, and the ways to its store. The pipeline hands it over.

use crate::authenticator::{Authenticator, NoAuthenticator};
use crate::context::Context;
use crate::error::Error;
use crate::idempotency::{self, Once};
use crate::long_poll::{LongPollSlot, LongPollSlots, NoTimer, Timer};
use crate::orders::Order;
use crate::request::RequestContext;
use crate::sandbox::Settings;
use crate::schema::Encode;
use crate::store::{Records, Store, Transaction};
use crate::time::Timestamp;
use crate::webhooks::{Dispatcher, NoDispatcher};
use std::sync::Arc;

/// What an operation works with. Cheap to clone.
#[derive(Clone)]
pub struct Services {
    pub(crate) store: Arc<dyn Store>,
    pub(crate) authenticator: Arc<dyn Authenticator>,
    pub(crate) timer: Arc<dyn Timer>,
    pub(crate) dispatcher: Arc<dyn Dispatcher>,
    pub(crate) config: ShopConfig,
    pub(crate) long_polls: LongPollSlots,
}

/// What goes for all sandboxes of a shop.
#[derive(Clone, Copy, Debug)]
pub struct ShopConfig {
    /// Operations a minute for each caller, where a sandbox has no rate of its own; 0 is as many as one likes.
    pub rate_per_minute: u32,
    /// Whether requests may wish that something goes wrong.
    pub allows_faults: bool,
    /// What time it is.
    pub clock: fn() -> Timestamp,
}

impl Default for ShopConfig {
    fn default() -> Self {
        ShopConfig { rate_per_minute: 0, allows_faults: false, clock: Timestamp::now }
    }
}

impl Services {
    /// The services of a shop that was given nothing but a store.
    pub(crate) fn new(store: Arc<dyn Store>) -> Self {
        let (authenticator, timer, dispatcher) = (Arc::new(NoAuthenticator), Arc::new(NoTimer), Arc::new(NoDispatcher));
        Services {
            store,
            authenticator,
            timer,
            dispatcher,
            config: ShopConfig::default(),
            long_polls: LongPollSlots::default(),
        }
    }

    /// What goes for the sandbox of a request.
    pub(crate) fn settings(&self, meta: &RequestContext) -> Settings {
        self.store.settings(&meta.sandbox)
    }

    /// Lets a request wait until what is given is dropped; nothing, if another part of it has waited already.
    pub(crate) fn wait_once(&self, meta: &RequestContext) -> Result<Option<LongPollSlot>, Error> {
        if meta.response.may_wait() { self.long_polls.begin().map(Some) } else { Ok(None) }
    }

    /// Runs a rule that only looks.
    pub(crate) async fn query<T: Send + 'static>(
        &self,
        meta: &RequestContext,
        rule: impl FnOnce(&dyn Records) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        meta.response.count_lookup();
        self.store.query(&meta.sandbox, rule).await
    }

    /// Runs a command's rule.
    pub(crate) async fn transact<T: Send + 'static>(
        &self,
        meta: &RequestContext,
        rule: impl FnOnce(&mut dyn Transaction) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        meta.response.count_lookup();
        self.store.transact(&meta.sandbox, rule).await
    }

    /// Runs the rule of a command that an idempotency key, if there is one, makes happen once.
    pub(crate) async fn change_once<I: Encode + Send + 'static>(
        &self,
        meta: &RequestContext,
        context: Context,
        operation: &str,
        input: I,
        rule: impl FnOnce(&mut dyn Transaction, &Context, I) -> Result<Order, Error> + Send + 'static,
    ) -> Result<Order, Error> {
        let Some(key) = &meta.idempotency_key else {
            return self.transact(meta, move |changes| rule(changes, &context, input)).await;
        };
        let fingerprint = self.authenticator.digest(&idempotency::written(operation, &input));
        let (once, notes) =
            (Once { key: idempotency::IdempotencyKey::parse(key)?, fingerprint }, meta.response.clone());
        let job = move |changes: &mut dyn Transaction| {
            let (order, seen) = idempotency::run(changes, &context, &once, |changes| rule(changes, &context, input))?;
            notes.set_replayed(seen);
            Ok(order)
        };
        self.transact(meta, job).await
    }
}
