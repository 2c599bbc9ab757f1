//! A conversation of a test with the server in one style. Each reply is compared with that of the shop itself, called without
//! any protocol, in a second sandbox with the same history.

use crate::answer::{self, ValueAccess};
use crate::protocols::facts;
use crate::test_server::{TestServer, runtime};
use domain::access::Credentials;
use domain::sandbox::Settings;
use domain::schema::Violation;
use domain::spelling::PLAIN;
use domain::users::UserId;
use domain::{Error, Operation, RequestContext, Sandbox, Shop, Spelling, Value};
use lab::equal::differences;
use std::collections::BTreeSet;
use std::sync::Arc;
use wire::client::CallOptions;
use wire::connection::{Connection, Failure};
use wire::recorder::Recording;
use wire::{Adapter, Address, CallRequest, Outcome, Refused, WireRequest};

/// A conversation in one style, in a fresh sandbox, on one connection. Without a style only the shop itself is called.
pub struct Conversation {
    server: Arc<TestServer>,
    style: Option<&'static Adapter>,
    /// The sandbox that is called in the style.
    sandbox: String,
    /// The sandbox in which the shop itself gets the same calls.
    reference: Sandbox,
    line: Option<Connection>,
    requested: BTreeSet<String>,
    refused: Option<Refused>,
    /// The options of the calls: credentials, idempotency key, fault.
    options: CallOptions,
    /// The credentials for the other sandbox: the same user, with a token of that sandbox.
    reference_credentials: Credentials,
}

impl Conversation {
    /// A conversation in that style.
    pub fn over(server: &Arc<TestServer>, style: &'static Adapter) -> Conversation {
        Conversation::begin(server, Some(style))
    }

    /// A conversation with the shop itself.
    pub fn with_the_shop_alone(server: &Arc<TestServer>) -> Conversation {
        Conversation::begin(server, None)
    }

    fn begin(server: &Arc<TestServer>, style: Option<&'static Adapter>) -> Conversation {
        let reference = Sandbox::parse(&server.new_name()).unwrap();
        let (server, sandbox) = (server.clone(), server.new_name());
        let (requested, options, reference_credentials) = (BTreeSet::new(), CallOptions::default(), Credentials::None);
        Conversation {
            server,
            style,
            sandbox,
            reference,
            line: None,
            requested,
            refused: None,
            options,
            reference_credentials,
        }
    }

    /// From now on another caller, on a connection of its own.
    pub fn authenticate_as(&mut self, credentials: Credentials) {
        self.become_caller_in_each(|_, _| credentials.clone());
    }

    /// The same, where the credentials differ by sandbox, as tokens do.
    pub fn become_caller_in_each(&mut self, credentials: impl Fn(&Shop, &Sandbox) -> Credentials) {
        self.options.credentials = credentials(&self.server.shop, &Sandbox::parse(&self.sandbox).unwrap());
        self.reference_credentials = credentials(&self.server.shop, &self.reference);
        self.line = None;
    }

    /// Changes the settings of both sandboxes.
    pub fn set_up(&self, settings: Settings) {
        for sandbox in [&Sandbox::parse(&self.sandbox).unwrap(), &self.reference] {
            runtime().block_on(self.server.shop.store().configure(sandbox, settings)).unwrap();
        }
    }

    /// The address of this conversation's sandbox.
    pub fn address(&self) -> Address {
        self.server.address().in_sandbox(&self.sandbox)
    }

    /// The operations that were called.
    pub fn requested(self) -> BTreeSet<String> {
        self.requested.clone()
    }

    /// Calls an operation. Both results must be alike; returns the reply.
    pub fn call(&mut self, operation: &str, input: serde_json::Value) -> Result<Value, Error> {
        self.requested.insert(operation.to_owned());
        let call_request = CallRequest { options: self.options.clone(), ..answer::call_request(operation, &input) };
        let expected = self.call_the_shop(&call_request);
        if let Some(style) = self.style.filter(|style| (facts(style.name).can_express)(&call_request)) {
            let shown = format!("{operation} {input} over {}", style.title);
            let result = runtime().block_on(self.call_over(style, &call_request));
            let (result, recording) = result.unwrap_or_else(|failure| panic!("{shown}: {failure}"));
            self.compare(&shown, &expected, result);
            if let Some(check) = facts(style.name).check_exchange {
                // What the shop can read, the schema must allow too; not the other way round.
                let is_valid = !matches!(&expected, Err(error) if error.reason == domain::Reason::InvalidInput);
                check(&recording, is_valid && call_request.row().is_some()).unwrap_or_else(|e| panic!("{shown}: {e}"));
            }
        }
        expected
    }

