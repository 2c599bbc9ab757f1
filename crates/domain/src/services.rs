//! What a rule works with: the ports of the shop, and access to its store. The pipeline provides it.

use crate::authenticator::{Authenticator, NoAuthenticator};
use crate::context::Context;
use crate::error::Error;
use crate::idempotency::{self, IdempotentCommand};
use crate::long_poll::{LongPollSlot, LongPollSlots, NoTimer, Timer};
use crate::orders::Order;
use crate::request::RequestContext;
use crate::sandbox::Settings;
use crate::schema::Encode;
use crate::store::{Records, Store, Transaction};
use crate::time::Timestamp;
use crate::webhooks::{Dispatcher, NoDispatcher};
use std::sync::Arc;

/// What a rule works with. Cheap to clone.
#[derive(Clone)]
pub struct Services {
    pub(crate) store: Arc<dyn Store>,
    pub(crate) authenticator: Arc<dyn Authenticator>,
    pub(crate) timer: Arc<dyn Timer>,
    pub(crate) dispatcher: Arc<dyn Dispatcher>,
    pub(crate) config: ShopConfig,
    pub(crate) long_polls: LongPollSlots,
}

/// The configuration of a shop, for all its sandboxes.
#[derive(Clone, Copy, Debug)]
pub struct ShopConfig {
    /// Operations per minute for each caller, where a sandbox has no limit of its own; 0 is unlimited.
    pub rate_per_minute: u32,
    /// Whether requests may inject faults.
    pub allows_faults: bool,
    /// The clock.
    pub clock: fn() -> Timestamp,
}

impl Default for ShopConfig {
    fn default() -> Self {
        ShopConfig { rate_per_minute: 0, allows_faults: false, clock: Timestamp::now }
    }
}

impl Services {
    /// Services with a store and the default ports.
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

    /// The settings of the request's sandbox.
    pub(crate) fn settings(&self, request: &RequestContext) -> Settings {
        self.store.settings(&request.sandbox)
    }

    /// Takes a slot to wait; `None` if another part of the request has waited already.
    pub(crate) fn wait_once(&self, request: &RequestContext) -> Result<Option<LongPollSlot>, Error> {
        if request.response.may_wait() { self.long_polls.begin().map(Some) } else { Ok(None) }
    }

    /// Runs a query.
    pub(crate) async fn query<T: Send + 'static>(
        &self,
        request: &RequestContext,
        rule: impl FnOnce(&dyn Records) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        request.response.count_lookup();
        self.store.query(&request.sandbox, rule).await
    }

    /// Runs a command.
    pub(crate) async fn transact<T: Send + 'static>(
        &self,
        request: &RequestContext,
        rule: impl FnOnce(&mut dyn Transaction) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        request.response.count_lookup();
        self.store.transact(&request.sandbox, rule).await
    }

    /// Runs a command command, if the request has an idempotency key.
    pub(crate) async fn transact_once<I: Encode + Send + 'static>(
        &self,
        request: &RequestContext,
        context: Context,
        operation: &str,
        input: I,
        rule: impl FnOnce(&mut dyn Transaction, &Context, I) -> Result<Order, Error> + Send + 'static,
    ) -> Result<Order, Error> {
        let Some(key) = &request.idempotency_key else {
            return self.transact(request, move |changes| rule(changes, &context, input)).await;
        };
        let fingerprint = self.authenticator.digest(&idempotency::fingerprint_bytes(operation, &input));
        let (command, response) = (
            IdempotentCommand { key: idempotency::IdempotencyKey::parse(key)?, fingerprint },
            request.response.clone(),
        );
        let job = move |changes: &mut dyn Transaction| {
            let (order, is_replay) =
                idempotency::run(changes, &context, &command, |changes| rule(changes, &context, input))?;
            response.set_replayed(is_replay);
            Ok(order)
        };
        self.transact(request, job).await
    }
}
