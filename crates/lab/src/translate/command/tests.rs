//! Tests: commands are read as their tools would send them.

use super::*;

fn sent(command: &str) -> (String, String, Vec<(String, String)>, String) {
    let request = read(command).unwrap().unwrap();
    (request.method, request.target, request.headers, String::from_utf8(request.body.to_vec()).unwrap())
}

fn pair(name: &str, value: &str) -> (String, String) {
    (name.to_owned(), value.to_owned())
}

#[test]
fn a_command_of_curl_is_a_request() {
    let (method, target, headers, body) = sent(
        "$ curl -sXPATCH localhost:8080/sandboxes/a/rest/users/1 \\\n -H 'X-Api-Key: k' --json '{\"name\":\"A\"}'",
    );
    assert_eq!((method.as_str(), target.as_str(), body.as_str()), ("PATCH", "/rest/users/1", "{\"name\":\"A\"}"));
    assert_eq!(headers, [pair("X-Api-Key", "k"), pair("content-type", "application/json")]);
    let (_, target, headers, body) =
        sent("curl -G http://h/rest/products -d limit=3 --data-urlencode 'query=a b' -u e:p");
    assert_eq!((target.as_str(), body.as_str()), ("/rest/products?limit=3&query=a%20b", ""));
    assert_eq!(headers, [pair("authorization", "Basic ZTpw")]);
    assert_eq!(sent("echo '{}' | curl -d @- http://h/jsonrpc").3, "{}");
}

#[test]
fn a_command_of_httpie_is_a_request() {
    let (method, target, headers, body) = sent("http POST :8080/rest/users name=Ada age:=3 a==1 X-Fault:drop");
    assert_eq!(
        (method.as_str(), target.as_str(), body.as_str()),
        ("POST", "/rest/users?a=1", r#"{"name":"Ada","age":3}"#)
    );
    assert_eq!(headers, [pair("X-Fault", "drop")]);
}

#[test]
fn a_command_for_a_socket_is_its_messages() {
    let (_, target, headers, body) = sent("printf '%s\\n' '{\"a\":1}' '{\"b\":2}' | websocat -n -H='a: b' ws://h/ws");
    assert_eq!((target.as_str(), body.as_str()), ("/ws", "{\"a\":1}\n{\"b\":2}"));
    assert_eq!(headers, [pair("a", "b")]);
    assert_eq!(sent("wscat -c ws://h/ws -x '{}'").3, "{}");
}

#[test]
fn a_command_that_can_t_be_read_says_why() {
    for command in ["curl -d @file http://h/", "curl -s", "echo a", "http POST h/rest a:={"] {
        assert!(read(command).unwrap().is_err(), "{command}");
    }
    assert!(read("{ curl }").is_none());
}

#[test]
fn an_option_takes_the_rest_of_its_word_or_the_next() {
    let words = ["-sSXPOST", "-d", "a", "--max-time", "3", "--compressed", "-Hb: c", "-", "u"].map(str::to_owned);
    let expected = [
        pair("s", ""),
        pair("S", ""),
        pair("X", "POST"),
        pair("d", "a"),
        pair("max-time", "3"),
        pair("compressed", ""),
        pair("H", "b: c"),
        pair("", "-"),
        pair("", "u"),
    ];
    assert_eq!(options(&words, CURL_SHORT, CURL_LONG), expected);
}
