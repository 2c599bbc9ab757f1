//! The door: what happens to every call, whatever protocol it came by?
//!
//! Is there room, who are you, how often, may you, was it to fail: and then the rule runs inside the store. What is to
//! refuse a call is decided here and nowhere else, because only here can every protocol say it in its own grammar.

mod batch;
mod identity;

pub use crate::context::Context;
pub use crate::request::{RequestContext, ResponseMetadata};
pub use crate::services::ShopConfig;
pub use batch::Batch;

use crate::access::{Caller, Credentials, RequiredAccess, Role};
use crate::authenticator::Authenticator;
use crate::error::{Error, Reason};
use crate::events::{self, Listener, Watch, WatchEvents};
use crate::faults::FaultSpec;
use crate::limits::OPERATIONS_IN_FLIGHT_MAX;
use crate::long_poll::Timer;
use crate::observer::{NoObserver, Observer, OperationRecord};
use crate::operations::{Input, Operation, Reply, parse};
use crate::rate_limit::{RateLimitKey, RateLimiter, Unlimited};
use crate::request::Latency;
use crate::sandbox::{Access, Settings};
use crate::services::Services;
use crate::store::Store;
use crate::value::Value;
use crate::webhooks::Dispatcher;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

/// The shop. Cheap to clone.
#[derive(Clone)]
pub struct Shop {
    services: Services,
    rate_limiter: Arc<dyn RateLimiter>,
    observer: Arc<dyn Observer>,
    in_flight: Arc<AtomicUsize>,
}

impl Shop {
    /// A shop over a store. It knows no credentials, counts nothing and is watched by nobody.
    pub fn new(store: Arc<dyn Store>) -> Self {
        let (rate_limiter, observer) = (Arc::new(Unlimited), Arc::new(NoObserver));
        Shop { services: Services::new(store), rate_limiter, observer, in_flight: Arc::default() }
    }

    /// The same shop with somebody who tells right proofs from wrong ones.
    pub fn with_authenticator(self, authenticator: Arc<dyn Authenticator>) -> Self {
        Shop { services: Services { authenticator, ..self.services }, ..self }
    }

    /// The same shop with somebody who counts.
    pub fn with_rate_limiter(self, rate_limiter: Arc<dyn RateLimiter>) -> Self {
        Shop { rate_limiter, ..self }
    }

    /// The same shop with somebody who watches.
    pub fn with_observer(self, observer: Arc<dyn Observer>) -> Self {
        Shop { observer, ..self }
    }

    /// The same shop with something that rings after a while.
    pub fn with_timer(self, timer: Arc<dyn Timer>) -> Self {
        Shop { services: Services { timer, ..self.services }, ..self }
    }

    /// The same shop with somebody who carries its news to webhooks.
    pub fn with_dispatcher(self, dispatcher: Arc<dyn Dispatcher>) -> Self {
        Shop { services: Services { dispatcher, ..self.services }, ..self }
    }

    /// The same shop with other settings.
    pub fn with_config(self, config: ShopConfig) -> Self {
        Shop { services: Services { config, ..self.services }, ..self }
    }

    /// Calls an operation that is known when the program is compiled.
    pub async fn call<I: Input>(&self, meta: &RequestContext, input: I) -> Result<I::Reply, Error> {
        self.run(meta, Some(I::OPERATION), |context| input.run(&self.services, meta, context)).await
    }

    /// The same, with an input that nobody has looked at yet.
    pub async fn decode_and_call<I: Input>(&self, meta: &RequestContext, input: Value) -> Result<I::Reply, Error> {
        self.run(meta, Some(I::OPERATION), |context| async {
            parse::<I>(input)?.run(&self.services, meta, context).await
        })
        .await
    }

    /// Calls an operation of the table, with an input that nobody has looked at yet.
    pub async fn execute(
        &self,
        meta: &RequestContext,
        operation: &'static Operation,
        input: Value,
    ) -> Result<Reply, Error> {
        self.run(meta, Some(operation), |context| (operation.run)(&self.services, meta, context, input)).await
    }

