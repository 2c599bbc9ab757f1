//! What do requests and replies look like in XML, and how do they become values of the domain?
//!
//! XML has no types and no lists, only elements and characters, so the shape of the operation's input says how an
//! element is to be read. What fits no shape (another namespace, an attribute, text between elements) is kept under a
//! name that no member of the shop has, and the domain refuses it like any unknown member: nothing is passed over in
//! silence.

use crate::envelope::{CLOSING, Version};
use crate::{NAMESPACE, SPELLING};
use domain::operations::unknown_operation;
use domain::schema::{Encoder, Object, Schema};
use domain::time::Timestamp;
use domain::value::shown;
use domain::{Error, Operation, Reason, Reply, Value};
use std::fmt::Write;
use wire::names::{one_of, pascal, push_camel, snake, written};
use wire::xml::{self, Element};

/// The namespace of `xsi:nil` (XML Schema part 1 section 2.6).
pub const XSI: &str = "http://www.w3.org/2001/XMLSchema-instance";

/// The one list of a page: its items stand in the page's element itself, without an element of their own around them.
pub const FLAT: &str = "items";

/// The action of an operation, as the contract declares it.
pub fn action(element_name: &str) -> String {
    format!("{NAMESPACE}/{element_name}")
}

/// The operation that an element names: `GetUser` is `get_user`.
pub fn operation(element: &Element) -> Result<&'static Operation, Error> {
    if let Some(other) = element.namespace.as_deref().filter(|namespace| *namespace != NAMESPACE) {
        let (name, other) = (shown(&element.name), shown(other));
        let message = format!("the namespace of {name} must be \"{NAMESPACE}\", got \"{other}\"");
        return Err(Error::new(Reason::UnknownOperation, message));
    }
    let found = Operation::find(&snake(&element.name)).filter(|found| pascal(found.name) == element.name);
    found.ok_or_else(|| unknown_operation(&element.name, &SPELLING))
}

/// The input of an operation. Bruno makes messages without any namespace: then nothing but ours can be meant.
pub fn input(mut element: Element, record: &'static Object) -> Value {
    if element.namespace.is_none() {
        qualify(&mut element);
    }
    match value(element, "", Some(&Schema::Object(record))) {
        // The contract lets no message be nil, but SOAP::Lite says it of every message that it has nothing to put in.
        Value::Null => Value::Object(Vec::new()),
        input => input,
    }
}

/// What an element holds, as far as its shape can tell; without one it is read as it looks.
fn value(element: Element, name: &str, shape: Option<&Schema>) -> Value {
    let (is_nil, has_text) = (is_nil(&element), element.has_text());
    // xsi:type and xsi:schemaLocation tell a reader what it knows already.
    let attributes = element.attributes.into_iter().filter(|attribute| attribute.namespace.as_deref() != Some(XSI));
    let odd =
        attributes.map(|attribute| (written(&format!("@{}", attribute.full_name())), Value::RawText(attribute.value)));
    let mut odd: Vec<(String, Value)> = odd.collect();
    let is_leaf = element.children.is_empty() && odd.is_empty();
    if is_nil && is_leaf && !has_text {
        return Value::Null;
    }
    match shape {
        Some(Schema::List { item, .. }) if odd.is_empty() && !has_text => {
            Value::List(element.children.into_iter().map(|child| list_item(child, one_of(name), item)).collect())
        }
        Some(Schema::Object(_)) if is_leaf && !has_text => Value::Object(Vec::new()),
        _ if is_leaf => Value::RawText(element.text),
        shape => {
            if has_text {
                odd.push((written("#text"), Value::RawText(element.text)));
            }
            let record = match shape {
                Some(Schema::Object(record)) => Some(*record),
                _ => None,
            };
            odd.extend(element.children.into_iter().map(|child| member(child, record)));
            Value::Object(odd)
        }
    }
}

/// Whether an element says that it is null, which means absent. XML Schema part 2 section 3.2.2: `1` is true too.
pub fn is_nil(element: &Element) -> bool {
    element.attribute(Some(XSI), "nil").is_some_and(|value| matches!(value.trim(), "true" | "1"))
}

