//! Validates the bodies of SOAP messages against `shop.xsd`: every message that a test receives.

use std::sync::OnceLock;
use uppsala::XsdValidator;
use wire::recorder::Recording;

/// The schema, as committed.
const SCHEMA: &str = include_str!("../../wsdl/shop.xsd");

/// What is wrong with the content of a body by the schema; `None` if it is valid.
pub fn problems(content: &str) -> Vec<String> {
    static VALIDATOR: OnceLock<XsdValidator> = OnceLock::new();
    let validator = VALIDATOR.get_or_init(|| {
        let unfolded = unfolded(SCHEMA);
        let schema = uppsala::parse(&unfolded).expect("the schema is XML");
        XsdValidator::from_schema(&schema).expect("the schema is a schema")
    });
    // XML Schema part 2, section 4.3.3: a text's length is counted in characters. uppsala 0.12 counts bytes, so every other
    // character is first replaced by an ASCII letter. (wire::xml has read the message as it is.)
    let content: String = content.chars().map(|c| if c.is_ascii() { c } else { 'x' }).collect();
    match uppsala::parse(&content) {
        Ok(document) => validator.validate(&document).iter().map(ToString::to_string).collect(),
        Err(error) => vec![error.to_string()],
    }
}

/// Validates the reply of a recorded exchange, and its request too if it should be valid.
pub fn check_exchange(recording: &Recording, request_too: bool) -> Result<(), String> {
    let sent = request_too.then_some(&recording.sent);
    for message in sent.into_iter().chain([&recording.received]) {
        check_message(&String::from_utf8_lossy(message))?;
    }
    Ok(())
}

/// Validates the content of an envelope: the operation's element, or the detail of the fault.
pub fn check_message(text: &str) -> Result<(), String> {
    let content = between(text, "<detail>", "</detail>").or_else(|| between(text, "<soap:Body>", "</soap:Body>"));
    let content = content.ok_or_else(|| format!("no envelope in {text}"))?;
    match problems(content) {
        problems if problems.is_empty() => Ok(()),
        problems => Err(format!("by the schema:\n  {}\n{content}", problems.join("\n  "))),
    }
}

/// The schema with each simple type expanded: uppsala 0.12 does not resolve a base type of the schema's own, and treats it as
/// a text. Here its base and its facets are inserted.
fn unfolded(schema: &str) -> String {
    const DERIVED: &str = "<xs:restriction base=\"tns:";
    let mut schema = schema.to_owned();
    while let Some(start) = schema.find(DERIVED) {
        let rest = &schema[start + DERIVED.len()..];
        let (name, rest) = rest.split_once('"').expect("an attribute has an end");
        let is_empty = rest.starts_with("/>");
        let end = schema.len() - rest.len() + if is_empty { 2 } else { 1 };
        let (_, of) = schema.split_once(&format!("<xs:simpleType name=\"{name}\">")).expect("a type of the schema");
        let base =
            between(of.split("</xs:simpleType>").next().unwrap_or_default(), "<xs:restriction", "</xs:restriction>");
        let base = format!("<xs:restriction{}", base.expect("a base has facets"));
        schema.replace_range(start..end, &format!("{base}{}", if is_empty { "</xs:restriction>" } else { "" }));
    }
    schema
}

fn between<'t>(text: &'t str, opening: &str, closing: &str) -> Option<&'t str> {
    let start = text.find(opening)? + opening.len();
    Some(&text[start..text.rfind(closing)?])
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A validator that accepts everything would prove nothing.
    #[test]
    fn the_validator_refuses_what_the_schema_does() {
        let order = |inside: &str| format!("<PlaceOrder xmlns=\"urn:parlance:shop:v1\">{inside}</PlaceOrder>");
        let line = "<line><productId>1</productId><quantity>1</quantity></line>";
        let good = order(&format!("<userId>1</userId><lines>{}</lines>", line.repeat(20)));
        assert_eq!(problems(&good), [""; 0]);
        for bad in [
            order(""),
            order("<userId>1</userId>"),
            order(&format!("<lines>{line}</lines><userId>1</userId>")),
            order("<userId>1</userId><lines></lines>"),
            good.replacen("<userId>1<", "<userId>x<", 1),
            good.replacen("<userId>1<", "<userId>0<", 1),
            good.replacen("<userId>1<", "<userId>2147483648<", 1),
            good.replacen("<quantity>1<", "<quantity>100<", 1),
            good.replacen("<quantity>1<", "<quantity>1.5<", 1),
            good.replace("</lines>", &format!("{line}</lines>")),
            good.replace("</lines>", "</lines><note/>"),
            good.replace("v1", "v2"),
            good.replace("PlaceOrder", "PlaceOrders"),
            "<GetUserResponse xmlns=\"urn:parlance:shop:v1\"><user/></GetUserResponse>".to_owned(),
        ] {
            assert!(!problems(&bad).is_empty(), "{bad}");
        }
        let user = |email: &str, at: &str, role: &str| {
            format!(
                "<GetUserResponse xmlns=\"urn:parlance:shop:v1\"><user><id>1</id><name>a</name><email>{email}</email>\
                 <role>{role}</role><createdAt>{at}</createdAt><version>1</version></user></GetUserResponse>"
            )
        };
        let now = "2026-11-20T19:30:00Z";
        assert_eq!(problems(&user("a@b", now, "staff")), [""; 0]);
        let name = |name: &str| user("a@b", now, "staff").replace("<name>a<", &format!("<name>{name}<"));
        assert_eq!(problems(&name(&"ü".repeat(100))), [""; 0]);
        assert!(!problems(&name(&"ü".repeat(101))).is_empty() && !problems(&name("")).is_empty());
        for bad in [user("ab", now, "staff"), user("a@b", "2026-13-20T19:30:00Z", "staff"), user("a@b", now, "boss")] {
            assert!(!problems(&bad).is_empty(), "{bad}");
        }
    }
}
