//! The door: what happens to every call, whatever protocol it came by?
//!
//! Who are you, may you, and then the rule runs inside the store. What is to refuse a call (a quota, a wished-for fault) is
//! decided here and nowhere else, because only here can every protocol say it in its own grammar.

use crate::access::Caller;
use crate::error::Error;
use crate::events::{self, Watch, WatchEvents};
use crate::operations::{Call, Input, Operation, Reply};
use crate::sandbox::Sandbox;
use crate::store::{Changes, Records, Store};
use crate::time::Timestamp;
use std::sync::Arc;

/// The shop. Cheap to clone.
#[derive(Clone)]
pub struct Shop {
    store: Arc<dyn Store>,
    clock: fn() -> Timestamp,
}

/// What a request says of itself, beside the operation and its input.
#[derive(Clone, Debug)]
pub struct Meta {
    /// The protocol that it came by: the adapter's name.
    pub protocol: &'static str,
    /// Which copy of the shop it is for.
    pub sandbox: Sandbox,
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
    /// A shop over a store.
    pub fn new(store: Arc<dyn Store>) -> Self {
        Shop { store, clock: Timestamp::now }
    }

    /// The same shop with another clock.
    pub fn with_clock(self, clock: fn() -> Timestamp) -> Self {
        Shop { clock, ..self }
    }

    /// Calls an operation that is known when the program is compiled.
    pub async fn call<I: Input>(&self, meta: &Meta, input: I) -> Result<I::Reply, Error> {
        input.ask(self, meta).await
    }

    /// Calls an operation whose name came over the wire.
    pub async fn answer(&self, meta: &Meta, call: Call) -> Result<Reply, Error> {
        call.ask(self, meta).await
    }

    /// Starts the one operation that streams: watch_events.
    pub async fn watch(&self, meta: &Meta, input: WatchEvents) -> Result<Watch, Error> {
        self.admit(WatchEvents::ROW, meta)?;
        // The bell first: what rings between here and the reading of the log is heard.
        let bell = self.store.bell(&meta.sandbox);
        let (user, sandbox) = (input.user_id, meta.sandbox.clone());
        let start = Box::new(move |records: &dyn Records| {
            let next = events::start(records, &input)?;
            Ok(Reply::Events(events::EventPage { items: Vec::new(), next }))
        });
        let Reply::Events(events::EventPage { next: after, .. }) = self.store.read(&sandbox, start).await? else {
            unreachable!("the job gives a place in the log")
        };
        Ok(Watch::new(self.store.clone(), sandbox, bell, after, user))
    }

    /// What the sandboxes are kept in: to reset one, forget one, or see whether it is there.
    pub fn store(&self) -> &dyn Store {
        &*self.store
    }

    /// Runs a query's rule.
    pub(crate) async fn look(
        &self,
        operation: &'static Operation,
        meta: &Meta,
        rule: impl FnOnce(&dyn Records, &Context) -> Result<Reply, Error> + Send + 'static,
    ) -> Result<Reply, Error> {
        let context = self.admit(operation, meta)?;
        self.store.read(&meta.sandbox, Box::new(move |records| rule(records, &context))).await
    }

    /// Runs a command's rule.
    pub(crate) async fn change(
        &self,
        operation: &'static Operation,
        meta: &Meta,
        rule: impl FnOnce(&mut dyn Changes, &Context) -> Result<Reply, Error> + Send + 'static,
    ) -> Result<Reply, Error> {
        let context = self.admit(operation, meta)?;
        self.store.write(&meta.sandbox, Box::new(move |changes| rule(changes, &context))).await
    }

    /// The door itself: every call of every protocol comes through here.
    fn admit(&self, operation: &'static Operation, _: &Meta) -> Result<Context, Error> {
        let caller = Caller::VISITOR;
        operation.who.check(&caller)?;
        Ok(Context { caller, now: (self.clock)() })
    }
}
