//! How does a test ask, and what is the answer compared with? With what the shop itself says when it is asked without any
//! protocol, in a sandbox of its own in which the same things have happened.

use crate::answer;
use crate::house::{House, runtime};
use crate::room::room;
use crate::xsd;
use domain::{Error, Meta, Sandbox, Value};
use lab::equal::differences;
use std::collections::BTreeSet;
use std::sync::Arc;
use wire::connection::Connection;
use wire::io::Recording;
use wire::{Adapter, Address, Ask, Heard, Outgoing, Refused};

/// A conversation in one style, in a fresh sandbox, on one connection. Without a style only the shop itself is asked.
pub struct Talk {
    house: Arc<House>,
    style: Option<&'static Adapter>,
    /// The sandbox that is asked in the style.
    sandbox: String,
    /// The sandbox in which the shop itself is asked the same.
    twin: Sandbox,
    line: Option<Connection>,
    asked: BTreeSet<String>,
    refused: Option<Refused>,
}

impl Talk {
    /// A conversation in that style.
    pub fn over(house: &Arc<House>, style: &'static Adapter) -> Talk {
        Talk::begin(house, Some(style))
    }

    /// A conversation with the shop itself.
    pub fn with_the_shop_alone(house: &Arc<House>) -> Talk {
        Talk::begin(house, None)
    }

    fn begin(house: &Arc<House>, style: Option<&'static Adapter>) -> Talk {
        let twin = Sandbox::parse(&house.new_name()).unwrap();
        let (house, sandbox) = (house.clone(), house.new_name());
        Talk { house, style, sandbox, twin, line: None, asked: BTreeSet::new(), refused: None }
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
        let ask = answer::ask(operation, &input);
        let expected = self.ask_the_shop(&ask);
        if let Some(style) = self.style {
            let (heard, recording) = runtime().block_on(self.ask_over(style, &ask));
            let shown = format!("{operation} {input} over {}", style.title);
            self.compare(&shown, &expected, heard);
            if style.name == xsd::STYLE {
                // What the shop can read, the schema must allow too; not the other way round.
                let is_valid = !matches!(&expected, Err(error) if error.reason == domain::Reason::InvalidInput);
                xsd::check_exchange(&recording, is_valid && ask.row().is_some())
                    .unwrap_or_else(|e| panic!("{shown}: {e}"));
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
        let style = self.style.expect("somebody to hear");
        runtime().block_on(self.ask_over(style, &answer::ask(operation, &input))).0
    }

    fn ask_the_shop(&self, ask: &Ask) -> Result<Value, Error> {
        let meta = Meta::new("none", self.twin.clone());
        runtime()
            .block_on(self.house.shop.answer(&meta, &ask.operation, ask.input.clone()))
            .map(|reply| reply.to_value())
    }

    async fn ask_over(&mut self, style: &'static Adapter, ask: &Ask) -> (Heard, Recording) {
        let outgoing = style.client.encode(ask);
        if self.line.is_none() || matches!(outgoing, Outgoing::EventStream(_)) {
            self.line = Some(Connection::open(&self.address(), &outgoing).await.unwrap());
        }
        let line = self.line.as_mut().unwrap();
        let heard = line.ask(style.client, ask, &outgoing).await.unwrap_or_else(|failure| {
            panic!("{} over {}: {failure}", ask.operation, style.title);
        });
        (heard, line.take_recording())
    }

    fn compare(&mut self, shown: &str, expected: &Result<Value, Error>, heard: Heard) {
        match (expected, heard) {
            (Ok(expected), Heard::Answer(answer)) => {
                let places = differences(expected, &answer);
                assert!(places.is_empty(), "{shown}, otherwise than the shop:\n  {}", places.join("\n  "));
            }
            (Err(error), Heard::Refused(refused)) => {
                assert_eq!(refused.reason.as_deref(), Some(error.reason.word()), "{shown}: {refused}");
                assert_eq!(refused.message, error.message, "{shown}");
                let room = self.style.map(|style| room(style.name)).expect("a style was heard");
                assert_eq!(refused.errors, if room.details { error.errors.clone() } else { Vec::new() }, "{shown}");
                assert_eq!(refused.kind.as_deref(), room.kind.then_some(error.kind().word()), "{shown}");
                self.refused = Some(refused);
            }
            (expected, heard) => panic!("{shown}: {heard:?}\n  the shop says {expected:?}"),
        }
    }
}

impl Drop for Talk {
    fn drop(&mut self) {
        // A server holds so many sandboxes and no more.
        for sandbox in [Sandbox::parse(&self.sandbox).unwrap(), self.twin.clone()] {
            let _ = runtime().block_on(self.house.shop.store().forget(&sandbox));
        }
    }
}
