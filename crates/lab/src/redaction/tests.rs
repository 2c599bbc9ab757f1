//! Tests: every secret is masked in every grammar, and nothing else.

use super::*;

#[track_caller]
fn hides(shown: &str, expected: &str) {
    let masked = text(shown);
    assert_eq!(masked, expected);
    assert_eq!(masked.len(), shown.len());
}

#[test]
fn headers_are_masked() {
    let text = "GET /rest/me?token=s3cret&limit=1 HTTP/1.1\r\nX-API-Key: s3cret\r\nauthorization: Bearer s3cret\r\n\
                host: token.example\r\n\r\n";
    let expected = "GET /rest/me?token=******&limit=1 HTTP/1.1\r\nX-API-Key: ******\r\nauthorization: Bearer ******\r\n\
                    host: token.example\r\n\r\n";
    assert_eq!(head(text), expected);
    assert_eq!(head("HTTP/1.1 2"), "HTTP/1.1 2");
}

#[test]
fn json_is_masked() {
    hides(r#"{"email":"a@b","password" : "s3cret","note":"x"}"#, r#"{"email":"a@b","password" : "******","note":"x"}"#);
    hides(r#"{"password":"s3cret\" \\"}"#, r#"{"password":"***********"}"#);
    hides(r#"{"token":{"token":"s3cret","expires_at":"t"}}"#, r#"{"token":{"token":"******","expires_at":"t"}}"#);
    hides(r#"{"payload":{"x-api-key":"s3cret"}}"#, r#"{"payload":{"x-api-key":"******"}}"#);
    hides(r#"{"method":"log_in","params":["a@b","s3cret"]}"#, r#"{"method":"log_in","params":["***","******"]}"#);
    hides(r#"{"password":"s3cret"#, r#"{"password":"******"#);
    hides("grant_type=password&password=s3cret&scope=x", "grant_type=password&password=******&scope=x");
    hides(r#"{"x":"whsec_s3cret+/="}"#, r#"{"x":"***************"}"#);
}

#[test]
fn graphql_is_masked() {
    hides(r#"{"query":"{ logIn(password: \"s3cret\") }"}"#, r#"{"query":"{ logIn(password: \"******\") }"}"#);
    hides(
        r#"{"query":"{ logIn(password: \"\"\"s3cret\"\"\") }"}"#,
        r#"{"query":"{ logIn(password: \"\"\"******\"\"\") }"}"#,
    );
    hides(r#"mutation { logIn(password: """s3cret""") }"#, r#"mutation { logIn(password: """******""") }"#);
    let text =
        r#"{"query":"mutation L($p: String!) { logIn(input: {password: $p}) { token } }","variables":{"p":"s3cret"}}"#;
    let expected =
        r#"{"query":"mutation L($p: String!) { logIn(input: {password: $p}) { token } }","variables":{"p":"******"}}"#;
    hides(text, expected);
}

#[test]
fn xml_is_masked() {
    hides("<password>s3cret</password><name>Ada</name>", "<password>******</password><name>Ada</name>");
    let text = "<w:Password Type=\"#Text\">s3cret</w:Password><w:Username>a@b</w:Username>";
    hides(text, "<w:Password Type=\"#Text\">******</w:Password><w:Username>a@b</w:Username>");
    hides("<password><b>x</b>s3cret</password>", "<password><b>*</b>******</password>");
    hides("<password><![CDATA[s3cret]]></password>", "<password><![CDATA[******]]></password>");
    hides("<token><token>s3cret</token><at>t</at></token>", "<token><token>******</token><at>t</at></token>");
    let text = "<member><name>password</name><value><string>s3cret</string></value></member><name>x</name>";
    hides(text, "<member><name>password</name><value><string>******</string></value></member><name>x</name>");
    let text = "<methodName>log_in</methodName><params><param><value>a@b</value></param><param><value><string>s3cret";
    hides(text, &text.replace("a@b", "***").replace("s3cret", "******"));
}

#[test]
fn text_without_secrets_stays() {
    for plain in [
        r#"{"name":"Token of thanks","description":"A secret: none","passwords":"x"}"#,
        "query LogIn($input: LogInInput!) { logIn(input: $input) { token { token expiresAt } } }",
        "<products><item><name>Secret</name><description>password: none</description></item></products>",
        r#"{"op":"get_user","params":{"id":1}}"#,
    ] {
        assert_eq!(text(plain), plain);
    }
}

#[test]
fn a_secret_within_another_place_is_masked_as_if_it_stood_alone() {
    // The first has no end, and the second begins within it and ends beyond what is searched for the first.
    let many = "\"x\",".repeat(SECRET_BYTES_MAX / 4 - 10);
    let sent = format!(r#"log_in "params":[{many}"params":["{}","s3cret"]"#, "y".repeat(60));
    assert!(!text(&sent).contains("s3cret"));
    let sent = format!("log_in <value>{}<value>{}s3cret</value>", "x".repeat(SECRET_BYTES_MAX - 10), "y".repeat(60));
    assert!(!text(&sent).contains("s3cret") && text(&sent).ends_with("******</value>"));
}

#[test]
fn many_names_without_an_end_take_no_time() {
    // The search for each is bounded, and nothing is searched twice; without that each of these would take seconds or minutes.
    let variables: String = (0..5_000).map(|number| format!("password:$a{number} ")).collect();
    for many in [
        "<password>".repeat(20_000),
        "<password".repeat(20_000),
        "password.".repeat(20_000),
        format!("log_in{}", "<value>".repeat(20_000)),
        format!("log_in{}", "\"params\":[".repeat(20_000)),
        format!("log_in{}", "\"params\":[\"x".repeat(20_000)),
        variables,
    ] {
        assert_eq!(text(&many).len(), many.len());
    }
}
