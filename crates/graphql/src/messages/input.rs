//! How does an input of GraphQL become one of the shop? By the input's own shape: the names get their underscores back,
//! words of an enum their lower case, and an ID may be what the member wants.

use super::GraphqlValue;
use crate::schema;
use async_graphql::parser::types::{OperationDefinition, Selection};
use async_graphql::{InputType, Name, Variables};
use domain::events::WatchEvents;
use domain::operations::{self, OperationKind};
use domain::shape::{Record, Shape, Violation};
use domain::{Call, Error, Operation, Value};
use wire::names;

/// The arguments of a field as one value.
pub fn arguments<const N: usize>(arguments: [(&str, GraphqlValue); N]) -> GraphqlValue {
    GraphqlValue::Object(arguments.into_iter().map(|(name, value)| (Name::new(name), value)).collect())
}

/// What an argument was given as.
pub fn given(argument: impl InputType) -> GraphqlValue {
    argument.to_value()
}

/// An operation's input.
pub fn read(record: &Record, value: GraphqlValue) -> Value {
    let GraphqlValue::Object(members) = value else {
        return read_plain(value);
    };
    let members = members.into_iter().map(|(name, value)| {
        let member = member_of(record, &name);
        let value = match record.member(&member) {
            Some(known) => read_shaped(&known.shape, value),
            None => read_plain(value),
        };
        (member, value)
    });
    Value::Record(members.collect())
}

/// The shop's name of an argument. Connections call the size of a page `first`.
fn member_of(record: &Record, argument: &str) -> String {
    if argument == "first" && record.member("limit").is_some() {
        return "limit".to_owned();
    }
    names::snake(argument)
}

fn read_shaped(shape: &Shape, value: GraphqlValue) -> Value {
    match (shape, value) {
        (Shape::Id { .. }, GraphqlValue::String(text)) => Value::Untyped(text),
        (Shape::Word(words), GraphqlValue::Enum(name)) => {
            let word = words.words.iter().find(|word| names::upper(word) == name.as_str());
            Value::text(word.map_or(name.as_str(), |word| word))
        }
        // A variable says an enum's word as a text.
        (Shape::Word(_), GraphqlValue::String(text)) => read_shaped(shape, GraphqlValue::Enum(Name::new(text))),
        (Shape::List { item, .. }, GraphqlValue::List(items)) => {
            Value::List(items.into_iter().map(|value| read_shaped(item, value)).collect())
        }
        // GraphQL section 3.11: a value where a list is wanted is a list of one.
        (Shape::List { item, .. }, value) if value != GraphqlValue::Null => {
            Value::List(vec![read_shaped(item, value)])
        }
        (Shape::Record(record), value) => read(record, value),
        (_, value) => read_plain(value),
    }
}

fn read_plain(value: GraphqlValue) -> Value {
    match value {
        GraphqlValue::Null | GraphqlValue::Binary(_) => Value::Null,
        GraphqlValue::Boolean(value) => Value::Bool(value),
        GraphqlValue::Number(number) => number.as_i64().map_or_else(|| Value::Fraction(number.to_string()), Value::Int),
        GraphqlValue::String(text) => Value::Text(text),
        GraphqlValue::Enum(name) => Value::text(name.as_str()),
        GraphqlValue::List(items) => Value::List(items.into_iter().map(read_plain).collect()),
        GraphqlValue::Object(members) => {
            Value::Record(members.into_iter().map(|(name, value)| (names::snake(&name), read_plain(value))).collect())
        }
    }
}

/// What the shop itself has against the inputs of a request whose types do not fit: every violation, where GraphQL's own
/// validation tells the first. Nothing, if the shop would take them.
pub fn objections(operation: &OperationDefinition, variables: &Variables) -> Option<Error> {
    let mut violations: Vec<Violation> = Vec::new();
    for selection in &operation.selection_set.node.items {
        let Selection::Field(field) = &selection.node else { continue };
        let Some(row) = schema::operation_of(operation.ty, &field.node.name.node) else { continue };
        // A variable that was not given is an argument that was not given (GraphQL section 6.4.1).
        let constant = |value: &async_graphql::parser::types::Value| match value {
            GraphqlVariable::Variable(name) => variables.get(name).cloned(),
            value => value.clone().into_const_with(|name| variables.get(&name).cloned().ok_or(())).ok(),
        };
        let arguments = field.node.arguments.iter();
        let mut given: Vec<_> = arguments.filter_map(|(name, value)| Some((&name.node, constant(&value.node)?))).collect();
        if row.kind == OperationKind::Command {
            // A mutation's members stand within its `input`; whatever stands beside it is none.
            let input = given.iter().position(|(name, _)| *name == "input").map(|position| given.swap_remove(position).1);
            if let Some(GraphqlValue::Object(members)) = input {
                let beside = given.into_iter().map(|(name, value)| (name.clone(), value));
                let all = members.into_iter().chain(beside).collect();
                violations.extend(refused(row, read(row.input, GraphqlValue::Object(all))));
                continue;
            }
        }
        let all = given.into_iter().map(|(name, value)| (name.clone(), value)).collect();
        violations.extend(refused(row, read(row.input, GraphqlValue::Object(all))));
    }
    (!violations.is_empty()).then(|| Error::violations(violations))
}

fn refused(row: &Operation, input: Value) -> Vec<Violation> {
    let read = match row.kind {
        OperationKind::Stream => operations::parse::<WatchEvents>(input).map(|_| ()),
        OperationKind::Query | OperationKind::Command => Call::parse(row.name, input).map(|_| ()),
    };
    read.err().map(|error| error.errors).unwrap_or_default()
}
