//! Which document describes it? OpenRPC, written from the table of operations, so it can't drift.

mod examples;

use crate::errors::code;
use crate::events::{EVENT, HEARTBEAT, SUBSCRIPTION, UNWATCH, WATCH};
use domain::operations::{OPERATIONS, OperationKind};
use domain::{Operation, Reason};
use serde_json::{Value, json};
use wire::Address;
use wire::json::{definitions, error_definition, schema};

/// What stands before the name of a schema that is referred to.
const REFS: &str = "#/components/schemas/";

/// Where refused examples stand: among OpenRPC's own, an example without a result is a notification.
const REFUSED: &str = "x-refused-examples";

/// OpenRPC has no words for what rides beside a request, as JSON-RPC has no place for it: it is HTTP's headers that carry it.
const DESCRIPTION: &str = "One shop, served live in every API style.\n\n\
    **Who you are** is said in a header: `X-API-Key`, `Authorization: Basic` (email and password) or `Authorization: Bearer` \
    (what `log_in` gives). An open sandbox asks nobody; but credentials that are wrong are refused, by each method.\n\n\
    **A command that is to happen once** has a new `Idempotency-Key` header. Sent again with the same key within a day, over \
    whatever style, it is not done again but answered as at first; the header `Idempotency-Replayed: true` says so. All \
    commands of a batch share its headers, so one with a key is better sent alone.\n\n\
    **Over a WebSocket** the headers are those of the handshake and go for every message. A command with a key is better sent \
    over HTTP. The server closes the socket with 1000 in answer to a close, 1001 when it shuts down, 1002 for what is no \
    WebSocket, 1003 for a binary message, 1007 for a text that is not UTF-8, 1009 for a message that is too large, and 1013 if the \
    client does not read. Of a socket with subscriptions 1001 and 1013 say where to resume: `resume after 42` means \
    `\"after\": 42`.\n\n\
    **A refusal** is an error with status 200: `data` holds the reason, and in `retry_after_ms` when to try again, where \
    that makes sense. Each request of a batch counts towards the caller's quota.\n\n\
    **The examples** are what a new, open sandbox answers, each for itself; those about a webhook, once one was made and \
    tested. Only tokens, secrets and the moments of what is done now are others. What is refused stands in `x-refused-examples`, as OpenRPC has no word for it.";

/// The method `rpc.discover`: the same document.
pub fn discover(here: &Address) -> String {
    openrpc(here).trim_end().to_owned()
}

/// The document, for a server at that address.
pub fn openrpc(address: &Address) -> String {
    let socket = json!([{"name": "The same, as a WebSocket.", "url": address.ws("/jsonrpc")}]);
    let mut methods = Vec::new();
    for operation in OPERATIONS {
        match operation.kind {
            OperationKind::Query | OperationKind::Command => methods.push(method(operation)),
            OperationKind::Stream => methods.extend([watch(operation, &socket), unwatch(&socket)]),
        }
    }
    for method in &mut methods {
        let (answered, refused) = examples::of(method, address);
        method["examples"] = json!(answered);
        if !refused.is_empty() {
            method[REFUSED] = json!(refused);
        }
    }
    let mut schemas = definitions(REFS);
    schemas.insert("ErrorData".to_owned(), error_definition(false));
    let errors = Reason::ALL.iter().map(|reason| {
        let error = json!({
            "code": code(reason.kind()),
            "message": reason.meaning(),
            "data": {"reason": reason.word(), "kind": reason.kind().word()},
        });
        (reason.word().to_owned(), error)
    });
    let document = json!({
        "openrpc": "1.3.2",
        "info": {
            "title": "Parlance: the shop over JSON-RPC",
            "version": env!("CARGO_PKG_VERSION"),
            "description": DESCRIPTION,
            "license": {"name": "MIT OR Apache-2.0"},
        },
        "servers": [{"name": "This server, this sandbox.", "url": address.http("/jsonrpc")}],
        "methods": methods,
        "components": {"schemas": schemas, "errors": errors.collect::<serde_json::Map<_, _>>()},
    });
    format!("{document:#}\n")
}

/// What begins a subscription. OpenRPC has no word for what a server says unasked: so the description tells, and an extension
/// holds the schema.
fn watch(operation: &Operation, socket: &Value) -> Value {
    let mut method = method(operation);
    method["description"] = json!(format!(
        "{} Only over a WebSocket at this address; over HTTP `list_events` is polled. The result is the id of a subscription. \
         Then come notifications of the method `{EVENT}`, whose params have that id as `{SUBSCRIPTION}` and an event as \
         `result`; or, as the last of them, an error object as `error`. Notifications of the method `{HEARTBEAT}` say that it \
         goes on, and by `cursor` after which event one could resume. `{UNWATCH}` ends it.",
        operation.doc
    ));
    method["servers"] = socket.clone();
    method["result"] = subscription();
    let notification = |name: &str, param: Value| json!({"name": name, "params": [subscription(), param]});
    method["x-notifications"] = json!([
        notification(EVENT, json!({"name": "result", "schema": schema(&operation.reply, REFS)})),
        notification(HEARTBEAT, json!({"name": "cursor", "schema": {"type": "integer"}})),
    ]);
    method
}

fn unwatch(socket: &Value) -> Value {
    json!({
        "name": UNWATCH,
        "summary": "End a subscription",
        "description": format!("Ends a subscription of this socket. Only over a WebSocket, as `{WATCH}`."),
        "servers": socket,
        "paramStructure": "either",
        "params": [subscription()],
        "result": {"name": "ended", "schema": {"const": true}},
        "errors": [{"$ref": format!("#/components/errors/{}", Reason::InvalidInput.word())}],
    })
}

fn subscription() -> Value {
    json!({"name": SUBSCRIPTION, "required": true, "schema": {"type": "string"}})
}

fn method(operation: &Operation) -> Value {
    let params = operation.input.members.iter().map(|member| {
        json!({
            "name": member.name,
            "description": member.doc,
            "required": member.required,
            "schema": schema(&member.schema, REFS),
        })
    });
    let errors = operation.reasons().map(|reason| json!({"$ref": format!("#/components/errors/{}", reason.word())}));
    let mut method = json!({
        "name": operation.name,
        "summary": operation.title,
        "description": operation.doc,
        "paramStructure": "either",
        "params": params.collect::<Vec<_>>(),
        "result": {"name": operation.reply_name, "schema": schema(&operation.reply, REFS)},
        "errors": errors.collect::<Vec<_>>(),
    });
    if operation.is_once {
        let once = "With an `Idempotency-Key` header it happens once, however often it is sent.";
        method["description"] = json!(format!("{} {once}", operation.doc));
    }
    method
}
