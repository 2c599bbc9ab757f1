//! From the values of a document and of its variables to the input of an operation.

use super::syntax;
use crate::SPELLING;
use crate::contract::operations_of;
use crate::messages::{RequestParams, input};
use apollo_compiler::ast::{Document, Field, OperationType as ParsedType, Value as ParsedValue};
use apollo_compiler::response::JsonMap;
use async_graphql::parser::types::OperationType;
use async_graphql::{Name, Number, Value as Constant, Variables, to_value};
use async_graphql_value::Value;
use domain::operations::OperationKind;
use domain::schema::Violation;
use domain::{Error, Operation};

/// The operation type of async-graphql.
pub fn root_type(parsed: ParsedType) -> OperationType {
    match parsed {
        ParsedType::Query => OperationType::Query,
        ParsedType::Mutation => OperationType::Mutation,
        ParsedType::Subscription => OperationType::Subscription,
    }
}

/// A value for async-graphql.
pub fn value(value: &ParsedValue) -> Value {
    match value {
        ParsedValue::Null => Value::Null,
        ParsedValue::Enum(name) => Value::Enum(Name::new(name)),
        ParsedValue::Variable(name) => Value::Variable(Name::new(name)),
        ParsedValue::String(text) => Value::String(text.clone()),
        ParsedValue::Boolean(is) => Value::Boolean(*is),
        ParsedValue::Int(number) => match number.as_str().parse::<i64>() {
            Ok(number) => Value::Number(number.into()),
            // Only an ID may be this large, and it is a text.
            Err(_) => Value::String(number.as_str().to_owned()),
        },
        ParsedValue::Float(number) => {
            number.try_to_f64().ok().and_then(Number::from_f64).map_or(Value::Null, Value::Number)
        }
        ParsedValue::List(items) => Value::List(items.iter().map(|item| self::value(item)).collect()),
        ParsedValue::Object(members) => {
            Value::Object(members.iter().map(|(name, member)| (Name::new(name), self::value(member))).collect())
        }
    }
}

/// The values of variables for async-graphql, which can represent all of JSON.
pub fn as_variables(values: &JsonMap) -> Variables {
    to_value(values).map(Variables::from_value).unwrap_or_default()
}

/// The input of the operation of a root field.
pub fn input_of(row: &Operation, field: &Field, variables: &Variables) -> domain::Value {
    let mut members = Vec::new();
    for argument in &field.arguments {
        // GraphQL section 6.4.1: an argument with an absent variable is absent.
        if argument.value.as_variable().is_some_and(|name| !variables.contains_key(name.as_str())) {
            continue;
        }
        let filled = |name: Name| Ok::<_, ()>(variables.get(&name).cloned().unwrap_or_default());
        match value(&argument.value).into_const_with(filled) {
            // The members of a mutation are in its `input`.
            Ok(Constant::Object(input)) if row.kind == OperationKind::Command && argument.name == "input" => {
                members.extend(input);
            }
            Ok(value) => members.push((Name::new(&argument.name), value)),
            Err(()) => {}
        }
    }
    input::read(row.input, Constant::Object(members.into_iter().collect()))
}

/// The shop's own violations of a request whose values have the wrong types. `None` if the shop would accept them.
pub fn violations_of(document: &Document, params: &RequestParams) -> Option<Error> {
    let operation = syntax::operation(document, params.operation_name.as_deref())?;
    let (root, variables) = (root_type(operation.operation_type), as_variables(&params.variables));
    let fields = syntax::fields(document, &operation.selection_set).into_iter();
    let violations = fields.flat_map(|field| {
        let Some(row) = operations_of(root, &field.name).next() else { return Vec::new() };
        let refused = (row.settle)(input_of(row, field, &variables), &SPELLING).err();
        stray(row, field).chain(refused.map(|error| error.errors).unwrap_or_default()).collect()
    });
    let violations: Vec<_> = violations.collect();
    (!violations.is_empty()).then(|| Error::violations(violations))
}

/// Arguments of a mutation other than its `input`, where its members belong.
fn stray(row: &Operation, field: &Field) -> impl Iterator<Item = Violation> {
    let strays =
        field.arguments.iter().filter(|argument| row.kind == OperationKind::Command && argument.name != "input");
    let message = format!("is not an argument of {}; put it into input", field.name);
    strays.map(move |argument| Violation { pointer: format!("/{}", argument.name), message: message.clone() })
}
