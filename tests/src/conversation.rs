//! How does a test ask, and what is the answer compared with? With what the shop itself says when it is asked without any
//! protocol, in a sandbox of its own in which the same things have happened.

use crate::answer::{self, Look};
use crate::house::{House, runtime};
use crate::protocols::facts;
use domain::access::Credentials;
use domain::sandbox::Settings;
use domain::users::UserId;
use domain::{Error, Meta, Operation, Sandbox, Shop, Value};
use lab::equal::differences;
use std::collections::BTreeSet;
use std::sync::Arc;
use wire::client::Beside;
use wire::connection::{Connection, Failure};
use wire::io::Recording;
use wire::{Adapter, Address, Ask, Heard, Outgoing, Refused};

/// A conversation in one style, in a fresh sandbox, on one connection. Without a style only the shop itself is asked.
pub struct Conversation {
    house: Arc<House>,
    style: Option<&'static Adapter>,
    /// The sandbox that is asked in the style.
    sandbox: String,
    /// The sandbox in which the shop itself is asked the same.
    twin: Sandbox,
    line: Option<Connection>,
    asked: BTreeSet<String>,
    refused: Option<Refused>,
    /// What rides beside the questions: who asks, the key, the wish.
    beside: Beside,
    /// Who asks in the other sandbox: the same, but by a token of its own.
    in_twin: Credentials,
}

impl Conversation {
    /// A conversation in that style.
    pub fn over(house: &Arc<House>, style: &'static Adapter) -> Conversation {
        Conversation::begin(house, Some(style))
    }

    /// A conversation with the shop itself.
    pub fn with_the_shop_alone(house: &Arc<House>) -> Conversation {
        Conversation::begin(house, None)
    }

    fn begin(house: &Arc<House>, style: Option<&'static Adapter>) -> Conversation {
        let twin = Sandbox::parse(&house.new_name()).unwrap();
        let (house, sandbox) = (house.clone(), house.new_name());
        let (asked, beside, in_twin) = (BTreeSet::new(), Beside::default(), Credentials::None);
        Conversation { house, style, sandbox, twin, line: None, asked, refused: None, beside, in_twin }
    }

    /// From now on somebody else asks, on a connection of the own.
    pub fn become_caller(&mut self, credentials: Credentials) {
        self.become_caller_in_each(|_, _| credentials.clone());
    }

    /// The same, where the credentials are others in each sandbox, as tokens are.
    pub fn become_caller_in_each(&mut self, credentials: impl Fn(&Shop, &Sandbox) -> Credentials) {
        self.beside.credentials = credentials(&self.house.shop, &Sandbox::parse(&self.sandbox).unwrap());
        self.in_twin = credentials(&self.house.shop, &self.twin);
        self.line = None;
    }

    /// Sets what is to be set for both sandboxes.
    pub fn set_up(&self, settings: Settings) {
        for sandbox in [&Sandbox::parse(&self.sandbox).unwrap(), &self.twin] {
            runtime().block_on(self.house.shop.store().set_up(sandbox, settings)).unwrap();
        }
    }

    /// Where the sandbox of this conversation is.
    pub fn address(&self) -> Address {
        self.house.address().in_sandbox(&self.sandbox)
    }

    /// The operations that were asked for.
    pub fn asked(self) -> BTreeSet<String> {
        self.asked.clone()
    }

    /// Asks. Both must answer alike; gives what they answered.
    pub fn ask(&mut self, operation: &str, input: serde_json::Value) -> Result<Value, Error> {
        self.asked.insert(operation.to_owned());
        let ask = Ask { beside: self.beside.clone(), ..answer::ask(operation, &input) };
        let expected = self.ask_the_shop(&ask);
        if let Some(style) = self.style {
            let shown = format!("{operation} {input} over {}", style.title);
            let heard = runtime().block_on(self.ask_over(style, &ask));
            let (heard, recording) = heard.unwrap_or_else(|failure| panic!("{shown}: {failure}"));
            self.compare(&shown, &expected, heard);
            if let Some(check) = facts(style.name).check_exchange {
                // What the shop can read, the schema must allow too; not the other way round.
                let is_valid = !matches!(&expected, Err(error) if error.reason == domain::Reason::InvalidInput);
                check(&recording, is_valid && ask.row().is_some()).unwrap_or_else(|e| panic!("{shown}: {e}"));
            }
        }
        expected
    }

