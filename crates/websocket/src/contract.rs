//! Which document describes it? AsyncAPI 3, written from the table of operations, so it can't drift.

use crate::messages::{HEARTBEAT, REPLAYED};
use crate::service::AUTHENTICATE;
use crate::socket::WRONG_PROOFS_MAX;
use domain::Operation;
use domain::access::Caller;
use domain::limits::IDEMPOTENCY_KEY_CHARS_MAX;
use domain::operations::{OPERATIONS, OperationKind};
use domain::schema::HasSchema;
use serde_json::{Map, Value, json};
use wire::Address;
use wire::json::{definitions, error_definition, schema};
use wire::names::{camel, pascal};

/// What stands before the name of a schema that is referred to.
const REFS: &str = "#/components/schemas/";

/// The document, for a server at that address.
pub fn asyncapi(address: &Address) -> String {
    let (mut messages, mut operations) = (Map::new(), Map::new());
    for operation in OPERATIONS {
        let asked = pascal(operation.name);
        let title = operation.title;
        messages.insert(asked.clone(), message(title, operation.doc, request(operation)));
        let answered = message(&format!("{title}: answer"), "The answer.", answer(operation));
        messages.insert(format!("{asked}Answer"), answered);
        let mut answers = vec![format!("{asked}Answer"), "Failure".to_owned()];
        if operation.kind == OperationKind::Stream {
            let item = message(&format!("{title}: event"), "An event of the stream.", event(operation));
            messages.insert(format!("{asked}Event"), item);
            messages.insert("Heartbeat".to_owned(), message("Heartbeat", "The stream goes on.", heartbeat()));
            let end = message("End of stream", "The stream has ended.", envelope("end", empty()));
            messages.insert("End".to_owned(), end);
            answers.extend([format!("{asked}Event"), "Heartbeat".to_owned(), "End".to_owned()]);
        }
        operations.insert(camel(operation.name), ask(&asked, title, operation.doc, &answers));
    }
    add_what_is_no_operation(&mut messages, &mut operations);
    let references =
        messages.keys().map(|name| (name.clone(), json!({"$ref": format!("#/components/messages/{name}")})));
    let mut schemas = definitions(REFS);
    schemas.insert("Error".to_owned(), error_definition(true));
    let document = json!({
        "asyncapi": "3.0.0",
        "info": {
            "title": "Parlance: the shop over WebSocket",
            "version": env!("CARGO_PKG_VERSION"),
            "description": format!(
                "One shop, served live in every API style. The subprotocol is `{}`; a client that offers none is \
                 served too. An `id` is a string or an integer, and comes back as it was sent. Messages are worked on at \
                 once, so whoever wants one to follow another waits for its answer: after an `{AUTHENTICATE}` or a \
                 `log_in` that was answered, further messages are from that user.",
                crate::SUBPROTOCOL
            ),
            "license": {"name": "MIT OR Apache-2.0"},
        },
        "defaultContentType": "application/json",
        "servers": {"here": server(address)},
        "channels": {"shop": {
            "address": "/ws",
            "description": format!("One socket; many calls and streams may be under way at once. {}", closes()),
            "messages": references.collect::<Map<_, _>>(),
        }},
        "operations": operations,
        "components": {"messages": messages, "schemas": schemas, "securitySchemes": security_schemes()},
    });
    format!("{document:#}\n")
}

/// AsyncAPI has no words for how a socket ends: so it is told.
fn closes() -> String {
    format!(
        "The server closes it with 1000 in answer to a close, 1001 when it shuts down, 1002 for what is no WebSocket, 1003 for \
         a binary message, 1007 for a text that is not UTF-8, 1008 after {WRONG_PROOFS_MAX} wrong credentials in a row, 1009 for a \
         message that is too large, and 1013 if the client does not read. Of a socket with streams 1001 and 1013 say where to \
         resume: `resume after 42` means `\"after\": 42`."
    )
}

fn server(address: &Address) -> Value {
    let scheme = |name: &String| json!({"$ref": format!("#/components/securitySchemes/{name}")});
    json!({
        "host": address.authority,
        "pathname": address.prefix,
        "protocol": address.ws_scheme(),
        "description": format!(
            "Credentials stand in the headers of the handshake, if anywhere; a message `{AUTHENTICATE}` or `log_in` replaces \
             them. An open sandbox asks for none."
        ),
        "security": security_schemes().keys().map(scheme).collect::<Vec<_>>(),
    })
}

fn security_schemes() -> Map<String, Value> {
    let schemes = [
        ("apiKey", json!({"type": "httpApiKey", "in": "header", "name": "X-API-Key"})),
        ("basic", json!({"type": "http", "scheme": "basic", "description": "The user's email and password."})),
        ("bearer", json!({"type": "http", "scheme": "bearer", "description": "A token, as `log_in` gives it."})),
    ];
    schemes.map(|(name, scheme)| (name.to_owned(), scheme)).into_iter().collect()
}

