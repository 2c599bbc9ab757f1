//! JSON for people: a browser that opens an address gets the same document, with a line for each value.

use crate::accept::{names, wants_page};
use crate::compression::vary_by;
use actix_web::body::{BodySize, EitherBody, MessageBody};
use actix_web::dev::ServiceResponse;
use actix_web::http::header::{self, HeaderMap, HeaderValue};
use bytes::Bytes;
use serde_json::{Deserializer, Serializer};
use serde_transcode::transcode;

/// The response, indented if it is JSON and its client is a browser.
pub fn readable<B: MessageBody>(response: ServiceResponse<B>) -> ServiceResponse<EitherBody<B, Bytes>> {
    let is_whole = matches!(response.response().body().size(), BodySize::Sized(bytes) if bytes > 0);
    if !is_whole || !is_json(response.headers()) || !is_browser(response.request().headers()) {
        return response.map_into_left_body();
    }
    response.map_body(|head, body| match body.try_into_bytes() {
        Ok(bytes) => {
            vary_by(&mut head.headers, "Accept");
            // RFC 9110 section 8.8.1: the bytes differ, and the meaning does not, so the validator is a weak one.
            let weak = head
                .headers
                .get(header::ETAG)
                .and_then(|tag| HeaderValue::from_str(&format!("W/{}", tag.to_str().ok()?)).ok());
            weak.map(|tag| head.headers.insert(header::ETAG, tag));
            EitherBody::right(indented(bytes))
        }
        Err(body) => EitherBody::left(body),
    })
}

/// Browsers name XHTML in addition to HTML. Java's HttpURLConnection, which is no browser, names HTML alone.
fn is_browser(headers: &HeaderMap) -> bool {
    names(headers, "application/xhtml+xml") && wants_page(headers)
}

fn is_json(headers: &HeaderMap) -> bool {
    let media_type = headers.get(header::CONTENT_TYPE).and_then(|media_type| media_type.to_str().ok());
    let media_type = media_type.and_then(|media_type| media_type.split(';').next()).unwrap_or_default();
    (media_type == "application/json" || media_type.ends_with("+json"))
        && !headers.contains_key(header::CONTENT_ENCODING)
}

/// The document with a line for each value; what is no JSON stays as it is.
fn indented(json: Bytes) -> Bytes {
    let mut lines = Serializer::pretty(Vec::with_capacity(2 * json.len()));
    if transcode(&mut Deserializer::from_slice(&json), &mut lines).is_err() {
        return json;
    }
    let mut lines = lines.into_inner();
    lines.push(b'\n');
    lines.into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::HttpResponse;
    use actix_web::body::to_bytes;
    use actix_web::test::TestRequest;

    /// The text, the tag and `Vary` that a client with this `Accept` gets.
    async fn got(accept: &str, media_type: &str) -> (String, String, String) {
        let request = TestRequest::default().insert_header((header::ACCEPT, accept));
        let mut answer = HttpResponse::Ok();
        answer.insert_header((header::ETAG, "\"1-a\"")).content_type(media_type);
        let response = readable(request.to_srv_response(answer.body("{\"a\":[1.0,{}],\"b\":\"{,\\\"\"}")));
        let text =
            |name| response.headers().get(name).map_or_else(String::new, |line| line.to_str().unwrap().to_owned());
        let (tag, vary) = (text(header::ETAG), text(header::VARY));
        let body = to_bytes(response.into_body()).await.unwrap_or_else(|_| panic!("a body"));
        (String::from_utf8_lossy(&body).into_owned(), tag, vary)
    }

    #[actix_web::test]
    async fn a_browser_gets_lines_and_a_program_gets_the_bytes() {
        let browser = "text/html,application/xhtml+xml,*/*;q=0.8";
        let lines = "{\n  \"a\": [\n    1.0,\n    {}\n  ],\n  \"b\": \"{,\\\"\"\n}\n";
        let expected = |text: &str, tag: &str, vary: &str| (text.to_owned(), tag.to_owned(), vary.to_owned());
        for media_type in ["application/json", "application/problem+json; charset=utf-8"] {
            assert_eq!(got(browser, media_type).await, expected(lines, "W/\"1-a\"", "Accept"), "{media_type}");
        }
        for (accept, media_type) in
            [("*/*", "application/json"), ("application/json", "application/json"), (browser, "text/csv")]
        {
            assert_eq!(
                got(accept, media_type).await,
                expected("{\"a\":[1.0,{}],\"b\":\"{,\\\"\"}", "\"1-a\"", ""),
                "{accept}"
            );
        }
    }

    #[test]
    fn a_document_that_has_lines_already_gets_no_more() {
        let indented = |json: &'static str| indented(Bytes::from_static(json.as_bytes()));
        assert_eq!(indented("{\n\t\"a\" : [ ],\r\n \"b\":\"\\\\\"}"), "{\n  \"a\": [],\n  \"b\": \"\\\\\"\n}\n");
        assert_eq!(indented("{\"a\":"), "{\"a\":", "no JSON");
    }
}
