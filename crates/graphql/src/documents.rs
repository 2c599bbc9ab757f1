//! Which documents are answered: the client writes the question, so it is measured, parsed and validated before any of it is executed,
//! and kept, as programs ask the same again.

use crate::errors::Refusal;
use crate::events::Told;
use crate::messages::{Asked, Extensions, write};
use crate::schema::{self, loaders::loaders};
use apollo_compiler::ExecutableDocument;
use apollo_compiler::ast::Document;
use apollo_compiler::response::JsonMap;
use apollo_compiler::response::serde_json_bytes::{Value as Json, from_value};
use apollo_compiler::validation::Valid;
use async_graphql::parser::types::{DocumentOperations, ExecutableDocument as Executed};
use async_graphql::parser::types::{OperationDefinition, OperationType};
use async_graphql::{Name, Pos, Positioned, Request, Response, ServerError, Value, Variables};
use domain::{Error, Reason, RequestContext, Shop};
use futures_util::stream::{BoxStream, once};
use futures_util::{FutureExt, StreamExt};
use patches::{collect_fields, introspection, response_order};
use quick_cache::sync::Cache;
use std::collections::HashMap;
use std::sync::{Arc, LazyLock};

mod cost;
mod hints;
mod limits;
mod patches;
mod persisted;
pub mod syntax;
pub mod validation;

pub use patches::collect_fields::value;
pub use persisted::{name_among, name_of};

/// Documents that are kept.
const DOCUMENTS_MAX: usize = 256;
/// Bytes of a document that is kept: those of programs are smaller, and what people type once need not be kept.
const KEPT_BYTES_MAX: usize = 8 * 1024;

static CACHE: LazyLock<Cache<Arc<str>, Arc<Known>>> = LazyLock::new(|| Cache::new(DOCUMENTS_MAX));

/// A document that was parsed and is valid.
struct Known {
    parsed: Document,
    valid: Valid<ExecutableDocument>,
    /// Its operations as they are executed, by name, where no directive asks for variables.
    operations: HashMap<Option<String>, Arc<OperationDefinition>>,
}

/// A question that can be answered.
pub struct Prepared {
    operation: Arc<OperationDefinition>,
    variables: Variables,
    /// What of the answer is known already: that about the schema.
    known: Vec<(Name, Value)>,
    /// What it costs at most.
    cost: usize,
    /// Whether each field looks up for itself what it needs.
    one_by_one: bool,
    shop: Shop,
    meta: RequestContext,
}

/// Makes what was asked ready to be executed, or says why it will not be.
pub fn prepare(asked: &Asked, shop: &Shop, meta: &RequestContext) -> Result<Prepared, Refusal> {
    let text = persisted::text(asked, shop)?;
    let document = document(&text, asked)?;
    persisted::keep(asked, text);
    let name = asked.operation_name.as_deref();
    let found = document.valid.operations.get(name).map_err(|_| no_operation(name))?;
    let coerced = validation::coerce(&document.parsed, found, name, &asked.variables)?;
    let variables = as_variables(&coerced);
    let own_name = found.name.as_ref().map(|name| name.to_string());
    let known = document.operations.get(&own_name).cloned();
    let collected = || Arc::new(collect_fields::collect(&document.valid, found, &variables));
    let operation = known.unwrap_or_else(collected);
    let cost = cost::of(&operation, &variables)?;
    let known = introspection::answer(&document.valid, found, &operation, &coerced)?;
    Ok(Prepared { operation, variables, known, cost, one_by_one: false, shop: shop.clone(), meta: meta.clone() })
}

/// The document, parsed and valid.
fn document(text: &Arc<str>, asked: &Asked) -> Result<Arc<Known>, Refusal> {
    if let Some(known) = CACHE.get(text) {
        return Ok(known);
    }
    let parsed = syntax::parse(text)?;
    let valid = validation::validate(&parsed, asked.operation_name.as_deref(), &asked.variables)?;
    let fixed = valid.operations.iter().filter_map(|operation| {
        let name = operation.name.as_ref().map(|name| name.to_string());
        collect_fields::collect_fixed(&valid, operation).map(|collected| (name, Arc::new(collected)))
    });
    let operations = fixed.collect();
    let known = Arc::new(Known { parsed, valid, operations });
    if text.len() <= KEPT_BYTES_MAX {
        CACHE.insert(text.clone(), known.clone());
    }
    Ok(known)
}

