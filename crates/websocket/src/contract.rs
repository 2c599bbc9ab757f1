//! The AsyncAPI 3 document, written from the table of operations, so that it cannot drift.

use crate::events::{HEARTBEAT, STOP};
use crate::messages::{AUTHENTICATE, REPLAYED};
use crate::service::WRONG_CREDENTIALS_MAX;
use crate::{PATH, SUBPROTOCOL};
use domain::Operation;
use domain::access::Caller;
use domain::limits::IDEMPOTENCY_KEY_CHARS_MAX;
use domain::operations::{OPERATIONS, OperationKind};
use domain::schema::HasSchema;
use serde_json::{Map, Value, json};
use wire::Address;
use wire::json::{definitions, error_definition, schema};
use wire::names::{camel, pascal};

/// The prefix of a reference to a schema.
const REFS: &str = "#/components/schemas/";

/// The document of the server at an address.
pub fn asyncapi(address: &Address) -> String {
    let mut exchanges: Vec<Exchange> = OPERATIONS.iter().map(|operation| exchange(operation)).collect();
    exchanges.extend([authenticate(), stop()]);
    let failure = envelope("error", json!({"$ref": format!("{REFS}Error")}));
    let failure = message("Failure", "An error. Every message can be answered with it.", failure);
    let (mut messages, mut operations) = (Map::from_iter([("Failure".to_owned(), failure)]), Map::new());
    for exchange in exchanges {
        operations.insert(camel(exchange.name), exchange.operation());
        messages.insert(pascal(exchange.name), message(exchange.title, exchange.description, exchange.request));
        messages.extend(exchange.replies);
    }
    let references = messages.keys().map(|name| (name.clone(), reference("components/messages", name)));
    let references: Map<_, _> = references.collect();
    let mut schemas = definitions(REFS);
    schemas.insert("Error".to_owned(), error_definition(true));
    let document = json!({
        "asyncapi": "3.0.0",
        "info": {
            "title": "Parlance: the shop over WebSocket",
            "version": env!("CARGO_PKG_VERSION"),
            "description": format!(
                "One shop, served live in every API style. The subprotocol is `{SUBPROTOCOL}`; a client that offers none is \
                 served too. An `id` is a string or an integer, and is returned as it was sent. Messages are executed at the \
                 same time, so a client that wants one to follow another waits for its answer: messages sent after the answer \
                 to `{AUTHENTICATE}` or `log_in` come from that user.",
            ),
            "license": {"name": "MIT OR Apache-2.0"},
        },
        "defaultContentType": "application/json",
        "servers": {"here": server(address)},
        "channels": {"shop": {
            "address": PATH,
            "description": format!("One socket, with any number of calls and streams at the same time. {}", close_codes()),
            "messages": references,
        }},
        "operations": operations,
        "components": {"messages": messages, "schemas": schemas, "securitySchemes": security_schemes()},
    });
    format!("{document:#}\n")
}

/// AsyncAPI has no field for the close codes of a socket.
fn close_codes() -> String {
    format!(
        "The server closes it with 1000 in reply to a close, 1001 when it shuts down, 1002 after a protocol error, 1003 after a \
         binary message, 1007 after a text that is not UTF-8, 1008 after {WRONG_CREDENTIALS_MAX} wrong credentials in a row, \
         1009 after a message that is too large, and 1013 if the client does not read. If the socket has streams, 1001 and 1013 \
         say where to resume: `resume after 42` means `\"after\": 42`."
    )
}

fn server(address: &Address) -> Value {
    let scheme = |name: &String| reference("components/securitySchemes", name);
    json!({
        "host": address.authority,
        "pathname": address.prefix,
        "protocol": address.ws_scheme(),
        "description": format!(
            "Send credentials in the headers of the handshake, or later in a message `{AUTHENTICATE}` or `log_in`, which \
             replaces them. An open sandbox needs none."
        ),
        "security": security_schemes().keys().map(scheme).collect::<Vec<_>>(),
    })
}

fn security_schemes() -> Map<String, Value> {
    let schemes = [
        ("apiKey", json!({"type": "httpApiKey", "in": "header", "name": "X-API-Key"})),
        ("basic", json!({"type": "http", "scheme": "basic", "description": "The user's email and password."})),
        ("bearer", json!({"type": "http", "scheme": "bearer", "description": "The token of `log_in`."})),
    ];
    schemes.map(|(name, scheme)| (name.to_owned(), scheme)).into_iter().collect()
}

