//! The client half reads what the server half writes.

use super::*;
use crate::errors::Refusal;
use crate::messages::{self, encode_reply};
use actix_web::web::Bytes;
use domain::access::{Credentials, Secret};
use domain::events::EventPage;
use domain::operations::{OPERATIONS, OperationKind};
use domain::{Error, Reply};
use testing::replies;
use wire::Client as _;

fn decode(call: &CallRequest, document: String) -> Result<Outcome, DecodeError> {
    Client.decode(call, &WireResponse::Http(http::Response::new(Bytes::from(document))))
}

fn response(reply: &Reply) -> String {
    messages::response(&encode_reply(reply))
}

#[test]
fn every_reply_is_decoded_unchanged() {
    for operation in OPERATIONS.iter().filter(|operation| operation.kind != OperationKind::Stream) {
        for reply in replies(operation.reply_name) {
            let outcome = decode(&CallRequest::new(operation.name, Value::Null), response(&reply));
            assert_eq!(outcome, Ok(Outcome::Reply(reply.to_value())), "{}", operation.name);
        }
    }
}

#[test]
fn every_refusal_is_decoded_as_far_as_a_fault_carries_it() {
    let call = CallRequest::new("get_user", Value::Null);
    for reason in Reason::ALL {
        let errors = vec![Violation { pointer: "/id".to_owned(), message: "is required".to_owned() }];
        let error =
            Error { errors: errors.clone(), retry_after_ms: Some(1500), ..Error::new(*reason, "no: & <never>") };
        let refusal = Refusal::from(error);
        let expected = Refused {
            code: refusal.code.to_string(),
            reason: Some(reason.word().to_owned()),
            message: "no: & <never>".to_owned(),
            errors,
            retry_after_ms: Some(1500),
            ..Refused::default()
        };
        assert_eq!(decode(&call, refusal.response()), Ok(Outcome::Refused(expected)));
    }
    let foreign = Refusal::from(Error::new(Reason::Internal, "x")).response().replace("internal: x", "Oops: x");
    let Ok(Outcome::Refused(refused)) = decode(&call, foreign) else { panic!("a fault is a refusal") };
    assert_eq!((refused.reason, refused.message.as_str()), (None, "Oops: x"));
}

#[test]
fn a_response_that_is_not_xml_rpc_is_a_decode_error() {
    let call = CallRequest::new("get_user", Value::Null);
    let good = response(&replies("user")[0]);
    let id = "<member><name>id</name><value><int>1</int></value></member>";
    for (part, other) in [
        ("<int>1</int>", "<string>1</string>"),
        (id, ""),
        (id, &id.repeat(2)),
        (id, &id.replace("id", "other")),
        ("<params>", "<params><param><value/></param>"),
        ("<param>", "<param a='1'>"),
        ("methodResponse", "methodCall"),
        ("</methodResponse>", ""),
        ("</methodResponse>", "</methodResponse><a/>"),
        ("Ada", "&unknown;"),
        ("<?xml version=\"1.0\" encoding=\"UTF-8\"?>", "<!DOCTYPE a>"),
    ] {
        assert!(
            good.contains(part) && matches!(decode(&call, good.replace(part, other)), Err(DecodeError(_))),
            "{other}"
        );
    }
    assert!(decode(&call, "<html></html>".to_owned()).is_err());
    let no_code = Refusal::from(Error::internal()).response().replace("faultCode", "code");
    assert!(decode(&call, no_code).is_err());
}

#[test]
fn the_members_of_a_struct_have_no_order() {
    let call = CallRequest::new("delete_user", Value::Null);
    let swapped = response(&EventPage { items: vec![], next: 7 }.into());
    let items = "<member><name>items</name><value><array><data></data></array></value></member>";
    let swapped = swapped.replace(items, "").replace("</struct>", &format!("{items}</struct>"));
    let expected = Value::object([("items", Value::List(vec![])), ("next", 7.into())]);
    assert_eq!(decode(&CallRequest::new("list_events", Value::Null), swapped.clone()), Ok(Outcome::Reply(expected)));
    assert!(decode(&call, swapped).is_err());
}

fn encoded(operation: &str, input: Value) -> http::Request<Bytes> {
    match Client.encode(&CallRequest::new(operation, input)) {
        WireRequest::Http(request) => request,
        other => panic!("XML-RPC is sent over HTTP, not as {other:?}"),
    }
}

#[test]
fn a_call_has_one_struct() {
    let request = encoded("get_user", Value::object([("id", 1.into())]));
    let expected = "<?xml version=\"1.0\"?><methodCall><methodName>get_user</methodName><params><param><value><struct>\
                    <member><name>id</name><value><int>1</int></value></member></struct></value></param></params>\
                    </methodCall>";
    assert_eq!(request.body(), expected);
    assert_eq!((request.method(), request.uri().path()), (&http::Method::POST, "/xmlrpc"));
    assert_eq!(request.headers()[CONTENT_TYPE], "text/xml");
    assert_eq!(request.headers()[USER_AGENT], "parlance");
}

#[test]
fn call_options_are_sent_as_headers() {
    let mut call = CallRequest::new("place_order", Value::object([]));
    let (email, password) = ("ada@example.com".to_owned(), Secret::new("secret"));
    call.options.credentials = Credentials::Password { email, password };
    (call.options.idempotency_key, call.options.fault) = (Some("once".to_owned()), Some("drop".to_owned()));
    let WireRequest::Http(request) = Client.encode(&call) else { panic!("XML-RPC is sent over HTTP") };
    let headers = ["authorization", "idempotency-key", "x-fault"].map(|name| request.headers()[name].clone());
    assert_eq!(headers, ["Basic YWRhQGV4YW1wbGUuY29tOnNlY3JldA==", "once", "drop"]);
}

#[test]
fn a_wrong_call_is_sent_unchanged() {
    let input = Value::object([
        ("no such/member", Value::Null),
        ("id", Value::List(vec![1.into(), "<&>".into()])),
        ("id", Value::Bool(true)),
        ("price", Value::Fraction("1.5".to_owned())),
    ]);
    let request = encoded("gét <user>", input.clone());
    let method_call = messages::read(request.body(), None).unwrap();
    assert_eq!(method_call, MethodCall { name: "gét <user>".to_owned(), params: vec![input] });
}
