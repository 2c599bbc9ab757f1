//! Which questions does a pasted request ask? Each field of the root is one; what of the answer is wanted has no place elsewhere,
//! and stays behind.

use crate::documents::{parse, plain_operation};
use crate::errors::Refusal;
use crate::messages::Asked;
use crate::messages::input::asked_by;
use crate::schema::operations_of;
use crate::{NAME, PATH, service};
use async_graphql::parser::types::{
    ExecutableDocument, Field, OperationDefinition, OperationType, Selection, SelectionSet,
};
use async_graphql::{Positioned, Variables};
use domain::{Error, Operation, Reason, Value};
use wire::Ask;
use wire::client::Beside;
use wire::pasted::{Pasted, Questions};

/// The words with which a document begins, unless it is a query in short (GraphQL section 2.3).
const OPENINGS: [&str; 4] = ["query", "mutation", "subscription", "fragment"];

/// The questions; nothing, if it is not of this style.
pub fn understand(pasted: &Pasted) -> Questions {
    let is_ours =
        pasted.is_at(PATH) || pasted.is_json_with(&["query", "type"]) || (pasted.is_bare() && is_document(pasted));
    is_ours.then(|| read(pasted))
}

fn is_document(pasted: &Pasted) -> bool {
    let text = std::str::from_utf8(&pasted.body).unwrap_or_default().trim();
    // In braces JSON has texts, and a selection has names.
    let is_short = text.strip_prefix('{').is_some_and(|rest| !rest.trim_start().starts_with(['"', '}']));
    is_short || OPENINGS.iter().any(|word| text.starts_with(word))
}

fn read(pasted: &Pasted) -> Result<Vec<Ask>, Error> {
    let mut pasted = pasted.clone();
    let asked = if pasted.is_json_with(&["type"]) || pasted.messages().len() > 1 || says_subscribe(&pasted) {
        of_socket(&mut pasted)?
    } else if is_document(&pasted) {
        Asked { query: String::from_utf8_lossy(&pasted.body).into_owned(), ..Asked::default() }
    } else {
        let request = pasted.request("application/json")?;
        let read = if request.method() == "GET" { service::read_get } else { service::read_post };
        read(&request).map_err(|no_request| no_request.error)?
    };
    let beside = Beside::from(wire::meta(&pasted.request("application/json")?, NAME)?);
    asks(&asked, &beside)
}

fn says_subscribe(pasted: &Pasted) -> bool {
    let message = wire::json::read(&pasted.body).ok();
    message.is_some_and(|message| message.get("type").and_then(Value::as_text) == Some("subscribe"))
}

/// The question among the messages of a socket. What the first of them says of who asks, headers say otherwise.
fn of_socket(pasted: &mut Pasted) -> Result<Asked, Error> {
    let (mut said, mut asked) = (Vec::new(), None);
    for message in pasted.messages() {
        let message = wire::json::read(message.as_bytes())?;
        match (message.get("type").and_then(Value::as_text), message.get("payload")) {
            (Some("connection_init"), Some(Value::Record(members))) => said.extend(members.clone()),
            (Some("subscribe"), Some(payload)) => asked = Some(Asked::read(payload.clone())?),
            _ => {}
        }
    }
    let texts = said.iter().filter_map(|(name, value)| Some((name, value.as_text()?)));
    texts.for_each(|(name, value)| pasted.say(name, value));
    asked.ok_or_else(|| Error::unreadable("none of the messages is of the type subscribe"))
}

fn asks(asked: &Asked, beside: &Beside) -> Result<Vec<Ask>, Error> {
    if asked.query.is_empty() {
        return Err(Error::unreadable("a document that is only named can't be read: paste its text"));
    }
    let document = parse(&asked.query).map_err(as_error)?;
    let operation = chosen(&document.parsed, asked.operation_name.as_deref())?;
    let variables = with_defaults(operation, &asked.variables);
    let mut fields = Vec::new();
    collect(&document.parsed, &operation.selection_set.node, &mut fields);
    let ask = |field: &&Positioned<Field>| {
        let row = operation_of(&document.parsed, operation.ty, field)?;
        Ok(Ask::beside(row.name, asked_by(row, &field.node, &variables), beside.clone()))
    };
    fields.iter().filter(|field| field.node.name.node != "__typename").map(ask).collect()
}

/// GraphQL section 6.1: the operation of that name, or the only one.
fn chosen<'d>(document: &'d ExecutableDocument, name: Option<&str>) -> Result<&'d OperationDefinition, Error> {
    let is_it = |said: Option<&async_graphql::Name>| name.is_none() || said.map(|said| said.as_str()) == name;
    let mut fitting = document.operations.iter().filter(|(said, _)| is_it(*said));
    match (fitting.next(), fitting.next()) {
        (Some((_, operation)), None) => Ok(&operation.node),
        _ => Err(Error::unreadable("of the document's operations, operationName must say which one")),
    }
}

/// GraphQL section 6.1.2: what is not given has its default.
fn with_defaults(operation: &OperationDefinition, given: &Variables) -> Variables {
    let mut variables = given.clone();
    for definition in &operation.variable_definitions {
        if let Some(default) = &definition.node.default_value {
            variables.entry(definition.node.name.node.clone()).or_insert_with(|| default.node.clone());
        }
    }
    variables
}

/// The fields of a selection, those of its fragments among them. The parsed document is known to spread none within itself.
fn collect<'d>(
    document: &'d ExecutableDocument,
    selections: &'d SelectionSet,
    fields: &mut Vec<&'d Positioned<Field>>,
) {
    for selection in &selections.items {
        match &selection.node {
            Selection::Field(field) => fields.push(field),
            Selection::InlineFragment(fragment) => collect(document, &fragment.node.selection_set.node, fields),
            Selection::FragmentSpread(spread) => {
                if let Some(fragment) = document.fragments.get(&spread.node.fragment_name.node) {
                    collect(document, &fragment.node.selection_set.node, fields);
                }
            }
        }
    }
}

/// The operation that a field is: the one that answers it, where the shop alone does. Else, an order with its user or its products
/// is told by another one than an order alone.
fn operation_of(
    document: &ExecutableDocument,
    root: OperationType,
    field: &Positioned<Field>,
) -> Result<&'static Operation, Error> {
    if let Some(plain) = plain_operation(document, root, field) {
        return Ok(plain);
    }
    let name = field.node.name.node.as_str();
    let mut rows = operations_of(root, name);
    let plainest = rows.next();
    let fuller = rows.next().filter(|_| wants(document, field, "user") || wants_of_lines(document, field));
    let unknown = || Error::new(Reason::UnknownOperation, format!("no operation is the field \"{name}\" of {root}"));
    fuller.or(plainest).ok_or_else(unknown)
}

fn wants(document: &ExecutableDocument, field: &Positioned<Field>, name: &str) -> bool {
    below(document, field).iter().any(|field| field.node.name.node == name)
}

fn wants_of_lines(document: &ExecutableDocument, field: &Positioned<Field>) -> bool {
    let below = below(document, field);
    let mut lines = below.iter().filter(|field| field.node.name.node == "lines");
    lines.any(|lines| wants(document, lines, "product"))
}

fn below<'d>(document: &'d ExecutableDocument, field: &'d Positioned<Field>) -> Vec<&'d Positioned<Field>> {
    let mut fields = Vec::new();
    collect(document, &field.node.selection_set.node, &mut fields);
    fields
}

fn as_error(refusal: Refusal) -> Error {
    let message = refusal.errors.first().map(|error| error.message.clone());
    Error::unreadable(message.unwrap_or_default())
}
