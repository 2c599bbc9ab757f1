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
fn what_a_browser_copies_for_windows_is_a_request() {
    let copied = "curl ^\"http://h/rest/users?a=b^&c=d^\" ^\r\n  -H ^\"accept: */*^\" ^\r\n  --data-raw ^\"^{^\\^\"id^\\^\":1^}^\"";
    let (_, target, headers, body) = sent(copied);
    assert_eq!((target.as_str(), body.as_str()), ("/rest/users?a=b&c=d", "{\"id\":1}"));
    assert_eq!(headers, [pair("accept", "*/*")]);
}

#[test]
fn a_command_of_wget_is_a_request() {
    let (method, target, headers, body) = sent(
        "wget -qO- --method=PATCH --header='X-Fault: drop' --body-data '{}' --user=e --password p http://h/rest/users/1",
    );
    assert_eq!((method.as_str(), target.as_str(), body.as_str()), ("PATCH", "/rest/users/1", "{}"));
    assert_eq!(headers, [pair("X-Fault", "drop"), pair("authorization", "Basic ZTpw")]);
    assert_eq!(sent("wget -q -O - --post-data='{\"a\":1}' h/jsonrpc").3, "{\"a\":1}");
    assert!(read("wget --post-file=a h/jsonrpc").unwrap().is_err());
}

#[test]
fn tokens_are_headers() {
    let bearer = [pair("authorization", "Bearer t")];
    assert_eq!(sent("curl --oauth2-bearer t h/rest/me").2, bearer);
    assert_eq!(sent("http -A bearer -a t h/rest/me").2, bearer);
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
