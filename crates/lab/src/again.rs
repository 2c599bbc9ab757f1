//! What does it cost to read the same again? With the tag of what one has, where the style has such a thing; without, elsewhere.

use bytes::Bytes;
use domain::Value;
use http::header::{CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use http::{Method, Request};
use wire::connection::{Connection, Failure, broken};
use wire::measure::Parts;
use wire::{Adapter, Address, CallRequest, WireRequest};

/// What it cost in one way.
pub struct Again {
    /// The style, and how it is asked where it can be asked in two ways.
    pub title: String,
    /// The bytes of the first answer.
    pub first: Parts,
    /// Those of the second.
    pub second: Parts,
    /// The status of the second.
    pub status: u16,
    /// Whether the first had a tag, by which the second was asked for.
    pub is_tagged: bool,
}

/// Reads twice in every style that is asked over HTTP.
pub async fn again(address: &Address, styles: &'static [Adapter], ask: &CallRequest) -> Result<Vec<Again>, Failure> {
    let mut all = Vec::new();
    for style in styles {
        let WireRequest::Http(request) = style.client.encode(ask) else { continue };
        let by_get = (style.name == "graphql").then(|| by_get(&request)).transpose()?;
        if let Some(by_get) = by_get {
            all.push(twice(format!("{}, GET", style.title), address, by_get).await?);
            all.push(twice(format!("{}, POST", style.title), address, request).await?);
        } else {
            all.push(twice(style.title.to_owned(), address, request).await?);
        }
    }
    Ok(all)
}

/// RFC 9110 section 13.1.2: the second time one says what one has, if that had a name.
async fn twice(title: String, address: &Address, mut request: Request<Bytes>) -> Result<Again, Failure> {
    let mut connection = Connection::open(address, &WireRequest::Http(request.clone())).await?;
    let first = connection.fetch(request.clone()).await?;
    let first_bytes = connection.take_measured().received;
    let tag = first.headers().get(ETAG).cloned();
    request.headers_mut().extend(tag.clone().map(|tag| (IF_NONE_MATCH, tag)));
    let second = connection.fetch(request).await?;
    let second_bytes = connection.take_measured().received;
    connection.close().await;
    let status = second.status().as_u16();
    Ok(Again { title, first: first_bytes, second: second_bytes, status, is_tagged: tag.is_some() })
}

/// A question of GraphQL by GET (GraphQL over HTTP, section 5.1): what stands in the body stands in the address.
fn by_get(request: &Request<Bytes>) -> Result<Request<Bytes>, Failure> {
    let Value::Object(members) = wire::json::read(request.body()).map_err(|error| broken(error.message))? else {
        return Err(broken("a question of GraphQL is a record"));
    };
    let mut query = form_urlencoded::Serializer::new(String::new());
    for (name, value) in &members {
        match value {
            Value::Text(text) => query.append_pair(name, text),
            other => query.append_pair(name, &wire::json::value(other)),
        };
    }
    let mut asked = request.clone();
    *asked.method_mut() = Method::GET;
    *asked.uri_mut() = format!("{}?{}", request.uri().path(), query.finish()).parse().map_err(broken)?;
    *asked.body_mut() = Bytes::new();
    asked.headers_mut().remove(CONTENT_TYPE);
    Ok(asked)
}