fn no_operation(name: Option<&str>) -> Refusal {
    let message = match name {
        Some(name) => format!("the document has no operation \"{}\"", domain::value::shown(name)),
        None => "the document has several operations, so operationName must say which".to_owned(),
    };
    Error::new(Reason::UnknownOperation, message).into()
}

/// The values of variables as async-graphql has them. JSON is what it reads, so that can't fail.
pub fn as_variables(values: &JsonMap) -> Variables {
    from_value::<Value>(Json::Object(values.clone())).map(Variables::from_value).unwrap_or_default()
}

impl Prepared {
    /// Whether it looks, changes or streams.
    pub fn kind(&self) -> OperationType {
        self.operation.ty
    }

    /// The same, where each field asks for itself what it needs.
    pub fn one_by_one(self) -> Self {
        Prepared { one_by_one: true, ..self }
    }

    /// The answer of a query or a mutation, as it is sent.
    pub async fn answer(mut self) -> Result<String, Refusal> {
        schema::introduce(&self.shop, &self.meta).await;
        let mut response = match self.request() {
            Some(request) => schema::graph().execute(request).await,
            None => Response::new(Value::Object(Default::default())),
        };
        self.complete(&mut response)?;
        Ok(write(&response))
    }

    /// The answers, one after the other: of a subscription there is no end. It tells how far it has come.
    pub fn answers(mut self, told: Told) -> BoxStream<'static, Result<String, Refusal>> {
        if self.kind() != OperationType::Subscription {
            return once(self.answer()).boxed();
        }
        let begun = async move {
            schema::introduce(&self.shop, &self.meta).await;
            let request = self.request().unwrap_or_else(|| Request::new("")).data(told);
            schema::graph().execute_stream(request).map(move |mut response| {
                self.complete(&mut response)?;
                Ok(write(&response))
            })
        };
        begun.flatten_stream().boxed()
    }

    /// The question, as async-graphql is asked; nothing, if all of the answer is known.
    fn request(&mut self) -> Option<Request> {
        let mut operation = (*self.operation).clone();
        operation.selection_set.node.items.retain(|item| !introspection::is_about_schema(&item.node));
        if operation.selection_set.node.items.is_empty() {
            return None;
        }
        let mut request = Request::new("").variables(std::mem::take(&mut self.variables));
        let loaders = loaders(&self.shop, &self.meta, self.one_by_one);
        request = request.data(self.shop.clone()).data(self.meta.clone()).data(loaders);
        let operations = DocumentOperations::Single(Positioned::new(operation, Pos::default()));
        request.set_parsed_query(Executed { operations, fragments: HashMap::new() });
        Some(request)
    }

    /// Puts the answer in the order of the question and adds what it took. GraphQL section 6.2.3.1: where a stream could not be
    /// begun or goes on no more, that is a request error.
    fn complete(&mut self, response: &mut Response) -> Result<(), Refusal> {
        for error in response.errors.iter_mut().filter(|error| error.extensions.is_none()) {
            error.extensions = Some(crate::errors::extensions(&Error::new(Reason::InvalidInput, String::new())));
        }
        if self.kind() == OperationType::Subscription {
            let is_told = response.errors.is_empty() || response.data != Value::Null;
            let errors = |response: &mut Response| std::mem::take(&mut response.errors);
            return if is_told { Ok(()) } else { Err(refusal(errors(response))) };
        }
        if let Value::Object(members) = &mut response.data {
            members.extend(std::mem::take(&mut self.known));
        }
        response_order::arrange(&mut response.data, &self.operation.selection_set.node);
        response.extensions.extend(self.options());
        Ok(())
    }

    /// What the answer took.
    fn options(&self) -> Extensions {
        let lookups = self.meta.response.lookups() as usize;
        let options = [("cost", self.cost), ("costMax", cost::COST_MAX), ("lookups", lookups)];
        options.map(|(name, number)| (name.to_owned(), number.into())).into()
    }
}

fn refusal(errors: Vec<ServerError>) -> Refusal {
    Refusal { kind: Reason::UnknownOperation.kind(), errors }
}
