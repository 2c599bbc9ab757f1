//! From a pasted request to the calls that it makes: each root field is one. Its selection has no place in other styles and
//! is dropped.

use crate::contract::operations_of;
use crate::documents::syntax;
use crate::documents::values::{as_variables, input_of, root_type, value};
use crate::errors::Refusal;
use crate::messages::RequestParams;
use crate::service::transport;
use crate::{NAME, PATH};
use apollo_compiler::Node;
use apollo_compiler::ast::{Document, Field, OperationDefinition};
use apollo_compiler::response::JsonMap;
use async_graphql::parser::types::OperationType;
use async_graphql::{Name, Variables};
use domain::{Error, Operation, Reason, Value};
use wire::client::CallOptions;
use wire::request_text::{ParsedCalls, RequestText};
use wire::{CallRequest, IncomingRequest};

/// The keywords at the start of a document, unless it is the short form of a query (GraphQL section 2.3).
const OPENINGS: [&str; 4] = ["query", "mutation", "subscription", "fragment"];

/// The calls; `None` if the request is not GraphQL.
pub fn parse_request(pasted: &RequestText) -> ParsedCalls {
    let is_ours =
        pasted.is_at(PATH) || pasted.is_json_with(&["query", "type"]) || (pasted.is_bare() && is_document(pasted));
    is_ours.then(|| read(pasted))
}

fn is_document(pasted: &RequestText) -> bool {
    let text = std::str::from_utf8(&pasted.body).unwrap_or_default().trim();
    // In braces JSON has texts, and a selection has names.
    let is_short = text.strip_prefix('{').is_some_and(|rest| !rest.trim_start().starts_with(['"', '}']));
    is_short || OPENINGS.iter().any(|word| text.starts_with(word))
}

fn read(pasted: &RequestText) -> Result<Vec<CallRequest>, Error> {
    let mut pasted = pasted.clone();
    let params = if pasted.is_json_with(&["type"]) || pasted.messages().len() > 1 || is_subscribe(&pasted) {
        of_socket(&mut pasted)?
    } else if is_document(&pasted) {
        RequestParams { query: String::from_utf8_lossy(&pasted.body).into_owned(), ..RequestParams::default() }
    } else {
        transport::read(&pasted.request("application/json")?).map_err(|no_request| no_request.error)?
    };
    let options = CallOptions::from(pasted.request("application/json")?.context(NAME)?);
    calls(&params, &options)
}

fn is_subscribe(pasted: &RequestText) -> bool {
    let message = wire::json::read(&pasted.body).ok();
    message.is_some_and(|message| message.get("type").and_then(Value::as_text) == Some("subscribe"))
}

/// The call among the messages of a socket. The credentials of the first one are headers in other styles.
fn of_socket(pasted: &mut RequestText) -> Result<RequestParams, Error> {
    let (mut payload, mut params) = (Vec::new(), None);
    for message in pasted.messages() {
        let message = wire::json::read(message.as_bytes())?;
        match (message.get("type").and_then(Value::as_text), message.get("payload")) {
            (Some("connection_init"), Some(Value::Object(members))) => payload.extend(members.clone()),
            (Some("subscribe"), Some(payload)) => params = Some(RequestParams::read(payload.clone())?),
            _ => {}
        }
    }
    let texts = payload.iter().filter_map(|(name, value)| Some((name, value.as_text()?)));
    texts.for_each(|(name, value)| pasted.set(name, value));
    params.ok_or_else(|| Error::unreadable("none of the messages is of the type subscribe"))
}

fn calls(params: &RequestParams, options: &CallOptions) -> Result<Vec<CallRequest>, Error> {
    if params.query.is_empty() {
        return Err(Error::unreadable("a document that is only named can't be read: paste its text"));
    }
    let document = syntax::parse(&params.query).map_err(as_error)?;
    let operation = syntax::operation(&document, params.operation_name.as_deref());
    let unclear = || Error::unreadable("of the document's operations, operationName must say which one");
    let operation = operation.ok_or_else(unclear)?;
    let (root, variables) = (root_type(operation.operation_type), with_defaults(operation, &params.variables));
    let fields = syntax::fields(&document, &operation.selection_set);
    let call_request = |field: &&Node<Field>| {
        let row = operation_of(&document, root, field)?;
        Ok(CallRequest::with_options(row.name, input_of(row, field, &variables), options.clone()))
    };
    fields.into_iter().filter(|field| field.name != "__typename").map(|field| call_request(&field)).collect()
}

/// GraphQL section 6.1.2: an absent variable has its default.
fn with_defaults(operation: &OperationDefinition, given: &JsonMap) -> Variables {
    let mut variables = as_variables(given);
    for definition in &operation.variables {
        let default = definition.default_value.as_ref().and_then(|default| value(default).into_const());
        if let Some(default) = default {
            variables.entry(Name::new(&definition.name)).or_insert(default);
        }
    }
    variables
}

/// The operation of a field. An order with its user or its products is another operation than an order alone.
fn operation_of(document: &Document, root: OperationType, field: &Field) -> Result<&'static Operation, Error> {
    let mut rows = operations_of(root, &field.name);
    let plainest = rows.next();
    let below = below(document, field);
    let is_whole = below.iter().any(|one| one.name == "user" || (one.name == "lines" && has_product(document, one)));
    let fuller = rows.next().filter(|_| is_whole);
    let unknown =
        || Error::new(Reason::UnknownOperation, format!("no operation is the field \"{}\" of {root}", field.name));
    fuller.or(plainest).ok_or_else(unknown)
}

fn has_product(document: &Document, lines: &Field) -> bool {
    below(document, lines).iter().any(|field| field.name == "product")
}

fn below<'d>(document: &'d Document, field: &'d Field) -> Vec<&'d Node<Field>> {
    syntax::fields(document, field.selection_set.as_deref().unwrap_or_default())
}

fn as_error(refusal: Refusal) -> Error {
    let message = refusal.errors.first().map(|error| error.message.clone());
    Error::unreadable(message.unwrap_or_default())
}