    /// The answer to a call of an operation that does not exist: that, unless the caller is refused for another reason first.
    pub async fn unknown_operation(&self, meta: &RequestContext, name: &str) -> Error {
        self.refuse(meta, None, Error::unknown_operation(name)).await
    }

    /// Starts the one operation that streams: watch_events.
    pub async fn watch(&self, meta: &RequestContext, input: Value) -> Result<Watch, Error> {
        self.run(meta, Some(WatchEvents::ROW), |context| async {
            let mut input: WatchEvents = parse(input)?;
            input.user_id = events::seen_by(&context.caller, input.user_id)?;
            // The bell first: what rings between here and the reading of the log is heard.
            let listener = Listener::new(self.services.store.event_signal(&meta.sandbox));
            let user = input.user_id;
            let after = self.services.query(meta, move |records| events::start(records, &input)).await?;
            self.observer.stream_begun(meta.protocol);
            let (observer, protocol) = (self.observer.clone(), meta.protocol);
            let on_end = Box::new(move || observer.stream_ended(protocol));
            Ok(Watch::new(self.services.clone(), meta, context.caller, listener, after, user, on_end))
        })
        .await
    }

    /// What is said to a call that its protocol has a reason of its own to refuse: what the door says first, or that. Only who is let
    /// in learns what else is wrong, and it is counted and seen like any call.
    pub async fn refuse(&self, meta: &RequestContext, operation: Option<&'static Operation>, error: Error) -> Error {
        let own = error.clone();
        let refused = self.run(meta, operation, |_| std::future::ready(Err::<(), Error>(error)));
        refused.await.err().unwrap_or(own)
    }

    /// Refuses a caller who may not manage the sandbox itself: an open one is everybody's, a locked one the admins'.
    pub async fn authorize_admin(&self, meta: &RequestContext) -> Result<(), Error> {
        let settings = self.settings(meta);
        let caller = self.identify(meta, settings.access).await?;
        match settings.access {
            Access::Open => Ok(()),
            Access::Locked => caller.require_role(Role::Admin),
        }
    }

    /// Refuses wrong credentials, and nothing else: for what is asked of a protocol and not of the shop, such as the names of
    /// its methods. That is no operation: it is not counted, and nobody need say who they are.
    pub async fn authenticate(&self, meta: &RequestContext) -> Result<(), Error> {
        match meta.credentials {
            Credentials::None => Ok(()),
            _ => self.caller(meta, self.settings(meta)).await.map(drop),
        }
    }

    /// What the sandboxes are kept in: to reset one, forget one, or see whether it is there.
    pub fn store(&self) -> &dyn Store {
        &*self.services.store
    }

    /// Who tells right proofs from wrong ones.
    pub fn authenticator(&self) -> &dyn Authenticator {
        &*self.services.authenticator
    }

    /// Who watches.
    pub fn observer(&self) -> &Arc<dyn Observer> {
        &self.observer
    }

    /// What rings after a while.
    pub fn timer(&self) -> &dyn Timer {
        &*self.services.timer
    }

    /// Who carries news to webhooks.
    pub fn dispatcher(&self) -> &dyn Dispatcher {
        &*self.services.dispatcher
    }

    /// SHA-256: what something is called by its content.
    pub fn digest(&self, bytes: &[u8]) -> [u8; 32] {
        self.services.authenticator.digest(bytes)
    }

    /// What goes for all sandboxes.
    pub fn config(&self) -> &ShopConfig {
        &self.services.config
    }

    /// What goes for the sandbox of a request.
    pub fn settings(&self, meta: &RequestContext) -> Settings {
        self.services.settings(meta)
    }

    /// What a request wishes would go wrong, where that is granted.
    fn fault(&self, meta: &RequestContext) -> Result<Option<FaultSpec>, Error> {
        match &meta.fault {
            Some(text) if self.services.config.allows_faults => FaultSpec::parse(text).map(Some),
            _ => Ok(None),
        }
    }