    /// Calls an operation that must succeed.
    pub fn ok(&mut self, operation: &str, input: serde_json::Value) -> Value {
        let shown = format!("{operation} {input}");
        self.call(operation, input).unwrap_or_else(|error| panic!("{shown} was refused: {error}"))
    }

    /// Calls an operation that must be refused for that reason; returns the message.
    pub fn refused(&mut self, operation: &str, input: serde_json::Value, reason: &str) -> String {
        let shown = format!("{operation} {input}");
        match self.call(operation, input) {
            Ok(answer) => panic!("{shown} was answered: {}", wire::json::value(&answer)),
            Err(error) => {
                assert_eq!(error.reason.word(), reason, "{shown}: {error}");
                error.message
            }
        }
    }

    /// Calls an operation that must be refused for one violation, at that pointer.
    pub fn invalid(&mut self, operation: &str, input: serde_json::Value, pointer: &str) {
        let shown = format!("{operation} {input}");
        let error = self.call(operation, input).expect_err(&shown);
        let pointers: Vec<&str> = error.errors.iter().map(|violation| violation.pointer.as_str()).collect();
        assert_eq!(pointers, [self.spelling().pointer(pointer)], "{shown}: {error}");
    }

    /// How the style spells names.
    pub fn spelling(&self) -> &'static Spelling {
        self.style.map_or(&PLAIN, |style| style.spelling)
    }

    /// The last refusal in the style; `None` if only the shop is called.
    pub fn last_refusal(&self) -> Option<&Refused> {
        self.refused.as_ref()
    }

    /// Calls an operation, and compares nothing.
    pub fn outcome(&mut self, operation: &str, input: serde_json::Value) -> Outcome {
        let shown = format!("{operation} {input}");
        self.try_outcome(operation, input).unwrap_or_else(|failure| panic!("{shown}: {failure}"))
    }

    /// The same; an error if there is no response. The connection can't be used afterwards.
    pub fn try_outcome(&mut self, operation: &str, input: serde_json::Value) -> Result<Outcome, Failure> {
        let style = self.style.expect("a style");
        let call_request = CallRequest { options: self.options.clone(), ..answer::call_request(operation, &input) };
        let result = runtime().block_on(self.call_over(style, &call_request));
        if result.is_err() {
            self.line = None;
        }
        result.map(|(result, _)| result)
    }

    /// Starts a stream; returns its first item, or the refusal.
    pub fn watch(&mut self, input: serde_json::Value) -> Result<Outcome, Failure> {
        let mut result = self.try_outcome("watch_events", input)?;
        // Some styles send that the stream has started, some don't.
        while result == Outcome::Started {
            result = self.listen();
        }
        Ok(result)
    }

    /// Receives the next item of a stream.
    pub fn listen(&mut self) -> Outcome {
        let style = self.style.expect("a style");
        let line = self.line.as_mut().expect("a stream was begun");
        let call_request = CallRequest::new("watch_events", Value::object([]));
        runtime().block_on(line.receive(style.client, &call_request)).expect("news")
    }

    /// Whether the last reply was a stored result.
    pub fn was_replayed(&self) -> bool {
        self.line.as_ref().is_some_and(Connection::is_replayed)
    }

    /// Calls the shop itself, in the sandbox of this conversation, as its admin.
    pub fn report_to(&self, operation: &str, input: serde_json::Value) -> Value {
        self.call_reference(operation, input, Credentials::ApiKey(auth::demo::api_key(UserId(3))))
    }

    /// The same as another caller.
    pub fn call_reference(&self, operation: &str, input: serde_json::Value, credentials: Credentials) -> Value {
        let sandbox = Sandbox::parse(&self.sandbox).unwrap();
        let context = RequestContext { credentials, ..RequestContext::new("none", sandbox) };
        let reply =
            runtime().block_on(self.server.shop.execute(&context, Operation::named(operation), answer::given(&input)));
        reply.unwrap_or_else(|error| panic!("{operation} {input}: {error}")).to_value()
    }

    /// The number of the newest event in the sandbox of this conversation.
    pub fn newest_event(&self) -> i64 {
        let mut after = 0;
        loop {
            match self.report_to("list_events", serde_json::json!({"after": after, "limit": 100})).number("next") {
                next if next == after => return after,
                next => after = next,
            }
        }
    }

    /// Resets both sandboxes.
    pub fn reset(&self) {
        for sandbox in [&Sandbox::parse(&self.sandbox).unwrap(), &self.reference] {
            runtime().block_on(self.server.shop.store().reset(sandbox)).unwrap();
        }
    }

    /// From now on the idempotency key of all commands.
    pub fn take_key(&mut self, key: &str) {
        self.options.idempotency_key = Some(key.to_owned());
    }

    /// From now on the injected fault.
    pub fn fault(&mut self, fault: &str) {
        self.options.fault = Some(fault.to_owned());
    }

    /// From now on the conversation continues in another style.
    pub fn go_over_to(&mut self, style: &'static Adapter) {
        self.style = Some(style);
        self.line = None;
    }

    fn call_the_shop(&self, call_request: &CallRequest) -> Result<Value, Error> {
        let CallOptions { idempotency_key, fault, .. } = call_request.options.clone();
        let credentials = self.reference_credentials.clone();
        let context = RequestContext {
            credentials,
            idempotency_key,
            fault,
            spelling: self.spelling(),
            ..RequestContext::new("none", self.reference.clone())
        };
        runtime()
            .block_on(self.server.shop.execute(
                &context,
                Operation::named(&call_request.operation),
                call_request.input.clone(),
            ))
            .map(|reply| reply.to_value())
    }

    async fn call_over(
        &mut self,
        style: &'static Adapter,
        call_request: &CallRequest,
    ) -> Result<(Outcome, Recording), Failure> {
        let outgoing = style.client.encode(call_request);
        if self.line.is_none() || matches!(outgoing, WireRequest::EventStream(_)) {
            self.line = Some(Connection::open(&self.address(), &outgoing).await?);
        }
        let line = self.line.as_mut().unwrap();
        let result = line.call(style.client, call_request, &outgoing).await?;
        Ok((result, line.take_recording()))
    }

    fn compare(&mut self, shown: &str, expected: &Result<Value, Error>, result: Outcome) {
        match (expected, result) {
            (Ok(expected), Outcome::Reply(answer)) => {
                let places = differences(&self.alike(expected), &self.alike(&answer));
                assert!(places.is_empty(), "{shown}, otherwise than the shop:\n  {}", places.join("\n  "));
            }
            (Err(error), Outcome::Refused(refused)) => {
                assert_eq!(refused.reason.as_deref(), Some(error.reason.word()), "{shown}: {refused}");
                assert_eq!(refused.message, error.message, "{shown}");
                let style = self.style.expect("a style");
                let spelled = refused
                    .errors
                    .iter()
                    .cloned()
                    .map(|violation| Violation { pointer: self.spelling().pointer(&violation.pointer), ..violation });
                assert_eq!(spelled.collect::<Vec<_>>(), error.errors, "{shown}");
                let has_kind = facts(style.name).has_kind;
                assert_eq!(refused.kind.as_deref(), has_kind.then_some(error.kind().word()), "{shown}");
                self.refused = Some(refused);
            }
            (expected, result) => panic!("{shown}: {result:?}\n  the shop says {expected:?}"),
        }
    }
}

impl Conversation {
    /// Equalises what must differ between two sandboxes: their names, and tokens and secrets, which are random.
    fn alike(&self, value: &Value) -> Value {
        let Value::Object(members) = value else { return value.clone() };
        let members = members.iter().map(|(name, value)| match (name.as_str(), value.as_text()) {
            ("sandbox", Some(text)) if text == self.sandbox => (name.clone(), self.reference.as_str().into()),
            ("token", Some(_)) => (name.clone(), "(a token)".into()),
            ("secret", Some(text)) if text.starts_with("whsec_") => (name.clone(), "(a secret)".into()),
            _ => (name.clone(), value.clone()),
        });
        Value::Object(members.collect())
    }
}

impl Drop for Conversation {
    fn drop(&mut self) {
        // A server has a maximum number of sandboxes.
        for sandbox in [Sandbox::parse(&self.sandbox).unwrap(), self.reference.clone()] {
            let _ = runtime().block_on(self.server.shop.store().delete(&sandbox));
        }
    }
}
