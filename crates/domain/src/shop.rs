//! The door: what happens to every call, whatever protocol it came by?
//!
//! Is there room, who are you, how often, may you, was it to fail: and then the rule runs inside the store. What is to
//! refuse a call is decided here and nowhere else, because only here can every protocol say it in its own grammar.

mod identity;
mod several;

pub use crate::context::Context;
pub use crate::meta::{Meta, Notes};
pub use crate::services::House;
pub use several::Several;

use crate::access::{Caller, Credentials, Role, Who};
use crate::error::{Error, Reason};
use crate::events::{self, Listener, Watch, WatchEvents};
use crate::faults::Wish;
use crate::guard::Guard;
use crate::limits::OPERATIONS_IN_FLIGHT_MAX;
use crate::meta::Pace;
use crate::operations::{Input, Operation, Reply, parse};
use crate::quota::{NoQuotas, Payer, Quotas};
use crate::sandbox::{Access, Settings};
use crate::services::Services;
use crate::store::Store;
use crate::value::Value;
use crate::waiting::Timer;
use crate::webhooks::Couriers;
use crate::witness::{NoWitness, Seen, Witness};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

/// The shop. Cheap to clone.
#[derive(Clone)]
pub struct Shop {
    services: Services,
    quotas: Arc<dyn Quotas>,
    witness: Arc<dyn Witness>,
    in_flight: Arc<AtomicUsize>,
}

impl Shop {
    /// A shop over a store. It knows no credentials, counts nothing and is watched by nobody.
    pub fn new(store: Arc<dyn Store>) -> Self {
        let (quotas, witness) = (Arc::new(NoQuotas), Arc::new(NoWitness));
        Shop { services: Services::new(store), quotas, witness, in_flight: Arc::default() }
    }

    /// The same shop with somebody who tells right proofs from wrong ones.
    pub fn with_guard(self, guard: Arc<dyn Guard>) -> Self {
        Shop { services: Services { guard, ..self.services }, ..self }
    }

    /// The same shop with somebody who counts.
    pub fn with_quotas(self, quotas: Arc<dyn Quotas>) -> Self {
        Shop { quotas, ..self }
    }

    /// The same shop with somebody who watches.
    pub fn with_witness(self, witness: Arc<dyn Witness>) -> Self {
        Shop { witness, ..self }
    }

    /// The same shop with something that rings after a while.
    pub fn with_timer(self, timer: Arc<dyn Timer>) -> Self {
        Shop { services: Services { timer, ..self.services }, ..self }
    }

    /// The same shop with somebody who carries its news to webhooks.
    pub fn with_couriers(self, couriers: Arc<dyn Couriers>) -> Self {
        Shop { services: Services { couriers, ..self.services }, ..self }
    }

    /// The same shop with other settings.
    pub fn with_house(self, house: House) -> Self {
        Shop { services: Services { house, ..self.services }, ..self }
    }

    /// Calls an operation that is known when the program is compiled.
    pub async fn call<I: Input>(&self, meta: &Meta, input: I) -> Result<I::Reply, Error> {
        self.pass(meta, Some(I::OPERATION), |context| input.run(&self.services, meta, context)).await
    }

    /// The same, with an input that nobody has looked at yet.
    pub async fn ask<I: Input>(&self, meta: &Meta, input: Value) -> Result<I::Reply, Error> {
        self.pass(meta, Some(I::OPERATION), |context| async {
            parse::<I>(input)?.run(&self.services, meta, context).await
        })
        .await
    }

    /// Calls an operation of the table, with an input that nobody has looked at yet.
    pub async fn answer(&self, meta: &Meta, operation: &'static Operation, input: Value) -> Result<Reply, Error> {
        self.pass(meta, Some(operation), |context| (operation.run)(&self.services, meta, context, input)).await
    }

    /// The answer to a call of an operation that does not exist: that, unless the caller is refused for another reason first.
    pub async fn unknown(&self, meta: &Meta, name: &str) -> Error {
        self.refuse(meta, None, Error::unknown_operation(name)).await
    }

    /// Starts the one operation that streams: watch_events.
    pub async fn watch(&self, meta: &Meta, input: Value) -> Result<Watch, Error> {
        self.pass(meta, Some(WatchEvents::ROW), |context| async {
            let mut input: WatchEvents = parse(input)?;
            input.user_id = events::seen_by(&context.caller, input.user_id)?;
            // The bell first: what rings between here and the reading of the log is heard.
            let listener = Listener::new(self.services.store.bell(&meta.sandbox));
            let user = input.user_id;
            let after = self.services.look(meta, move |records| events::start(records, &input)).await?;
            self.witness.stream_begun(meta.protocol);
            let (witness, protocol) = (self.witness.clone(), meta.protocol);
            let on_end = Box::new(move || witness.stream_ended(protocol));
            Ok(Watch::new(self.services.clone(), meta, context.caller, listener, after, user, on_end))
        })
        .await
    }

    /// What is said to a call that its protocol has a reason of its own to refuse: what the door says first, or that. Only who is let
    /// in learns what else is wrong, and it is counted and seen like any call.
    pub async fn refuse(&self, meta: &Meta, operation: Option<&'static Operation>, error: Error) -> Error {
        let own = error.clone();
        let refused = self.pass(meta, operation, |_| std::future::ready(Err::<(), Error>(error)));
        refused.await.err().unwrap_or(own)
    }

