//! From a request to its operation and back, through one address for all operations.

use crate::envelope::{Envelope, Version, media_fault};
use crate::errors::Refusal;
use crate::{NAME, PATH, SPELLING, contract, messages, security};
use actix_web::http::header::HeaderMap;
use actix_web::web::{self, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};
use domain::time::Timestamp;
use domain::{Error, Operation, RequestContext, Shop, Value};
use wire::IncomingRequest;
use wire::content::{MediaType, media_type};
use wire::xml::encoding::{self, Encoding};

/// Adds the routes.
pub fn mount(config: &mut ServiceConfig) {
    config.service(
        web::resource(PATH)
            .route(web::post().to(handle))
            .route(web::get().to(contract::show))
            .route(web::head().to(contract::show))
            .default_service(web::to(refuse_method)),
    );
}

async fn handle(request: HttpRequest, shop: web::Data<Shop>) -> HttpResponse {
    let version = requested_version(request.headers());
    match answer(&request, &shop, version).await {
        Ok(envelope) => HttpResponse::Ok().content_type(version.content_type()).body(envelope),
        Err(fault) => fault.response(version),
    }
}

/// Read, call, write.
async fn answer(request: &HttpRequest, shop: &Shop, version: Version) -> Result<String, Refusal> {
    let (context, operation, input) = read(request, version, (shop.config().clock)())?;
    let reply = shop.execute(&context, operation, input).await?;
    Ok(messages::response(version, operation, &reply))
}

/// What the request asks. `now` is by what an envelope's own time is over or not.
pub fn read(
    request: &dyn IncomingRequest,
    version: Version,
    now: Timestamp,
) -> Result<(RequestContext, &'static Operation, Value), Refusal> {
    let media_type = media_type(request.headers(), &MEDIA_TYPES).map_err(|error| media_fault(error.message))?;
    let in_http = request.context(NAME)?.spelled(&SPELLING);
    let body = request.body()?;
    // WS-I BP 1.1 R1012: an envelope is in UTF-8 or UTF-16.
    let encoding = encoding::find(&body, media_type.parameter("charset"), Encoding::OF_XML);
    let encoding = encoding.map_err(|error| media_fault(error.message))?;
    let envelope = Envelope::read(&encoding::to_utf8(&body, encoding)?, version)?;
    if envelope.version != version {
        let (is, fits) = (version.media_type(), envelope.version.media_type());
        return Err(media_fault(format!("the Content-Type of this envelope must be {fits}, got {is}")));
    }
    envelope.check_headers()?;
    // What the request says of itself, in headers of HTTP and in blocks of the envelope.
    let context = RequestContext {
        credentials: security::credentials(&envelope, in_http.credentials, now),
        idempotency_key: envelope.idempotency_key(in_http.idempotency_key)?,
        ..in_http
    };
    let content = envelope.into_content()?;
    let operation = messages::operation(&content)?;
    check_action(&claimed_action(request.headers(), version, &media_type), &content.name)?;
    Ok((context, operation, messages::input(content, operation.input)))
}

/// The media types of a request. RFC 7303 section 9.2: application/xml and text/xml are the same.
const MEDIA_TYPES: [&str; 3] = [Version::V11.media_type(), Version::V12.media_type(), "application/xml"];

/// The version that the media type tells, so that a fault finds its grammar before the envelope has been read.
pub fn requested_version(headers: &HeaderMap) -> Version {
    if MediaType::of(headers).is(Version::V12.media_type()) { Version::V12 } else { Version::V11 }
}

/// The action that a request names; empty if it names none.
fn claimed_action(headers: &HeaderMap, version: Version, media_type: &MediaType) -> String {
    match version {
        // SOAP 1.1 section 6.1.1: a header of its own, in quotes.
        Version::V11 => {
            let value = headers.get("SOAPAction").map(|value| String::from_utf8_lossy(value.as_bytes()));
            value.unwrap_or_default().trim_matches(['"', ' ']).to_owned()
        }
        // SOAP 1.2 part 2 section 6.5 and RFC 3902 section 2: a parameter of the media type.
        Version::V12 => media_type.parameter("action").unwrap_or_default().to_owned(),
    }
}

/// The body decides which operation it is; an action is a hint for those who can't see the body. A hint that points
/// elsewhere is refused, because a proxy may have let the message pass for it.
fn check_action(claimed: &str, element_name: &str) -> Result<(), Error> {
    let declared = messages::action(element_name);
    if claimed.is_empty() || claimed == declared {
        return Ok(());
    }
    let shown = domain::value::shown(claimed);
    Err(Error::unreadable(format!("the body calls \"{declared}\", the action names \"{shown}\"")))
}

/// WS-I BP 1.1 R1114: "405 Method not Allowed".
async fn refuse_method(request: HttpRequest) -> HttpResponse {
    let version = requested_version(request.headers());
    wire::refusal::not_allowed(&request, "GET, HEAD, POST", |status, error| {
        Refusal::with_status(error, status).response(version)
    })
}
