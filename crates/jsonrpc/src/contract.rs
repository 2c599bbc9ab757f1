//! The OpenRPC document, written from the table of operations and the code's own codes, so that it cannot drift.

mod examples;

use crate::PATH;
use crate::errors::code;
use crate::events::{EVENT, HEARTBEAT, SUBSCRIPTION, UNWATCH, WATCH};
use domain::operations::{OPERATIONS, OperationKind};
use domain::{Operation, Reason};
use serde_json::{Map, Value, json};
use wire::Address;
use wire::json::{definitions, error_definition, schema};

/// The prefix of a reference to a schema.
const REFS: &str = "#/components/schemas/";

/// The extension with refused examples: an OpenRPC example without a result would be a notification.
const REFUSED: &str = "x-refused-examples";

/// What OpenRPC has no fields for, because HTTP's headers carry it.
const DESCRIPTION: &str = "One shop, served live in every API style.\n\n\
    **Authentication**: send `X-API-Key`, `Authorization: Basic` (email and password) or `Authorization: Bearer` (the token of \
    `log_in`). An open sandbox needs no credentials; wrong credentials are refused by every method.\n\n\
    **Idempotency**: give a command a new `Idempotency-Key` header. If it is sent again with the same key within a day, over \
    any style, it is not executed again: the response is the first one, with the header `Idempotency-Replayed: true`. The \
    requests of a batch share their headers, so send a command with a key alone.\n\n\
    **WebSocket**: the headers of the handshake apply to every message. Send a command with a key over HTTP. The server closes \
    with 1000 in reply to a close, 1001 when it shuts down, 1002 after a protocol error, 1003 after a binary message, 1007 after a \
    text that is not UTF-8, 1009 after a message that is too large, and 1013 if the client does not read. If the socket has \
    subscriptions, 1001 and 1013 say where to resume: `resume after 42` means `\"after\": 42`.\n\n\
    **Errors**: the status is 200; `data` has the reason, and `retry_after_ms` if a later attempt can succeed. Each request of a \
    batch counts towards the rate limit.\n\n\
    **Examples**: recorded from a new, open sandbox, each from a sandbox of its own; those about a webhook after one was created \
    and tested. Tokens, secrets and the times of new things vary. Refused calls are in `x-refused-examples`, because OpenRPC has \
    no field for them.";

/// The method `rpc.discover`: the same document.
pub fn discover(here: &Address) -> String {
    openrpc(here).trim_end().to_owned()
}

/// The document of the server at an address.
pub fn openrpc(address: &Address) -> String {
    let socket = json!([{"name": "WebSocket", "url": address.ws(PATH)}]);
    let mut methods = Vec::new();
    for operation in OPERATIONS {
        match operation.kind {
            OperationKind::Query | OperationKind::Command => methods.push(method(operation)),
            OperationKind::Stream => methods.extend([watch(operation, &socket), unwatch(&socket)]),
        }
    }
    for method in &mut methods {
        let (successful, refused) = examples::of(method, address);
        method["examples"] = json!(successful);
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
        "servers": [{"name": "HTTP", "url": address.http(PATH)}],
        "methods": methods,
        "components": {"schemas": schemas, "errors": errors.collect::<Map<_, _>>()},
    });
    format!("{document:#}\n")
}

/// The method that starts a subscription. OpenRPC has no notifications of the server, so an extension holds their schemas.
fn watch(operation: &Operation, socket: &Value) -> Value {
    let mut method = method(operation);
    method["description"] = json!(format!(
        "{} Available over a WebSocket at this address; over HTTP, poll `list_events`. The result is the id of a subscription. \
         The server then sends notifications of the method `{EVENT}`: their params have that id as `{SUBSCRIPTION}` and an event \
         as `result`; the last one of a subscription that cannot continue has an error object as `error`. Notifications of the \
         method `{HEARTBEAT}` say that the subscription is alive, and in `cursor` after which event a client can resume. \
         `{UNWATCH}` ends the subscription.",
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
        "description": format!("Ends a subscription of this socket. Available over a WebSocket, as `{WATCH}` is."),
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
        let once = "With an `Idempotency-Key` header it is executed once, however often it is sent.";
        method["description"] = json!(format!("{} {once}", operation.doc));
    }
    method
}
