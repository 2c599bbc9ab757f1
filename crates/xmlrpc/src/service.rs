//! From a request to a method and back.

use crate::errors::Refusal;
use crate::messages::{self, MethodCall};
use crate::system::RESULTS_BYTES_MAX;
use crate::{CONTRACTS, NAME, PATH, SPELLING, system, values};
use actix_web::http::StatusCode;
use actix_web::web::{self, Data, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};
use domain::{Error, Operation, RequestContext, Shop, Value};
use wire::content::Unread;

/// Adds the routes to the application.
pub fn mount(config: &mut ServiceConfig) {
    CONTRACTS.iter().for_each(|contract| contract.mount(config));
    config.service(web::resource(PATH).route(web::post().to(handle)).default_service(web::to(only_post)));
}

async fn handle(request: HttpRequest, shop: Data<Shop>) -> HttpResponse {
    let charset = match messages::charset(request.headers()) {
        Ok(charset) => charset,
        Err(error) => return refuse(StatusCode::UNSUPPORTED_MEDIA_TYPE, error),
    };
    let context = match wire::request_context(&request, NAME).map(|context| context.spelled(&SPELLING)) {
        Ok(context) => context,
        Err(error) => return refuse(StatusCode::OK, error),
    };
    let body = match wire::body(&request) {
        Ok(body) => body,
        Err(Unread { error, status }) => return refuse(status.unwrap_or(StatusCode::OK), error),
    };
    // "Response format": unless there is a lower-level error, always return 200.
    let response = answer(&shop, &context, &body, charset.as_deref()).await;
    respond(StatusCode::OK, response.unwrap_or_else(|refusal| refusal.response()))
}

/// Reads a call, calls, and writes the response.
async fn answer(shop: &Shop, context: &RequestContext, body: &[u8], charset: Option<&str>) -> Result<String, Refusal> {
    let method_call = messages::read(body, charset)?;
    let value = match method_call.name.as_str() {
        system::MULTICALL => multicall(shop, context, method_call.params).await?,
        _ => call(shop, context, method_call).await?,
    };
    Ok(messages::response(&value))
}

/// Calls an operation, or a method about methods; gives its result as a `<value>`.
async fn call(shop: &Shop, context: &RequestContext, method_call: MethodCall) -> Result<String, Error> {
    let MethodCall { name, params } = method_call;
    if let Some(result) = system::answer(&name, &params) {
        // It is no operation, so the shop does not check the credentials by itself.
        shop.authenticate(context).await?;
        return Ok(values::encode(&result?));
    }
    let Some(operation) = Operation::find(&name) else {
        return Err(shop.unknown_operation(context, &name).await);
    };
    let reply = shop.execute(context, operation, messages::input(operation, params)?).await?;
    Ok(messages::encode_reply(&reply))
}

/// Makes several calls, one after the other, so that a call sees what an earlier one has done. A fault concerns its own call only.
async fn multicall(shop: &Shop, context: &RequestContext, params: Vec<Value>) -> Result<String, Error> {
    let mut results = "<value><array><data>".to_owned();
    for entry in system::calls(params)? {
        let result = match system::read_call(entry) {
            _ if results.len() > RESULTS_BYTES_MAX => {
                Err(Error::too_large("bytes of a multicall's results", RESULTS_BYTES_MAX).into())
            }
            Ok(method_call) => call(shop, context, method_call).await.map_err(Refusal::from),
            Err(error) => Err(Refusal::invalid_request(error)),
        };
        results += &match result {
            Ok(value) => format!("<value><array><data>{value}</data></array></value>"),
            Err(refusal) => refusal.value(),
        };
    }
    results.push_str("</data></array></value>");
    Ok(results)
}

async fn only_post(request: HttpRequest) -> HttpResponse {
    wire::refusal::not_allowed(&request, "POST", |status, error| refuse(status, Error::unreadable(error.message)))
}

/// The response to what could not be read as a request. Where HTTP has a status of its own for the problem, the body may well be XML,
/// so the code is that of an invalid request.
fn refuse(status: StatusCode, error: Error) -> HttpResponse {
    let refusal = if status == StatusCode::OK { Refusal::from(error) } else { Refusal::invalid_request(error) };
    respond(status, refusal.response())
}

fn respond(status: StatusCode, document: String) -> HttpResponse {
    HttpResponse::build(status).content_type("text/xml; charset=utf-8").body(document)
}
