//! `POST /lab/again`: a resource read twice in each style over HTTP, the second time with its `ETag`, where it has one.

use super::body::Body;
use super::lab::{Lab, call_request, error_of, respond};
use crate::report;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use bytes::Bytes;
use domain::{Error, Value};
use http::header::{CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use http::{Method, Request};
use serde::Serialize;
use wire::connection::{Connection, Failure, broken};
use wire::{Address, WireRequest};

/// Two reads in one style.
#[derive(Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ReadAgain {
    title: String,
    /// Bytes of the first response.
    first: report::Bytes,
    /// Bytes of the second.
    again: report::Bytes,
    /// The status of the second.
    status: u16,
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
    let mut all = Vec::new();
    for style in lab.config.styles {
        let WireRequest::Http(request) = style.client.encode(&call) else { continue };
        let requests = if style.name == "graphql" {
            let get = by_get(&request).map_err(error_of)?;
            vec![(format!("{}, GET", style.title), get), (format!("{}, POST", style.title), request)]
        } else {
            vec![(style.title.to_owned(), request)]
        };
        for (title, request) in requests {
            all.push(twice(title, &address, request).await.map_err(error_of)?);
        }
    }
    Ok(all)
}

/// RFC 9110 section 13.1.2: the second request names the version that the client has, if it got a tag.
async fn twice(title: String, address: &Address, mut request: Request<Bytes>) -> Result<ReadAgain, Failure> {
    let mut connection = Connection::open(address, &WireRequest::Http(request.clone())).await?;
    let response = connection.fetch(request.clone()).await?;
    let first = report::Bytes::of(&connection.take_measured().received);
    let tag = response.headers().get(ETAG).cloned();
    let tagged = tag.is_some();
    request.headers_mut().extend(tag.map(|tag| (IF_NONE_MATCH, tag)));
    let status = connection.fetch(request).await?.status().as_u16();
    let again = report::Bytes::of(&connection.take_measured().received);
    connection.close().await;
    Ok(ReadAgain { title, first, again, status, tagged })
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
