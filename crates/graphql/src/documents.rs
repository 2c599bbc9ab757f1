//! Prepares documents: a document is measured, parsed and validated before anything is executed, and cached, because programs send
//! the same one again.

use crate::errors::Refusal;
use crate::events::Progress;
use crate::messages::{Extensions, RequestParams, write};
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

/// Documents in the cache.
const DOCUMENTS_MAX: usize = 256;
/// Maximum bytes of a cached document: those of programs are smaller, and what people type once need not be cached.
const CACHED_DOCUMENT_BYTES_MAX: usize = 8 * 1024;

static CACHE: LazyLock<Cache<Arc<str>, Arc<CachedDocument>>> = LazyLock::new(|| Cache::new(DOCUMENTS_MAX));

/// A parsed and valid document.
struct CachedDocument {
    parsed: Document,
    valid: Valid<ExecutableDocument>,
    /// Its operations for the executor, by name, if no directive depends on variables.
    operations: HashMap<Option<String>, Arc<OperationDefinition>>,
}

/// A request that can be executed.
pub struct Prepared {
    operation: Arc<OperationDefinition>,
    variables: Variables,
    /// The part of the response that is known before: introspection.
    known: Vec<(Name, Value)>,
    /// Its cost, at most.
    cost: usize,
    /// Whether each field loads its own data.
    one_by_one: bool,
    shop: Shop,
    context: RequestContext,
}

/// Prepares a request for execution, or returns the request error.
pub fn prepare(params: &RequestParams, shop: &Shop, context: &RequestContext) -> Result<Prepared, Refusal> {
    let text = persisted::text(params, shop)?;
    let document = document(&text, params)?;
    persisted::keep(params, text);
    let name = params.operation_name.as_deref();
    let found = document.valid.operations.get(name).map_err(|_| no_operation(name))?;
    let coerced = validation::coerce(&document.parsed, found, name, &params.variables)?;
    let variables = as_variables(&coerced);
    let own_name = found.name.as_ref().map(|name| name.to_string());
    let known = document.operations.get(&own_name).cloned();
    let collected = || Arc::new(collect_fields::collect(&document.valid, found, &variables));
    let operation = known.unwrap_or_else(collected);
    let cost = cost::of(&operation, &variables)?;
    let known = introspection::answer(&document.valid, found, &operation, &coerced)?;
    Ok(Prepared { operation, variables, known, cost, one_by_one: false, shop: shop.clone(), context: context.clone() })
}

/// The parsed and valid document.
fn document(text: &Arc<str>, params: &RequestParams) -> Result<Arc<CachedDocument>, Refusal> {
    if let Some(known) = CACHE.get(text) {
        return Ok(known);
    }
    let parsed = syntax::parse(text)?;
    let valid = validation::validate(&parsed, params.operation_name.as_deref(), &params.variables)?;
    let fixed = valid.operations.iter().filter_map(|operation| {
        let name = operation.name.as_ref().map(|name| name.to_string());
        collect_fields::collect_fixed(&valid, operation).map(|collected| (name, Arc::new(collected)))
    });
    let operations = fixed.collect();
    let known = Arc::new(CachedDocument { parsed, valid, operations });
    if text.len() <= CACHED_DOCUMENT_BYTES_MAX {
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

/// The values of variables for async-graphql. It reads JSON, so this can't fail.
pub fn as_variables(values: &JsonMap) -> Variables {
    from_value::<Value>(Json::Object(values.clone())).map(Variables::from_value).unwrap_or_default()
}

impl Prepared {
    /// Whether it is a query, a mutation or a subscription.
    pub fn kind(&self) -> OperationType {
        self.operation.ty
    }

    /// The same, with each field loading its own data.
    pub fn one_by_one(self) -> Self {
        Prepared { one_by_one: true, ..self }
    }

    /// The response to a query or a mutation.
    pub async fn answer(mut self) -> Result<String, Refusal> {
        schema::introduce(&self.shop, &self.context).await;
        let mut response = match self.request() {
            Some(request) => schema::graph().execute(request).await,
            None => Response::new(Value::Object(Default::default())),
        };
        self.complete(&mut response)?;
        Ok(write(&response))
    }

    /// The responses of a stream, one after the other; a subscription has no end. `progress` records the cursor.
    pub fn answers(mut self, progress: Progress) -> BoxStream<'static, Result<String, Refusal>> {
        if self.kind() != OperationType::Subscription {
            return once(self.answer()).boxed();
        }
        let started = async move {
            schema::introduce(&self.shop, &self.context).await;
            let request = self.request().unwrap_or_else(|| Request::new("")).data(progress);
            schema::graph().execute_stream(request).map(move |mut response| {
                self.complete(&mut response)?;
                Ok(write(&response))
            })
        };
        started.flatten_stream().boxed()
    }

    /// The request for async-graphql; `None` if the whole response is known.
    fn request(&mut self) -> Option<Request> {
        let mut operation = (*self.operation).clone();
        operation.selection_set.node.items.retain(|item| !introspection::is_about_schema(&item.node));
        if operation.selection_set.node.items.is_empty() {
            return None;
        }
        let mut request = Request::new("").variables(std::mem::take(&mut self.variables));
        let loaders = loaders(&self.shop, &self.context, self.one_by_one);
        request = request.data(self.shop.clone()).data(self.context.clone()).data(loaders);
        let operations = DocumentOperations::Single(Positioned::new(operation, Pos::default()));
        request.set_parsed_query(Executed { operations, fragments: HashMap::new() });
        Some(request)
    }

    /// Orders the response as the query is, and adds its cost. GraphQL section 6.2.3.1: a stream that can't start or continue
    /// is a request error.
    fn complete(&mut self, response: &mut Response) -> Result<(), Refusal> {
        for error in response.errors.iter_mut().filter(|error| error.extensions.is_none()) {
            error.extensions = Some(crate::errors::extensions(&Error::new(Reason::InvalidInput, String::new())));
        }
        if self.kind() == OperationType::Subscription {
            let has_result = response.errors.is_empty() || response.data != Value::Null;
            let errors = |response: &mut Response| std::mem::take(&mut response.errors);
            return if has_result { Ok(()) } else { Err(refusal(errors(response))) };
        }
        if let Value::Object(members) = &mut response.data {
            members.extend(std::mem::take(&mut self.known));
        }
        response_order::arrange(&mut response.data, &self.operation.selection_set.node);
        response.extensions.extend(self.options());
        Ok(())
    }

    /// The cost of the response.
    fn options(&self) -> Extensions {
        let lookups = self.context.response.lookups() as usize;
        let options = [("cost", self.cost), ("costMax", cost::COST_MAX), ("lookups", lookups)];
        options.map(|(name, number)| (name.to_owned(), number.into())).into()
    }
}

fn refusal(errors: Vec<ServerError>) -> Refusal {
    Refusal { kind: Reason::UnknownOperation.kind(), errors }
}
