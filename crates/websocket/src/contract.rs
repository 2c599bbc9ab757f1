//! Which document describes it? AsyncAPI 3, written from the table of operations, so it can't drift.

use domain::Operation;
use domain::operations::{OPERATIONS, OperationKind};
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
        messages.insert(asked.clone(), message(operation.doc, request(operation)));
        messages.insert(format!("{asked}Answer"), message("What it is answered with.", answer(operation)));
        let mut answers = vec![format!("{asked}Answer"), "Failure".to_owned()];
        if operation.kind == OperationKind::Stream {
            messages.insert(format!("{asked}Event"), message("One thing of the stream.", event(operation)));
            messages.insert("End".to_owned(), message("The stream has ended.", envelope("end", empty())));
            answers.extend([format!("{asked}Event"), "End".to_owned()]);
        }
        operations.insert(camel(operation.name), ask(&asked, operation.doc, &answers));
    }
    messages.insert("Stop".to_owned(), message("Stops a stream of this socket.", stop()));
    messages.insert("Stopped".to_owned(), message("It will be sent no more.", envelope("ok", empty())));
    let failure = envelope("error", json!({"$ref": format!("{REFS}Error")}));
    messages.insert("Failure".to_owned(), message("A refusal; any message may be answered with it.", failure));
    operations.insert("stop".to_owned(), ask("Stop", "Stops a stream.", &["Stopped".to_owned(), "Failure".to_owned()]));
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
                 served too. An `id` is a string or an integer, and comes back as it was sent.",
                crate::SUBPROTOCOL
            ),
            "license": {"name": "MIT OR Apache-2.0"},
        },
        "defaultContentType": "application/json",
        "servers": {"here": {"host": address.authority, "pathname": address.prefix, "protocol": "ws"}},
        "channels": {"shop": {
            "address": "/ws",
            "description": "One socket; many calls and streams may be under way at once.",
            "messages": references.collect::<Map<_, _>>(),
        }},
        "operations": operations,
        "components": {"messages": messages, "schemas": schemas},
    });
    format!("{document:#}\n")
}

fn message(summary: &str, payload: Value) -> Value {
    json!({"summary": summary, "payload": payload})
}

fn ask(message: &str, summary: &str, answers: &[String]) -> Value {
    let reference = |name: &str| json!({"$ref": format!("#/channels/shop/messages/{name}")});
    json!({
        // AsyncAPI tells it from the application's side: the server receives and replies.
        "action": "receive",
        "channel": {"$ref": "#/channels/shop"},
        "summary": summary,
        "messages": [reference(message)],
        "reply": {
            "channel": {"$ref": "#/channels/shop"},
            "messages": answers.iter().map(|name| reference(name)).collect::<Vec<_>>(),
        },
    })
}

fn request(operation: &Operation) -> Value {
    let params = json!({"$ref": format!("{REFS}{}", operation.input.name)});
    json!({
        "type": "object",
        "properties": {"id": id(), "op": {"const": operation.name}, "params": params},
        "required": ["id", "op"],
        "additionalProperties": false,
    })
}

fn answer(operation: &Operation) -> Value {
    let reply = if operation.kind == OperationKind::Stream { empty() } else { schema(&operation.reply, REFS) };
    envelope("ok", reply)
}

fn event(operation: &Operation) -> Value {
    envelope("event", schema(&operation.reply, REFS))
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