    /// Asks what is answered.
    pub fn ok(&mut self, operation: &str, input: serde_json::Value) -> Value {
        let shown = format!("{operation} {input}");
        self.ask(operation, input).unwrap_or_else(|error| panic!("{shown} was refused: {error}"))
    }

    /// Asks what is refused for that reason; gives the message.
    pub fn refused(&mut self, operation: &str, input: serde_json::Value, reason: &str) -> String {
        let shown = format!("{operation} {input}");
        match self.ask(operation, input) {
            Ok(answer) => panic!("{shown} was answered: {}", wire::json::value(&answer)),
            Err(error) => {
                assert_eq!(error.reason.word(), reason, "{shown}: {error}");
                error.message
            }
        }
    }

    /// Asks what is refused for one violation, at that pointer.
    pub fn invalid(&mut self, operation: &str, input: serde_json::Value, pointer: &str) {
        let shown = format!("{operation} {input}");
        let error = self.ask(operation, input).expect_err(&shown);
        let pointers: Vec<&str> = error.errors.iter().map(|violation| violation.pointer.as_str()).collect();
        assert_eq!(pointers, [pointer], "{shown}: {error}");
    }

    /// The last refusal as the style said it; none if the shop alone is asked.
    pub fn last_refusal(&self) -> Option<&Refused> {
        self.refused.as_ref()
    }

    /// Asks, and compares nothing.
    pub fn hear(&mut self, operation: &str, input: serde_json::Value) -> Heard {
        let shown = format!("{operation} {input}");
        self.try_hear(operation, input).unwrap_or_else(|failure| panic!("{shown}: {failure}"))
    }

    /// Asks, and compares nothing; or tells that no answer came. The connection is then no good any more.
    pub fn try_hear(&mut self, operation: &str, input: serde_json::Value) -> Result<Heard, Failure> {
        let style = self.style.expect("somebody to hear");
        let ask = Ask { beside: self.beside.clone(), ..answer::ask(operation, &input) };
        let heard = runtime().block_on(self.ask_over(style, &ask));
        if heard.is_err() {
            self.line = None;
        }
        heard.map(|(heard, _)| heard)
    }

    /// Begins a stream; gives the first thing that it tells, or the refusal.
    pub fn watch(&mut self, input: serde_json::Value) -> Result<Heard, Failure> {
        let mut heard = self.try_hear("watch_events", input)?;
        // Some styles say that the stream has begun, some do not.
        while heard == Heard::Started {
            heard = self.listen();
        }
        Ok(heard)
    }

    /// Hears what comes next on the connection, of a stream that was begun.
    pub fn listen(&mut self) -> Heard {
        let style = self.style.expect("somebody to hear");
        let line = self.line.as_mut().expect("a stream was begun");
        let ask = Ask::new("watch_events", Value::record([]));
        runtime().block_on(line.hear(style.client, &ask)).expect("news")
    }

    /// Whether the last answer said that the command had happened before.
    pub fn was_replayed(&self) -> bool {
        self.line.as_ref().is_some_and(Connection::is_replayed)
    }

    /// Asks the shop itself, in the sandbox of this conversation, as an admin of it.
    pub fn tell(&self, operation: &str, input: serde_json::Value) -> Value {
        self.tell_the_shop(operation, input, Credentials::ApiKey(auth::demo::api_key(UserId(3))))
    }

    /// The same as somebody else.
    pub fn tell_the_shop(&self, operation: &str, input: serde_json::Value, credentials: Credentials) -> Value {
        let sandbox = Sandbox::parse(&self.sandbox).unwrap();
        let meta = Meta { credentials, ..Meta::new("none", sandbox) };
        let reply =
            runtime().block_on(self.house.shop.answer(&meta, Operation::named(operation), answer::given(&input)));
        reply.unwrap_or_else(|error| panic!("{operation} {input}: {error}")).to_value()
    }

