//! Which document describes it, and how is it kept from drifting? A list of methods, written from the table of operations.
//!
//! XML-RPC has no format for a contract: a client asks the server (`system.listMethods`, `system.methodSignature`), and
//! learns that a method takes a struct, but not what is in it. So this list is one of our own, in JSON, with the members
//! of the structs and their bounds. `methods.json` beside this crate's `src` is a copy, and a test compares it.

use crate::errors::code_of;
use crate::system::{self, operations, signatures, type_of};
use domain::limits::CURSOR_CHARS_MAX;
use domain::schema::{Field, Schema};
use domain::{Operation, Reason};
use serde_json::{Map, Value, json};
use wire::Address;

/// Where the document is served.
pub const PATH: &str = "/xmlrpc/methods.json";

/// The document, for a server at that address.
pub fn methods(address: &Address) -> String {
    let own = operations().map(method);
    let about_methods = system::METHODS.iter().map(
        |method| json!({"name": method.name, "help": method.help, "signatures": [method.signature], "system": true}),
    );
    let mut types = Map::new();
    for operation in operations() {
        define(&operation.reply, &mut types);
        operation.input.members.iter().for_each(|member| define(&member.schema, &mut types));
    }
    let faults = Reason::ALL.iter().map(|reason| {
        let fault = json!({"faultCode": code_of(*reason), "meaning": reason.meaning()});
        (reason.word().to_owned(), fault)
    });
    let document = json!({
        "title": "Parlance: the shop over XML-RPC",
        "version": env!("CARGO_PKG_VERSION"),
        "specification": "http://xmlrpc.com/spec.md",
        "url": address.http(crate::PATH),
        "notes": [
            "Parameters are one struct with the members by name, or the members by position.",
            "nil for an optional member means that it is absent. Absent members of an answer are left out.",
            "Times are UTC.",
            "Each call of a multicall counts towards the caller's quota; the methods about methods do not.",
            "A faultString is the reason, a colon, a space and a message.",
        ],
        "headers": {
            "X-API-Key": "Who calls: a user's key.",
            "Authorization": "Who calls: Basic with email and password, or Bearer with what log_in gives. An open sandbox \
                              asks nobody; but credentials that are wrong are refused, by every method.",
            "Idempotency-Key": "A new one for each command that is to happen once: those with `once`. Sent again with the \
                                same key within a day, over whatever style, it is not done again but answered as at first. \
                                It goes for all calls of a multicall, so a call with a key is better made alone.",
            "Idempotency-Replayed": "In a response: true, if the command had happened before.",
        },
        "methods": own.chain(about_methods).collect::<Vec<_>>(),
        "types": types,
        "faults": faults.collect::<Map<_, _>>(),
    });
    format!("{document:#}\n")
}

fn method(operation: &'static Operation) -> Value {
    let mut method = json!({
        "name": operation.name,
        "help": operation.doc,
        "signatures": signatures(operation),
        "params": operation.input.members.iter().map(described).collect::<Vec<_>>(),
        "answer": in_full(&operation.reply),
        "faults": operation.reasons().map(Reason::word).collect::<Vec<_>>(),
    });
    if operation.is_once {
        method["once"] = json!(true);
    }
    method
}

fn described(member: &Field) -> Value {
    let mut described = in_full(&member.schema);
    described["name"] = json!(member.name);
    described["help"] = json!(member.doc);
    if !member.required {
        described["optional"] = json!(true);
    }
    described
}

/// The type of a shape, and its bounds; what has a name is referred to.
fn in_full(shape: &Schema) -> Value {
    let mut full = json!({"type": type_of(shape)});
    match shape {
        Schema::Int { min, max } => (full["min"], full["max"]) = (json!(min), json!(max)),
        Schema::Id { of } => (full["min"], full["id_of"]) = (json!(1), json!(of)),
        Schema::Text { chars_max, .. } => (full["chars_min"], full["chars_max"]) = (json!(1), json!(chars_max)),
        Schema::Cursor => full["chars_max"] = json!(CURSOR_CHARS_MAX),
        Schema::Time => {}
        Schema::Enum(words) => full["$ref"] = json!(format!("#/types/{}", words.name)),
        Schema::Object(record) => full["$ref"] = json!(format!("#/types/{}", record.name)),
        Schema::List { item, min, max } => {
            full["items"] = in_full(item);
            (full["items_min"], full["items_max"]) = (json!(min), json!(max));
        }
    }
    full
}

/// Adds what has a name: structs, and strings of which there are only a few.
fn define(shape: &Schema, types: &mut Map<String, Value>) {
    match shape {
        Schema::Enum(words) => {
            let words_type = json!({"type": "string", "help": words.doc, "one_of": words.words});
            types.insert(words.name.to_owned(), words_type);
        }
        Schema::List { item, .. } => define(item, types),
        Schema::Object(record) if !types.contains_key(record.name) => {
            let members = record.members.iter().map(described).collect::<Vec<_>>();
            types.insert(record.name.to_owned(), json!({"type": "struct", "help": record.doc, "members": members}));
            record.members.iter().for_each(|member| define(&member.schema, types));
        }
        Schema::Object(_)
        | Schema::Int { .. }
        | Schema::Id { .. }
        | Schema::Text { .. }
        | Schema::Cursor
        | Schema::Time => {}
    }
}
