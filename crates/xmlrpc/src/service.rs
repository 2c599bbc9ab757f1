//! How does a request reach its method, and the answer get back?

use crate::errors::Fault;
use crate::messages::{self, MethodCall};
use crate::{CONTRACTS, NAME, PATH, system, values};
use actix_web::http::StatusCode;
use actix_web::web::{self, Data, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};
use domain::{Error, Operation, RequestContext, Shop, Value};
use wire::content::{Unread, media_type};

/// The media types that a request may have. "Header requirements": text/xml; RFC 7303 section 9.2 calls both the same.
const MEDIA_TYPES: [&str; 2] = ["text/xml", "application/xml"];

/// Adds the routes to the application.
pub fn mount(config: &mut ServiceConfig) {
    CONTRACTS.iter().for_each(|contract| contract.mount(config));
    config.service(web::resource(PATH).route(web::post().to(handle)).default_service(web::to(only_post)));
}

async fn handle(request: HttpRequest, shop: Data<Shop>) -> HttpResponse {
    let charset = match charset(&request) {
        Ok(charset) => charset,
        Err(error) => return respond(StatusCode::UNSUPPORTED_MEDIA_TYPE, Fault::not_xml_rpc(error).response()),
    };
    let meta = match wire::request_context(&request, NAME) {
        Ok(meta) => meta,
        Err(error) => return respond(StatusCode::OK, Fault::from(error).response()),
    };
    let body = match wire::body(&request) {
        Ok(body) => body,
        Err(Unread { error, status: Some(status) }) => return respond(status, Fault::not_xml_rpc(error).response()),
        Err(Unread { error, status: None }) => return respond(StatusCode::OK, Fault::from(error).response()),
    };
    // "Response format": unless there is a lower-level error, always return 200.
    let answer = answer(&shop, &meta, &body, charset.as_deref()).await;
    respond(StatusCode::OK, answer.unwrap_or_else(|fault| fault.response()))
}

/// Read, call, write.
async fn answer(shop: &Shop, meta: &RequestContext, body: &[u8], charset: Option<&str>) -> Result<String, Fault> {
    let call = MethodCall::read(body, charset)?;
    let mut out = messages::opened();
    if call.name == system::MULTICALL {
        multicall(shop, meta, call.params, &mut out).await?;
    } else {
        answer_one(shop, meta, call, &mut out).await?;
    }
    Ok(messages::closed(out))
}

/// Writes what one method answers: one of the shop's operations, or a method about methods.
async fn answer_one(shop: &Shop, meta: &RequestContext, call: MethodCall, out: &mut String) -> Result<(), Error> {
    let MethodCall { name, params } = call;
    if let Some(answer) = system::answer(&name, &params) {
        // It asks nothing of the shop, so it is no operation; but wrong credentials are refused everywhere.
        shop.authenticate(meta).await?;
        values::write(out, &answer?);
        return Ok(());
    }
    let Some(operation) = Operation::find(&name) else { return Err(shop.unknown_operation(meta, &name).await) };
    let reply = shop.execute(meta, operation, messages::input(operation, params)?).await?;
    messages::write_reply(out, &reply);
    Ok(())
}

/// Makes the calls one after the other: what a later one sees, an earlier one has done. A fault is one call's own.
async fn multicall(shop: &Shop, meta: &RequestContext, params: Vec<Value>, out: &mut String) -> Result<(), Error> {
    let calls = system::listed(params)?;
    out.push_str("<value><array><data>");
    for call in calls {
        let before = out.len();
        out.push_str("<value><array><data>");
        match one_of_several(shop, meta, call, out).await {
            Ok(()) => out.push_str("</data></array></value>"),
            Err(fault) => {
                out.truncate(before);
                fault.write(out);
            }
        }
    }
    out.push_str("</data></array></value>");
    Ok(())
}

async fn one_of_several(shop: &Shop, meta: &RequestContext, call: Value, out: &mut String) -> Result<(), Fault> {
    if out.len() > system::ANSWER_BYTES_MAX {
        return Err(Error::too_large("bytes of a multicall's answer", system::ANSWER_BYTES_MAX).into());
    }
    let call = system::read_call(call).map_err(Fault::not_xml_rpc)?;
    Ok(answer_one(shop, meta, call, out).await?)
}

/// The charset of the media type, if it says one; or that it is no media type of XML-RPC.
pub fn charset(request: &HttpRequest) -> Result<Option<String>, Error> {
    let media_type = media_type(request, &MEDIA_TYPES)?;
    Ok(media_type.parameter("charset").map(str::to_owned))
}

async fn only_post(request: HttpRequest) -> HttpResponse {
    wire::refusal::not_allowed(&request, "POST", |status, error| {
        respond(status, Fault::not_xml_rpc(Error::unreadable(error.message)).response())
    })
}

fn respond(status: StatusCode, document: String) -> HttpResponse {
    HttpResponse::build(status).content_type("text/xml; charset=utf-8").body(document)
}
