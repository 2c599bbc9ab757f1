//! What do requests and replies look like on the wire, and how do they become domain values? (Values have their own file.)

use crate::errors::Fault;
use crate::values::{self, CLOSING, OPENING, ValueSink, bad, children, elements, leaf, plain};
use domain::{Error, Operation, Reply, Value};
use wire::xml::encoding::{self, Encoding};
use wire::xml::{self, Element};

/// A method with its parameters.
#[derive(Debug, PartialEq)]
pub struct MethodCall {
    /// The method's name.
    pub name: String,
    /// The parameters, in their order.
    pub params: Vec<Value>,
}

impl MethodCall {
    /// Reads a request; `charset` is what its media type says. "Payload format": a `<methodCall>` with a `<methodName>`
    /// and, if there are parameters, `<params>`.
    pub fn read(body: &[u8], charset: Option<&str>) -> Result<Self, Fault> {
        // The specification names no encoding, and its clients were written when UTF-8 was not yet everybody's.
        let encoding = encoding::find(body, charset, Encoding::ALL)?;
        let root = xml::read(&encoding::to_utf8(body, encoding)?)?;
        Self::of(root).map_err(Fault::not_xml_rpc)
    }

    fn of(root: Element) -> Result<Self, Error> {
        let mut parts = elements(plain(root, "methodCall")?)?.into_iter();
        let (name, params) = (parts.next(), parts.next());
        if let Some(more) = parts.next() {
            return Err(bad(format!("<methodCall> has <{}> after its params", domain::value::shown(&more.name))));
        }
        let name = name.ok_or_else(|| bad("<methodCall> has no <methodName>"))?;
        // Clients that lay out their XML put white space around the name, which no name of a method has in it.
        let name = leaf(plain(name, "methodName")?)?.trim().to_owned();
        let params = params.map_or_else(|| Ok(Vec::new()), read_params)?;
        Ok(MethodCall { name, params })
    }

    /// The call as a request, as our client end writes it.
    pub fn write(&self) -> String {
        let mut out = "<?xml version=\"1.0\"?><methodCall><methodName>".to_owned();
        xml::text(&mut out, &self.name);
        out.push_str("</methodName><params>");
        for param in &self.params {
            out.push_str("<param>");
            values::write(&mut out, param);
            out.push_str("</param>");
        }
        out.push_str("</params></methodCall>");
        out
    }
}

fn read_params(params: Element) -> Result<Vec<Value>, Error> {
    elements(plain(params, "params")?)?.into_iter().map(read_param).collect()
}

/// The value of a `<param>`: in a request, and in a response.
pub fn read_param(param: Element) -> Result<Value, Error> {
    let [value] = children(plain(param, "param")?)?;
    values::read(value)
}

/// An operation's input: a struct, by name; or values by position, in the order of the dictionary. As no operation's first
/// member is a record, a single struct is always the former.
pub fn input(operation: &Operation, mut params: Vec<Value>) -> Result<Value, Error> {
    if let [Value::Object(members)] = params.as_mut_slice() {
        return Ok(Value::Object(std::mem::take(members)));
    }
    let members = operation.input.members;
    if params.len() > members.len() {
        let message = format!("must be at most {} values by position, was {}", members.len(), params.len());
        return Err(Error::invalid("", message));
    }
    Ok(Value::Object(members.iter().map(|member| member.name.to_owned()).zip(params).collect()))
}

/// Writes a reply as a value.
pub fn write_reply(out: &mut String, reply: &Reply) {
    reply.write(&mut ValueSink::new(out));
}

/// The beginning of a response that is no fault; the one value follows ("Response format": one param).
pub fn opened() -> String {
    let mut out = String::with_capacity(1024);
    out.push_str(OPENING);
    out.push_str("<params><param>");
    out
}

/// The response, once the value has been written.
pub fn closed(mut out: String) -> String {
    out.push_str("</param></params>");
    out.push_str(CLOSING);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(document: &str) -> Result<MethodCall, Fault> {
        MethodCall::read(document.as_bytes(), None)
    }

    #[test]
    fn a_request_names_a_method_and_gives_parameters() {
        let call = read(
            "<?xml version='1.0'?>\n<methodCall>\n <methodName>get_user</methodName>\n <params>\n  <param>\n   \
             <value><i4>1</i4></value>\n  </param>\n </params>\n</methodCall>\n",
        );
        assert_eq!(call.unwrap(), MethodCall { name: "get_user".to_owned(), params: vec![1.into()] });
        let call = read("<methodCall><methodName>list_users</methodName></methodCall>");
        assert_eq!(call.unwrap(), MethodCall { name: "list_users".to_owned(), params: vec![] });
        let call = MethodCall { name: "a <&>".to_owned(), params: vec![Value::Null, Value::object([])] };
        assert_eq!(read(&call.write()).unwrap(), call);
    }

    #[test]
    fn what_is_no_xml_and_what_is_no_request_are_told_apart() {
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
            let fault = read(document).expect_err(document);
            assert_eq!((fault.code, fault.error.reason.word()), (code, "unreadable"), "{document}");
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
        assert_eq!(message, "the input must be at most 4 values by position, was 5");
        // No operation's first member is a record, so that one struct can only be all of them.
        let first = domain::operations::OPERATIONS.iter().filter_map(|operation| operation.input.members.first());
        assert!(first.into_iter().all(|member| !matches!(member.schema, domain::schema::Schema::Object(_))));
    }
}
