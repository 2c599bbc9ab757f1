//! Messages as JSON (Protocol Buffers, "ProtoJSON Format"): what Connect has in addition to the binary form.
//!
//! Fields are in lowerCamelCase, and read as the `.proto` file has them too; the values of enums have their full names, and are read as
//! numbers too; an integer may be a text.

use super::{NOTHING, TEXT_ENUM};
use crate::contract;
use domain::schema::{Enum, Field, Object, Schema};
use domain::{Operation, Value};
use wire::names::camel;

/// An input as the domain has it. What fits no field stays as it is, for the domain to refuse.
pub fn from_json(value: Value, object: &Object) -> Value {
    let Value::Object(members) = value else { return value };
    let member = |(name, value): (String, Value)| match object.members.iter().find(|field| is_called(field, &name)) {
        // "null is an accepted value for all field types and treated as the default value", which is that of an absent field.
        Some(_) if value == Value::Null => None,
        Some(field) => Some((field.name.to_owned(), read(value, &field.schema))),
        None => Some((name, value)),
    };
    Value::Object(members.into_iter().filter_map(member).collect())
}

fn is_called(field: &Field, name: &str) -> bool {
    field.name == name || camel(field.name) == name
}

fn read(value: Value, schema: &Schema) -> Value {
    match (value, schema) {
        (Value::List(items), Schema::List { item, .. }) => {
            Value::List(items.into_iter().map(|value| read(value, item)).collect())
        }
        (value @ Value::Object(_), Schema::Object(object)) => from_json(value, object),
        (Value::Text(text), Schema::Int { .. } | Schema::Id { .. }) => Value::RawText(text),
        (Value::Text(name), Schema::Enum(words)) if words.name != TEXT_ENUM => match word_called(words, &name) {
            Some(word) => Value::text(word),
            None => Value::Text(name),
        },
        (Value::Int(number), Schema::Enum(words)) if words.name != TEXT_ENUM => {
            let position = usize::try_from(number).ok().and_then(|number| number.checked_sub(1));
            position
                .and_then(|position| words.words.get(position))
                .map_or(Value::Int(number), |word| Value::text(*word))
        }
        (value, _) => value,
    }
}

fn word_called(words: &Enum, name: &str) -> Option<&'static str> {
    words.words.iter().copied().find(|word| contract::value_name(words, word) == name)
}

/// A response message with a reply as the domain has it.
pub fn to_json(reply: &Value, operation: &Operation) -> Value {
    if operation.reply_name == NOTHING {
        return Value::Object(Vec::new());
    }
    Value::Object(vec![(camel(operation.reply_name), written(reply, &operation.reply))])
}

/// The request message of an input.
pub fn input_to_json(input: &Value, object: &'static Object) -> Value {
    written(input, &Schema::Object(object))
}

fn written(value: &Value, schema: &Schema) -> Value {
    match (value, schema) {
        (Value::List(items), Schema::List { item, .. }) => {
            Value::List(items.iter().map(|value| written(value, item)).collect())
        }
        (Value::Object(members), Schema::Object(object)) => {
            let member = |(name, value): &(String, Value)| {
                let field = object.member(name);
                (camel(name), field.map_or_else(|| value.clone(), |field| written(value, &field.schema)))
            };
            Value::Object(members.iter().map(member).collect())
        }
        (Value::Text(word), Schema::Enum(words)) if words.name != TEXT_ENUM => {
            Value::Text(contract::value_name(words, word))
        }
        _ => value.clone(),
    }
}
