//! Prepares documents: a document is measured, parsed and validated before anything is executed, and cached, because programs send
//! the same one again.

use crate::errors::{Refusal, extensions};
use crate::messages::{RequestParams, write};
use crate::schema::subscription::Progress;
use crate::schema::{graph, loaders::loaders};
use async_graphql::parser::types::{DocumentOperations, ExecutableDocument, OperationDefinition, OperationType};
use async_graphql::{Name, Pos, Positioned, Request, Response, Value, Variables};
use domain::faults::ResponseFault;
use domain::{Error, Reason, RequestContext, Shop};
use futures_util::stream::{BoxStream, once};
use futures_util::{FutureExt, StreamExt};
use patches::{is_introspection, put_in_order};
use std::collections::HashMap;
use std::mem::take;
use std::sync::Arc;
use wire::latency::hold;

mod cache;
mod cost;
mod patches;
pub mod syntax;
mod validation;
pub mod values;

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

/// A result of an operation, of which more may follow.
pub struct Answer {
    /// The response, or a request error, which is the last.
    pub result: Result<String, Refusal>,
    /// How much of it is sent.
    pub fault: ResponseFault,
    /// The cursor of the client, once this is sent.
    pub cursor: Option<i32>,
}

/// Prepares a request for execution, or returns the request error.
pub fn prepare(params: &RequestParams, shop: &Shop, context: &RequestContext) -> Result<Prepared, Refusal> {
    let document = cache::document(params, shop)?;
    let name = params.operation_name.as_deref();
    let found = document.valid.operations.get(name).map_err(|_| no_operation(name))?;
    let coerced = validation::coerce(&document.parsed, found, params)?;
    let variables = values::as_variables(&coerced);
    let operation = document.operation(found, &variables);
    let cost = cost::of(&operation, &variables)?;
    let known = patches::introspect(&document.valid, found, &operation, &coerced)?;
    let (shop, context) = (shop.clone(), context.clone());
    Ok(Prepared { operation, variables, known, cost, one_by_one: params.one_by_one, shop, context })
}

fn no_operation(name: Option<&str>) -> Refusal {
    let message = match name {
        Some(name) => format!("the document has no operation \"{}\"", domain::value::shown(name)),
        None => "the document has several operations, so operationName must say which".to_owned(),
    };
    Error::new(Reason::UnknownOperation, message).into()
}

impl Prepared {
    /// Whether it is a query, a mutation or a subscription.
    pub fn kind(&self) -> OperationType {
        self.operation.ty
    }

    /// The response to a query or a mutation.
    pub async fn answer(mut self) -> Result<String, Refusal> {
        let mut response = match self.request().await {
            Some(request) => graph().execute(request).await,
            None => Response::new(Value::Object(Default::default())),
        };
        self.complete(&mut response)?;
        Ok(write(&response))
    }

    /// The results, one after the other; a subscription has no end. `progress` records the cursor. A result is delayed as the pipeline
    /// recorded; events are not, because they are no responses.
    pub fn answers(self, progress: Progress) -> BoxStream<'static, Answer> {
        let (is_stream, metadata) = (self.kind() == OperationType::Subscription, self.context.response.clone());
        let results = if is_stream { self.events(progress.clone()) } else { once(self.answer()).boxed() };
        let answers = results.then(move |result| {
            let (metadata, cursor) = (metadata.clone(), progress.cursor());
            async move {
                let is_event = is_stream && result.is_ok();
                let fault = if is_event { ResponseFault::Whole } else { hold(&metadata, 1).await };
                Answer { result, fault, cursor }
            }
        });
        answers.boxed()
    }

    fn events(mut self, progress: Progress) -> BoxStream<'static, Result<String, Refusal>> {
        let started = async move {
            let request = self.request().await.unwrap_or_else(|| Request::new("")).data(progress);
            graph().execute_stream(request).map(move |mut response| {
                self.complete(&mut response)?;
                Ok(write(&response))
            })
        };
        started.flatten_stream().boxed()
    }

    /// The request for async-graphql; `None` if the whole response is known.
    async fn request(&mut self) -> Option<Request> {
        // Fields are resolved concurrently, and a password is verified once and not by each of them: the result is
        // recorded in the context. They report a refusal, because they are the operations.
        let _ = self.shop.authenticate(&self.context).await;
        let mut operation = (*self.operation).clone();
        operation.selection_set.node.items.retain(|item| !is_introspection(&item.node));
        if operation.selection_set.node.items.is_empty() {
            return None;
        }
        let loaders = loaders(&self.shop, &self.context, self.one_by_one);
        let request = Request::new("").variables(take(&mut self.variables));
        let mut request = request.data(self.shop.clone()).data(self.context.clone()).data(loaders);
        let operations = DocumentOperations::Single(Positioned::new(operation, Pos::default()));
        request.set_parsed_query(ExecutableDocument { operations, fragments: HashMap::new() });
        Some(request)
    }

    /// Orders the response as the query is, and adds its cost. GraphQL section 6.2.3.1: a stream that can't start or continue
    /// is a request error.
    fn complete(&mut self, response: &mut Response) -> Result<(), Refusal> {
        for error in response.errors.iter_mut().filter(|error| error.extensions.is_none()) {
            error.extensions = Some(extensions(&Error::new(Reason::InvalidInput, String::new())));
        }
        if self.kind() == OperationType::Subscription {
            let has_result = response.errors.is_empty() || response.data != Value::Null;
            let refusal = |errors| Refusal { kind: Reason::UnknownOperation.kind(), errors };
            return if has_result { Ok(()) } else { Err(refusal(take(&mut response.errors))) };
        }
        if let Value::Object(members) = &mut response.data {
            members.extend(take(&mut self.known));
        }
        put_in_order(&mut response.data, &self.operation.selection_set.node);
        let lookups = self.context.response.lookups() as usize;
        let numbers = [("cost", self.cost), ("costMax", cost::COST_MAX), ("lookups", lookups)];
        response.extensions.extend(numbers.map(|(name, number)| (name.to_owned(), number.into())));
        Ok(())
    }
}
