//! A writer that causes events, and a listener that follows them in any style, remembers its cursor and resumes there.

use crate::answer::{self, ValueAccess, given};
use domain::access::Credentials;
use domain::users::UserId;
use domain::{Operation, RequestContext, Sandbox, Shop, Value};
use serde_json::json;
use server::protocols::PROTOCOLS;
use std::sync::{Mutex, PoisonError};
use wire::client::CallOptions;
use wire::connection::{Connection, Failure};
use wire::{Adapter, Address, CallRequest, Client, DecodeError, Outcome, Refused, WireRequest, WireResponse};

/// The styles that push.
pub fn styles() -> impl Iterator<Item = &'static Adapter> {
    PROTOCOLS.iter().filter(|style| style.streams)
}

/// A listener.
pub struct Follower {
    /// The style.
    pub style: &'static Adapter,
    /// The address: the sandbox in which it happens.
    pub address: Address,
    /// The events received so far.
    pub result: Vec<Value>,
    /// Where to resume: after the last event, block or heartbeat.
    pub cursor: i64,
    user: Option<i32>,
    line: Option<Connection>,
    has_been_there: bool,
}

/// What a listener receives.
#[derive(Debug)]
pub enum Received {
    /// An event.
    Event,
    /// The stream starts or continues.
    Sign,
    /// The stream ends, with the reason.
    Refused(Refused),
    /// Nothing: the connection is gone.
    Gone(Failure),
}

impl Follower {
    /// A listener that starts after a position in the log.
    pub fn new(address: &Address, style: &'static Adapter, after: i64) -> Follower {
        let address = address.clone();
        Follower { style, address, result: Vec::new(), cursor: after, user: None, line: None, has_been_there: false }
    }

    /// The same, but only events of a user.
    pub fn of_user(self, user: i32) -> Follower {
        Follower { user: Some(user), ..self }
    }

    /// Connects if necessary, and requests what comes after its cursor.
    pub async fn connect(&mut self) -> Result<(), Failure> {
        if self.line.is_some() {
            return Ok(());
        }
        let outgoing = self.request();
        let mut line = Connection::open(&self.address, &outgoing).await?;
        line.send(&outgoing).await?;
        (self.line, self.has_been_there) = (Some(line), true);
        Ok(())
    }

    /// The request for it. A client that reconnects to server-sent events sends the last id in a header, as browsers do
    /// (HTML standard, section 9.2.4).
    fn request(&self) -> WireRequest {
        let mut input = json!({});
        if let Some(user) = self.user {
            input["user_id"] = user.into();
        }
        let is_back = self.has_been_there && self.style.name == "rest";
        if !is_back {
            input["after"] = self.cursor.into();
        }
        let mut outgoing = self.style.client.encode(&answer::call_request("watch_events", &input));
        if let WireRequest::EventStream(request) = &mut outgoing
            && is_back
        {
            request.headers_mut().insert("last-event-id", self.cursor.into());
        }
        outgoing
    }

    /// Waits for the next message.
    pub async fn next(&mut self) -> Received {
        if let Err(failure) = self.connect().await {
            return Received::Gone(failure);
        }
        let line = self.line.as_mut().unwrap();
        let ear = StreamObserver { client: self.style.client, frame: Mutex::default() };
        let result = line.receive(&ear, &CallRequest::new("watch_events", Value::object([]))).await;
        if let Some(cursor) = ear.cursor() {
            self.cursor = cursor;
        }
        match result {
            Ok(Outcome::Event(event)) => {
                if self.style.name == "rest" {
                    assert_eq!(self.cursor, event.number("seq"), "the block's id is the event's seq");
                }
                self.cursor = event.number("seq");
                self.result.push(event);
                Received::Event
            }
            Ok(Outcome::Refused(refused)) => Received::Refused(refused),
            Ok(_) => Received::Sign,
            Err(failure) => Received::Gone(failure),
        }
    }

    /// Waits for the next event.
    pub async fn event(&mut self) {
        loop {
            match self.next().await {
                Received::Event => return,
                Received::Sign => {}
                other => panic!("{}: {other:?}", self.style.title),
            }
        }
    }

    /// Receives until that event.
    pub async fn until(&mut self, seq: i64) {
        while self.cursor < seq {
            self.event().await;
        }
    }

    /// Closes the connection, whatever is on the way.
    pub fn cut(&mut self) {
        self.line = None;
    }
}

/// A client that sees each frame before it is decoded.
struct StreamObserver {
    client: &'static dyn Client,
    frame: Mutex<String>,
}

impl StreamObserver {
    /// The cursor in the last frame: the id of a block, or a heartbeat.
    fn cursor(&self) -> Option<i64> {
        let frame = self.frame.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(id) = frame.lines().find_map(|line| line.strip_prefix("id: ")) {
            return id.parse().ok();
        }
        let message = wire::json::read(frame.as_bytes()).ok()?;
        let cursor = message.at("heartbeat/cursor");
        cursor.or_else(|| message.at("params/cursor")).and_then(Value::int)
    }
}

