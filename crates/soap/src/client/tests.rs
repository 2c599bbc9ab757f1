//! The client reads what the server writes, and the reverse.

use super::*;
use crate::errors::Refusal;
use crate::messages::{operation, response};
use actix_web::web::Bytes;
use domain::access::Secret;
use domain::operations::{OPERATIONS, OperationKind};
use domain::time::Timestamp;
use domain::{Error, Reason};
use testing::replies;
use wire::Client as _;

fn receive(call: &CallRequest, envelope: String) -> Result<Outcome, DecodeError> {
    Client.decode(call, &WireResponse::Http(http::Response::new(Bytes::from(envelope))))
}

#[test]
fn every_reply_comes_back_as_it_was() {
    for operation in OPERATIONS.iter().filter(|operation| operation.kind != OperationKind::Stream) {
        for reply in replies(operation.reply_name) {
            for version in Version::ALL {
                let outcome =
                    receive(&CallRequest::new(operation.name, Value::Null), response(version, operation, &reply));
                assert_eq!(outcome, Ok(Outcome::Reply(reply.to_value())), "{}", operation.name);
            }
        }
    }
}

#[test]
fn every_refusal_comes_back_as_it_was() {
    let call = CallRequest::new("get_user", Value::Null);
    for reason in Reason::ALL {
        let pointer = "/lines/0/<&>".to_owned();
        let errors = vec![Violation { pointer, message: "must be 1 to 99, got 0".to_owned() }; 2];
        let error = Error { errors, retry_after_ms: Some(1500), ..Error::new(*reason, "no & <never>") };
        for version in Version::ALL {
            let Ok(Outcome::Refused(refused)) = receive(&call, Refusal::from(error.clone()).envelope(version)) else {
                panic!("{reason:?} was not decoded");
            };
            assert_eq!(refused.reason.as_deref(), Some(reason.word()));
            assert_eq!(refused.kind.as_deref(), Some(reason.kind().word()));
            assert_eq!((refused.message, refused.errors), (error.message.clone(), error.errors.clone()));
            assert_eq!(refused.retry_after_ms, Some(1500));
        }
    }
    let own = Refusal::unknown_version(&Element::default());
    let Ok(Outcome::Refused(refused)) = receive(&call, own.envelope(Version::V12)) else {
        panic!("a fault is a refusal")
    };
    assert_eq!((refused.code.as_str(), refused.reason), ("VersionMismatch", None));
}

#[test]
fn what_is_not_in_the_contract_is_a_decode_error() {
    let call = CallRequest::new("get_user", Value::Null);
    let good = response(Version::V11, call.row().unwrap(), &replies("user")[0]);
    for (part, other) in [
        ("<id>1</id>", "<id>one</id>"),
        ("<id>1</id>", ""),
        ("<id>1</id>", "<id>1</id><id>2</id>"),
        ("</user>", "<more/></user>"),
        ("GetUserResponse", "GetCartResponse"),
        ("</soap:Envelope>", ""),
    ] {
        assert!(matches!(receive(&call, good.replace(part, other)), Err(DecodeError(_))), "{other}");
    }
    assert!(receive(&call, "<html></html>".to_owned()).is_err());
}

fn encoded(operation: &str, input: Value) -> (http::Request<Bytes>, Element) {
    let WireRequest::Http(request) = Client.encode(&CallRequest::new(operation, input)) else {
        panic!("SOAP is sent over HTTP")
    };
    let content = Envelope::read(request.body(), Version::V11).unwrap().into_content().unwrap();
    (request, content)
}

#[test]
fn a_question_is_in_the_order_of_the_contract() {
    let line = Value::object([("quantity", 2.into()), ("product_id", 7.into())]);
    let input = Value::object([("lines", Value::List(vec![line])), ("user_id", 1.into())]);
    let (request, _) = encoded("place_order", input);
    let expected = "<PlaceOrder xmlns=\"urn:parlance:shop:v1\"><userId>1</userId><lines><line><productId>7</productId>\
                    <quantity>2</quantity></line></lines></PlaceOrder>";
    let body = std::str::from_utf8(request.body()).unwrap();
    assert_eq!(body, format!("{}{expected}{CLOSING}", Version::V11.opening("")));
    assert_eq!(request.headers()["soapaction"], "\"urn:parlance:shop:v1/PlaceOrder\"");
    assert_eq!(request.headers()[CONTENT_TYPE], "text/xml; charset=utf-8");
}

#[test]
fn a_wrong_question_is_asked_as_it_is() {
    let input = Value::object([
        ("no such/member", Value::Null),
        ("id", Value::List(vec![1.into(), "<&>".into()])),
        ("id", Value::Bool(true)),
    ]);
    let (_, content) = encoded("get_user", input);
    let names: Vec<&str> = content.children.iter().map(|child| child.name.as_str()).collect();
    assert_eq!(names, ["id", "id", "no_such_member"]);
    assert_eq!(content.children[0].children[1].text, "<&>");
    assert_eq!(content.children[2].attribute(Some(XSI), "nil"), Some("true"));
    let (request, content) = encoded("gét user", Value::Null);
    assert!(operation(&content).is_err());
    assert_eq!(request.headers()["soapaction"], "\"urn:parlance:shop:v1/G_t_user\"");
}

#[test]
fn options_of_a_call_are_in_the_envelope_where_it_has_a_place() {
    let send = |credentials: Credentials| {
        let (idempotency_key, fault) = (Some("k<1>".to_owned()), Some("drop".to_owned()));
        let call = CallRequest {
            options: CallOptions { credentials, idempotency_key, fault, gzip: false },
            ..CallRequest::new("who_am_i", Value::Null)
        };
        let WireRequest::Http(request) = Client.encode(&call) else { panic!("SOAP is sent over HTTP") };
        let envelope = Envelope::read(request.body(), Version::V11).unwrap();
        envelope.check_headers().expect("what is sent is understood");
        (request, envelope)
    };
    let password = Credentials::Password { email: "a<&>@b".into(), password: Secret::new("p]]>&\r ") };
    let (request, envelope) = send(password.clone());
    let mut names: Vec<&str> = request.headers().keys().map(|name| name.as_str()).collect();
    names.sort_unstable();
    assert_eq!(names, ["content-type", "soapaction", "x-fault"]);
    assert_eq!(security::credentials(&envelope, Credentials::None, Timestamp(0)), password);
    assert_eq!(envelope.idempotency_key(None).unwrap().as_deref(), Some("k<1>"));
    let (request, envelope) = send(Credentials::Token(Secret::new("t")));
    assert_eq!(request.headers()["authorization"], "Bearer t");
    assert_eq!(security::credentials(&envelope, Credentials::None, Timestamp(0)), Credentials::None);
}
