//! Do both ends understand each other?

use super::*;
use crate::errors::Fault;
use crate::messages::{closed, opened, write_reply};
use domain::access::{Credentials, Secret};
use domain::events::EventPage;
use domain::operations::{OPERATIONS, OperationKind};
use domain::schema::Violation;
use domain::{Error, Reply};
use wire::testing::replies;

fn hear(ask: &CallRequest, document: String) -> Result<Outcome, DecodeError> {
    XmlRpc.decode(ask, &WireResponse::Http(http::Response::new(Bytes::from(document))))
}

fn response(reply: &Reply) -> String {
    let mut out = opened();
    write_reply(&mut out, reply);
    closed(out)
}

#[test]
fn every_reply_comes_back_as_it_was() {
    for operation in OPERATIONS.iter().filter(|operation| operation.kind != OperationKind::Stream) {
        for reply in replies(operation.reply_name) {
            let heard = hear(&CallRequest::new(operation.name, Value::Null), response(&reply));
            assert_eq!(heard, Ok(Outcome::Reply(reply.to_value())), "{}", operation.name);
        }
    }
}

#[test]
fn every_refusal_comes_back_with_what_there_is_room_for() {
    let ask = CallRequest::new("get_user", Value::Null);
    for reason in Reason::ALL {
        let errors = vec![Violation { pointer: "/id".to_owned(), message: "is required".to_owned() }];
        let error = Error { errors, retry_after_ms: Some(1500), ..Error::new(*reason, "no: & <never>") };
        let fault = Fault::from(error);
        let expected = Refused {
            code: fault.code.to_string(),
            reason: Some(reason.word().to_owned()),
            message: "no: & <never>".to_owned(),
            ..Refused::default()
        };
        assert_eq!(hear(&ask, fault.response()), Ok(Outcome::Refused(expected)));
    }
    let strange = Fault::from(Error::new(Reason::Internal, "x")).response().replace("internal: x", "Oops: x");
    let Ok(Outcome::Refused(refused)) = hear(&ask, strange) else { panic!("a fault is a refusal") };
    assert_eq!((refused.reason, refused.message.as_str()), (None, "Oops: x"));
}

#[test]
fn what_is_not_of_the_protocol_is_garbled() {
    let ask = CallRequest::new("get_user", Value::Null);
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
        assert!(good.contains(part) && matches!(hear(&ask, good.replace(part, other)), Err(DecodeError(_))), "{other}");
    }
    assert!(hear(&ask, "<html></html>".to_owned()).is_err());
    let no_code = Fault::from(Error::internal()).response().replace("faultCode", "code");
    assert!(hear(&ask, no_code).is_err());
}

#[test]
fn the_members_of_a_struct_have_no_order() {
    let ask = CallRequest::new("delete_user", Value::Null);
    let swapped = response(&EventPage { items: vec![], next: 7 }.into());
    let items = "<member><name>items</name><value><array><data></data></array></value></member>";
    let swapped = swapped.replace(items, "").replace("</struct>", &format!("{items}</struct>"));
    let expected = Value::object([("items", Value::List(vec![])), ("next", 7.into())]);
    assert_eq!(hear(&CallRequest::new("list_events", Value::Null), swapped.clone()), Ok(Outcome::Reply(expected)));
    assert!(hear(&ask, swapped).is_err());
}

fn encoded(operation: &str, input: Value) -> http::Request<Bytes> {
    match XmlRpc.encode(&CallRequest::new(operation, input)) {
        WireRequest::Http(request) => request,
        other => panic!("XML-RPC is sent over HTTP, not as {other:?}"),
    }
}

#[test]
fn a_question_is_one_struct() {
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
fn what_rides_beside_a_question_rides_in_headers() {
    let mut ask = CallRequest::new("place_order", Value::object([]));
    let (email, password) = ("ada@example.com".to_owned(), Secret::new("secret"));
    ask.options.credentials = Credentials::Password { email, password };
    (ask.options.idempotency_key, ask.options.fault) = (Some("once".to_owned()), Some("drop".to_owned()));
    let WireRequest::Http(request) = XmlRpc.encode(&ask) else { panic!("XML-RPC is sent over HTTP") };
    let headers = ["authorization", "idempotency-key", "x-fault"].map(|name| request.headers()[name].clone());
    assert_eq!(headers, ["Basic YWRhQGV4YW1wbGUuY29tOnNlY3JldA==", "once", "drop"]);
}

#[test]
fn a_wrong_question_is_asked_as_it_is() {
    let input = Value::object([
        ("no such/member", Value::Null),
        ("id", Value::List(vec![1.into(), "<&>".into()])),
        ("id", Value::Bool(true)),
        ("price", Value::Fraction("1.5".to_owned())),
    ]);
    let request = encoded("gét <user>", input.clone());
    let call = MethodCall::read(request.body(), None).unwrap();
    assert_eq!(call, MethodCall { name: "gét <user>".to_owned(), params: vec![input] });
}
