//! How is a question answered? What came before and is plain by its plan; all else, and whatever lasts, by async-graphql.

use super::Question;
use super::direct::Answer;
use crate::errors::Refusal;
use crate::events::Told;
use crate::messages::{write, write_parts};
use crate::schema::{self, loaders::Loaders};
use async_graphql::Request;
use async_graphql::parser::types::OperationType;
use domain::{Meta, Shop};
use futures_util::stream::{BoxStream, once};
use futures_util::{FutureExt, StreamExt};
use std::sync::Arc;

/// A question that can be answered.
pub struct Prepared {
    question: Question,
    shop: Shop,
    meta: Meta,
}

impl Prepared {
    /// What was asked, of which shop, and what is said beside.
    pub fn new(question: Question, shop: Shop, meta: Meta) -> Self {
        Prepared { question, shop, meta }
    }

    /// Whether it looks, changes or streams.
    pub fn kind(&self) -> OperationType {
        self.question.kind()
    }

    /// The same, where each field asks for itself what it needs.
    pub fn one_by_one(self) -> Self {
        let question = Question { loaders: Arc::new(Loaders::one_by_one()), ..self.question };
        Prepared { question, ..self }
    }

    /// The answer of a query or a mutation, as it is sent.
    pub async fn answer(self) -> Result<String, Refusal> {
        schema::introduce(&self.shop, &self.meta).await;
        match self.by_plan().await {
            Some(answer) => Ok(answer),
            None => self.by_graph().await,
        }
    }

    /// The answers, one after the other: of a subscription there is no end. It tells how far it has come.
    pub fn answers(self, told: Told) -> BoxStream<'static, Result<String, Refusal>> {
        if self.kind() != OperationType::Subscription {
            return once(self.answer()).boxed();
        }
        let begun = async move {
            schema::introduce(&self.shop, &self.meta).await;
            let responses = self.question.graph().execute_stream(self.request().data(told));
            responses.map(move |response| self.question.settle(response).map(|response| write(&response)))
        };
        begun.flatten_stream().boxed()
    }

    async fn by_plan(&self) -> Option<String> {
        let plan = self.question.plan()?;
        let Answer { errors, data } = plan.answer(&self.shop, &self.meta, &self.question.variables).await?;
        Some(write_parts(&errors, &data, &self.question.beside()))
    }

    async fn by_graph(&self) -> Result<String, Refusal> {
        let response = self.question.graph().execute(self.request()).await;
        self.question.settle(response).map(|response| write(&response))
    }

    /// The question, as async-graphql is asked.
    fn request(&self) -> Request {
        let Question { document, operation_name, variables, loaders, .. } = &self.question;
        // The text is not needed: the document is handed on as it was parsed.
        let mut request = Request::new("").variables(variables.clone());
        request = request.data(self.shop.clone()).data(self.meta.clone()).data(loaders.clone());
        request.operation_name.clone_from(operation_name);
        request.set_parsed_query(document.parsed.clone());
        request
    }
}

#[cfg(test)]
mod tests;
