//! The WSDL and its schema, `wsdl/shop.wsdl` and `wsdl/shop.xsd`, written by
//! hand; a test compares them with the domain's table, element by element.

use crate::PATH;
use crate::envelope::Version;
use crate::errors::Refusal;
use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse};
use domain::{Error, Operation, Reason};
use wire::names::pascal;
use wire::{Address, xml};

const WSDL: &str = include_str!("../../../wsdl/shop.wsdl");
const XSD: &str = include_str!("../../../wsdl/shop.xsd");

/// The WSDL, for a server at that address.
pub fn wsdl(address: &Address) -> String {
    at(WSDL, address)
}

/// A document, for a server at that address. As committed, it refers to the schema's file and to a server on this machine.
fn at(document: &str, address: &Address) -> String {
    let attribute = |name: &str, path: &str| {
        let mut url = String::new();
        xml::attribute(&mut url, &address.http(path));
        format!("{name}=\"{url}\"")
    };
    document
        .replace("schemaLocation=\"shop.xsd\"", &attribute("schemaLocation", "/soap?xsd=shop.xsd"))
        .replace("location=\"http://127.0.0.1:8080/soap\"", &attribute("location", PATH))
}

/// The WSDL with the schema in it, for tools that follow no import. Some of them know XML Schema only by the
/// prefix `xsd` and an address by the prefix `soap`, so these prefixes are used here.
pub fn single_wsdl(address: &Address) -> String {
    let schema = XSD.find("<xs:schema").map_or(XSD, |start| &XSD[start..]).trim_end().replace('\n', "\n    ");
    let (before, import) = WSDL.split_once("<xs:schema>").unwrap_or((WSDL, ""));
    let (_, after) = import.split_once("</xs:schema>").unwrap_or_default();
    let mut whole = format!("{before}{schema}{after}");
    for name in ["<xs:", "</xs:", "\"xs:", "xmlns:xs="] {
        whole = whole.replace(name, &name.replace("xs", "xsd"));
    }
    let soap_12 = "<soap:address xmlns:soap=\"http://schemas.xmlsoap.org/wsdl/soap12/\" ";
    at(&whole.replace("<soap12:address ", soap_12), address)
}

/// The schema of the messages: the same at every address.
pub fn xsd(_: &Address) -> String {
    XSD.to_owned()
}

/// How an operation is found in either document.
pub fn spelling(operation: &Operation) -> String {
    format!("name=\"{}\"", pascal(operation.name))
}

/// `GET /soap`: the documents by their customary queries.
pub async fn show(request: HttpRequest) -> HttpResponse {
    let address = wire::base(&request);
    let query = request.query_string();
    let first = query.split('&').next().unwrap_or_default();
    let (key, value) = first.split_once('=').unwrap_or((first, ""));
    match (key.to_ascii_lowercase().as_str(), value) {
        ("wsdl", _) => xml_document(wsdl(&address)),
        ("singlewsdl", _) => xml_document(single_wsdl(&address)),
        ("xsd", "shop.xsd") => xml_document(xsd(&address)),
        _ => {
            let shown = domain::value::shown(query);
            let message = format!(
                "there is no document \"?{shown}\", only ?wsdl, ?singlewsdl and ?xsd=shop.xsd; calls are posted"
            );
            let error = Error::new(Reason::UnknownOperation, message);
            Refusal::with_status(error, StatusCode::NOT_FOUND).response(Version::V11)
        }
    }
}

fn xml_document(document: String) -> HttpResponse {
    HttpResponse::Ok().content_type(Version::V11.content_type()).body(document)
}
