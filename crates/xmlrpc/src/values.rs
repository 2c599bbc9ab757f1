//! The element `<value>`, which holds all data of XML-RPC: its reader and its writer.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use domain::schema::Encoder;
use domain::time::Timestamp;
use domain::{Error, Value};
use std::fmt::{Display, Write};
use wire::xml::{self, Element};

/// The namespace of Apache's types, `nil` among them; an older convention has `nil` in none.
const EXTENSIONS: &str = "http://ws.apache.org/xmlrpc/namespaces/extensions";

/// Reads a `<value>`.
///
/// The type decides, so `<string>1</string>` is no int. Text that is not of its type (an int of letters) is kept as it was written,
/// see [`literal`]: the domain knows what belongs there, and names the member in its error.
pub fn read(value: Element) -> Result<Value, Error> {
    let value = plain(value, "value")?;
    if value.children.is_empty() {
        // "Scalar <value>s": "If no type is indicated, the type is string."
        return Ok(Value::Text(value.text));
    }
    let [mut typed] = children(value)?;
    // Apache's types, which other clients use too: <https://ws.apache.org/xmlrpc/types.html>.
    let is_extension = typed.namespace.take_if(|namespace| **namespace == *EXTENSIONS).is_some();
    let typed = plain(typed, "")?;
    match (typed.name.as_str(), is_extension) {
        ("nil", _) => read_nil(typed),
        ("struct", false) => elements(typed)?.into_iter().map(read_member).collect::<Result<_, _>>().map(Value::Object),
        ("array", false) => {
            let [data] = children(typed)?;
            elements(plain(data, "data")?)?.into_iter().map(read).collect::<Result<_, _>>().map(Value::List)
        }
        ("string", false) => leaf(typed).map(Value::Text),
        // The specification permits leading zeros and a plus, and no white space: as Rust parses integers. Many servers read other
        // sizes too; the operation checks the range.
        ("int" | "i4", false) | ("i1" | "i2" | "i8", _) => leaf(typed).map(integer),
        ("biginteger" | "bigdecimal" | "float", true) => leaf(typed).map(integer),
        // A double is no int, even without a fraction.
        ("double", false) => leaf(typed).map(literal),
        ("boolean", false) => leaf(typed).map(|text| match text.as_str() {
            "0" => Value::Bool(false),
            "1" => Value::Bool(true),
            _ => literal(text),
        }),
        ("dateTime.iso8601", false) => {
            leaf(typed).map(|text| rfc_3339(&text).map_or_else(|| literal(text), Value::Text))
        }
        // XML Schema's type, which is RFC 3339 if it names a zone.
        ("dateTime", true) => leaf(typed).map(Value::Text),
        // The shop has no bytes. Some clients send a text so if it has characters that they cannot escape.
        ("base64", false) => leaf(typed).map(|text| decode_base64(&text).map_or_else(|| literal(text), Value::Text)),
        (other, _) => Err(invalid(format!("there is no type {}", domain::value::shown(other)))),
    }
}

fn read_nil(nil: Element) -> Result<Value, Error> {
    if nil.children.is_empty() && !nil.has_text() { Ok(Value::Null) } else { Err(invalid("nil must be empty")) }
}

/// An integer of any size.
fn integer(text: String) -> Value {
    text.parse().map_or_else(|_| literal(text), Value::Int)
}

/// A text that is not of its type. Every schema refuses a fraction and shows it.
fn literal(text: String) -> Value {
    Value::Fraction(text)
}

/// "Structs": a `<member>` contains a `<name>` and a `<value>`. A repeated name is kept twice, for the domain to refuse.
fn read_member(member: Element) -> Result<(String, Value), Error> {
    let [name, value] = children(plain(member, "member")?)?;
    Ok((leaf(plain(name, "name")?)?, read(value)?))
}

/// `20261120T19:30:00` as `2026-11-20T19:30:00Z`. The specification leaves the zone to the server: UTC.
fn rfc_3339(text: &str) -> Option<String> {
    let is_valid = text.bytes().enumerate().all(|(i, byte)| match i {
        8 => byte == b'T',
        11 | 14 => byte == b':',
        _ => byte.is_ascii_digit(),
    });
    (is_valid && text.len() == 17).then(|| format!("{}-{}-{}T{}Z", &text[..4], &text[4..6], &text[6..8], &text[9..]))
}

/// The text in base64 (RFC 4648 section 4), if it is UTF-8. White space is skipped: RFC 2045 breaks lines after 76 characters.
fn decode_base64(encoded: &str) -> Option<String> {
    let digits: Vec<u8> = encoded.bytes().filter(|byte| !byte.is_ascii_whitespace()).collect();
    STANDARD.decode(digits).ok().and_then(|bytes| String::from_utf8(bytes).ok())
}