    /// Refuses, if there is no room for another operation: for who has not even read the request yet.
    pub fn ensure_capacity(&self) -> Result<(), Error> {
        if self.in_flight() >= OPERATIONS_IN_FLIGHT_MAX { Err(no_room()) } else { Ok(()) }
    }

    /// How many operations are in work. Those that wait for news are not.
    pub fn in_flight(&self) -> usize {
        self.in_flight.load(Ordering::Relaxed).saturating_sub(self.services.long_polls.count())
    }

    /// How many requests wait for news.
    pub fn long_polls(&self) -> usize {
        self.services.long_polls.count()
    }

    /// The door itself: every call of every protocol comes through here.
    async fn run<T, F: Future<Output = Result<T, Error>>>(
        &self,
        meta: &RequestContext,
        operation: Option<&'static Operation>,
        work: impl FnOnce(Context) -> F,
    ) -> Result<T, Error> {
        if meta.is_within {
            // A part of an operation that the door has let in: it is neither counted nor told of again.
            let context = self.authorize(meta, operation, true).await?;
            return work(context).await;
        }
        let begun = Instant::now();
        let done = async {
            let _place = self.acquire_slot()?;
            let context = self.authorize(meta, operation, false).await?;
            work(context).await
        }
        .await;
        let (refused, took) = (done.as_ref().err().map(|error| error.reason), begun.elapsed());
        let caller = meta.response.caller();
        self.observer.record(&OperationRecord { meta, operation, caller, refused, took });
        done
    }

    async fn authorize(
        &self,
        meta: &RequestContext,
        operation: Option<&'static Operation>,
        is_within: bool,
    ) -> Result<Context, Error> {
        let settings = self.settings(meta);
        let fault = self.fault(meta);
        if settings.rtt_ms > 0 || matches!(fault, Ok(Some(_))) {
            let fault = fault.clone().ok().flatten().unwrap_or_default();
            meta.response.set_latency(Latency { rtt_ms: settings.rtt_ms, fault });
        }
        let caller = self.caller(meta, settings).await?;
        if !is_within {
            self.limit(meta, &caller, settings)?;
        }
        operation.map_or(RequiredAccess::Anyone, |operation| operation.who).check(&caller)?;
        if !is_within && let Some(fault) = fault? {
            fault.refuse()?;
        }
        Ok(Context { caller, now: (self.services.config.clock)() })
    }

    /// How often?
    fn limit(&self, meta: &RequestContext, caller: &Caller, settings: Settings) -> Result<(), Error> {
        let per_minute = settings.rate_per_minute.unwrap_or(self.services.config.rate_per_minute);
        if per_minute == 0 {
            return Ok(());
        }
        let payer = match (caller.user_id, meta.peer) {
            (Some(user), _) => RateLimitKey::User(user),
            (None, Some(address)) => RateLimitKey::Address(address),
            (None, None) => RateLimitKey::Unknown,
        };
        match self.rate_limiter.acquire(&meta.sandbox, payer, per_minute) {
            Ok(rate_limit) => meta.response.set_rate_limit(rate_limit),
            Err(rate_limit) => {
                meta.response.set_rate_limit(rate_limit);
                let message = format!("{caller} may do {per_minute} operations a minute, and has done them");
                return Err(Error {
                    retry_after_ms: Some(rate_limit.reset_ms),
                    ..Error::new(Reason::RateLimited, message)
                });
            }
        }
        Ok(())
    }

    /// Is there room? Who comes when there is none is better told at once than kept waiting.
    fn acquire_slot(&self) -> Result<Slot, Error> {
        let place = Slot(self.in_flight.clone());
        let before = place.0.fetch_add(1, Ordering::Relaxed).saturating_sub(self.services.long_polls.count());
        if before >= OPERATIONS_IN_FLIGHT_MAX { Err(no_room()) } else { Ok(place) }
    }
}

fn no_room() -> Error {
    Error::overloaded(format!("{OPERATIONS_IN_FLIGHT_MAX} operations are in work already"))
}

/// Room for one operation.
struct Slot(Arc<AtomicUsize>);

impl Drop for Slot {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}
