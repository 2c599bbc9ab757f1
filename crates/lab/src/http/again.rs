//! `POST /lab/again`: a resource read twice in each style, the second time with its `ETag`, where it has one.

use super::body::Body;
use super::lab::{Lab, call_request, error_of, respond};
use crate::exchange::Exchange;
use crate::report::BothWays;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use bytes::Bytes;
use domain::{Error, Value};
use http::header::{CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use http::{HeaderValue, Method, Request};
use serde::Serialize;
use wire::connection::{Connection, Failure, broken};
use wire::measure::Measured;
use wire::recorder::Recording;
use wire::{Adapter, Address, CallRequest, WireRequest};

/// Two reads in one style.
#[derive(Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ReadAgain {
    title: String,
    /// Bytes of the first read.
    first: BothWays,
    /// Bytes of the second.
    again: BothWays,
    /// Round trips of the second.
    round_trips: u32,
    /// What crossed the wire in the second.
    wire: Exchange,
    /// The status of the second; a frame has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    status: Option<u16>,
    /// Whether the second request had the tag of the first response.
    tagged: bool,
}

pub async fn read(request: HttpRequest, lab: Data<Lab>) -> HttpResponse {
    respond(&request, read_in_all_styles(&request, &lab).await)
}

async fn read_in_all_styles(request: &HttpRequest, lab: &Lab) -> Result<Vec<ReadAgain>, Error> {
    let mut body = Body::of(request)?;
    let call = body.call();
    body.close()?;
    let (call, address) = (call_request(request, call)?, lab.address_for(request));
    let _of_lab = lab.call_of_lab(request);
    let mut all = Vec::new();
    for style in lab.config.styles {
        let encoded = style.client.encode(&call);
        let requests = match &encoded {
            WireRequest::Http(request) if style.name == "graphql" => {
                let get = WireRequest::Http(by_get(request).map_err(error_of)?);
                vec![(format!("{}, GET", style.title), get), (format!("{}, POST", style.title), encoded)]
            }
            _ => vec![(style.title.to_owned(), encoded)],
        };
        for (title, request) in requests {
            all.push(twice(title, &address, style, &call, request).await.map_err(error_of)?);
        }
    }
    Ok(all)
}

async fn twice(
    title: String,
    address: &Address,
    style: &Adapter,
    call: &CallRequest,
    mut request: WireRequest,
) -> Result<ReadAgain, Failure> {
    let mut connection = Connection::open(address, &request).await?;
    let tag = read_once(&mut connection, style, call, &request).await?;
    let first = connection.take_recording();
    let tagged = tag.is_some();
    if let WireRequest::Http(request) = &mut request {
        // RFC 9110 section 13.1.2: the second request names the version that the client has, if it got a tag.
        request.headers_mut().extend(tag.map(|tag| (IF_NONE_MATCH, tag)));
    }
    read_once(&mut connection, style, call, &request).await?;
    let again = connection.take_recording();
    connection.close().await;
    let bytes = |recording: &Recording| BothWays::of(&Measured::of(recording));
    let wire = Exchange::of(&again);
    let status = wire.status();
    let (first, round_trips, again) = (bytes(&first), again.round_trips, bytes(&again));
    Ok(ReadAgain { title, first, again, round_trips, wire, status, tagged })
}

/// Reads once; returns the tag of the response, if it has one.
async fn read_once(
    connection: &mut Connection,
    style: &Adapter,
    call: &CallRequest,
    request: &WireRequest,
) -> Result<Option<HeaderValue>, Failure> {
    match request {
        WireRequest::Http(request) => Ok(connection.fetch(request.clone()).await?.headers().get(ETAG).cloned()),
        WireRequest::EventStream(_) | WireRequest::Socket(_) => {
            connection.call(style.client, call, request).await.map(|_| None)
        }
    }
}

/// A GraphQL query by GET: the parameters stand in the address (GraphQL over HTTP, section 5.1).
fn by_get(request: &Request<Bytes>) -> Result<Request<Bytes>, Failure> {
    let Value::Object(parameters) = wire::json::read(request.body()).map_err(|error| broken(error.message))? else {
        return Err(broken("a GraphQL request is an object"));
    };
    let mut query = form_urlencoded::Serializer::new(String::new());
    for (name, value) in &parameters {
        query.append_pair(name, value.as_text().unwrap_or(&wire::json::value(value)));
    }
    let mut get = request.clone();
    *get.method_mut() = Method::GET;
    *get.uri_mut() = format!("{}?{}", request.uri().path(), query.finish()).parse().map_err(broken)?;
    *get.body_mut() = Bytes::new();
    get.headers_mut().remove(CONTENT_TYPE);
    Ok(get)
}
