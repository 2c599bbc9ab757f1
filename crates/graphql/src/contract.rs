//! The schema in GraphQL's own language (GraphQL section 3), generated from the code, and the field of each operation in it. A copy is
//! in this crate's folder, and a test compares them.

use crate::schema::graph;
use apollo_compiler::Schema;
use apollo_compiler::validation::Valid;
use async_graphql::SDLExportOptions;
use async_graphql::parser::types::OperationType;
use domain::Operation;
use domain::operations::{OPERATIONS, OperationKind};
use std::sync::LazyLock;
use wire::names::camel;

/// Where the schema is served.
pub const PATH: &str = "/graphql/schema.graphql";
/// The media type that everybody uses; none is registered.
pub const MEDIA_TYPE: &str = "application/graphql; charset=utf-8";

/// The description of the schema itself. async-graphql has no place for it, so it is inserted (GraphQL section 3.3).
const DESCRIPTION: &str = "\
One shop, served live in every API style.

Send credentials in a header, `X-API-Key` or `Authorization` (Basic or Bearer), or over a WebSocket in the
payload of `connection_init`, with one of these names or as `apiKey` or `token`. The field `me` returns the authenticated
caller. Each root field is an operation of its own, with its own access check. The header
`Idempotency-Key` is one key for a whole request, so a request with it places one order.

The `extensions` of a response have the maximum `cost` of the document, and the limit `costMax`: a field costs 1, and fields below
a list count once for each item that the list may have. `lookups` is the number of queries. Data loaders combine the queries of nested
fields; the header `X-Dataloader: off` switches them off, to show the difference.";

/// How an operation is found in the schema: its field, with arguments or without.
pub fn spelling(operation: &Operation) -> String {
    let sign = if operation.input.members.is_empty() { ':' } else { '(' };
    format!("  {}{sign}", field_of(operation))
}

/// The field of an operation: a query is named by what it returns, a mutation by what it does. The two operations that
/// return an order are one field, because the selection decides between them.
pub fn field_of(operation: &Operation) -> String {
    match (operation.kind, operation.name) {
        (OperationKind::Stream, _) => "orderEvents".to_owned(),
        (_, "get_order_details") => "order".to_owned(),
        (_, "who_am_i") => "me".to_owned(),
        (OperationKind::Query, _) => camel(operation.reply_name),
        (OperationKind::Command, name) => camel(name),
    }
}

/// The operations of a field of a root type, the plainest first.
pub fn operations_of(root: OperationType, field: &str) -> impl Iterator<Item = &'static Operation> {
    let kind = match root {
        OperationType::Query => OperationKind::Query,
        OperationType::Mutation => OperationKind::Command,
        OperationType::Subscription => OperationKind::Stream,
    };
    OPERATIONS.iter().copied().filter(move |operation| operation.kind == kind && field_of(operation) == field)
}

/// The schema, as documents are validated against it.
pub static SCHEMA: LazyLock<Valid<Schema>> = LazyLock::new(|| {
    Schema::parse_and_validate(sdl(), "").unwrap_or_else(|with| panic!("our schema is wrong: {}", with.errors))
});

/// The schema.
pub fn sdl() -> String {
    let options = SDLExportOptions::new().include_specified_by().prefer_single_line_descriptions().use_space_ident();
    let sdl = graph().sdl_with_options(options);
    let lines: Vec<String> = sdl.trim().lines().map(|line| in_block(line.trim_end())).collect();
    let described = format!("\n\"\"\"\n{DESCRIPTION}\n\"\"\"\nschema {{");
    lines.join("\n").replace("\nschema {", &described) + "\n"
}

