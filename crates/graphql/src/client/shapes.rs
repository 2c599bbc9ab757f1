//! How does a shape of the shop look in GraphQL, and how is that undone?

use crate::messages::input::other_case;
use domain::Value;
use domain::shape::{Member, Record, Shape};
use wire::names::camel;

/// What to select to get all of a shape.
pub fn selection(shape: &Shape) -> String {
    match shape {
        Shape::List { item, .. } => selection(item),
        Shape::Record(record) => format!("{{ {} }}", fields(record)),
        Shape::Int { .. } | Shape::Id { .. } | Shape::Text { .. } | Shape::Cursor | Shape::Word(_) | Shape::Time => {
            String::new()
        }
    }
}

fn fields(record: &Record) -> String {
    match as_page(record) {
        Some((items, Shape::Cursor)) => {
            return format!("nodes {} pageInfo {{ hasNextPage endCursor }}", selection(&items.shape));
        }
        Some((items, _)) => return format!("nodes {} next", selection(&items.shape)),
        None => {}
    }
    let field = |member: &Member| match (product_of_lines(record), member) {
        // The graph has an order's products where its lines are.
        (Some(_), Member { name: "products", .. }) => None,
        (Some(products), Member { name: "lines", shape: Shape::List { item: Shape::Record(line), .. }, .. }) => {
            Some(format!("lines {{ {} product {} }}", fields(line), selection(&products.shape)))
        }
        _ => Some(format!("{} {}", camel(member.name), selection(&member.shape)).trim_end().to_owned()),
    };
    record.members.iter().filter_map(field).collect::<Vec<_>>().join(" ")
}

/// Items and cursor, if the record is a page.
fn as_page(record: &Record) -> Option<(&'static Member, Shape)> {
    Some((record.member("items")?, record.member("next")?.shape))
}

/// The products that an order of this shape has with it.
fn product_of_lines(record: &Record) -> Option<&'static Member> {
    record.member("lines").and(record.member("products"))
}

/// A member's value as GraphQL has it. What is wrong stays wrong.
pub fn disguise(shape: &Shape, value: &Value) -> Value {
    match (shape, value) {
        (Shape::Id { .. }, Value::Int(id)) => Value::text(id.to_string()),
        (Shape::Word(words), Value::Text(text)) => Value::text(other_case(words, text)),
        (Shape::List { item, .. }, Value::List(items)) => {
            Value::List(items.iter().map(|value| disguise(item, value)).collect())
        }
        (Shape::Record(record), value) => disguise_record(record, value),
        (_, value) => value.clone(),
    }
}

/// An input as GraphQL has it.
pub fn disguise_record(record: &Record, value: &Value) -> Value {
    let Value::Record(members) = value else { return value.clone() };
    let disguised = members.iter().map(|(name, value)| {
        let shape = record.member(name).map(|member| member.shape);
        (camel(name), shape.map_or_else(|| value.clone(), |shape| disguise(&shape, value)))
    });
    Value::Record(disguised.collect())
}

/// A reply as the shop has it.
pub fn undo(shape: &Shape, value: &Value) -> Value {
    match (shape, value) {
        (Shape::Id { .. }, Value::Text(id)) => id.parse().map_or_else(|_| value.clone(), Value::Int),
        (Shape::Word(words), Value::Text(text)) => Value::text(other_case(words, text)),
        (Shape::List { item, .. }, Value::List(items)) => {
            Value::List(items.iter().map(|value| undo(item, value)).collect())
        }
        (Shape::Record(record), Value::Record(_)) => undo_record(record, value),
        (_, value) => value.clone(),
    }
}

fn undo_record(record: &Record, value: &Value) -> Value {
    let member = |member: &Member| {
        let found = match (member.name, as_page(record)) {
            ("items", Some(_)) => value.get("nodes"),
            ("next", Some((_, Shape::Cursor))) => {
                let more = value.at("pageInfo/hasNextPage") == Some(&Value::Bool(true));
                value.at("pageInfo/endCursor").filter(|_| more)
            }
            ("products", None) if product_of_lines(record).is_some() => {
                return Some(("products".to_owned(), undo(&member.shape, &products(value))));
            }
            (name, _) => value.get(&camel(name)),
        };
        let found = found.filter(|value| **value != Value::Null)?;
        Some((member.name.to_owned(), undo(&member.shape, found)))
    };
    Value::Record(record.members.iter().filter_map(member).collect())
}

/// The products of an order's lines, in ascending id.
fn products(order: &Value) -> Value {
    let lines = order.get("lines").map(Value::items).unwrap_or_default();
    let mut products: Vec<Value> = lines.iter().filter_map(|line| line.get("product")).cloned().collect();
    products.sort_by_key(|product| product.get("id").and_then(Value::as_text).and_then(|id| id.parse::<i64>().ok()));
    Value::List(products)
}
