//! What is a `<value>`? The one element that all data of XML-RPC stands in, read and written here.

use domain::schema::Encoder;
use domain::time::Timestamp;
use domain::{Error, Value};
use std::fmt::Write;
use wire::xml::{self, Element};

mod base64;

/// What every response begins with.
pub const OPENING: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?><methodResponse>";
/// What every response ends with.
pub const CLOSING: &str = "</methodResponse>";

/// The namespace in which Apache's extension puts `nil`; the older convention puts it in none.
const EXTENSIONS: &str = "http://ws.apache.org/xmlrpc/namespaces/extensions";

/// What a `<value>` holds, or that it is no XML-RPC.
///
/// A type says what is meant, so an int is an int and `<string>1</string>` is none. What is not of its type (an int of
/// letters) is kept as it was written, see [`literal`]; the domain knows what is wanted there, and refuses it with the place.
pub fn read(value: Element) -> Result<Value, Error> {
    let value = plain(value, "value")?;
    if value.children.is_empty() {
        // "Scalar <value>s": "If no type is indicated, the type is string."
        return Ok(Value::Text(value.text));
    }
    let [typed] = children(value)?;
    if typed.namespace.as_deref() == Some(EXTENSIONS) {
        return read_extension(Element { namespace: None, ..typed });
    }
    let typed = plain(typed, "")?;
    match typed.name.as_str() {
        "nil" => read_nil(typed),
        "struct" => elements(typed)?.into_iter().map(read_member).collect::<Result<_, _>>().map(Value::Object),
        "array" => {
            let [data] = children(typed)?;
            let data = plain(data, "data")?;
            elements(data)?.into_iter().map(read).collect::<Result<_, _>>().map(Value::List)
        }
        "string" => leaf(typed).map(Value::Text),
        // White space is not permitted, and leading zeros and a plus are: so does Rust read it.
        // Several servers read numbers of other sizes too; whether one is in range, the operation says.
        "int" | "i4" | "i1" | "i2" | "i8" => leaf(typed).map(integer),
        // A double is no int, whatever its fraction.
        "double" => leaf(typed).map(literal),
        "boolean" => leaf(typed).map(|text| match text.as_str() {
            "0" => Value::Bool(false),
            "1" => Value::Bool(true),
            _ => literal(text),
        }),
        "dateTime.iso8601" => leaf(typed).map(|text| rfc_3339(&text).map_or_else(|| literal(text), Value::Text)),
        // The shop has no bytes. Some clients say a text so, when it has characters that they can't say otherwise.
        "base64" => leaf(typed).map(|text| base64::text(&text).map_or_else(|| literal(text), Value::Text)),
        other => Err(bad(format!("there is no type {}", domain::value::shown(other)))),
    }
}

/// Apache's types, which other clients have taken over: <https://ws.apache.org/xmlrpc/types.html>.
fn read_extension(typed: Element) -> Result<Value, Error> {
    let typed = plain(typed, "")?;
    match typed.name.as_str() {
        "nil" => read_nil(typed),
        "i1" | "i2" | "i8" | "biginteger" | "bigdecimal" | "float" => leaf(typed).map(integer),
        // XML Schema's, which is RFC 3339 where it names a zone.
        "dateTime" => leaf(typed).map(Value::Text),
        other => Err(bad(format!("there is no type ex:{}", domain::value::shown(other)))),
    }
}

fn read_nil(nil: Element) -> Result<Value, Error> {
    if nil.children.is_empty() && !nil.has_text() { Ok(Value::Null) } else { Err(bad("nil is empty")) }
}

/// An integer of any size; what is none is kept as it was written.
fn integer(text: String) -> Value {
    text.parse().map_or_else(|_| literal(text), Value::Int)
}

/// Neither a whole number nor a text, kept as it was written: whatever is wanted there, it is refused and shown.
fn literal(text: String) -> Value {
    Value::Fraction(text)
}

/// "Structs": a `<member>` contains a `<name>` and a `<value>`. A name that comes twice is there twice.
fn read_member(member: Element) -> Result<(String, Value), Error> {
    let [name, value] = children(plain(member, "member")?)?;
    Ok((leaf(plain(name, "name")?)?, read(value)?))
}

/// `20261120T19:30:00` as `2026-11-20T19:30:00Z`. The specification leaves the zone to the server's documentation: UTC.
fn rfc_3339(text: &str) -> Option<String> {
    let sound = text.bytes().enumerate().all(|(i, byte)| match i {
        8 => byte == b'T',
        11 | 14 => byte == b':',
        _ => byte.is_ascii_digit(),
    });
    (sound && text.len() == 17).then(|| format!("{}-{}-{}T{}Z", &text[..4], &text[4..6], &text[6..8], &text[9..]))
}

