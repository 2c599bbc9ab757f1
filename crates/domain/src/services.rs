//! What does an operation work with? The ports that the shop was given, and the ways to its store. The pipeline hands it over.

use crate::context::Context;
use crate::error::Error;
use crate::guard::{Guard, NoGuard};
use crate::meta::Meta;
use crate::once::{self, Once};
use crate::orders::Order;
use crate::sandbox::Settings;
use crate::shape::Writable;
use crate::store::{Changes, Records, Store};
use crate::time::Timestamp;
use crate::waiting::{NoTimer, Timer, Waiter, Waiting};
use crate::webhooks::{Couriers, NoCouriers};
use std::sync::Arc;

/// What an operation works with. Cheap to clone.
#[derive(Clone)]
pub struct Services {
    pub(crate) store: Arc<dyn Store>,
    pub(crate) guard: Arc<dyn Guard>,
    pub(crate) timer: Arc<dyn Timer>,
    pub(crate) couriers: Arc<dyn Couriers>,
    pub(crate) house: House,
    pub(crate) waiting: Waiting,
}

/// What goes for all sandboxes of a shop.
#[derive(Clone, Copy, Debug)]
pub struct House {
    /// Operations a minute for each caller, where a sandbox has no rate of its own; 0 is as many as one likes.
    pub rate_per_minute: u32,
    /// Whether requests may wish that something goes wrong.
    pub grants_faults: bool,
    /// What time it is.
    pub clock: fn() -> Timestamp,
}

impl Default for House {
    fn default() -> Self {
        House { rate_per_minute: 0, grants_faults: false, clock: Timestamp::now }
    }
}

impl Services {
    /// The services of a shop that was given nothing but a store.
    pub(crate) fn new(store: Arc<dyn Store>) -> Self {
        let (guard, timer, couriers) = (Arc::new(NoGuard), Arc::new(NoTimer), Arc::new(NoCouriers));
        Services { store, guard, timer, couriers, house: House::default(), waiting: Waiting::default() }
    }

    /// What goes for the sandbox of a request.
    pub(crate) fn settings(&self, meta: &Meta) -> Settings {
        self.store.settings(&meta.sandbox)
    }

    /// Lets a request wait until what is given is dropped; nothing, if another part of it has waited already.
    pub(crate) fn wait_once(&self, meta: &Meta) -> Result<Option<Waiter>, Error> {
        if meta.notes.may_wait() { self.waiting.begin().map(Some) } else { Ok(None) }
    }

    /// Runs a rule that only looks.
    pub(crate) async fn look<T: Send + 'static>(
        &self,
        meta: &Meta,
        rule: impl FnOnce(&dyn Records) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        meta.notes.count_lookup();
        self.store.look(&meta.sandbox, rule).await
    }

    /// Runs a command's rule.
    pub(crate) async fn change<T: Send + 'static>(
        &self,
        meta: &Meta,
        rule: impl FnOnce(&mut dyn Changes) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        meta.notes.count_lookup();
        self.store.change(&meta.sandbox, rule).await
    }

    /// Runs the rule of a command that an idempotency key, if there is one, makes happen once.
    pub(crate) async fn change_once<I: Writable + Send + 'static>(
        &self,
        meta: &Meta,
        context: Context,
        operation: &str,
        input: I,
        rule: impl FnOnce(&mut dyn Changes, &Context, I) -> Result<Order, Error> + Send + 'static,
    ) -> Result<Order, Error> {
        let Some(key) = &meta.idempotency_key else {
            return self.change(meta, move |changes| rule(changes, &context, input)).await;
        };
        let fingerprint = self.guard.digest(&once::written(operation, &input));
        let (once, notes) = (Once { key: once::Key::parse(key)?, fingerprint }, meta.notes.clone());
        let job = move |changes: &mut dyn Changes| {
            let (order, seen) = once::run(changes, &context, &once, |changes| rule(changes, &context, input))?;
            notes.set_replayed(seen);
            Ok(order)
        };
        self.change(meta, job).await
    }
}