/// A message of the client and the server's answers.
struct Exchange {
    /// The name, in snake_case.
    name: &'static str,
    title: &'static str,
    description: &'static str,
    /// The schema of the client's message.
    request: Value,
    /// The server's messages by their names.
    replies: Vec<(String, Value)>,
}

impl Exchange {
    /// The operation of the document. AsyncAPI describes it from the server's side: it receives and replies.
    fn operation(&self) -> Value {
        let on_channel = |name: &str| reference("channels/shop/messages", name);
        let replies = self.replies.iter().map(|(name, _)| on_channel(name)).chain([on_channel("Failure")]);
        json!({
            "action": "receive",
            "channel": reference("channels", "shop"),
            "title": self.title,
            "description": self.description,
            "messages": [on_channel(&pascal(self.name))],
            "reply": {"channel": reference("channels", "shop"), "messages": replies.collect::<Vec<_>>()},
        })
    }
}

fn exchange(operation: &Operation) -> Exchange {
    let (name, is_stream) = (pascal(operation.name), operation.kind == OperationKind::Stream);
    let mut request = request(operation.name, reference("components/schemas", operation.input.name), &["id", "op"]);
    let reply = schema(&operation.reply, REFS);
    let mut answer = envelope("ok", if is_stream { empty() } else { reply.clone() });
    if operation.is_once {
        request["properties"]["idempotency_key"] = json!({
            "description": "Under one key the command is executed once, however often it is sent, over any style.",
            "type": "string",
            "minLength": 1,
            "maxLength": IDEMPOTENCY_KEY_CHARS_MAX,
        });
        let description = "The command had been executed before under its key, and this is the first answer again.";
        answer["properties"][REPLAYED] = json!({"description": description, "const": true});
    }
    let title = |part: &str| format!("{}: {part}", operation.title);
    let mut replies = vec![(format!("{name}Answer"), message(&title("answer"), "The answer.", answer))];
    if is_stream {
        let cursor = json!({"description": "Send it as `after` to resume here.", "type": "integer"});
        let alive = json!({"type": "object", "properties": {"cursor": cursor}, "required": ["cursor"]});
        let event = message(&title("event"), "An event of the stream.", envelope("event", reply));
        let heartbeat = message("Heartbeat", "The stream is alive.", envelope(HEARTBEAT, alive));
        let end = message("End of stream", "The stream has ended.", envelope("end", empty()));
        replies.extend([(format!("{name}Event"), event), ("Heartbeat".to_owned(), heartbeat), ("End".to_owned(), end)]);
    }
    Exchange { name: operation.name, title: operation.title, description: operation.doc, request, replies }
}

fn authenticate() -> Exchange {
    let only = |name: &str| {
        let properties = json!({name: {"type": "string"}});
        json!({"type": "object", "properties": properties, "required": [name], "additionalProperties": false})
    };
    let params = json!({"oneOf": [only("api_key"), only("token")]});
    let caller = envelope("ok", schema(&Caller::SCHEMA, REFS));
    let answer = message("Authenticate: answer", "The authenticated caller.", caller);
    Exchange {
        name: AUTHENTICATE,
        title: "Authenticate",
        description: "Sets the caller of all further messages.",
        request: request(AUTHENTICATE, params, &["id", "op", "params"]),
        replies: vec![("AuthenticateAnswer".to_owned(), answer)],
    }
}

fn stop() -> Exchange {
    let params = json!({"type": "object", "properties": {"id": id()}, "required": ["id"]});
    let answer = message("Stop a stream: answer", "The stream sends nothing more.", envelope("ok", empty()));
    Exchange {
        name: STOP,
        title: "Stop a stream",
        description: "Stops a stream of this socket.",
        request: request(STOP, params, &["id", "op", "params"]),
        replies: vec![("StopAnswer".to_owned(), answer)],
    }
}

fn request(op: &str, params: Value, required: &[&str]) -> Value {
    let fault = json!({"description": "A fault to inject, where the server allows it: for lessons.", "type": "string"});
    json!({
        "type": "object",
        "properties": {"id": id(), "op": {"const": op}, "params": params, "fault": fault},
        "required": required,
        "additionalProperties": false,
    })
}

fn message(title: &str, description: &str, payload: Value) -> Value {
    json!({"title": title, "description": description, "payload": payload})
}

fn envelope(member: &str, content: Value) -> Value {
    json!({"type": "object", "properties": {"id": id(), member: content}, "required": ["id", member]})
}

fn reference(place: &str, name: &str) -> Value {
    json!({"$ref": format!("#/{place}/{name}")})
}

fn id() -> Value {
    json!({"type": ["string", "integer"]})
}

fn empty() -> Value {
    json!({"type": "object", "maxProperties": 0})
}
