//! Is a response of the style's own grammar? Read strictly, by readers that are not the adapters'.

use crate::raw::Response;
use crate::xsd;
use serde_json::Value;
use wire::xml::Element;

/// What a refusal says.
#[derive(Debug, PartialEq)]
pub struct Said {
    /// The style's own code.
    pub code: String,
    /// The dictionary's word.
    pub reason: String,
}

/// Reads a refusal by the grammar of a style.
pub fn read(style: &str, response: &Response) -> Said {
    match style {
        "rest" => problem(response),
        "soap" => fault(response),
        "jsonrpc" => error_object(response),
        "graphql" => errors(response),
        "websocket" => message(response),
        "xmlrpc" => fault_struct(response),
        other => panic!("which grammar has {other}?"),
    }
}

fn json(response: &Response, media_types: &[&str]) -> Value {
    let essence = response.header("content-type").split(';').next().unwrap_or_default();
    assert!(media_types.contains(&essence), "content-type: {essence}, {}", response.text());
    serde_json::from_slice(&response.body).unwrap_or_else(|error| panic!("{error}: {}", response.text()))
}

fn text(value: &Value) -> String {
    value.as_str().filter(|text| !text.is_empty()).unwrap_or_else(|| panic!("no text: {value}")).to_owned()
}

/// RFC 9457, and the dictionary's members.
fn problem(response: &Response) -> Said {
    let problem = json(response, &["application/problem+json"]);
    for member in ["type", "title", "detail", "instance", "kind"] {
        text(&problem[member]);
    }
    assert_eq!(problem["status"], response.status);
    assert!(text(&problem["type"]).ends_with(&format!("/problems/{}", text(&problem["reason"]))));
    if response.status == 405 {
        assert!(!response.header("allow").is_empty(), "RFC 9110 section 15.5.6");
    }
    if response.status == 401 {
        let challenges = response.headers.iter().filter(|(name, _)| name == "www-authenticate");
        let schemes: Vec<_> = challenges.filter_map(|(_, challenge)| challenge.split(' ').next()).collect();
        assert_eq!(schemes, ["Bearer", "Basic"], "RFC 9110 section 15.5.2");
    }
    Said { code: response.status.to_string(), reason: text(&problem["reason"]) }
}

/// SOAP 1.1 section 4.4, SOAP 1.2 part 1 section 5.4.
fn fault(response: &Response) -> Said {
    let essence = response.header("content-type").split(';').next().unwrap_or_default();
    let root = wire::xml::read(&response.body).unwrap_or_else(|error| panic!("{error}: {}", response.text()));
    let one = |element: &Element, name: &str| element.child(name).unwrap_or_else(|| panic!("no {name}")).clone();
    let fault = one(&one(&root, "Body"), "Fault");
    let names: Vec<&str> = fault.children.iter().map(|child| child.name.as_str()).collect();
    let (code, detail) = match essence {
        "text/xml" => {
            assert_eq!(root.namespace.as_deref(), Some("http://schemas.xmlsoap.org/soap/envelope/"));
            assert_eq!(names[..2], ["faultcode", "faultstring"]);
            assert!(!one(&fault, "faultstring").text.is_empty());
            (one(&fault, "faultcode").text, fault.child("detail"))
        }
        "application/soap+xml" => {
            assert_eq!(root.namespace.as_deref(), Some("http://www.w3.org/2003/05/soap-envelope"));
            assert_eq!(names[..2], ["Code", "Reason"]);
            assert!(!one(&one(&fault, "Reason"), "Text").text.is_empty());
            (one(&one(&fault, "Code"), "Value").text, fault.child("Detail"))
        }
        other => panic!("content-type: {other}"),
    };
    let code = code.strip_prefix("soap:").expect("a qualified name").to_owned();
    let reason = match detail {
        Some(detail) => {
            let text = response.text().replace("soap:Detail>", "detail>");
            xsd::check_message(&text).unwrap_or_else(|error| panic!("{error}"));
            one(&one(detail, "ShopFault"), "reason").text
        }
        // SOAP 1.1 section 4.4: what is not about the body has no detail.
        None => String::new(),
    };
    Said { code, reason }
}

/// JSON-RPC 2.0 section 5.
fn error_object(response: &Response) -> Said {
    let envelope = json(response, &["application/json"]);
    assert_eq!(envelope["jsonrpc"], "2.0");
    let members = envelope.as_object().expect("an object");
    assert!(members.contains_key("id") && !members.contains_key("result"), "{envelope}");
    let error = &envelope["error"];
    text(&error["message"]);
    text(&error["data"]["kind"]);
    let code = error["code"].as_i64().expect("a number");
    Said { code: code.to_string(), reason: text(&error["data"]["reason"]) }
}

/// GraphQL section 7.1.6, GraphQL over HTTP.
fn errors(response: &Response) -> Said {
    let said = json(response, &["application/json", "application/graphql-response+json"]);
    let errors = said["errors"].as_array().expect("a list of errors");
    assert!(!errors.is_empty() && errors.iter().all(|error| !text(&error["message"]).is_empty()));
    if let Some(data) = said["data"].as_object() {
        // Section 7.1.3: what failed while it was executed says where, by the name under which it was asked for.
        for error in errors {
            assert_eq!(data.get(&text(&error["path"][0])), Some(&Value::Null), "{said}");
        }
    }
    let extensions = &errors[0]["extensions"];
    Said { code: text(&extensions["code"]), reason: text(&extensions["reason"]) }
}

/// XML-RPC, "Fault example": a struct of two members, and "reason: message" by the dictionary.
fn fault_struct(response: &Response) -> Said {
    let essence = response.header("content-type").split(';').next().unwrap_or_default();
    assert_eq!(essence, "text/xml", "{}", response.text());
    let root = wire::xml::read(&response.body).unwrap_or_else(|error| panic!("{error}: {}", response.text()));
    assert_eq!(root.name, "methodResponse");
    let down = |element: &Element, way: &[&str]| {
        way.iter().fold(element.clone(), |at, name| at.child(name).unwrap_or_else(|| panic!("no {name}")).clone())
    };
    let members = down(&root, &["fault", "value", "struct"]).children;
    let [code, text] = members.as_slice() else { panic!("two members: {}", response.text()) };
    assert_eq!((down(code, &["name"]).text, down(text, &["name"]).text), ("faultCode".into(), "faultString".into()));
    let text = down(text, &["value", "string"]).text;
    let (reason, _) = text.split_once(": ").expect("reason: message");
    Said { code: down(code, &["value", "int"]).text, reason: reason.to_owned() }
}

/// Before there is a socket: the message that a socket would carry, and a status.
fn message(response: &Response) -> Said {
    let message = json(response, &["application/json"]);
    assert_eq!(message["id"], Value::Null);
    let error = &message["error"];
    text(&error["message"]);
    text(&error["kind"]);
    Said { code: response.status.to_string(), reason: text(&error["reason"]) }
}
