//! From a request to its operation and back.
//!
//! One handler serves every address: it finds the route ([`find`]), reads the request, calls, and writes. [`read_resource`] handles
//! conditional reads, [`change`] the preconditions of changes.

mod change;
pub mod find;
mod read_resource;

use crate::contract::changes;
use crate::errors::pages::{self, read_only};
use crate::errors::{Refusal, problem, refusal};
use crate::headers::accept::{Form, form};
use crate::headers::{add_accepted, add_quota, links, too_long};
use crate::messages::reply::{Representation, write};
use crate::messages::{content, read};
use crate::routes::{Route, Verb};
use crate::{CHANGES, CONTRACTS, NAME, PATH, events};
use actix_web::http::StatusCode;
use actix_web::web::{self, Data, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};
use domain::{Error, Reason, RequestContext, Shop, Value};

/// Adds the routes to the application.
pub fn mount(config: &mut ServiceConfig) {
    CONTRACTS.iter().for_each(|contract| contract.mount(config));
    config.service(read_only(CHANGES).route(web::get().to(changes)).route(web::head().to(changes)));
    config.service(web::scope(PATH).default_service(web::to(handle)));
    config.service(read_only("/problems").route(web::get().to(pages::list)).route(web::head().to(pages::list)));
    let explained = read_only("/problems/{reason}").route(web::get().to(pages::explain));
    config.service(explained.route(web::head().to(pages::explain)));
}

/// A request for a route, and the shop.
pub struct Exchange<'r> {
    pub request: &'r HttpRequest,
    pub shop: &'r Shop,
    pub context: &'r RequestContext,
    pub route: &'static Route,
}

impl Exchange<'_> {
    /// Refuses for a reason of REST, unless the pipeline refuses first: only authorized callers learn what else is wrong.
    pub async fn refuse(&self, refusal: Refusal) -> Refusal {
        let recorded = self.shop.refuse(self.context, Some(self.route.operation), refusal.error.clone()).await;
        if recorded == refusal.error { refusal } else { recorded.into() }
    }
}

async fn handle(request: HttpRequest, shop: Data<Shop>) -> HttpResponse {
    let context = match wire::request_context(&request, NAME) {
        Ok(context) => context,
        Err(error) => return problem(&request, &error.into()),
    };
    if let Err(refused) = too_long(&request) {
        return problem(&request, &refused);
    }
    let (route, in_path) = match find::find(&request) {
        Ok(found) => found,
        Err(missed) => return find::refuse_unrouted(&request, missed),
    };
    let exchange = Exchange { request: &request, shop: &shop, context: &context, route };
    let mut response = match answer(&exchange, &in_path).await {
        Ok(response) => response,
        Err(refused) => refusal(&request, &context, &refused),
    };
    if response.status() == StatusCode::UNSUPPORTED_MEDIA_TYPE || route.method == Verb::Query {
        add_accepted(&mut response, [route].into_iter());
    }
    route.old.iter().for_each(|old| links::add_old(&request, &mut response, old, &in_path));
    add_quota(&mut response, &context.response);
    response
}

async fn answer(exchange: &Exchange<'_>, in_path: &[(&'static str, &str)]) -> Result<HttpResponse, Refusal> {
    let Exchange { request, shop, context, route } = exchange;
    let body = content(request, route)?;
    let parsed = match read(request, route, in_path, &body) {
        Ok(parsed) => parsed,
        Err(error) if error.reason == Reason::InvalidInput => return Err(exchange.refuse(error.into()).await),
        Err(error) => return Err(error.into()),
    };
    // A request's future has the size of its largest part: rare parts are boxed.
    if route.operation.name == events::WATCH {
        return Ok(Box::pin(events::stream(request, shop, context, Value::Object(parsed.input))).await?);
    }
    let form = match wanted_form(exchange) {
        Ok(form) => form,
        Err(refusal) => return Err(exchange.refuse(refusal).await),
    };
    if route.method.is_safe() {
        return read_resource::read_resource(exchange, parsed, form).await;
    }
    let reply = Box::pin(change::change(exchange, &parsed)).await?;
    Ok(write(request, context, &Representation { route, parsed: &parsed, form, reply: &reply, known: None }))
}

/// RFC 9110 section 15.5.7: the call is not executed if the client accepts no form of the reply.
fn wanted_form(exchange: &Exchange) -> Result<Form, Refusal> {
    let offered = Form::of(exchange.route.resource().1);
    if exchange.route.status == StatusCode::NO_CONTENT.as_u16() {
        // A response without content has no form that a client could refuse.
        return Ok(Form::Json);
    }
    form(exchange.request.headers(), offered).ok_or_else(|| {
        let names: Vec<&str> = offered.iter().map(|form| form.media_type()).collect();
        let error = Error::unreadable(format!("the response can be {}; Accept allows none of them", names.join(", ")));
        Refusal::new(error, StatusCode::NOT_ACCEPTABLE)
    })
}
