//! The list of methods in JSON, written from the table of operations, so that it cannot drift.
//!
//! XML-RPC has no contract format: a client asks the server (`system.listMethods`, `system.methodSignature`), and learns that a method
//! takes a struct, but not what is in it. So this format is our own, with the members of the structs and their limits.

use crate::PATH;
use crate::errors::code;
use crate::system::{describe, operations, system_methods, type_of};
use domain::limits::CURSOR_CHARS_MAX;
use domain::schema::{Field, Schema};
use domain::{Operation, Reason};
use serde_json::{Map, Value, json};
use wire::Address;

/// The document of the server at an address.
pub fn methods(address: &Address) -> String {
    let system_methods = system_methods().map(
        |method| json!({"name": method.name, "help": method.help, "signatures": method.signatures, "system": true}),
    );
    let mut types = Map::new();
    for operation in operations() {
        define(&operation.reply, &mut types);
        operation.input.members.iter().for_each(|member| define(&member.schema, &mut types));
    }
    let faults = Reason::ALL.iter().map(|reason| {
        let fault = json!({"faultCode": code(reason.kind()), "meaning": reason.meaning()});
        (reason.word().to_owned(), fault)
    });
    let document = json!({
        "title": "Parlance: the shop over XML-RPC",
        "version": env!("CARGO_PKG_VERSION"),
        "specification": "http://xmlrpc.com/spec.md",
        "url": address.http(PATH),
        "notes": [
            "Parameters are one struct with the members by name, or the members by position.",
            "nil for an optional member means that it is absent. Absent members of a result are left out.",
            "Times are UTC.",
            "Each call of a multicall counts towards the rate limit; the system methods do not.",
            "A faultString is the reason, a colon, a space and a message.",
        ],
        "headers": {
            "X-API-Key": "A user's API key.",
            "Authorization": "Basic with email and password, or Bearer with the token of log_in. An open sandbox needs no \
                              credentials; wrong credentials are refused by every method.",
            "Idempotency-Key": "A new key for a command, which is a method with `once`. If it is sent again with the same key within \
                                a day, over any style, it is not executed again: the response is the first one. The calls of a \
                                multicall share the header, so send a command with a key alone.",
            "Idempotency-Replayed": "In a response: true, if the command had been executed before.",
        },
        "methods": operations().map(method).chain(system_methods).collect::<Vec<_>>(),
        "types": types,
        "faults": faults.collect::<Map<_, _>>(),
    });
    format!("{document:#}\n")
}

fn method(operation: &'static Operation) -> Value {
    let mut method = json!({
        "name": operation.name,
        "help": operation.doc,
        "signatures": describe(operation).signatures,
        "params": operation.input.members.iter().map(described).collect::<Vec<_>>(),
        "answer": type_in_full(&operation.reply),
        "faults": operation.reasons().map(Reason::word).collect::<Vec<_>>(),
    });
    if operation.is_once {
        method["once"] = json!(true);
    }
    method
}

fn described(member: &Field) -> Value {
    let mut described = type_in_full(&member.schema);
    described["name"] = json!(member.name);
    described["help"] = json!(member.doc);
    if !member.required {
        described["optional"] = json!(true);
    }
    described
}

/// The type of a schema and its limits, with a reference if it has a name.
fn type_in_full(schema: &Schema) -> Value {
    let mut full = json!({"type": type_of(schema)});
    match schema {
        Schema::Int { min, max } => (full["min"], full["max"]) = (json!(min), json!(max)),
        Schema::Id { of } => (full["min"], full["id_of"]) = (json!(1), json!(of)),
        Schema::Text { chars_max, .. } => (full["chars_min"], full["chars_max"]) = (json!(1), json!(chars_max)),
        Schema::Cursor => full["chars_max"] = json!(CURSOR_CHARS_MAX),
        Schema::Time => {}
        Schema::Enum(of) => full["$ref"] = json!(format!("#/types/{}", of.name)),
        Schema::Object(of) => full["$ref"] = json!(format!("#/types/{}", of.name)),
        Schema::List { item, min, max } => {
            full["items"] = type_in_full(item);
            (full["items_min"], full["items_max"]) = (json!(min), json!(max));
        }
    }
    full
}

/// Adds the types with a name: structs and enumerations.
fn define(schema: &Schema, types: &mut Map<String, Value>) {
    match schema {
        Schema::Enum(of) => {
            types.insert(of.name.to_owned(), json!({"type": "string", "help": of.doc, "one_of": of.words}));
        }
        Schema::List { item, .. } => define(item, types),
        Schema::Object(of) if !types.contains_key(of.name) => {
            let members = of.members.iter().map(described).collect::<Vec<_>>();
            types.insert(of.name.to_owned(), json!({"type": "struct", "help": of.doc, "members": members}));
            of.members.iter().for_each(|member| define(&member.schema, types));
        }
        Schema::Object(_)
        | Schema::Int { .. }
        | Schema::Id { .. }
        | Schema::Text { .. }
        | Schema::Cursor
        | Schema::Time => {}
    }
}