    /// The number of the newest event in the sandbox of this conversation.
    pub fn newest_event(&self) -> i64 {
        let mut after = 0;
        loop {
            match self.tell("list_events", serde_json::json!({"after": after, "limit": 100})).number("next") {
                next if next == after => return after,
                next => after = next,
            }
        }
    }

    /// Makes both sandboxes as they were when new.
    pub fn reset(&self) {
        for sandbox in [&Sandbox::parse(&self.sandbox).unwrap(), &self.twin] {
            runtime().block_on(self.house.shop.store().reset(sandbox)).unwrap();
        }
    }

    /// From now on this is the key under which commands happen once.
    pub fn take_key(&mut self, key: &str) {
        self.beside.idempotency_key = Some(key.to_owned());
    }

    /// From now on this is wished to go wrong.
    pub fn wish(&mut self, wish: &str) {
        self.beside.wish = Some(wish.to_owned());
    }

    /// From now on the conversation goes on in another style.
    pub fn go_over_to(&mut self, style: &'static Adapter) {
        self.style = Some(style);
        self.line = None;
    }

    fn ask_the_shop(&self, ask: &Ask) -> Result<Value, Error> {
        let Beside { idempotency_key, wish, .. } = ask.beside.clone();
        let credentials = self.in_twin.clone();
        let meta = Meta { credentials, idempotency_key, wish, ..Meta::new("none", self.twin.clone()) };
        runtime()
            .block_on(self.house.shop.answer(&meta, Operation::named(&ask.operation), ask.input.clone()))
            .map(|reply| reply.to_value())
    }

    async fn ask_over(&mut self, style: &'static Adapter, ask: &Ask) -> Result<(Heard, Recording), Failure> {
        let outgoing = style.client.encode(ask);
        if self.line.is_none() || matches!(outgoing, Outgoing::EventStream(_)) {
            self.line = Some(Connection::open(&self.address(), &outgoing).await?);
        }
        let line = self.line.as_mut().unwrap();
        let heard = line.ask(style.client, ask, &outgoing).await?;
        Ok((heard, line.take_recording()))
    }

    fn compare(&mut self, shown: &str, expected: &Result<Value, Error>, heard: Heard) {
        match (expected, heard) {
            (Ok(expected), Heard::Answer(answer)) => {
                let places = differences(&self.alike(expected), &self.alike(&answer));
                assert!(places.is_empty(), "{shown}, otherwise than the shop:\n  {}", places.join("\n  "));
            }
            (Err(error), Heard::Refused(refused)) => {
                assert_eq!(refused.reason.as_deref(), Some(error.reason.word()), "{shown}: {refused}");
                assert_eq!(refused.message, error.message, "{shown}");
                let room = self.style.map(|style| facts(style.name).capabilities).expect("a style was heard");
                assert_eq!(refused.errors, if room.details { error.errors.clone() } else { Vec::new() }, "{shown}");
                assert_eq!(refused.kind.as_deref(), room.kind.then_some(error.kind().word()), "{shown}");
                self.refused = Some(refused);
            }
            (expected, heard) => panic!("{shown}: {heard:?}\n  the shop says {expected:?}"),
        }
    }
}

impl Conversation {
    /// What can't be the same in two sandboxes is made so: their names, and tokens and secrets, of which no two are alike.
    fn alike(&self, value: &Value) -> Value {
        let Value::Record(members) = value else { return value.clone() };
        let members = members.iter().map(|(name, value)| match (name.as_str(), value.as_text()) {
            ("sandbox", Some(text)) if text == self.sandbox => (name.clone(), self.twin.as_str().into()),
            ("token", Some(_)) => (name.clone(), "(a token)".into()),
            ("secret", Some(text)) if text.starts_with("whsec_") => (name.clone(), "(a secret)".into()),
            _ => (name.clone(), value.clone()),
        });
        Value::Record(members.collect())
    }
}

impl Drop for Conversation {
    fn drop(&mut self) {
        // A server holds so many sandboxes and no more.
        for sandbox in [Sandbox::parse(&self.sandbox).unwrap(), self.twin.clone()] {
            let _ = runtime().block_on(self.house.shop.store().forget(&sandbox));
        }
    }
}