fn add_what_is_no_operation(messages: &mut Map<String, Value>, operations: &mut Map<String, Value>) {
    let caller = envelope("ok", schema(&Caller::SCHEMA, REFS));
    let failure = envelope("error", json!({"$ref": format!("{REFS}Error")}));
    let (said, stops) = ("Sets the caller of all further messages.", "Stops a stream of this socket.");
    for (name, title, doc, payload) in [
        ("Authenticate", "Authenticate", said, authenticate()),
        ("AuthenticateAnswer", "Authenticate: answer", "The authenticated caller.", caller),
        ("Stop", "Stop a stream", stops, stop()),
        ("Stopped", "Stop a stream: answer", "The stream sends no more.", envelope("ok", empty())),
        ("Failure", "Failure", "A refusal; any message may be answered with it.", failure),
    ] {
        messages.insert(name.to_owned(), message(title, doc, payload));
    }
    let failing = |answer: &str| [answer.to_owned(), "Failure".to_owned()];
    let authenticate = ask("Authenticate", "Authenticate", said, &failing("AuthenticateAnswer"));
    operations.insert(AUTHENTICATE.to_owned(), authenticate);
    operations.insert("stop".to_owned(), ask("Stop", "Stop a stream", stops, &failing("Stopped")));
}

fn message(title: &str, doc: &str, payload: Value) -> Value {
    json!({"title": title, "description": doc, "payload": payload})
}

fn ask(message: &str, title: &str, doc: &str, answers: &[String]) -> Value {
    let reference = |name: &str| json!({"$ref": format!("#/channels/shop/messages/{name}")});
    json!({
        // AsyncAPI tells it from the application's side: the server receives and replies.
        "action": "receive",
        "channel": {"$ref": "#/channels/shop"},
        "title": title,
        "description": doc,
        "messages": [reference(message)],
        "reply": {
            "channel": {"$ref": "#/channels/shop"},
            "messages": answers.iter().map(|name| reference(name)).collect::<Vec<_>>(),
        },
    })
}

fn request(operation: &Operation) -> Value {
    let params = json!({"$ref": format!("{REFS}{}", operation.input.name)});
    let mut properties = json!({"id": id(), "op": {"const": operation.name}, "params": params, "fault": fault()});
    if operation.is_once {
        properties["idempotency_key"] = json!({
            "description": "Under one key the command happens once, however often it is sent, by whatever style.",
            "type": "string",
            "minLength": 1,
            "maxLength": IDEMPOTENCY_KEY_CHARS_MAX,
        });
    }
    json!({
        "type": "object",
        "properties": properties,
        "required": ["id", "op"],
        "additionalProperties": false,
    })
}

fn answer(operation: &Operation) -> Value {
    let reply = if operation.kind == OperationKind::Stream { empty() } else { schema(&operation.reply, REFS) };
    let mut answer = envelope("ok", reply);
    if operation.is_once {
        let description = "The command had happened before under its key, and this is what was answered then.";
        answer["properties"][REPLAYED] = json!({"description": description, "const": true});
    }
    answer
}

fn event(operation: &Operation) -> Value {
    envelope("event", schema(&operation.reply, REFS))
}

fn heartbeat() -> Value {
    let cursor = json!({"description": "Give it as `after` to resume here.", "type": "integer"});
    envelope(HEARTBEAT, json!({"type": "object", "properties": {"cursor": cursor}, "required": ["cursor"]}))
}

fn authenticate() -> Value {
    let just = |name: &str| {
        let properties = json!({name: {"type": "string"}});
        json!({"type": "object", "properties": properties, "required": [name], "additionalProperties": false})
    };
    let params = json!({"oneOf": [just("api_key"), just("token")]});
    let op = json!({"const": AUTHENTICATE});
    json!({
        "type": "object",
        "properties": {"id": id(), "op": op, "params": params, "fault": fault()},
        "required": ["id", "op", "params"],
        "additionalProperties": false,
    })
}

fn fault() -> Value {
    let description = "What is wished would go wrong, where the server grants it: for lessons.";
    json!({"description": description, "type": "string"})
}

fn stop() -> Value {
    let params = json!({"type": "object", "properties": {"id": id()}, "required": ["id"]});
    json!({
        "type": "object",
        "properties": {"id": id(), "op": {"const": "stop"}, "params": params},
        "required": ["id", "op", "params"],
        "additionalProperties": false,
    })
}

fn envelope(member: &str, content: Value) -> Value {
    json!({"type": "object", "properties": {"id": id(), member: content}, "required": ["id", member]})
}

fn id() -> Value {
    json!({"type": ["string", "integer"]})
}

fn empty() -> Value {
    json!({"type": "object", "maxProperties": 0})
}
