//! Requests and responses on the wire, to and from domain values ([`values`] has the element that holds the data).

use crate::errors::Refusal;
use crate::values::{self, ValueEncoder, children, document, elements, invalid, leaf, plain};
use actix_web::http::header::HeaderMap;
use domain::schema::names::too_many_values;
use domain::{Error, Operation, Reply, Value};
use wire::content::media_type;
use wire::xml::encoding::{self, Encoding};
use wire::xml::{self, Element};

/// The media types of a request. "Header requirements": text/xml; RFC 7303 section 9.2 makes both names the same.
const MEDIA_TYPES: [&str; 2] = ["text/xml", "application/xml"];

/// A method with its parameters.
#[derive(Debug, PartialEq)]
pub struct MethodCall {
    /// The method's name.
    pub name: String,
    /// The parameters, in their order.
    pub params: Vec<Value>,
}

/// The charset of the request's media type, if it names one; fails if it is no media type of XML-RPC.
pub fn charset(headers: &HeaderMap) -> Result<Option<String>, Error> {
    let media_type = media_type(headers, &MEDIA_TYPES)?;
    Ok(media_type.parameter("charset").map(str::to_owned))
}

/// Reads a request; `charset` is that of its media type. "Payload format": a `<methodCall>` with a `<methodName>` and, if there are
/// parameters, `<params>`.
pub fn read(body: &[u8], charset: Option<&str>) -> Result<MethodCall, Refusal> {
    // The specification names no encoding, and some of its clients are older than the habit of UTF-8.
    let encoding = encoding::find(body, charset, Encoding::ALL)?;
    let root = xml::read(&encoding::to_utf8(body, encoding)?)?;
    read_method_call(root).map_err(Refusal::invalid_request)
}

fn read_method_call(root: Element) -> Result<MethodCall, Error> {
    let mut parts = elements(plain(root, "methodCall")?)?.into_iter();
    let (name, params) = (parts.next(), parts.next());
    if let Some(more) = parts.next() {
        return Err(invalid(format!("<methodCall> has <{}> after its params", domain::value::shown(&more.name))));
    }
    let name = name.ok_or_else(|| invalid("<methodCall> has no <methodName>"))?;
    // Clients that indent their XML put white space around the name; no name of a method contains any.
    let name = leaf(plain(name, "methodName")?)?.trim().to_owned();
    let params = match params {
        Some(params) => elements(plain(params, "params")?)?.into_iter().map(read_param).collect::<Result<_, _>>()?,
        None => Vec::new(),
    };
    Ok(MethodCall { name, params })
}

/// The value of a `<param>`, which requests and responses have.
pub fn read_param(param: Element) -> Result<Value, Error> {
    let [value] = children(plain(param, "param")?)?;
    values::read(value)
}

impl MethodCall {
    /// The request that makes this call.
    pub fn document(&self) -> String {
        let mut out = "<?xml version=\"1.0\"?><methodCall><methodName>".to_owned();
        xml::text(&mut out, &self.name);
        out.push_str("</methodName><params>");
        for param in &self.params {
            out.push_str("<param>");
            out.push_str(&values::encode(param));
            out.push_str("</param>");
        }
        out.push_str("</params></methodCall>");
        out
    }
}

/// An operation's input: one struct, by name; or values by position, in the order of the table. No operation's first member is an
/// object, so a single struct is always the former.
pub fn input(operation: &Operation, mut params: Vec<Value>) -> Result<Value, Error> {
    if let [Value::Object(members)] = params.as_mut_slice() {
        return Ok(Value::Object(std::mem::take(members)));
    }
    let names: Vec<&str> = operation.input.members.iter().map(|member| member.name).collect();
    if params.len() > names.len() {
        return Err(Error::invalid("", too_many_values(&names, params.len())));
    }
    Ok(Value::Object(names.into_iter().map(str::to_owned).zip(params).collect()))
}

/// A reply as a `<value>`.
pub fn encode_reply(reply: &Reply) -> String {
    let mut out = String::with_capacity(1024);
    reply.write(&mut ValueEncoder(&mut out));
    out
}

/// The response that carries a `<value>` ("Response format": one param).
pub fn response(value: &str) -> String {
    document(format_args!("<params><param>{value}</param></params>"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(document: &str) -> Result<MethodCall, Refusal> {
        read(document.as_bytes(), None)
    }

    #[test]
    fn a_request_names_a_method_and_gives_parameters() {
        let call = parse(
            "<?xml version='1.0'?>\n<methodCall>\n <methodName>get_user</methodName>\n <params>\n  <param>\n   \
             <value><i4>1</i4></value>\n  </param>\n </params>\n</methodCall>\n",
        );
        assert_eq!(call.unwrap(), MethodCall { name: "get_user".to_owned(), params: vec![1.into()] });
        let call = parse("<methodCall><methodName>list_users</methodName></methodCall>");
        assert_eq!(call.unwrap(), MethodCall { name: "list_users".to_owned(), params: vec![] });
        let call = MethodCall { name: "a <&>".to_owned(), params: vec![Value::Null, Value::object([])] };
        assert_eq!(parse(&call.document()).unwrap(), call);
    }

    #[test]
    fn broken_xml_and_invalid_requests_have_different_codes() {
        for (code, document) in [
            (-32700, ""),
            (-32700, "<methodCall>"),
            (-32700, "<!DOCTYPE methodCall><methodCall><methodName>a</methodName></methodCall>"),
            (-32700, "<methodCall><methodName>&e;</methodName></methodCall>"),
            (-32600, "<methodResponse/>"),
            (-32600, "<methodCall/>"),
            (-32600, "<methodCall><params/></methodCall>"),
            (-32600, "<methodCall><methodName>a</methodName><params/><params/></methodCall>"),
            (-32600, "<methodCall><methodName><a/></methodName></methodCall>"),
            (-32600, "<methodCall>a<methodName>a</methodName></methodCall>"),
            (-32600, "<methodCall a='1'><methodName>a</methodName></methodCall>"),
            (-32600, "<methodCall xmlns='urn:x'><methodName>a</methodName></methodCall>"),
            (-32600, "<methodCall><methodName>a</methodName><params><value/></params></methodCall>"),
            (-32600, "<methodCall><methodName>a</methodName><params><param/></params></methodCall>"),
        ] {
            let refusal = parse(document).expect_err(document);
            assert_eq!((refusal.code, refusal.error.reason.word()), (code, "unreadable"), "{document}");
        }
    }

    #[test]
    fn parameters_come_by_name_or_by_position() {
        let operation = Operation::find("update_user").unwrap();
        let by_name = Value::object([("id", 1.into()), ("name", "x".into())]);
        assert_eq!(input(operation, vec![by_name.clone()]), Ok(by_name.clone()));
        assert_eq!(input(operation, vec![1.into(), "x".into()]), Ok(by_name));
        assert_eq!(input(operation, vec![]), Ok(Value::object([])));
        let message = input(operation, vec![Value::Null; 5]).expect_err("too many").message;
        assert_eq!(
            message,
            "the input must be at most these by position: id, name, email, expected_version; got 5 values"
        );
        // So one struct can only be the whole input.
        let first = domain::operations::OPERATIONS.iter().filter_map(|operation| operation.input.members.first());
        assert!(first.into_iter().all(|member| !matches!(member.schema, domain::schema::Schema::Object(_))));
    }
}