fn list_item(element: Element, name: &str, shape: &Schema) -> Value {
    if is_ours(&element) && element.name == name {
        value(element, "", Some(shape))
    } else {
        Value::Object(vec![member(element, None)])
    }
}

fn member(element: Element, record: Option<&'static Object>) -> (String, Value) {
    if !is_ours(&element) {
        return (written(&element.full_name()), value(element, "", None));
    }
    let name = snake(&element.name);
    let is_camel = !element.name.starts_with(|c: char| c.is_ascii_uppercase()) && !element.name.contains('_');
    match record.and_then(|record| record.member(&name)).filter(|_| is_camel) {
        Some(member) => {
            let value = value(element, &name, Some(&member.schema));
            (name, value)
        }
        None => (written(&element.name), value(element, "", None)),
    }
}

fn is_ours(element: &Element) -> bool {
    element.namespace.as_deref() == Some(NAMESPACE)
}

/// Puts what is in no namespace into ours.
fn qualify(element: &mut Element) {
    element.namespace.get_or_insert_with(|| NAMESPACE.into());
    element.children.iter_mut().for_each(qualify);
}

/// A reply in its envelope.
pub fn response(version: Version, operation: &Operation, reply: &Reply) -> String {
    let (mut out, name) = (version.opening(""), pascal(operation.name));
    out.reserve(1024);
    // Writing to a String does not fail, here and below.
    let _ = write!(out, "<{name}Response xmlns=\"{NAMESPACE}\">");
    let mut encoder = ReplyEncoder { out, names: Vec::new() };
    if matches!(reply, Reply::Nothing(_)) {
        reply.write(&mut encoder);
    } else {
        encoder.field(operation.reply_name);
        reply.write(&mut encoder);
        encoder.end_field(operation.reply_name);
    }
    let mut out = encoder.out;
    let _ = write!(out, "</{name}Response>{CLOSING}");
    out
}

/// Writes elements. Records and lists have no marks of their own: their members and items have.
struct ReplyEncoder {
    out: String,
    /// The members that are open, the innermost last; the items of a list are called after it.
    names: Vec<&'static str>,
}

impl ReplyEncoder {
    fn tag(&mut self, opening: &str, name: &str) {
        self.out.push_str(opening);
        push_camel(&mut self.out, name);
        self.out.push('>');
    }

    fn list_item(&self) -> &'static str {
        one_of(self.names.last().copied().unwrap_or_default())
    }
}

impl Encoder for ReplyEncoder {
    fn int(&mut self, number: i32) {
        let _ = write!(self.out, "{number}");
    }
    fn text(&mut self, text: &str) {
        xml::text(&mut self.out, text);
    }
    fn word(&mut self, word: &'static str) {
        // The dictionary's words need no escape.
        self.out.push_str(word);
    }
    fn time(&mut self, time: Timestamp) {
        let _ = write!(self.out, "{time}");
    }
    fn begin_object(&mut self) {}
    fn field(&mut self, name: &'static str) {
        self.names.push(name);
        if name != FLAT {
            self.tag("<", name);
        }
    }
    fn end_field(&mut self, name: &'static str) {
        self.names.pop();
        if name != FLAT {
            self.tag("</", name);
        }
    }
    fn end_object(&mut self) {}
    fn begin_list(&mut self) {}
    fn item(&mut self) {
        self.tag("<", self.list_item());
    }
    fn end_item(&mut self) {
        self.tag("</", self.list_item());
    }
    fn end_list(&mut self) {}
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::operations::OperationKind;
    use domain::schema::Violation;

    /// What the domain says of a question.
    fn call(inside: &str) -> Result<Value, Error> {
        let name = inside.trim_start_matches('<').split([' ', '>', '/']).next().unwrap();
        let document = inside.replacen(name, &format!("{name} xmlns=\"{NAMESPACE}\" xmlns:xsi=\"{XSI}\""), 1);
        let element = xml::read(document.as_bytes()).unwrap();
        let called = operation(&element)?;
        if called.kind == OperationKind::Stream {
            return Err(unknown_operation(&element.name, &SPELLING));
        }
        (called.settle)(input(element, called.input), &SPELLING)
    }

    fn violations(inside: &str) -> Vec<(String, String)> {
        let errors = call(inside).expect_err(inside).errors;
        errors.into_iter().map(|Violation { pointer, message }| (pointer, message)).collect()
    }

