//! Wrong headers of a valid call, in every style over HTTP: credentials, idempotency key, fault.
//!
//! And nothing is executed. What is part of a message, as over WebSocket, is tested in `frames` and in SOAP's cases.

use bytes::Bytes;
use domain::Reason;
use domain::limits::IDEMPOTENCY_KEY_CHARS_MAX;
use domain::sandbox::{Access, Settings};
use http::HeaderValue;
use serde_json::json;
use std::sync::Arc;
use tests::protocols::Refusal;
use tests::raw::{Line, Response, request_with};
use tests::{Conversation, TestServer, facts};
use wire::{Adapter, WireRequest};

/// Wrong headers, and the reason of the refusal.
pub struct Wrong {
    pub name: &'static str,
    headers: &'static [(&'static str, &'static str)],
    reason: Reason,
}

const fn wrong(name: &'static str, headers: &'static [(&'static str, &'static str)], reason: Reason) -> Wrong {
    Wrong { name, headers, reason }
}

/// A key with one character too many.
const LONG_KEY: &str = match str::from_utf8(&[b'k'; IDEMPOTENCY_KEY_CHARS_MAX as usize + 1]) {
    Ok(key) => key,
    Err(_) => "",
};

#[rustfmt::skip]
pub const WRONG: &[Wrong] = &[
    wrong("an unknown scheme of Authorization", &[("authorization", "Digest username=\"ada\"")], Reason::CredentialsWrong),
    wrong("an Authorization of nothing", &[("authorization", "")], Reason::CredentialsWrong),
    wrong("Basic that is no base64", &[("authorization", "Basic !")], Reason::CredentialsWrong),
    wrong("Basic without a colon", &[("authorization", "Basic YWRh")], Reason::CredentialsWrong),
    wrong("Basic that is no UTF-8", &[("authorization", "Basic /zpwYXJsYW5jZQ==")], Reason::CredentialsWrong),
    wrong("Bearer of nothing", &[("authorization", "Bearer")], Reason::CredentialsWrong),
    wrong("Bearer that is no token", &[("authorization", "Bearer a.b.c")], Reason::CredentialsWrong),
    wrong("an API key that is none", &[("x-api-key", "ada")], Reason::CredentialsWrong),
    wrong("an API key of nothing", &[("x-api-key", "")], Reason::CredentialsWrong),
    wrong("two credentials", &[("authorization", "Basic YWRhQGV4YW1wbGUuY29tOnBhcmxhbmNl"), ("x-api-key", "k")], Reason::CredentialsWrong),
    wrong("the same credentials twice", &[("authorization", "Basic YWRhQGV4YW1wbGUuY29tOnBhcmxhbmNl"); 2], Reason::CredentialsWrong),
    wrong("an unknown fault", &[("x-fault", "fire")], Reason::InvalidInput),
    wrong("a delay that is too long", &[("x-fault", "delay=30001ms")], Reason::InvalidInput),
    wrong("a cut without its percentage", &[("x-fault", "unavailable, cut")], Reason::InvalidInput),
    wrong("an idempotency key that is too long", &[("idempotency-key", LONG_KEY)], Reason::InvalidInput),
    wrong("an idempotency key with a gap", &[("idempotency-key", "a b")], Reason::InvalidInput),
    wrong("an idempotency key of nothing", &[("idempotency-key", "")], Reason::InvalidInput),
];

/// A valid call in a style over HTTP.
fn request_in(style: &'static Adapter) -> http::Request<Bytes> {
    let call_request =
        tests::call_request("place_order", &json!({"user_id": 1, "lines": [{"product_id": 1, "quantity": 1}]}));
    match style.client.encode(&call_request) {
        // gRPC's form for HTTP/1.1.
        WireRequest::Http(request) if request.version() == http::Version::HTTP_2 => {
            let mut request = request.map(|_| Bytes::from(wire::json::value(&call_request.input)));
            request.headers_mut().insert(http::header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
            request
        }
        WireRequest::Http(request) => request,
        outgoing => panic!("its requests have headers: {outgoing:?}"),
    }
}

/// Sends the call with the wrong headers.
pub fn send(server: &Arc<TestServer>, style: &'static Adapter, wrong: &Wrong) {
    let conversation = Conversation::over(server, style);
    let before = conversation.newest_event();
    let response = answer_to(&conversation, &request_in(style), wrong.headers);
    let facts = facts(style.name);
    let code = facts.code(wrong.reason);
    let expected = Refusal { code: code.to_owned(), reason: wrong.reason.word().to_owned() };
    assert_eq!((facts.read_refusal)(&response), expected, "{}", response.text());
    let status = facts.header_status.expect("its requests have headers");
    assert_eq!(response.status, status(code));
    assert_eq!(conversation.newest_event(), before, "what was refused is not done");
}

fn answer_to(conversation: &Conversation, request: &http::Request<Bytes>, options: &[(&str, &str)]) -> Response {
    let address = conversation.address();
    let own = request.headers().iter().map(|(name, value)| (name.as_str(), value.to_str().expect("text")));
    let headers: Vec<_> = own.chain(options.iter().copied()).collect();
    let target = format!("{}{}", address.prefix, request.uri());
    let mut line = Line::open(&address);
    line.send(&request_with(request.method().as_str(), &target, "", &headers, request.body()));
    line.response().expect("an answer, not silence")
}

/// RFC 9110 section 15.5.2, RFC 6750 section 3: `invalid_token` is only for requests with a token.
pub fn challenges(server: &Arc<TestServer>) {
    let rest = server::protocols::PROTOCOLS.iter().find(|style| style.name == "rest").expect("there is REST");
    let request = request_in(rest);
    let conversation = Conversation::over(server, rest);
    conversation.set_up(Settings { access: Access::Locked, ..Settings::default() });
    let challenges = |options: &[(&str, &str)]| -> Vec<String> {
        let response = answer_to(&conversation, &request, options);
        assert_eq!(response.status, 401, "{}", response.text());
        let headers = response.headers.into_iter().filter(|(name, _)| name == "www-authenticate");
        headers.map(|(_, value)| value).collect()
    };
    let (bearer, basic) = ("Bearer realm=\"parlance\"", "Basic realm=\"parlance\", charset=\"UTF-8\"");
    assert_eq!(challenges(&[]), [bearer, basic]);
    assert_eq!(challenges(&[("x-api-key", "k")]), [bearer, basic]);
    let bearer_and_basic = challenges(&[("authorization", "Bearer a.b.c")]);
    assert!(
        bearer_and_basic[0].starts_with(&format!("{bearer}, error=\"invalid_token\", error_description=\"")),
        "{bearer_and_basic:?}"
    );
    assert_eq!(bearer_and_basic[1], basic);
}
