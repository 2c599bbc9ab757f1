//! A pasted request, which came over no connection: the adapters' decoders read it like any other.

use crate::client::{CallOptions, CallRequest};
use crate::content::Unread;
use crate::incoming::IncomingRequest;
use crate::request::context_of;
use actix_web::dev::RequestHead;
use actix_web::http::header::{CONTENT_TYPE, HeaderName, HeaderValue};
use actix_web::http::{Method, Uri};
use bytes::Bytes;
use domain::value::shown;
use domain::{Error, RequestContext, Sandbox, Value};

/// The calls of a pasted request, or why they can't be read; `None` if it is not of the style.
pub type ParsedCalls = Option<Result<Vec<CallRequest>, Error>>;

/// A request, or the part of one that was pasted.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RequestText {
    /// The method; empty if unknown.
    pub method: String,
    /// The name of the sandbox in the address; `None` if it has none.
    pub sandbox: Option<String>,
    /// The path with its query, without the sandbox; empty if only a body was pasted.
    pub target: String,
    /// The headers, as they were written.
    pub headers: Vec<(String, String)>,
    /// The body; for a socket, its messages, one per line.
    pub body: Bytes,
}

impl RequestText {
    /// Whether only a body was pasted: then its form tells the style.
    pub fn is_bare(&self) -> bool {
        self.target.is_empty()
    }

    /// Whether it is for that path, or for one below it.
    pub fn is_at(&self, path: &str) -> bool {
        let own = self.target.split('?').next().unwrap_or_default();
        own.strip_prefix(path).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }

    /// Adds a header, unless it is there already.
    pub fn set(&mut self, name: &str, value: &str) {
        if !self.headers.iter().any(|(known, _)| known.eq_ignore_ascii_case(name)) {
            self.headers.push((name.to_owned(), value.to_owned()));
        }
    }

    /// The messages of a socket: a JSON object per line. A body laid out over several lines is one message.
    pub fn messages(&self) -> Vec<&str> {
        let text = std::str::from_utf8(&self.body).unwrap_or_default().trim();
        let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
        let are_objects = lines.iter().all(|line| line.starts_with('{') && line.ends_with('}'));
        if lines.len() > 1 && are_objects { lines } else { vec![text] }
    }

    /// Whether a bare body is JSON with a member of one of these names, in its first message or in the first item of a list.
    pub fn is_json_with(&self, names: &[&str]) -> bool {
        let Some(first) = self.messages().first().and_then(|text| crate::json::read(text.as_bytes()).ok()) else {
            return false;
        };
        let first = first.items().first().unwrap_or(&first);
        self.is_bare() && names.iter().any(|name| first.get(name).is_some())
    }

    /// The name of the outermost element, if a bare body is XML.
    pub fn root(&self) -> Option<String> {
        let root = || crate::xml::read(self.body.trim_ascii()).ok().map(|root| root.name);
        self.is_bare().then(root).flatten()
    }

    /// The request for a server half. `media_type` is used if none was pasted: the default of a command line tool
    /// tells nothing about the body.
    pub fn request(&self, media_type: &'static str) -> Result<PastedRequest, Error> {
        let method = match self.method.as_str() {
            "" if self.body.is_empty() => "GET",
            "" => "POST",
            method => method,
        };
        let target = if self.is_bare() { "/" } else { &self.target };
        let mut head = RequestHead::default();
        head.method = Method::from_bytes(method.as_bytes())
            .map_err(|_| Error::unreadable(format!("\"{}\" is no method of HTTP", shown(method))))?;
        head.uri = Uri::try_from(target)
            .map_err(|_| Error::unreadable(format!("\"{}\" is no address of HTTP", shown(target))))?;
        for (name, value) in &self.headers {
            let (name, value) = header_of(name, value)?;
            head.headers.append(name, value);
        }
        if !head.headers.contains_key(CONTENT_TYPE) {
            head.headers.insert(CONTENT_TYPE, HeaderValue::from_static(media_type));
        }
        Ok(PastedRequest { head, body: self.body.clone() })
    }
}

/// A request that was pasted, with everything that a decoder needs.
pub struct PastedRequest {
    head: RequestHead,
    body: Bytes,
}

impl IncomingRequest for PastedRequest {
    fn head(&self) -> &RequestHead {
        &self.head
    }
    fn body(&self) -> Result<Bytes, Unread> {
        Ok(self.body.clone())
    }
    fn has_body(&self) -> bool {
        !self.body.is_empty()
    }
    fn context(&self, protocol: &'static str) -> Result<RequestContext, Error> {
        Ok(context_of(self.headers(), protocol, Sandbox::main()))
    }
}

fn header_of(name: &str, value: &str) -> Result<(HeaderName, HeaderValue), Error> {
    match (name.parse(), HeaderValue::from_str(value)) {
        (Ok(name), Ok(value)) => Ok((name, value)),
        _ => Err(Error::unreadable(format!("\"{}\" is no header of HTTP", shown(name)))),
    }
}

/// The options of a call, from the context of its request.
impl From<RequestContext> for CallOptions {
    fn from(context: RequestContext) -> CallOptions {
        let RequestContext { credentials, idempotency_key, fault, .. } = context;
        CallOptions { credentials, idempotency_key, fault, gzip: false }
    }
}

impl CallRequest {
    /// A call with options.
    pub fn with_options(operation: &str, input: Value, options: CallOptions) -> Self {
        CallRequest { options, ..CallRequest::new(operation, input) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request_text(target: &str, body: &'static str) -> RequestText {
        RequestText { target: target.to_owned(), body: Bytes::from_static(body.as_bytes()), ..RequestText::default() }
    }

    #[test]
    fn it_is_read_like_one_that_has_come() {
        let mut request_text = request_text("/rest/users?limit=2", "{}");
        request_text.set("X-Api-Key", "k");
        request_text.set("x-api-key", "another");
        let request = request_text.request("text/xml").unwrap();
        assert_eq!(
            (request.method().as_str(), request.path(), request.query_string()),
            ("POST", "/rest/users", "limit=2")
        );
        assert_eq!(request.body().unwrap(), "{}");
        assert_eq!(request.headers().get("content-type").unwrap(), "text/xml");
        let context = request.context("rest").unwrap();
        assert_eq!(context.credentials, domain::access::Credentials::ApiKey(domain::access::Secret::new("k")));
        assert!(request_text.is_at("/rest") && !request_text.is_at("/re"));
    }

    #[test]
    fn what_is_no_request_is_refused() {
        let no_method = RequestText { method: "G T".to_owned(), ..request_text("/", "") };
        let no_header = RequestText { headers: vec![("a b".to_owned(), String::new())], ..request_text("/", "") };
        for request_text in [request_text("/a b", ""), no_method, no_header] {
            assert!(request_text.request("text/xml").is_err(), "{request_text:?}");
        }
    }

    #[test]
    fn messages_stand_on_lines_and_one_may_stand_on_several() {
        assert_eq!(request_text("", "{\"a\":1}\n\n{\"b\":2}\n").messages(), ["{\"a\":1}", "{\"b\":2}"]);
        let laid_out = request_text("", "{\n \"a\": 1\n}");
        assert_eq!(laid_out.messages(), ["{\n \"a\": 1\n}"]);
        assert!(laid_out.is_json_with(&["b", "a"]) && !laid_out.is_json_with(&["b"]));
        assert!(request_text("", "[{\"a\": 1}]").is_json_with(&["a"]));
        assert_eq!(request_text("", "\n<a:b xmlns:a='urn:c'/>").root().as_deref(), Some("b"));
    }
}