/// What can be read as XML and is not of the protocol.
pub fn bad(problem: impl std::fmt::Display) -> Error {
    Error::unreadable(format!("no XML-RPC: {problem}"))
}

/// An element of that name (any, if empty) as XML-RPC has them: in no namespace and without attributes.
pub fn plain(element: Element, name: &str) -> Result<Element, Error> {
    let shown = || domain::value::shown(&element.name);
    match &element {
        Element { name: other, .. } if !name.is_empty() && other != name => {
            Err(bad(format!("<{name}> was expected, not <{}>", shown())))
        }
        Element { namespace: Some(_), .. } => Err(bad(format!("<{}> stands in a namespace", shown()))),
        Element { attributes, .. } if !attributes.is_empty() => Err(bad(format!("<{}> has an attribute", shown()))),
        _ => Ok(element),
    }
}

/// The elements in an element that has room for elements only.
pub fn elements(element: Element) -> Result<Vec<Element>, Error> {
    if element.has_text() { Err(bad(format!("text stands in <{}>", element.name))) } else { Ok(element.children) }
}

/// The same, if there are just so many.
pub fn children<const N: usize>(element: Element) -> Result<[Element; N], Error> {
    match element.children.len() {
        count if count != N && !element.has_text() => {
            Err(bad(format!("<{}> holds {N} elements, was {count}", element.name)))
        }
        _ => elements(element)?.try_into().map_err(|_| bad(format!("{N} elements were expected"))),
    }
}

/// The text in an element that has room for text only.
pub fn leaf(element: Element) -> Result<String, Error> {
    match element.children.first() {
        None => Ok(element.text),
        Some(child) => Err(bad(format!("<{}> stands in <{}>", domain::value::shown(&child.name), element.name))),
    }
}

/// Writes a value of any kind: what our client end sends, and what the `system` methods answer.
pub fn write(out: &mut String, value: &Value) {
    // Writing to a String does not fail.
    let _ = match value {
        Value::Null => write!(out, "<value><nil/></value>"),
        Value::Bool(value) => write!(out, "<value><boolean>{}</boolean></value>", u8::from(*value)),
        Value::Int(number) => write!(out, "<value><int>{number}</int></value>"),
        Value::Fraction(number) => write!(out, "<value><double>{number}</double></value>"),
        Value::Text(text) | Value::RawText(text) => return ValueSink::new(out).text(text),
        Value::List(items) => {
            out.push_str("<value><array><data>");
            items.iter().for_each(|item| write(out, item));
            write!(out, "</data></array></value>")
        }
        Value::Object(members) => {
            out.push_str("<value><struct>");
            for (name, value) in members {
                out.push_str("<member><name>");
                xml::text(out, name);
                out.push_str("</name>");
                write(out, value);
                out.push_str("</member>");
            }
            write!(out, "</struct></value>")
        }
    };
}

/// Writes a reply.
pub struct ValueSink<'a> {
    out: &'a mut String,
}

impl<'a> ValueSink<'a> {
    /// Writes on after what is there.
    pub fn new(out: &'a mut String) -> Self {
        ValueSink { out }
    }
}

impl Encoder for ValueSink<'_> {
    fn int(&mut self, number: i32) {
        self.out.push_str("<value><int>");
        self.out.push_str(itoa::Buffer::new().format(number));
        self.out.push_str("</int></value>");
    }
    fn text(&mut self, text: &str) {
        self.out.push_str("<value><string>");
        xml::text(self.out, text);
        self.out.push_str("</string></value>");
    }
    fn time(&mut self, time: Timestamp) {
        let (year, month, day, hour, minute, second) = time.civil();
        let _ = write!(
            self.out,
            "<value><dateTime.iso8601>{year:04}{month:02}{day:02}T{hour:02}:{minute:02}:{second:02}\
             </dateTime.iso8601></value>"
        );
    }
    fn begin_object(&mut self) {
        self.out.push_str("<value><struct>");
    }
    fn field(&mut self, name: &'static str) {
        self.out.push_str("<member><name>");
        self.out.push_str(name);
        self.out.push_str("</name>");
    }
    fn end_field(&mut self, _: &'static str) {
        self.out.push_str("</member>");
    }
    fn end_object(&mut self) {
        self.out.push_str("</struct></value>");
    }
    fn begin_list(&mut self) {
        self.out.push_str("<value><array><data>");
    }
    fn end_list(&mut self) {
        self.out.push_str("</data></array></value>");
    }
}

#[cfg(test)]
mod tests;
