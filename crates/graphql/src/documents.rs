//! Which documents are answered? Here the client writes the question, so its size is bounded before any of it is executed;
//! and as parsing is half of a query's cost, documents that come again are parsed once.

use crate::errors::Refusal;
use crate::messages::input::objections;
use crate::messages::{Asked, Extensions};
use crate::schema::loaders::Loaders;
use crate::schema::{self, Graph};
use async_graphql::parser::types::{OperationDefinition, OperationType};
use async_graphql::{Response, ServerError, Variables};
use cache::Document;
use direct::Plan;
use domain::meta::Notes;
use domain::{Error, Meta, Reason, Shop};
use std::sync::Arc;

mod arrange;
mod cache;
mod cost;
mod direct;
mod merged;
mod older;
mod persisted;
mod prepared;
mod recent;
mod sound;
mod tokens;
mod variables;
mod weight;

pub use cache::parse;
pub use direct::plain_operation;
pub use persisted::{name_among, name_of};
pub use prepared::Prepared;

/// What was asked.
pub struct Question {
    document: Arc<Document>,
    operation_name: Option<String>,
    variables: Variables,
    /// Whether nothing can be said against it: it is known to be valid, and the variables fit.
    is_valid: bool,
    /// What it costs at most.
    cost: usize,
    /// What the door notes on it, such as how often the store was asked.
    notes: Notes,
    loaders: Arc<Loaders>,
}

/// Makes what was asked ready to be executed, or says why it will not be.
pub fn prepare(asked: Asked, shop: &Shop, meta: &Meta) -> Result<Prepared, Refusal> {
    let document = persisted::document(&asked, shop)?;
    let Asked { operation_name, variables, .. } = asked;
    let (notes, loaders) = (meta.notes.clone(), Arc::new(Loaders::default()));
    let mut question = Question { document, operation_name, variables, is_valid: false, cost: 0, notes, loaders };
    let operation = question.operation().ok_or_else(|| question.no_operation())?;
    check_variables(operation, &question.variables)?;
    let is_valid = question.document.is_valid() && variables::fit(operation, &question.variables);
    question.cost = cost::of(&question.document.parsed, operation, &question.variables)?;
    question.is_valid = is_valid;
    Ok(Prepared::new(question, shop.clone(), meta.clone()))
}

impl Question {
    /// Whether it looks, changes or streams.
    pub fn kind(&self) -> OperationType {
        self.operation().map_or(OperationType::Query, |operation| operation.ty)
    }