    /// Refuses a caller who may not manage the sandbox itself: an open one is everybody's, a locked one the admins'.
    pub async fn may_manage(&self, meta: &Meta) -> Result<(), Error> {
        let settings = self.settings(meta);
        let caller = self.identify(meta, settings.access).await?;
        match settings.access {
            Access::Open => Ok(()),
            Access::Locked => caller.must_have(Role::Admin),
        }
    }

    /// Refuses wrong credentials, and nothing else: for what is asked of a protocol and not of the shop, such as the names of
    /// its methods. That is no operation: it is not counted, and nobody need say who they are.
    pub async fn recognize(&self, meta: &Meta) -> Result<(), Error> {
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
    pub fn guard(&self) -> &dyn Guard {
        &*self.services.guard
    }

    /// Who watches.
    pub fn witness(&self) -> &Arc<dyn Witness> {
        &self.witness
    }

    /// What rings after a while.
    pub fn timer(&self) -> &dyn Timer {
        &*self.services.timer
    }

    /// Who carries news to webhooks.
    pub fn couriers(&self) -> &dyn Couriers {
        &*self.services.couriers
    }

    /// SHA-256: what something is called by its content.
    pub fn digest(&self, bytes: &[u8]) -> [u8; 32] {
        self.services.guard.digest(bytes)
    }

    /// What goes for all sandboxes.
    pub fn house(&self) -> &House {
        &self.services.house
    }

    /// What goes for the sandbox of a request.
    pub fn settings(&self, meta: &Meta) -> Settings {
        self.services.settings(meta)
    }

    /// What a request wishes would go wrong, where that is granted.
    fn wish(&self, meta: &Meta) -> Result<Option<Wish>, Error> {
        match &meta.wish {
            Some(text) if self.services.house.grants_faults => Wish::parse(text).map(Some),
            _ => Ok(None),
        }
    }

    /// Refuses, if there is no room for another operation: for who has not even read the request yet.
    pub fn ensure_room(&self) -> Result<(), Error> {
        if self.in_flight() >= OPERATIONS_IN_FLIGHT_MAX { Err(no_room()) } else { Ok(()) }
    }

    /// How many operations are in work. Those that wait for news are not.
    pub fn in_flight(&self) -> usize {
        self.in_flight.load(Ordering::Relaxed).saturating_sub(self.services.waiting.count())
    }

    /// How many requests wait for news.
    pub fn waiting(&self) -> usize {
        self.services.waiting.count()
    }

    /// The door itself: every call of every protocol comes through here.
    async fn pass<T, F: Future<Output = Result<T, Error>>>(
        &self,
        meta: &Meta,
        operation: Option<&'static Operation>,
        work: impl FnOnce(Context) -> F,
    ) -> Result<T, Error> {
        if meta.is_within {
            // A part of an operation that the door has let in: it is neither counted nor told of again.
            let context = self.admit(meta, operation, true).await?;
            return work(context).await;
        }
        let begun = Instant::now();
        let done = async {
            let _place = self.take_place()?;
            let context = self.admit(meta, operation, false).await?;
            work(context).await
        }
        .await;
        let (refused, took) = (done.as_ref().err().map(|error| error.reason), begun.elapsed());
        let caller = meta.notes.caller();
        self.witness.saw(&Seen { meta, operation, caller, refused, took });
        done
    }

    async fn admit(
        &self,
        meta: &Meta,
        operation: Option<&'static Operation>,
        is_within: bool,
    ) -> Result<Context, Error> {
        let settings = self.settings(meta);
        let wish = self.wish(meta);
        if settings.rtt_ms > 0 || matches!(wish, Ok(Some(_))) {
            let wish = wish.clone().ok().flatten().unwrap_or_default();
            meta.notes.set_pace(Pace { rtt_ms: settings.rtt_ms, wish });
        }
        let caller = self.caller(meta, settings).await?;
        if !is_within {
            self.limit(meta, &caller, settings)?;
        }
        operation.map_or(Who::Anyone, |operation| operation.who).check(&caller)?;
        if !is_within && let Some(wish) = wish? {
            wish.refuse()?;
        }
        Ok(Context { caller, now: (self.services.house.clock)() })
    }

    /// How often?
    fn limit(&self, meta: &Meta, caller: &Caller, settings: Settings) -> Result<(), Error> {
        let per_minute = settings.rate_per_minute.unwrap_or(self.services.house.rate_per_minute);
        if per_minute == 0 {
            return Ok(());
        }
        let payer = match (caller.user_id, meta.peer) {
            (Some(user), _) => Payer::User(user),
            (None, Some(address)) => Payer::Address(address),
            (None, None) => Payer::Unknown,
        };
        match self.quotas.spend(&meta.sandbox, payer, per_minute) {
            Ok(quota) => meta.notes.set_quota(quota),
            Err(quota) => {
                meta.notes.set_quota(quota);
                let message = format!("{caller} may do {per_minute} operations a minute, and has done them");
                return Err(Error { retry_after_ms: Some(quota.wait_ms), ..Error::new(Reason::RateLimited, message) });
            }
        }
        Ok(())
    }

    /// Is there room? Who comes when there is none is better told at once than kept waiting.
    fn take_place(&self) -> Result<Place, Error> {
        let place = Place(self.in_flight.clone());
        let before = place.0.fetch_add(1, Ordering::Relaxed).saturating_sub(self.services.waiting.count());
        if before >= OPERATIONS_IN_FLIGHT_MAX { Err(no_room()) } else { Ok(place) }
    }
}

fn no_room() -> Error {
    Error::overloaded(format!("{OPERATIONS_IN_FLIGHT_MAX} operations are in work already"))
}

/// Room for one operation.
struct Place(Arc<AtomicUsize>);

impl Drop for Place {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}