/// A response with this content.
pub fn document(content: impl Display) -> String {
    format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?><methodResponse>{content}</methodResponse>")
}

/// The error of readable XML that is not XML-RPC.
pub fn invalid(problem: impl Display) -> Error {
    Error::unreadable(format!("not XML-RPC: {problem}"))
}

/// Checks that an element has this name (any, if empty), no namespace and no attributes.
pub fn plain(element: Element, name: &str) -> Result<Element, Error> {
    let shown = || domain::value::shown(&element.name);
    match &element {
        Element { name: other, .. } if !name.is_empty() && other != name => {
            Err(invalid(format!("expected <{name}>, got <{}>", shown())))
        }
        Element { namespace: Some(namespace), .. } => {
            let namespace = domain::value::shown(namespace);
            Err(invalid(format!("<{}> must have no namespace, got \"{namespace}\"", shown())))
        }
        Element { attributes, .. } if !attributes.is_empty() => Err(invalid(format!("<{}> has an attribute", shown()))),
        _ => Ok(element),
    }
}

/// The elements in an element that may not contain text.
pub fn elements(element: Element) -> Result<Vec<Element>, Error> {
    if element.has_text() { Err(invalid(format!("<{}> contains text", element.name))) } else { Ok(element.children) }
}

/// The same, if their number is `N`.
pub fn children<const N: usize>(element: Element) -> Result<[Element; N], Error> {
    match element.children.len() {
        count if count != N && !element.has_text() => {
            Err(invalid(format!("<{}> must contain {N} elements, got {count}", element.name)))
        }
        _ => elements(element)?.try_into().map_err(|_| invalid(format!("expected {N} elements"))),
    }
}

/// The text in an element that may not contain elements.
pub fn leaf(element: Element) -> Result<String, Error> {
    match element.children.first() {
        None => Ok(element.text),
        Some(child) => Err(invalid(format!("<{}> contains <{}>", element.name, domain::value::shown(&child.name)))),
    }
}

/// A value of any kind as a `<value>`: for the client half and the `system` methods.
pub fn encode(value: &Value) -> String {
    let mut out = String::new();
    write(&mut out, value);
    out
}

fn write(out: &mut String, value: &Value) {
    let mut encoder = ValueEncoder(out);
    match value {
        Value::Null => encoder.0.push_str("<value><nil/></value>"),
        Value::Bool(value) => encoder.scalar("boolean", u8::from(*value)),
        Value::Int(number) => encoder.scalar("int", number),
        Value::Fraction(number) => encoder.scalar("double", number),
        Value::Text(text) | Value::RawText(text) => encoder.text(text),
        Value::List(items) => {
            encoder.begin_list();
            items.iter().for_each(|item| write(encoder.0, item));
            encoder.end_list();
        }
        Value::Object(members) => {
            encoder.begin_object();
            for (name, value) in members {
                encoder.0.push_str("<member><name>");
                xml::text(encoder.0, name);
                encoder.0.push_str("</name>");
                write(encoder.0, value);
                encoder.0.push_str("</member>");
            }
            encoder.end_object();
        }
    }
}

/// Writes a reply as a `<value>`, at the end of a text.
pub struct ValueEncoder<'a>(pub &'a mut String);

impl ValueEncoder<'_> {
    fn scalar(&mut self, kind: &str, text: impl Display) {
        // Writing to a String does not fail.
        let _ = write!(self.0, "<value><{kind}>{text}</{kind}></value>");
    }
}

impl Encoder for ValueEncoder<'_> {
    fn int(&mut self, number: i32) {
        self.0.push_str("<value><int>");
        self.0.push_str(itoa::Buffer::new().format(number));
        self.0.push_str("</int></value>");
    }
    fn text(&mut self, text: &str) {
        self.0.push_str("<value><string>");
        xml::text(self.0, text);
        self.0.push_str("</string></value>");
    }
    fn time(&mut self, time: Timestamp) {
        let (year, month, day, hour, minute, second) = time.civil();
        let text = format_args!("{year:04}{month:02}{day:02}T{hour:02}:{minute:02}:{second:02}");
        self.scalar("dateTime.iso8601", text);
    }
    fn begin_object(&mut self) {
        self.0.push_str("<value><struct>");
    }
    fn field(&mut self, name: &'static str) {
        self.0.push_str("<member><name>");
        self.0.push_str(name);
        self.0.push_str("</name>");
    }
    fn end_field(&mut self, _: &'static str) {
        self.0.push_str("</member>");
    }
    fn end_object(&mut self) {
        self.0.push_str("</struct></value>");
    }
    fn begin_list(&mut self) {
        self.0.push_str("<value><array><data>");
    }
    fn end_list(&mut self) {
        self.0.push_str("</data></array></value>");
    }
}

#[cfg(test)]
mod tests;
