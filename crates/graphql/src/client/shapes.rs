//! The schemas of the shop as selections and values of GraphQL, and back.

use domain::Value;
use domain::schema::{Enum, Field, Object, Schema};
use std::borrow::Cow;
use wire::names::{camel, upper};

/// The selection of all members of a schema.
pub fn selection(shape: &Schema) -> String {
    match shape {
        Schema::List { item, .. } => selection(item),
        Schema::Object(record) => format!("{{ {} }}", fields(record)),
        _ => String::new(),
    }
}

fn fields(record: &Object) -> String {
    match as_page(record) {
        Some((items, Schema::Cursor)) => {
            return format!("nodes {} pageInfo {{ hasNextPage endCursor }}", selection(&items.schema));
        }
        Some((items, _)) => return format!("nodes {} next", selection(&items.schema)),
        None => {}
    }
    let field = |member: &Field| match (product_of_lines(record), member) {
        // The graph has an order's products at its lines.
        (Some(_), Field { name: "products", .. }) => None,
        (Some(products), Field { name: "lines", schema: Schema::List { item: Schema::Object(line), .. }, .. }) => {
            Some(format!("lines {{ {} product {} }}", fields(line), selection(&products.schema)))
        }
        _ => Some(format!("{} {}", camel(member.name), selection(&member.schema)).trim_end().to_owned()),
    };
    record.members.iter().filter_map(field).collect::<Vec<_>>().join(" ")
}

/// Items and cursor, if the object is a page.
fn as_page(record: &Object) -> Option<(&'static Field, Schema)> {
    Some((record.member("items")?, record.member("next")?.schema))
}

/// The products of an order with this schema.
fn product_of_lines(record: &Object) -> Option<&'static Field> {
    record.member("lines").and(record.member("products"))
}

/// A member's value in GraphQL. A wrong value stays wrong.
pub fn to_graphql(shape: &Schema, value: &Value) -> Value {
    match (shape, value) {
        (Schema::Id { .. }, Value::Int(id)) => Value::text(id.to_string()),
        (Schema::Enum(words), Value::Text(text)) => Value::text(other_case(words, text)),
        (Schema::List { item, .. }, Value::List(items)) => {
            Value::List(items.iter().map(|value| to_graphql(item, value)).collect())
        }
        (Schema::Object(record), value) => object_to_graphql(record, value),
        (_, value) => value.clone(),
    }
}

/// An input in GraphQL.
pub fn object_to_graphql(record: &Object, value: &Value) -> Value {
    let Value::Object(members) = value else { return value.clone() };
    let disguised = members.iter().map(|(name, value)| {
        let shape = record.member(name).map(|member| member.schema);
        (camel(name), shape.map_or_else(|| value.clone(), |shape| to_graphql(&shape, value)))
    });
    Value::Object(disguised.collect())
}

/// A reply of the shop.
pub fn from_graphql(shape: &Schema, value: &Value) -> Value {
    match (shape, value) {
        (Schema::Id { .. }, Value::Text(id)) => id.parse().map_or_else(|_| value.clone(), Value::Int),
        (Schema::Enum(words), Value::Text(text)) => Value::text(other_case(words, text)),
        (Schema::List { item, .. }, Value::List(items)) => {
            Value::List(items.iter().map(|value| from_graphql(item, value)).collect())
        }
        (Schema::Object(record), Value::Object(_)) => object_from_graphql(record, value),
        (_, value) => value.clone(),
    }
}

fn object_from_graphql(record: &Object, value: &Value) -> Value {
    let member = |member: &Field| {
        let found = match (member.name, as_page(record)) {
            ("items", Some(_)) => value.get("nodes"),
            ("next", Some((_, Schema::Cursor))) => {
                let more = value.at("pageInfo/hasNextPage") == Some(&Value::Bool(true));
                value.at("pageInfo/endCursor").filter(|_| more)
            }
            ("products", None) if product_of_lines(record).is_some() => {
                return Some(("products".to_owned(), from_graphql(&member.schema, &products(value))));
            }
            (name, _) => value.get(&camel(name)),
        };
        let found = found.filter(|value| **value != Value::Null)?;
        Some((member.name.to_owned(), from_graphql(&member.schema, found)))
    };
    Value::Object(record.members.iter().filter_map(member).collect())
}

/// The products of an order's lines, in ascending id.
fn products(order: &Value) -> Value {
    let lines = order.get("lines").map(Value::items).unwrap_or_default();
    let mut products: Vec<Value> = lines.iter().filter_map(|line| line.get("product")).cloned().collect();
    products.sort_by_key(|product| product.get("id").and_then(Value::as_text).and_then(|id| id.parse::<i64>().ok()));
    Value::List(products)
}

/// `PLACED` as `placed`, and the reverse: the shop's names and the graph's differ in case only, and a name
/// of one is none of the other.
fn other_case<'t>(words: &Enum, text: &'t str) -> Cow<'t, str> {
    let same = |word: &&&str| **word == text || upper(word) == text;
    match words.words.iter().find(same) {
        Some(word) if upper(word) == text => (*word).into(),
        Some(word) => upper(word).into(),
        None => text.into(),
    }
}
