//! Replies: their form, entity tag and headers.

use super::chosen::Chosen;
use super::xml::XmlSink;
use super::{ParsedRequest, csv};
use crate::headers::accept::Form;
use crate::headers::{caching, links};
use crate::routes::{Route, Verb};
use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderValue};
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder};
use domain::{Reply, RequestContext};
use wire::compression::coding;
use wire::conditional::{ETag, ETagCondition};
use wire::json::JsonEncoder;

/// The request headers that a response varies by (RFC 9110 section 12.5.5).
const VARY: HeaderValue = HeaderValue::from_static("Accept, Accept-Encoding");

/// What a response is made of.
pub struct Representation<'t> {
    /// The route.
    pub route: &'static Route,
    /// The parsed request.
    pub parsed: &'t ParsedRequest,
    /// The form.
    pub form: Form,
    /// The operation's reply.
    pub reply: &'t Reply,
    /// The client's `If-None-Match` (RFC 9110 section 13.1.2).
    pub known: Option<&'t ETagCondition>,
}

/// The response to a success.
pub fn write(request: &HttpRequest, context: &RequestContext, representation: &Representation) -> HttpResponse {
    let mut response = HttpResponse::build(StatusCode::from_u16(representation.route.status).unwrap_or(StatusCode::OK));
    if let Some((below, id)) = representation.route.location.zip(id_of(representation.reply)) {
        response.insert_header((header::LOCATION, wire::base(request).http(&format!("/rest{below}{id}"))));
    }
    if representation.route.status == StatusCode::NO_CONTENT {
        return response.finish();
    }
    if let Some(caching) = caching(representation.route, context) {
        response.insert_header((header::CACHE_CONTROL, caching));
    }
    if representation.route.method.is_safe() {
        read_resource(request, response, representation)
    } else {
        made(request, response, representation)
    }
}

/// The response to a query: 304 if the client has it already.
fn read_resource(
    request: &HttpRequest,
    mut response: HttpResponseBuilder,
    representation: &Representation,
) -> HttpResponse {
    let body = body(representation);
    let tag = tag(request, representation, &body);
    let is_known = representation.known.is_some_and(|known| known.matches_weakly(&tag));
    response.insert_header((header::VARY, VARY));
    tag.header().map(|tag| response.insert_header((header::ETAG, tag)));
    if is_known {
        return response.status(StatusCode::NOT_MODIFIED).finish();
    }
    links::add(request, &mut response, representation);
    response.insert_header((header::CONTENT_TYPE, representation.form.content_type())).body(body)
}

/// The response to a command. RFC 9110 section 9.3.4: a response to PUT has no entity tag, because the content is not stored
/// byte for byte; POST and PATCH return the tag, for the next change.
fn made(request: &HttpRequest, mut response: HttpResponseBuilder, representation: &Representation) -> HttpResponse {
    let body = body(representation);
    if representation.route.location.is_some() || representation.route.method == Verb::Patch {
        tag(request, representation, &body).header().map(|tag| response.insert_header((header::ETAG, tag)));
    }
    response.insert_header((header::CONTENT_TYPE, representation.form.content_type())).body(body)
}

fn body(representation: &Representation) -> String {
    let is_list = || representation.route.resource().1;
    match (representation.form, representation.parsed.fields.as_deref()) {
        (Form::Json, None) => wire::json::reply(representation.reply),
        (Form::Json, Some(names)) => {
            let mut encoder = Chosen::new(JsonEncoder::default(), names, is_list());
            representation.reply.write(&mut encoder);
            encoder.into_inner().finish()
        }
        (Form::Xml, None) => {
            let mut encoder = XmlSink::new(representation.route.operation.reply_name);
            representation.reply.write(&mut encoder);
            encoder.finish()
        }
        (Form::Xml, Some(names)) => {
            let mut encoder = Chosen::new(XmlSink::new(representation.route.operation.reply_name), names, is_list());
            representation.reply.write(&mut encoder);
            encoder.into_inner().finish()
        }
        (Form::Csv, names) => csv::table(representation.reply, representation.route.resource().0, names),
    }
}

/// The entity tag of the response as it is sent: [`wire::middleware`] compresses it if its request accepts that.
fn tag(request: &HttpRequest, representation: &Representation, body: &str) -> ETag {
    let tag = match version_of(representation.reply).filter(|_| representation.parsed.fields.is_none()) {
        Some(version) => ETag::of_version(version, body.as_bytes()),
        None => ETag::of_bytes(body.as_bytes()),
    };
    tag.with_coding(coding(request.headers(), body.len()))
}

/// Whether the tag is among those of the condition: by the strong comparison (RFC 9110 section 13.1.1).
pub fn is_named(representation: &Representation, tags: &ETagCondition, request: &HttpRequest) -> bool {
    tags.name(&tag(request, representation, &body(representation)))
}

/// The version of the reply, if it is a resource with one.
pub fn version_of(reply: &Reply) -> Option<i32> {
    match reply {
        Reply::User(user) => Some(user.version),
        Reply::Product(product) => Some(product.version),
        Reply::Order(order) => Some(order.version),
        _ => None,
    }
}

/// The id of the created resource.
fn id_of(reply: &Reply) -> Option<i32> {
    match reply {
        Reply::User(user) => Some(user.id.0),
        Reply::Order(order) => Some(order.id.0),
        Reply::Webhook(webhook) => Some(webhook.id.0),
        _ => None,
    }
}