/// A description as a block string (GraphQL section 2.9.4), as is usual.
fn in_block(line: &str) -> String {
    let text = line.trim_start().strip_prefix('"').and_then(|text| text.strip_suffix('"'));
    match text.filter(|text| !text.is_empty() && !text.contains('"')) {
        Some(text) => format!("{}\"\"\"{text}\"\"\"", &line[..line.len() - line.trim_start().len()]),
        None => line.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::schema::{Object, Schema};
    use serde_json::Value;
    use wire::names::{pascal, upper};

    #[test]
    fn the_copy_is_the_schema() {
        let copy = concat!(env!("CARGO_MANIFEST_DIR"), "/schema.graphql");
        if std::env::var_os("UPDATE").is_some() {
            std::fs::write(copy, sdl()).unwrap();
        }
        let copied = std::fs::read_to_string(copy).unwrap_or_default();
        assert!(copied == sdl(), "{copy} is not the schema: run this test with UPDATE=1");
    }

    #[test]
    fn every_operation_is_in_the_schema() {
        let adapter = crate::adapter();
        for operation in OPERATIONS {
            let spelling = (adapter.contracts[0].spelling)(operation);
            assert!(sdl().contains(&format!("\n{spelling}")), "{spelling}");
        }
    }

    /// The types of the schema, by name.
    async fn types() -> Vec<Value> {
        let query = "{ __schema { types { name description fields { name description args { name description } }
            inputFields { name description } enumValues { name description } } } }";
        let response = graph().execute(query).await;
        serde_json::to_value(&response).unwrap()["data"]["__schema"]["types"].as_array().unwrap().clone()
    }

    fn named<'v>(things: &'v Value, name: &str) -> &'v Value {
        let found = things.as_array().and_then(|things| things.iter().find(|thing| thing["name"] == name));
        found.unwrap_or_else(|| panic!("{name} is not among {things}"))
    }

    #[actix_web::test]
    async fn what_the_domain_says_of_its_things_the_schema_says_too() {
        let types = Value::Array(types().await);
        for operation in OPERATIONS {
            let root = ["Query", "Mutation", "Subscription"][operation.kind as usize];
            let field = named(&named(&types, root)["fields"], &field_of(operation)).clone();
            // One field stands for two operations.
            assert!(field["name"] == "order" || field["description"] == operation.doc, "{}", operation.name);
            check(&Schema::Object(operation.input), &types, operation.kind, &field);
            check_reply(&operation.reply, &types);
        }
    }

    fn check(input: &Schema, types: &Value, kind: OperationKind, field: &Value) {
        let Schema::Object(record) = input else { return };
        let members = match kind {
            OperationKind::Command => {
                let input = named(types, &format!("{}Input", record.name));
                assert_eq!(input["description"], record.doc);
                &input["inputFields"]
            }
            OperationKind::Query | OperationKind::Stream => &field["args"],
        };
        assert_eq!(members.as_array().unwrap().len(), record.members.len(), "{}", record.name);
        for member in record.members {
            let name = if member.name == "limit" { "first".to_owned() } else { camel(member.name) };
            let described = named(members, &name);
            assert!(member.name == "after" || described["description"] == member.doc, "{} {described}", record.name);
            if let Schema::Object(part) = member.schema {
                check_members(named(types, &format!("{}Input", part.name)), part, "inputFields");
            }
        }
    }

    fn check_reply(reply: &Schema, types: &Value) {
        match reply {
            Schema::List { item, .. } => check_reply(item, types),
            Schema::Enum(words) => {
                let described = named(types, words.name);
                assert_eq!(described["description"], words.doc);
                words.words.iter().for_each(|word| drop(named(&described["enumValues"], &upper(word)).clone()));
            }
            Schema::Object(record) => {
                if record.member("items").is_none() && record.name != "OrderDetails" && record.name != "Nothing" {
                    check_members(named(types, record.name), record, "fields");
                }
                record.members.iter().for_each(|member| check_reply(&member.schema, types));
            }
            _ => {}
        }
    }

    fn check_members(described: &Value, record: &Object, members: &str) {
        assert_eq!(described["description"], record.doc, "{}", pascal(record.name));
        for member in record.members {
            assert_eq!(named(&described[members], &camel(member.name))["description"], member.doc, "{}", record.name);
        }
    }

    #[actix_web::test]
    async fn everything_is_described() {
        // Names of the language itself need no description.
        let ours = |name: &str| name != "ID" && !name.starts_with("__");
        for named in types().await.iter().filter(|named| ours(named["name"].as_str().unwrap())) {
            assert!(named["description"].is_string(), "{}", named["name"]);
            for members in ["fields", "inputFields", "enumValues"] {
                for member in named[members].as_array().into_iter().flatten() {
                    assert!(member["description"].is_string(), "{} {}", named["name"], member["name"]);
                    for argument in member["args"].as_array().into_iter().flatten() {
                        assert!(argument["description"].is_string(), "{} {}", member["name"], argument["name"]);
                    }
                }
            }
        }
    }
}
