//! Replies as XML: members are elements of the same names, and items of a list are `item`.
//!
//! There is no namespace and no attribute: the structure is that of the JSON. (SOAP is the style with a schema.)

use domain::Value;

/// The XML declaration (XML 1.0 section 2.8).
const DECLARATION: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>";

/// A document with that root element, without white space between elements.
pub fn document(root: &str, value: &Value) -> String {
    let mut out = DECLARATION.to_owned();
    write_element(&mut out, root, value);
    out
}

fn write_element(out: &mut String, name: &str, value: &Value) {
    out.push_str(&format!("<{name}>"));
    match value {
        Value::Object(members) => members.iter().for_each(|(name, member)| write_element(out, name, member)),
        Value::List(items) => items.iter().for_each(|item| write_element(out, "item", item)),
        Value::Text(text) | Value::RawText(text) => wire::xml::text(out, text),
        Value::Null | Value::Bool(_) | Value::Int(_) | Value::Fraction(_) => out.push_str(&wire::json::value(value)),
    }
    out.push_str(&format!("</{name}>"));
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::operations::OPERATIONS;
    use testing::replies;
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
                let document = document(operation.reply_name, &reply.to_value());
                let root = wire::xml::read_reply(document.as_bytes()).unwrap();
                assert_eq!(root.name, operation.reply_name);
                assert_eq!(undone(&root, &reply.to_value()), reply.to_value());
            }
        }
    }
}
