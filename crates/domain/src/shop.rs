//! The door: what happens to every call, whatever protocol it came by?
//!
//! Is there room, who are you, how often, may you, was it to fail: and then the rule runs inside the store. What is to
//! refuse a call is decided here and nowhere else, because only here can every protocol say it in its own grammar.

use crate::access::{Caller, Credentials, Proof, Who};
use crate::error::{Error, Reason};
use crate::events::{self, Watch, WatchEvents};
use crate::faults::Wish;
use crate::guard::{Guard, NoGuard};
use crate::limits::OPERATIONS_IN_FLIGHT_MAX;
use crate::meta::Pace;
use crate::meta::locked;
pub use crate::meta::{Meta, Notes};
use crate::once::{self, Once};
use crate::operations::{Call, Input, Operation, Reply, parse};
use crate::orders::Order;
use crate::quota::{NoQuotas, Payer, Quotas};
use crate::sandbox::{Access, Settings};
use crate::shape::Writable;
use crate::store::{Changes, Records, Store};
use crate::time::Timestamp;
use crate::users::User;
use crate::value::Value;
use crate::witness::{NoWitness, Seen, Witness};
use crate::{access, guard};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Instant;

/// The shop. Cheap to clone.
#[derive(Clone)]
pub struct Shop {
    store: Arc<dyn Store>,
    guard: Arc<dyn Guard>,
    quotas: Arc<dyn Quotas>,
    witness: Arc<dyn Witness>,
    house: House,
    in_flight: Arc<AtomicUsize>,
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

/// What a rule may know beside its input.
#[derive(Clone, Debug)]
pub struct Context {
    /// Who calls.
    pub caller: Caller,
    /// The time of the call.
    pub now: Timestamp,
}

impl Shop {
    /// A shop over a store. It knows no credentials, counts nothing and is watched by nobody.
    pub fn new(store: Arc<dyn Store>) -> Self {
        let (guard, quotas, witness) = (Arc::new(NoGuard), Arc::new(NoQuotas), Arc::new(NoWitness));
        Shop { store, guard, quotas, witness, house: House::default(), in_flight: Arc::default() }
    }

    /// The same shop with somebody who tells right proofs from wrong ones.
    pub fn with_guard(self, guard: Arc<dyn Guard>) -> Self {
        Shop { guard, ..self }
    }

    /// The same shop with somebody who counts.
    pub fn with_quotas(self, quotas: Arc<dyn Quotas>) -> Self {
        Shop { quotas, ..self }
    }

    /// The same shop with somebody who watches.
    pub fn with_witness(self, witness: Arc<dyn Witness>) -> Self {
        Shop { witness, ..self }
    }

    /// The same shop with other settings.
    pub fn with_house(self, house: House) -> Self {
        Shop { house, ..self }
    }

    /// Calls an operation that is known when the program is compiled.
    pub async fn call<I: Input>(&self, meta: &Meta, input: I) -> Result<I::Reply, Error> {
        self.pass(meta, Some(I::OPERATION), |context| input.run(self, meta, context)).await
    }

    /// The same, with an input that nobody has looked at yet.
    pub async fn ask<I: Input>(&self, meta: &Meta, input: Value) -> Result<I::Reply, Error> {
        self.pass(meta, Some(I::OPERATION), |context| async { parse::<I>(input)?.run(self, meta, context).await }).await
    }

    /// Calls an operation whose name came over the wire, with an input that nobody has looked at yet.
    pub async fn answer(&self, meta: &Meta, operation: &str, input: Value) -> Result<Reply, Error> {
        let known = Operation::find(operation);
        self.pass(meta, known, |context| async { Call::parse(operation, input)?.run(self, meta, context).await }).await
    }

    /// Starts the one operation that streams: watch_events.
    pub async fn watch(&self, meta: &Meta, input: Value) -> Result<Watch, Error> {
        self.pass(meta, Some(WatchEvents::ROW), |context| async {
            let mut input: WatchEvents = parse(input)?;
            input.user_id = events::seen_by(&context.caller, input.user_id)?;
            // The bell first: what rings between here and the reading of the log is heard.
            let bell = self.store.bell(&meta.sandbox);
            let user = input.user_id;
            let after = self.find(&meta.sandbox, move |records| events::start(records, &input)).await?;
            Ok(Watch::new(self.clone(), meta, context.caller, bell, after, user))
        })
        .await
    }

    /// Refuses a caller who may not manage the sandbox itself: an open one is everybody's, a locked one the admins'.
    pub async fn may_manage(&self, meta: &Meta) -> Result<(), Error> {
        let settings = self.settings(meta);
        let caller = self.identify(meta, settings.access).await?;
        match settings.access {
            Access::Open => Ok(()),
            Access::Locked => caller.must_have(access::Role::Admin),
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
        &*self.store
    }

    /// Who tells right proofs from wrong ones.
    pub fn guard(&self) -> &dyn Guard {
        &*self.guard
    }

    /// Who watches.
    pub fn witness(&self) -> &Arc<dyn Witness> {
        &self.witness
    }

    /// What goes for all sandboxes.
    pub fn house(&self) -> &House {
        &self.house
    }

    /// What goes for the sandbox of a request.
    pub fn settings(&self, meta: &Meta) -> Settings {
        self.store.settings(&meta.sandbox)
    }

    /// What a request wishes would go wrong, where that is granted.
    fn wish(&self, meta: &Meta) -> Result<Option<Wish>, Error> {
        match &meta.wish {
            Some(text) if self.house.grants_faults => Wish::parse(text).map(Some),
            _ => Ok(None),
        }
    }

    /// Refuses, if there is no room for another operation: for who has not even read the request yet.
    pub fn ensure_room(&self) -> Result<(), Error> {
        if self.in_flight() >= OPERATIONS_IN_FLIGHT_MAX { Err(no_room()) } else { Ok(()) }
    }

    /// How many operations are in work.
    pub fn in_flight(&self) -> usize {
        self.in_flight.load(Ordering::Relaxed)
    }

    /// Looks for something that is no operation's answer.
    pub(crate) async fn find<T: Send + 'static>(
        &self,
        sandbox: &crate::Sandbox,
        look: impl FnOnce(&dyn Records) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let found = Arc::new(Mutex::new(None));
        let place = found.clone();
        let job = Box::new(move |records: &dyn Records| {
            *locked(&place) = Some(look(records)?);
            Ok(crate::operations::Nothing {}.into())
        });
        self.store.read(sandbox, job).await?;
        locked(&found).take().ok_or_else(Error::internal)
    }