    /// The graph that answers it: one that does not validate again what is known to be valid.
    fn graph(&self) -> &'static Graph {
        if self.is_valid { schema::graph_of_valid() } else { schema::graph() }
    }

    /// How it is answered without the graph, if it is valid and plain.
    fn plan(&self) -> Option<&Plan> {
        self.document.plan().filter(|_| self.is_valid)
    }

    /// Remembers that the document is valid. Where a variable had no value, arguments with it were not looked at.
    fn is_found_valid(&self) {
        let Some(operation) = self.operation().filter(|_| !self.document.is_valid()) else { return };
        let is_only_one = self.document.parsed.operations.iter().count() == 1;
        let mut declared = operation.variable_definitions.iter();
        if is_only_one && declared.all(|one| self.variables.contains_key(&one.node.name.node)) {
            self.document.set_valid(operation);
        }
    }

    /// GraphQL section 6.1: the operation of that name, or the only one.
    fn operation(&self) -> Option<&OperationDefinition> {
        let mut operations = self.document.parsed.operations.iter();
        let chosen = match &self.operation_name {
            Some(wanted) => operations.find(|(name, _)| name.is_some_and(|name| name.as_str() == wanted)),
            None if operations.len() == 1 => operations.next(),
            None => None,
        };
        chosen.map(|(_, operation)| &operation.node)
    }

    fn no_operation(&self) -> Refusal {
        let message = match &self.operation_name {
            Some(name) => format!("the document has no operation \"{}\"", domain::value::shown(name)),
            None => "the document has several operations, so operationName must say which".to_owned(),
        };
        Error::new(Reason::UnknownOperation, message).into()
    }

    /// The response, if the document was executed. If it was not, async-graphql says so by an error without a path; GraphQL
    /// section 6.2.3.1 has it so too where a stream could not be begun or goes on no more.
    fn settle(&self, mut response: Response) -> Result<Response, Refusal> {
        let in_field = response.errors.iter().any(|error| !error.path.is_empty());
        let executed = in_field && self.kind() != OperationType::Subscription;
        if executed || response.errors.is_empty() || response.data != async_graphql::Value::Null {
            response.errors.iter_mut().for_each(|error| complete(error, Reason::InvalidInput));
            self.is_found_valid();
            self.say_beside(&mut response);
            return Ok(response);
        }
        Err(self.refuse(response.errors))
    }

    /// Puts the answer in the order of the question, and adds what it took. News have no such end.
    fn say_beside(&self, response: &mut Response) {
        let Some(operation) = self.operation().filter(|operation| operation.ty != OperationType::Subscription) else {
            return;
        };
        if self.loaders.has_waited() || self.notes.has_waited() {
            arrange::arrange(&mut response.data, &self.document.parsed, &operation.selection_set.node);
        }
        response.extensions.extend(self.beside());
    }

    /// What the answer took.
    fn beside(&self) -> Extensions {
        let beside = [("cost", self.cost), ("costMax", cost::COST_MAX), ("lookups", self.notes.lookups() as usize)];
        beside.map(|(name, number)| (name.to_owned(), number.into())).into()
    }

    /// A request error. Where the types of the input are what is wrong, the shop tells all that is wrong with it.
    fn refuse(&self, mut errors: Vec<ServerError>) -> Refusal {
        let reason = match () {
            () if errors.iter().all(is_about_input) => Reason::InvalidInput,
            () => Reason::UnknownOperation,
        };
        if reason == Reason::InvalidInput
            && let Some(error) = self.operation().and_then(|o| objections(o, &self.variables))
        {
            let mut locations: Vec<_> = errors.into_iter().flat_map(|error| error.locations).collect();
            locations.dedup();
            return Refusal::at(&error, locations);
        }
        errors.iter_mut().for_each(|error| complete(error, reason));
        Refusal { kind: reason.kind(), errors }
    }
}

/// Adds what every error of ours says, where async-graphql made it.
fn complete(error: &mut ServerError, reason: Reason) {
    if error.extensions.is_none() {
        error.extensions = Some(crate::errors::extensions(&Error::new(reason, String::new())));
    }
}

/// Whether the error (worded by async-graphql) is about the values of arguments.
fn is_about_input(error: &ServerError) -> bool {
    let message = &error.message;
    ["Invalid value for argument", "Unknown argument", "Expected input type"].iter().any(|is| message.starts_with(is))
        || (message.starts_with("Field ") && message.ends_with("is required but not provided"))
}

/// GraphQL section 6.1.2: a variable that may not be null is there and is not, or nothing is executed.
fn check_variables(operation: &OperationDefinition, variables: &Variables) -> Result<(), Refusal> {
    for definition in &operation.variable_definitions {
        let (name, wanted) = (&definition.node.name.node, &definition.node.var_type.node);
        let missing = match variables.get(name) {
            None => definition.node.default_value.is_none(),
            Some(value) => *value == async_graphql::Value::Null,
        };
        if missing && !wanted.nullable {
            let error = objections(operation, variables).unwrap_or_else(|| {
                Error::new(Reason::InvalidInput, format!("variable ${name} of type {wanted} is required"))
            });
            return Err(Refusal::at(&error, vec![definition.pos]));
        }
    }
    Ok(())
}

fn too_large(what: &str, is: usize, max: usize) -> Refusal {
    Error::new(Reason::TooLarge, format!("a document has at most {max} {what}, this one has {is}")).into()
}