impl Client for StreamObserver {
    fn encode(&self, call_request: &CallRequest) -> WireRequest {
        self.client.encode(call_request)
    }

    fn decode(&self, call_request: &CallRequest, incoming: &WireResponse) -> Result<Outcome, DecodeError> {
        if let WireResponse::Frame(text) = incoming {
            *self.frame.lock().unwrap_or_else(PoisonError::into_inner) = String::from_utf8_lossy(text).into_owned();
        }
        self.client.decode(call_request, incoming).map(|result| match result {
            // A control message is a sign of life, and may have a cursor.
            Outcome::Control => Outcome::Started,
            result => result,
        })
    }
}

/// A writer: places orders in a style, on one connection.
pub struct Writer {
    style: &'static Adapter,
    address: Address,
    line: Option<Connection>,
}

impl Writer {
    /// A new writer.
    pub fn new(address: &Address, style: &'static Adapter) -> Writer {
        Writer { style, address: address.clone(), line: None }
    }

    /// Places an order of that user, which is one event. Returns its id.
    pub async fn place(&mut self, user: i32) -> Result<i64, Failure> {
        let order = json!({"user_id": user, "lines": [{"product_id": 1, "quantity": 1}]});
        Ok(self.call("place_order", &order).await?.number("id"))
    }

    /// Places an order and sets it to paid, which are two events.
    pub async fn sell(&mut self, user: i32) -> Result<(), Failure> {
        let id = self.place(user).await?;
        self.call("set_order_status", &json!({"id": id, "status": "paid"})).await.map(drop)
    }

    /// Calls an operation; a refusal is a failure.
    pub async fn call(&mut self, operation: &str, input: &serde_json::Value) -> Result<Value, Failure> {
        let call_request = answer::call_request(operation, input);
        let outgoing = self.style.client.encode(&call_request);
        if self.line.is_none() {
            self.line = Some(Connection::open(&self.address, &outgoing).await?);
        }
        let line = self.line.as_mut().unwrap();
        match line.call(self.style.client, &call_request, &outgoing).await? {
            Outcome::Reply(answer) => Ok(answer),
            Outcome::Refused(refused) => Err(Failure::Broken(refused.to_string())),
            result => panic!("{}: {result:?}", self.style.title),
        }
    }
}

/// The outcome of a call in a style, on a connection of its own.
pub async fn outcome_of(
    address: &Address,
    style: &'static Adapter,
    operation: &str,
    input: &serde_json::Value,
) -> Outcome {
    let call_request = answer::call_request(operation, input);
    let outgoing = style.client.encode(&call_request);
    let mut line = Connection::open(address, &outgoing).await.unwrap();
    line.call(style.client, &call_request, &outgoing).await.unwrap()
}

/// The same, where it must succeed.
pub async fn call(address: &Address, style: &'static Adapter, operation: &str, input: serde_json::Value) -> Value {
    match outcome_of(address, style, operation, &input).await {
        Outcome::Reply(answer) => answer,
        result => panic!("{}: {result:?}", style.title),
    }
}

/// Places an order of that user, which is one event. Returns its id.
pub async fn place(address: &Address, style: &'static Adapter, user: i32) -> i64 {
    let lines = json!([{"product_id": 1, "quantity": 1}]);
    call(address, style, "place_order", json!({"user_id": user, "lines": lines})).await.number("id")
}

/// The number of the newest event there, requested in that style.
pub async fn newest_over(address: &Address, style: &'static Adapter) -> i64 {
    lab::watch::newest(address, style, &CallOptions::default()).await.unwrap()
}

/// The log of a sandbox after a position, from the shop itself.
pub async fn log(shop: &Shop, sandbox: &str, after: i64) -> Vec<Value> {
    let (mut input, mut events) = (json!({"after": after, "limit": 100}), Vec::new());
    loop {
        let page = report_to(shop, sandbox, "list_events", input.clone()).await;
        if page.value_at("items").items().is_empty() {
            return events;
        }
        input["after"] = page.number("next").into();
        events.extend_from_slice(page.value_at("items").items());
    }
}

/// The number of the newest event of a sandbox.
pub async fn newest(shop: &Shop, sandbox: &str) -> i64 {
    let oldest = report_to(shop, sandbox, "list_events", json!({"limit": 1})).await.number("next");
    log(shop, sandbox, oldest).await.last().map_or(oldest, |event| event.number("seq"))
}

/// Calls the shop itself, as an admin.
pub async fn report_to(shop: &Shop, sandbox: &str, operation: &str, input: serde_json::Value) -> Value {
    let credentials = Credentials::ApiKey(auth::demo::api_key(UserId(3)));
    let context = RequestContext { credentials, ..RequestContext::new("none", Sandbox::parse(sandbox).unwrap()) };
    let reply = shop.execute(&context, Operation::named(operation), given(&input)).await;
    reply.unwrap_or_else(|error| panic!("{operation} {input}: {error}")).to_value()
}