    /// Runs a query's rule.
    pub(crate) async fn look(
        &self,
        meta: &Meta,
        context: Context,
        rule: impl FnOnce(&dyn Records, &Context) -> Result<Reply, Error> + Send + 'static,
    ) -> Result<Reply, Error> {
        self.store.read(&meta.sandbox, Box::new(move |records| rule(records, &context))).await
    }

    /// Runs a command's rule.
    pub(crate) async fn change(
        &self,
        meta: &Meta,
        context: Context,
        rule: impl FnOnce(&mut dyn Changes, &Context) -> Result<Reply, Error> + Send + 'static,
    ) -> Result<Reply, Error> {
        self.store.write(&meta.sandbox, Box::new(move |changes| rule(changes, &context))).await
    }

    /// Runs the rule of a command that an idempotency key, if there is one, makes happen once.
    pub(crate) async fn change_once<I: Input + Writable + Send + 'static>(
        &self,
        meta: &Meta,
        context: Context,
        input: I,
        rule: impl FnOnce(&mut dyn Changes, &Context, I) -> Result<Order, Error> + Send + 'static,
    ) -> Result<Reply, Error> {
        let Some(key) = &meta.idempotency_key else {
            return self.change(meta, context, |changes, context| rule(changes, context, input).map(Reply::from)).await;
        };
        let fingerprint = self.guard.digest(&once::written(I::OPERATION, &input));
        let (once, notes) = (Once { key: once::Key::parse(key)?, fingerprint }, meta.notes.clone());
        let job = move |changes: &mut dyn Changes, context: &Context| {
            let (order, seen) = once::run(changes, context, &once, |changes| rule(changes, context, input))?;
            notes.set_replayed(seen);
            Ok(order.into())
        };
        self.change(meta, context, job).await
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
        Ok(Context { caller, now: (self.house.clock)() })
    }

    /// Who calls. That is looked up once a request, also in vain: a batch must not try a wrong password a hundred times.
    async fn caller(&self, meta: &Meta, settings: Settings) -> Result<Caller, Error> {
        match meta.notes.identified() {
            Some(identified) => identified.clone(),
            None => meta.notes.set_identified(self.identify(meta, settings.access).await),
        }
    }

    /// Who are you? Wrong credentials are refused, also where none would do.
    async fn identify(&self, meta: &Meta, access: Access) -> Result<Caller, Error> {
        let sandbox = meta.sandbox.clone();
        let (user, proof) = match &meta.credentials {
            Credentials::None if access == Access::Open => return Ok(Caller::visitor(sandbox)),
            Credentials::None => return Ok(Caller::nobody(sandbox)),
            Credentials::Unusable(problem) => return Err(Error::new(Reason::CredentialsWrong, *problem)),
            Credentials::ApiKey(key) => (self.user_with_key(meta, key).await?, Proof::ApiKey),
            Credentials::Password { email, password } => {
                (self.user_with_password(meta, email, password.clone()).await?, Proof::Password)
            }
            Credentials::Token(token) => (self.user_with_token(meta, token).await?, Proof::Token),
        };
        Ok(Caller::user(user, proof, sandbox))
    }

    async fn user_with_key(&self, meta: &Meta, key: &access::Secret) -> Result<User, Error> {
        let wrong = || Error::new(Reason::CredentialsWrong, "no user has that API key");
        let name = self.guard.key_name(key).ok_or_else(wrong)?.to_owned();
        let found = self.find(&meta.sandbox, move |records| {
            let Some((user, kept)) = records.key(&name)? else { return Ok(None) };
            Ok(records.user(user)?.map(|user| (user, kept)))
        });
        let (user, kept) = found.await?.ok_or_else(wrong)?;
        if self.guard.is_key(key, &kept) { Ok(user) } else { Err(wrong()) }
    }

    async fn user_with_token(&self, meta: &Meta, token: &access::Secret) -> Result<User, Error> {
        let bearer = self.guard.read(token, &meta.sandbox, (self.house.clock)())?;
        let guard::Bearer { user, since, .. } = bearer;
        let user = self.find(&meta.sandbox, move |records| records.user(user)).await?;
        let same = user.filter(|user| user.created_at == since);
        same.ok_or_else(|| Error::new(Reason::CredentialsWrong, "the token's user is no longer there"))
    }

    /// How often?
    fn limit(&self, meta: &Meta, caller: &Caller, settings: Settings) -> Result<(), Error> {
        let per_minute = settings.rate_per_minute.unwrap_or(self.house.rate_per_minute);
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
        let before = place.0.fetch_add(1, Ordering::Relaxed);
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
