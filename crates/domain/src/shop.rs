//! The pipeline: the steps of every call, whatever the protocol.
//!
//! Capacity, authentication, rate limit, authorization, injected faults; then the rule runs inside the store. Every refusal is
//! decided here and nowhere else, so that each protocol can report it in its own grammar.

mod batch;
mod identity;

pub use crate::context::Context;
pub use crate::request::{RequestContext, ResponseMetadata};
pub use crate::services::ShopConfig;
pub use batch::Batch;

use crate::access::{Caller, Credentials, RequiredAccess, Role};
use crate::authenticator::Authenticator;
use crate::error::{Error, Reason};
use crate::events::{self, Listener, Watch, WatchEvents, WatchHooks};
use crate::faults::FaultSpec;
use crate::limits::OPERATIONS_IN_FLIGHT_MAX;
use crate::long_poll::Timer;
use crate::observer::{NoObserver, Observer, OperationRecord, StreamedEvent, Values};
use crate::operations::{Input, Operation, Reply, parse_spelled, unknown_operation};
use crate::rate_limit::{RateLimitKey, RateLimiter, Unlimited};
use crate::request::Latency;
use crate::sandbox::{Access, Exercises, Settings};
use crate::schema::Encode;
use crate::services::Services;
use crate::store::Store;
use crate::value::{Value, ValueEncoder};
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
    /// A shop over a store, with the default ports: no authentication, no rate limit, no observer.
    pub fn new(store: Arc<dyn Store>) -> Self {
        let (rate_limiter, observer) = (Arc::new(Unlimited), Arc::new(NoObserver));
        Shop { services: Services::new(store), rate_limiter, observer, in_flight: Arc::default() }
    }

    /// Sets the authenticator.
    pub fn with_authenticator(self, authenticator: Arc<dyn Authenticator>) -> Self {
        Shop { services: Services { authenticator, ..self.services }, ..self }
    }

    /// Sets the rate limiter.
    pub fn with_rate_limiter(self, rate_limiter: Arc<dyn RateLimiter>) -> Self {
        Shop { rate_limiter, ..self }
    }

    /// Sets the observer.
    pub fn with_observer(self, observer: Arc<dyn Observer>) -> Self {
        Shop { observer, ..self }
    }

    /// Sets the timer of long polls.
    pub fn with_timer(self, timer: Arc<dyn Timer>) -> Self {
        Shop { services: Services { timer, ..self.services }, ..self }
    }

    /// Sets the webhook dispatcher.
    pub fn with_dispatcher(self, dispatcher: Arc<dyn Dispatcher>) -> Self {
        Shop { services: Services { dispatcher, ..self.services }, ..self }
    }

    /// Sets the configuration.
    pub fn with_config(self, config: ShopConfig) -> Self {
        Shop { services: Services { config, ..self.services }, ..self }
    }

    /// Calls an operation with a typed input.
    pub async fn call<I: Input>(&self, request: &RequestContext, input: I) -> Result<I::Reply, Error> {
        let call = self.begin(request, Some(I::OPERATION), None);
        self.run(request, call, value_of, |context| input.run(&self.services, request, context)).await
    }

    /// Decodes the input of an operation and calls it.
    pub async fn decode_and_call<I: Input>(&self, request: &RequestContext, input: Value) -> Result<I::Reply, Error> {
        let call = self.begin(request, Some(I::OPERATION), Some(&input));
        self.run(request, call, value_of, |context| async {
            parse_spelled::<I>(input, request.spelling)?.run(&self.services, request, context).await
        })
        .await
    }

    /// Executes an operation of the table with an input that is not decoded yet.
    pub async fn execute(
        &self,
        request: &RequestContext,
        operation: &'static Operation,
        input: Value,
    ) -> Result<Reply, Error> {
        let call = self.begin(request, Some(operation), Some(&input));
        self.run(request, call, Reply::to_value, |context| (operation.run)(&self.services, request, context, input))
            .await
    }

    /// The error of a call to an operation that doesn't exist, or that of an earlier step of the pipeline.
    pub async fn unknown_operation(&self, request: &RequestContext, name: &str) -> Error {
        self.refuse(request, None, unknown_operation(name, request.spelling)).await
    }

    /// Starts the one operation that streams: watch_events.
    pub async fn watch(&self, request: &RequestContext, input: Value) -> Result<Watch, Error> {
        let call = self.begin(request, Some(WatchEvents::ROW), Some(&input));
        self.run(
            request,
            call,
            |_| Value::Null,
            |context| async {
                let mut input: WatchEvents = parse_spelled(input, request.spelling)?;
                input.user_id = events::seen_by(&context.caller, input.user_id)?;
                // Listen first, then read: an event in between is not missed.
                let listener = Listener::new(self.services.store.event_signal(&request.sandbox));
                let (user, is_resumed) = (input.user_id, input.after.is_some());
                let after = self.services.query(request, move |records| events::start(records, &input)).await?;
                self.observer.stream_begun(request.protocol);
                let hooks = self.hooks(request, after, is_resumed);
                Ok(Watch::new(self.services.clone(), request, context.caller, listener, after, user, hooks))
            },
        )
        .await
    }

    /// The observer, as a stream calls it.
    fn hooks(&self, request: &RequestContext, began_after: i32, is_resumed: bool) -> WatchHooks {
        let (observer, request) = (self.observer.clone(), request.another());
        let (ended, protocol) = (observer.clone(), request.protocol);
        WatchHooks {
            on_event: Box::new(move |event| {
                observer.streamed(&StreamedEvent { request: &request, began_after, is_resumed, event });
            }),
            on_end: Box::new(move || ended.stream_ended(protocol)),
        }
    }

    /// The error of a call that its protocol refuses by a rule of its own: `error`, or that of an earlier step of the pipeline. So
    /// only authorized callers learn what else is wrong, and the call is counted and observed like any other.
    pub async fn refuse(&self, request: &RequestContext, operation: Option<&'static Operation>, error: Error) -> Error {
        let own = error.clone();
        let call = self.begin(request, operation, None);
        let refused = self.pass(request, call, |()| Value::Null, |_| std::future::ready(Err(error)));
        refused.await.err().unwrap_or(own)
    }

    /// Refuses a caller who may not manage the sandbox: everybody may if it is open, admins if it is locked.
    pub async fn authorize_admin(&self, request: &RequestContext) -> Result<(), Error> {
        let settings = self.settings(request);
        let caller = self.identify(request, settings.access).await?;
        match settings.access {
            Access::Open => Ok(()),
            Access::Locked => caller.require_role(Role::Admin),
        }
    }

    /// Refuses an anonymous caller of a locked sandbox, and wrong credentials.
    pub async fn authorize_user(&self, request: &RequestContext) -> Result<Caller, Error> {
        let settings = self.settings(request);
        let caller = self.identify(request, settings.access).await?;
        caller.ensure_still_known(settings).map(|()| caller)
    }

    /// Refuses everybody but an admin with credentials, also in an open sandbox: for what concerns all sandboxes.
    pub async fn authorize_instructor(&self, request: &RequestContext) -> Result<(), Error> {
        self.identify(request, Access::Locked).await?.require_role(Role::Admin)
    }

    /// Refuses wrong credentials and nothing else: for questions about the protocol instead of the shop, such as its list of
    /// methods. These are not operations: they need no credentials and are not counted.
    pub async fn authenticate(&self, request: &RequestContext) -> Result<(), Error> {
        match request.credentials {
            Credentials::None => Ok(()),
            _ => self.caller(request, self.settings(request)).await.map(drop),
        }
    }

    /// The store, for code that manages sandboxes.
    pub fn store(&self) -> &dyn Store {
        &*self.services.store
    }

    /// The authenticator.
    pub fn authenticator(&self) -> &dyn Authenticator {
        &*self.services.authenticator
    }

    /// The observer.
    pub fn observer(&self) -> &Arc<dyn Observer> {
        &self.observer
    }

    /// The timer.
    pub fn timer(&self) -> &dyn Timer {
        &*self.services.timer
    }

    /// The webhook dispatcher.
    pub fn dispatcher(&self) -> &dyn Dispatcher {
        &*self.services.dispatcher
    }

    /// SHA-256, to name something by its content.
    pub fn digest(&self, bytes: &[u8]) -> [u8; 32] {
        self.services.authenticator.digest(bytes)
    }

    /// The configuration.
    pub fn config(&self) -> &ShopConfig {
        &self.services.config
    }

    /// The settings of the request's sandbox.
    pub fn settings(&self, request: &RequestContext) -> Settings {
        self.services.settings(request)
    }

    /// The faults that the request asks for, if the server allows them.
    fn fault(&self, request: &RequestContext) -> Result<Option<FaultSpec>, Error> {
        match &request.fault {
            Some(text) if self.services.config.allows_faults => FaultSpec::parse(text).map(Some),
            _ => Ok(None),
        }
    }

    /// Refuses if there is no capacity: for code that has not read the request yet.
    pub fn ensure_capacity(&self) -> Result<(), Error> {
        if self.in_flight() >= OPERATIONS_IN_FLIGHT_MAX { Err(over_capacity()) } else { Ok(()) }
    }

    /// The number of operations in progress, without those that wait in a long poll.
    pub fn in_flight(&self) -> usize {
        self.in_flight.load(Ordering::Relaxed).saturating_sub(self.services.long_polls.count())
    }

    /// The number of long polls.
    pub fn long_polls(&self) -> usize {
        self.services.long_polls.count()
    }

    /// The first step of every call: what the later ones need of its sandbox and of its input.
    fn begin(&self, request: &RequestContext, operation: Option<&'static Operation>, input: Option<&Value>) -> Call {
        let settings = self.settings(request);
        let wanted = input.zip(operation).filter(|_| settings.exercises == Exercises::On && !request.is_within);
        let input = wanted.and_then(|(input, row)| (row.settle)(input.clone(), request.spelling).ok());
        Call { operation, settings, input }
    }

    /// The pipeline, with the errors of its last step as the caller spells them; the others name no member.
    async fn run<T, F: Future<Output = Result<T, Error>>>(
        &self,
        request: &RequestContext,
        call: Call,
        value_of: fn(&T) -> Value,
        work: impl FnOnce(Context) -> F,
    ) -> Result<T, Error> {
        let spelled = |error: Error| error.spelled(request.spelling);
        self.pass(request, call, value_of, |context| async { work(context).await.map_err(spelled) }).await
    }

    /// The pipeline itself: every call of every protocol passes here.
    async fn pass<T, F: Future<Output = Result<T, Error>>>(
        &self,
        request: &RequestContext,
        Call { operation, settings, input }: Call,
        value_of: fn(&T) -> Value,
        work: impl FnOnce(Context) -> F,
    ) -> Result<T, Error> {
        if request.is_within {
            // A part of an authorized operation is neither counted nor observed again.
            let context = self.authorize(request, operation, settings).await?;
            return work(context).await;
        }
        let started = Instant::now();
        let done = async {
            let _slot = self.acquire_slot()?;
            let context = self.authorize(request, operation, settings).await?;
            work(context).await
        }
        .await;
        let (caller, error, took) = (request.response.caller(), done.as_ref().err(), started.elapsed());
        let is_wanted = settings.exercises == Exercises::On;
        let reply = done.as_ref().ok().filter(|_| is_wanted).map(value_of);
        let values = Values { is_wanted, input, reply };
        self.observer.record(&OperationRecord { request, operation, caller, error, values, took });
        done
    }

    async fn authorize(
        &self,
        request: &RequestContext,
        operation: Option<&'static Operation>,
        settings: Settings,
    ) -> Result<Context, Error> {
        let is_within = request.is_within;
        let fault = self.fault(request);
        if settings.rtt_ms > 0 || matches!(fault, Ok(Some(_))) {
            let fault = fault.clone().ok().flatten().unwrap_or_default();
            request.response.set_latency(Latency { rtt_ms: settings.rtt_ms, fault });
        }
        let caller = self.caller(request, settings).await?;
        if !is_within {
            self.limit(request, &caller, settings)?;
        }
        let required = operation.map_or(RequiredAccess::Anyone, |operation| operation.who);
        required.check(&caller).map_err(|error| error.with_credentials_hint(request.spelling))?;
        if !is_within && let Some(fault) = fault? {
            fault.refuse()?;
        }
        Ok(Context { caller, now: (self.services.config.clock)() })
    }

    /// The rate limit.
    fn limit(&self, request: &RequestContext, caller: &Caller, settings: Settings) -> Result<(), Error> {
        let per_minute = settings.rate_per_minute.unwrap_or(self.services.config.rate_per_minute);
        if per_minute == 0 {
            return Ok(());
        }
        let key = match (caller.user_id, request.peer) {
            (Some(user), _) => RateLimitKey::User(user),
            (None, Some(address)) => RateLimitKey::Address(address),
            (None, None) => RateLimitKey::Unknown,
        };
        match self.rate_limiter.acquire(&request.sandbox, key, per_minute) {
            Ok(rate_limit) => request.response.set_rate_limit(rate_limit),
            Err(rate_limit) => {
                request.response.set_rate_limit(rate_limit);
                let operations = if per_minute == 1 { "operation" } else { "operations" };
                let message = format!("{caller} has used up the rate limit of {per_minute} {operations} per minute");
                return Err(Error::for_now(Reason::RateLimited, message, rate_limit.reset_ms));
            }
        }
        Ok(())
    }

    /// Capacity: a caller is refused at once rather than queued.
    fn acquire_slot(&self) -> Result<Slot, Error> {
        let slot = Slot(self.in_flight.clone());
        let before = slot.0.fetch_add(1, Ordering::Relaxed).saturating_sub(self.services.long_polls.count());
        if before >= OPERATIONS_IN_FLIGHT_MAX { Err(over_capacity()) } else { Ok(slot) }
    }
}

/// A call on its way through the pipeline.
struct Call {
    operation: Option<&'static Operation>,
    settings: Settings,
    /// The input for the observer, where the sandbox has its exercises on.
    input: Option<Value>,
}

fn value_of(reply: &impl Encode) -> Value {
    let mut encoder = ValueEncoder::default();
    reply.write(&mut encoder);
    encoder.finish()
}

fn over_capacity() -> Error {
    Error::overloaded(format!("the server already runs {OPERATIONS_IN_FLIGHT_MAX} operations"))
}

/// A slot for one operation.
struct Slot(Arc<AtomicUsize>);

impl Drop for Slot {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}
