//! Do the values of variables fit their types (GraphQL section 6.1.2)? It is asked for each request, where the document itself was
//! found valid once.
//!
//! What does not plainly fit is left to the validation of async-graphql, which knows all of the grammar and words the error.

use crate::schema;
use async_graphql::parser::parse_schema;
use async_graphql::parser::types::{BaseType, OperationDefinition, Type, TypeKind, TypeSystemDefinition};
use async_graphql::{Name, Value, Variables};
use std::collections::HashMap;
use std::sync::LazyLock;

/// What an input may be made of, beside the scalars of the language.
enum Known {
    /// One of these words.
    Enum(Vec<Name>),
    /// These members, and no others.
    Input(Vec<(Name, Type)>),
}

/// The types of the schema's inputs, read from the schema itself.
static KNOWN: LazyLock<HashMap<Name, Known>> = LazyLock::new(|| {
    let schema = parse_schema(schema::graph().sdl());
    let definitions = schema.map(|schema| schema.definitions).unwrap_or_default();
    let types = definitions.into_iter().filter_map(|definition| match definition {
        TypeSystemDefinition::Type(definition) => Some(definition.node),
        TypeSystemDefinition::Schema(_) | TypeSystemDefinition::Directive(_) => None,
    });
    types.filter_map(|one| known(one.kind).map(|known| (one.name.node, known))).collect()
});

fn known(kind: TypeKind) -> Option<Known> {
    match kind {
        TypeKind::Enum(kind) => Some(Known::Enum(kind.values.into_iter().map(|word| word.node.value.node).collect())),
        TypeKind::InputObject(kind) => {
            let member = kind.fields.into_iter().map(|member| (member.node.name.node, member.node.ty.node));
            Some(Known::Input(member.collect()))
        }
        TypeKind::Scalar | TypeKind::Object(_) | TypeKind::Interface(_) | TypeKind::Union(_) => None,
    }
}

/// Whether the values plainly fit.
pub fn fit(operation: &OperationDefinition, variables: &Variables) -> bool {
    operation.variable_definitions.iter().all(|definition| {
        let value = variables.get(&definition.node.name.node);
        let has_default = value.is_none() && definition.node.default_value.is_some();
        has_default || fits(value, &definition.node.var_type.node)
    })
}

fn fits(value: Option<&Value>, wanted: &Type) -> bool {
    match (value, &wanted.base) {
        (None | Some(Value::Null), _) => wanted.nullable,
        (Some(Value::List(items)), BaseType::List(item)) => items.iter().all(|one| fits(Some(one), item)),
        (Some(value), BaseType::Named(name)) => is_a(value, name),
        (Some(_), BaseType::List(_)) => false,
    }
}

fn is_a(value: &Value, name: &Name) -> bool {
    match (value, name.as_str()) {
        (Value::Number(number), "Int" | "ID") => number.as_i64().is_some(),
        (Value::String(_), "ID" | "String") | (Value::Boolean(_), "Boolean") => true,
        (Value::String(word), _) => {
            matches!(KNOWN.get(name), Some(Known::Enum(words)) if words.iter().any(|known| known == word))
        }
        (Value::Object(given), _) => match KNOWN.get(name) {
            Some(Known::Input(members)) => {
                given.keys().all(|name| members.iter().any(|(known, _)| known == name))
                    && members.iter().all(|(name, wanted)| fits(given.get(name), wanted))
            }
            Some(Known::Enum(_)) | None => false,
        },
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use async_graphql::parser::parse_query;
    use serde_json::json;

    #[test]
    fn what_fits_is_known_and_what_may_not_fit_is_left() {
        let fits = |types: &str, value: serde_json::Value| {
            let document = parse_query(format!("query({types}) {{ a }}")).unwrap();
            let operation = document.operations.iter().next().unwrap().1;
            fit(&operation.node, &Variables::from_json(json!({"a": value})))
        };
        let line = json!({"productId": 1, "quantity": 2});
        for (types, value) in [
            ("$a: Int", json!(1)),
            ("$a: Int", json!(null)),
            ("$a: Int!, $b: Int, $c: Int! = 3", json!(-3_000_000_000_i64)),
            ("$a: ID!", json!("1")),
            ("$a: ID!", json!(1)),
            ("$a: [ID!]!", json!(["1", 2])),
            ("$a: Boolean!", json!(true)),
            ("$a: OrderStatus", json!("PAID")),
            ("$a: PlaceOrderInput!", json!({"userId": "1", "lines": [line]})),
            ("$a: UpdateUserInput!", json!({"id": "1", "name": null})),
        ] {
            assert!(fits(types, value.clone()), "{types} {value}");
        }
        for (types, value) in [
            ("$a: Int", json!("1")),
            ("$a: Int", json!(1.5)),
            ("$a: Int!", json!(null)),
            ("$b: Int!", json!(1)),
            ("$a: ID!", json!(true)),
            ("$a: [ID!]", json!("1")),
            ("$a: [ID!]", json!([null])),
            ("$a: String", json!(["x"])),
            ("$a: OrderStatus", json!("paid")),
            ("$a: User", json!("1")),
            ("$a: PlaceOrderInput!", json!({"userId": "1"})),
            ("$a: PlaceOrderInput!", json!({"userId": "1", "lines": [line, 1]})),
            ("$a: PlaceOrderInput!", json!({"userId": "1", "lines": [], "more": 1})),
        ] {
            assert!(!fits(types, value.clone()), "{types} {value}");
        }
    }
}
