//! Is an envelope read as either version has it, and nothing else taken for one?

use super::*;

const CONTENT: &str = "<GetUser xmlns=\"urn:parlance:shop:v1\"><id>1</id></GetUser>";

fn with_header(version: Version, block: &str) -> Result<(), String> {
    let namespace = version.namespace();
    let document = format!(
        "<s:Envelope xmlns:s='{namespace}'><s:Header>{block}</s:Header><s:Body>{CONTENT}</s:Body></s:Envelope>"
    );
    let envelope = Envelope::read(document.as_bytes(), version).unwrap();
    envelope.check_headers().map_err(|fault| fault.envelope(version))
}

#[test]
fn an_envelope_is_opened() {
    for version in Version::ALL {
        let document = format!("{}{CONTENT}{CLOSING}", version.opening(""));
        let envelope = Envelope::read(document.as_bytes(), version).unwrap();
        assert_eq!(envelope.version, version);
        assert!(envelope.into_content().unwrap().is("urn:parlance:shop:v1", "GetUser"));
    }
}

#[test]
fn what_is_no_envelope_is_refused() {
    let body = |inside: &str| format!("{}{inside}{CLOSING}", Version::V11.opening(""));
    for (document, code) in [
        ("<a", "Client"),
        ("<a/>", "Client"),
        ("<Envelope/>", "VersionMismatch"),
        ("<Envelope xmlns='http://schemas.xmlsoap.org/soap/envelope'/>", "VersionMismatch"),
        ("<Envelope xmlns='http://schemas.xmlsoap.org/soap/envelope/'/>", "Client"),
        (&body("").replace("soap:Body", "soap:Corpus"), "Client"),
        (&body("").replace("</soap:Body>", "</soap:Body><soap:Body/>"), "Client"),
        (&body("").replace("</soap:Body>", "</soap:Body>text"), "Client"),
        (&body("text"), "Client"),
    ] {
        let fault = Envelope::read(document.as_bytes(), Version::V11).expect_err(document).envelope(Version::V11);
        assert!(fault.contains(&format!("<faultcode>soap:{code}</faultcode>")), "{document}: {fault}");
    }
    for empty_or_crowded in [body(""), body(&CONTENT.repeat(2))] {
        let envelope = Envelope::read(empty_or_crowded.as_bytes(), Version::V11).unwrap();
        assert!(envelope.into_content().is_err());
    }
}

#[test]
fn only_what_is_mandatory_and_for_us_must_be_understood() {
    let next12 = "http://www.w3.org/2003/05/soap-envelope/role/next";
    let none12 = "http://www.w3.org/2003/05/soap-envelope/role/none";
    let next11 = "http://schemas.xmlsoap.org/soap/actor/next";
    for (version, attributes, is_refused) in [
        (Version::V11, String::new(), false),
        (Version::V11, "s:mustUnderstand='0'".to_owned(), false),
        (Version::V11, "s:mustUnderstand='1'".to_owned(), true),
        (Version::V11, format!("s:mustUnderstand='1' s:actor='{next11}'"), true),
        (Version::V11, "s:mustUnderstand='1' s:actor='urn:other'".to_owned(), false),
        (Version::V11, "s:mustUnderstand='true'".to_owned(), true),
        (Version::V12, "s:mustUnderstand='true'".to_owned(), true),
        (Version::V12, format!("s:mustUnderstand='1' s:role='{next12}'"), true),
        (Version::V12, format!("s:mustUnderstand='1' s:role='{none12}'"), false),
        (Version::V12, "mustUnderstand='true'".to_owned(), false),
    ] {
        let checked = with_header(version, &format!("<t:Tx xmlns:t='urn:t' {attributes}>5</t:Tx>"));
        assert_eq!(checked.is_err(), is_refused, "{version:?} {attributes}");
    }
    assert!(with_header(Version::V11, "<Tx>5</Tx>").is_err());
    let fault = with_header(Version::V12, "<t:Tx xmlns:t='urn:t' s:mustUnderstand='1'/>").unwrap_err();
    assert!(fault.contains(
        "<soap:Header><soap:NotUnderstood qname=\"q:Tx\" xmlns:q=\"urn:t\"/></soap:Header><soap:Body><soap:Fault>"
    ));
    assert!(fault.contains("soap:MustUnderstand</soap:Value>") && !fault.contains("Detail"));
}

#[test]
fn a_key_is_in_a_block_or_in_a_header_or_the_same_in_both() {
    let key = |blocks: &str, in_http: Option<&str>| {
        let namespace = Version::V12.namespace();
        let document = format!(
            "<s:Envelope xmlns:s='{namespace}' xmlns:k='{NAMESPACE}'><s:Header>{blocks}</s:Header>\
             <s:Body>{CONTENT}</s:Body></s:Envelope>"
        );
        let envelope = Envelope::read(document.as_bytes(), Version::V12).unwrap();
        envelope.check_headers().expect("understood");
        envelope.idempotency_key(in_http.map(str::to_owned)).map_err(|error| error.message)
    };
    let block = |key: &str| format!("<k:IdempotencyKey s:mustUnderstand='true'>\n{key} </k:IdempotencyKey>");
    let (a, b) = (Some("a".to_owned()), "the input has two idempotency keys, \"a\" and \"b\"");
    assert_eq!(key("", None), Ok(None));
    assert_eq!(key("", Some("a")), Ok(a.clone()));
    assert_eq!(key(&block("a"), None), Ok(a.clone()));
    assert_eq!(key(&block("a"), Some("a")), Ok(a.clone()));
    assert_eq!(key(&block("a"), Some("b")), Err(b.to_owned()));
    assert_eq!(key(&(block("a") + &block("b")), None), Err(b.to_owned()));
    assert_eq!(key(&block(""), None), Ok(Some(String::new())));
    let elsewhere = "<k:IdempotencyKey s:role='urn:other'>b</k:IdempotencyKey>";
    assert_eq!(key(elsewhere, Some("a")), Ok(a.clone()));
    let null = "<k:IdempotencyKey xmlns:i='http://www.w3.org/2001/XMLSchema-instance' i:nil='true'/>";
    assert_eq!(key(null, Some("a")), Ok(a));
}
