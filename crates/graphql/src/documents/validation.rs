//! Validating a document (GraphQL section 5) and the values of its variables (section 6.1.2) against the schema, by apollo-compiler:
//! async-graphql's validation accepts documents that the specification forbids.

use super::patches::{duplicate_member, with_one_subscription, without_null_defaults};
use super::syntax;
use super::values::violations_of;
use crate::contract::{SCHEMA, field_of};
use crate::errors::Refusal;
use crate::messages::RequestParams;
use apollo_compiler::ExecutableDocument;
use apollo_compiler::ast::Document;
use apollo_compiler::executable::Operation;
use apollo_compiler::parser::{SourceMap, SourceSpan};
use apollo_compiler::request::coerce_variable_values;
use apollo_compiler::response::JsonMap;
use apollo_compiler::schema::ExtendedType;
use apollo_compiler::validation::{DiagnosticList, Valid};
use async_graphql::Pos;
use domain::schema::names::{did_you_mean, similar};
use domain::{Error, Operation as Row, Reason};
use wire::names::snake;

/// The names of apollo-compiler's errors about values, which have the kind `invalid`. It keeps the types of
/// its errors private, but not their names; a test covers each of them.
const OF_VALUES: &[&str] = &[
    "UnsupportedValueType",
    "IntCoercionError",
    "UndefinedEnumValue",
    "UndefinedInputValue",
    "UndefinedArgument",
    "RequiredArgument",
    "RequiredField",
];

/// The document, if it is valid. The shop reports every violation of a document's values, so those of the variables are
/// validated too.
pub fn validate(document: &Document, params: &RequestParams) -> Result<Valid<ExecutableDocument>, Refusal> {
    let valid = without_null_defaults(document).to_executable_validate(&SCHEMA).or_else(with_one_subscription);
    let valid = valid.map_err(|errors| refusal(&errors, document, params))?;
    if let Some(name) = duplicate_member(&valid) {
        let error = Error::new(Reason::UnknownOperation, format!("the input field \"{name}\" is given twice"));
        return Err(Refusal::at(&error, position(&document.sources, name.location())));
    }
    Ok(valid)
}

fn refusal(errors: &DiagnosticList, document: &Document, params: &RequestParams) -> Refusal {
    let names = errors.iter().map(|error| error.error.unstable_error_name());
    if !names.into_iter().all(|name| name.is_some_and(|name| OF_VALUES.contains(&name))) {
        let mut refusal = syntax::refusal(Reason::UnknownOperation, errors);
        for error in &mut refusal.errors {
            let meant = did_you_mean(similar_field(&error.message));
            error.message.push_str(&meant);
        }
        return refusal;
    }
    let mut refusal = syntax::refusal(Reason::InvalidInput, errors);
    if let Some(error) = violations_of(document, params) {
        let mut locations: Vec<_> = refusal.errors.into_iter().flat_map(|error| error.locations).collect();
        locations.dedup();
        refusal = Refusal::at(&error, locations);
    }
    refusal
}

/// The name that an unknown field of a type is likely to mean. apollo-compiler names both only in its message; a test covers it.
fn similar_field(message: &str) -> Option<&'static str> {
    let (name, field) = message.strip_prefix("type `")?.strip_suffix('`')?.split_once("` does not have a field `")?;
    let ExtendedType::Object(object) = SCHEMA.types.get(name)? else { return None };
    let known = || object.fields.keys().map(|known| known.as_str());
    // Other styles have the operation's name where the graph has a field.
    let by_operation = Row::find(&snake(field)).map(field_of);
    known().find(|known| by_operation.as_deref() == Some(known)).or_else(|| similar(field, known()))
}

/// GraphQL section 6.1.2, CoerceVariableValues: the values, with defaults for absent ones.
pub fn coerce(document: &Document, operation: &Operation, params: &RequestParams) -> Result<Valid<JsonMap>, Refusal> {
    coerce_variable_values(&SCHEMA, operation, &params.variables).map_err(|error| {
        let place = position(&document.sources, error.location());
        let other = || Error::new(Reason::InvalidInput, error.message().to_string());
        Refusal::at(&violations_of(document, params).unwrap_or_else(other), place)
    })
}

fn position(sources: &SourceMap, span: Option<SourceSpan>) -> Vec<Pos> {
    let at = span.and_then(|span| span.line_column(sources));
    at.map(|at| Pos { line: at.line, column: at.column }).into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::Kind;

    fn kind(query: &str) -> Option<Kind> {
        let document = syntax::parse(query).unwrap();
        validate(&document, &RequestParams::default()).err().map(|refusal| refusal.kind)
    }

    #[test]
    fn errors_about_values_are_distinguished() {
        for invalid in [
            "{ user(id: true) { name } }",
            "{ users(first: 3000000000) { nodes { id } } }",
            "{ orders(status: LOST) { nodes { id } } }",
            "{ orders(status: \"PAID\") { nodes { id } } }",
            "mutation { deleteUser(input: {id: 1, colour: 1}) { deletedUserId } }",
            "{ user(id: 1, colour: 1) { name } }",
            "{ user { name } }",
            "mutation { deleteUser(input: {}) { deletedUserId } }",
        ] {
            assert_eq!(kind(invalid), Some(Kind::Invalid), "{invalid}");
        }
        for other in [
            "{ user(id: true) { nothing } }",
            "{ nothing }",
            "query($a: String) { user(id: $a) { name } }",
            "query($a: ID = null) { user(id: $a) { name } }",
            "{ a: user(id: 1) { name } a: user(id: 2) { name } }",
            "mutation { deleteUser(input: {id: 1, id: 2}) { deletedUserId } }",
            "subscription { orderEvents { seq } a: orderEvents { seq } }",
        ] {
            assert_eq!(kind(other), Some(Kind::UnknownOperation), "{other}");
        }
    }

    #[test]
    fn each_error_appears_once_and_with_a_hint() {
        let errors = |query: &str| {
            let refusal = validate(&syntax::parse(query).unwrap(), &RequestParams::default()).unwrap_err();
            refusal.errors.into_iter().map(|error| (error.message, error.locations.len())).collect::<Vec<_>>()
        };
        let user = errors("{ usr(id: 1) { name } }");
        assert!(user[0].0.ends_with(" (did you mean user?)"), "{user:?}");
        assert!(!errors("{ user(id: 1) { xyzzy } }")[0].0.contains("mean"));
        assert_eq!(errors("{ me { role @aa @aa @aa } }").iter().map(|(_, places)| *places).collect::<Vec<_>>(), [3]);
    }

    #[test]
    fn what_is_valid_passes() {
        for valid in [
            "{ user(id: 1) { name } user(id: 1) { email } }",
            "query($a: Int = null) { users(first: $a) { nodes { id } } }",
            "subscription { orderEvents { seq } ...F } fragment F on Subscription { orderEvents { kind } }",
            "\"What.\" query A(\"Which.\" $a: ID!) { user(id: $a) { name } }",
        ] {
            assert_eq!(kind(valid), None, "{valid}");
        }
    }
}
