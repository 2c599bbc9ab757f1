//! Replies as XML: members are elements of the same names, and items of a list are `item`.
//!
//! There is no namespace and no attribute: the structure is that of the JSON. (SOAP is the style with a schema.)

use domain::schema::Encoder;
use domain::time::Timestamp;
use std::fmt::Write;

/// The XML declaration (XML 1.0 section 2.8).
const DECLARATION: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>";

/// An encoder that writes XML, without white space between elements.
pub struct XmlEncoder {
    out: String,
    root: &'static str,
}

impl XmlEncoder {
    /// A document with that root element.
    pub fn new(root: &'static str) -> Self {
        XmlEncoder { out: format!("{DECLARATION}<{root}>"), root }
    }

    /// The text.
    pub fn finish(mut self) -> String {
        self.end(self.root);
        self.out
    }

    fn begin(&mut self, name: &str) {
        self.out.push('<');
        self.out.push_str(name);
        self.out.push('>');
    }

    fn end(&mut self, name: &str) {
        self.out.push_str("</");
        self.out.push_str(name);
        self.out.push('>');
    }
}

impl Encoder for XmlEncoder {
    fn int(&mut self, number: i32) {
        // Writing to a String can't fail.
        let _ = write!(self.out, "{number}");
    }
    fn text(&mut self, text: &str) {
        wire::xml::text(&mut self.out, text);
    }
    fn time(&mut self, time: Timestamp) {
        let _ = write!(self.out, "{time}");
    }
    fn begin_object(&mut self) {}
    fn field(&mut self, name: &'static str) {
        self.begin(name);
    }
    fn end_field(&mut self, name: &'static str) {
        self.end(name);
    }
    fn end_object(&mut self) {}
    fn begin_list(&mut self) {}
    fn item(&mut self) {
        self.begin("item");
    }
    fn end_item(&mut self) {
        self.end("item");
    }
    fn end_list(&mut self) {}
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::Value;
    use domain::operations::OPERATIONS;
    use wire::testing::replies;
    use wire::xml::Element;

    /// The value of an element with that schema, as in JSON.
    fn undone(element: &Element, like: &Value) -> Value {
        match like {
            Value::Object(members) => {
                let names = element.children.iter().map(|child| child.name.as_str());
                assert!(names.eq(members.iter().map(|(name, _)| name.as_str())), "{element:?}");
                let values = element.children.iter().zip(members).map(|(child, (_, like))| undone(child, like));
                Value::Object(members.iter().map(|(name, _)| name.clone()).zip(values).collect())
            }
            Value::List(items) => {
                assert!(element.children.iter().all(|child| child.name == "item"));
                assert_eq!(element.children.len(), items.len());
                Value::List(element.children.iter().zip(items).map(|(child, like)| undone(child, like)).collect())
            }
            Value::Int(_) => Value::Int(element.text.parse().unwrap()),
            _ => Value::text(&element.text),
        }
    }

    #[test]
    fn every_reply_says_in_xml_what_it_says_in_json() {
        for operation in OPERATIONS.iter().filter(|operation| operation.reply_name != "event") {
            for reply in replies(operation.reply_name) {
                let mut encoder = XmlEncoder::new(operation.reply_name);
                reply.write(&mut encoder);
                let root = wire::xml::read_reply(encoder.finish().as_bytes()).unwrap();
                assert_eq!(root.name, operation.reply_name);
                assert_eq!(undone(&root, &reply.to_value()), reply.to_value());
            }
        }
    }
}