    #[test]
    fn elements_become_the_input_that_the_shape_tells() {
        let line = "<line><productId>7</productId><quantity> 2 </quantity></line>";
        assert!(call(&format!("<PlaceOrder><userId>1</userId><lines>{line}</lines></PlaceOrder>")).is_ok());
        assert!(call("<ListUsers><ids><id>1</id><id>2</id></ids><after xsi:nil='true'/></ListUsers>").is_ok());
        assert!(call("<ListUsers><ids/></ListUsers>").is_ok());
        assert!(call("<ListEvents/>").is_ok());
        assert!(call("<ListEvents xsi:nil='true'/>").is_ok());
        assert!(call("<ListEvents xsi:type='x'> <!-- all --> </ListEvents>").is_ok());
        let price = "<price><amount>100</amount><currency>EUR</currency></price>";
        assert!(call(&format!("<UpdateProduct><id>1</id>{price}</UpdateProduct>")).is_ok());
    }

    #[test]
    fn nothing_is_passed_over_in_silence() {
        for (question, pointer, message) in [
            ("<GetUser><id>x</id></GetUser>", "/id", "must be an integer, got \"x\""),
            ("<GetUser><id>1</id><id>2</id></GetUser>", "/id", "was given twice"),
            ("<GetUser><id xsi:nil='1'/></GetUser>", "/id", "must be an integer, got null"),
            ("<GetUser><id><a/></id></GetUser>", "/id", "must be an integer, got an object of 1"),
            ("<GetUser><id a='1'>1</id></GetUser>", "/id", "must be an integer, got an object of 2"),
            ("<GetUser>1</GetUser>", "", "must be an object of id, got \"1\""),
            ("<ListUsers><ids>1 2</ids></ListUsers>", "/ids", "must be a list, got \"1 2\""),
            ("<ListUsers><ids a='1'/></ListUsers>", "/ids", "must be a list, got an object of 1"),
        ] {
            assert_eq!(violations(question), [(pointer.to_owned(), message.to_owned())], "{question}");
        }
        for (question, pointer) in [
            ("<GetUser><id>1</id><nickName>x</nickName></GetUser>", "/nickName"),
            ("<GetUser><id>1</id>text</GetUser>", "/#text"),
            ("<GetUser a='1'><id>1</id></GetUser>", "/@{}a"),
            ("<GetUser><id>1</id><id xmlns='urn:x'>1</id></GetUser>", "/{urn:x}id"),
            ("<GetCart><userId>1</userId><user_id>1</user_id></GetCart>", "/user_id"),
        ] {
            let found = violations(question);
            assert!(
                found.len() == 1 && found[0].0 == pointer && found[0].1.starts_with("is not a member"),
                "{found:?}"
            );
        }
        let found = violations("<PlaceOrder><userId>1</userId><lines><item>1</item></lines></PlaceOrder>");
        assert_eq!(found[2].0, "/lines/0/item");
    }

    #[test]
    fn an_operation_is_named_by_its_qualified_name() {
        for (question, shown) in [
            ("<NoSuch/>", "there is no operation \"NoSuch\"; /soap?wsdl lists all"),
            ("<get_user/>", "there is no operation \"get_user\" (did you mean GetUser?); /soap?wsdl lists all"),
            ("<WatchEvents/>", "there is no operation \"WatchEvents\": it can't stream here, use ListEvents"),
        ] {
            assert_eq!(call(question).map_err(|error| error.message), Err(shown.to_owned()));
        }
        let stranger = xml::read(b"<GetUser xmlns='urn:x'/>").unwrap();
        let message = "the namespace of GetUser must be \"urn:parlance:shop:v1\", got \"urn:x\"";
        assert_eq!(
            operation(&stranger).map(|found| found.name).map_err(|error| error.message),
            Err(message.to_owned())
        );
    }

    /// As Bruno sends it.
    #[test]
    fn a_message_in_no_namespace_is_the_shops() {
        let document = "<GetUser><id>1</id></GetUser>";
        let element = xml::read(document.as_bytes()).unwrap();
        let called = operation(&element).unwrap();
        assert_eq!((called.settle)(input(element, called.input), &SPELLING), call(document));
    }
}
