//! Tests: programs as browsers copy them and as people write them.

use super::*;

fn sent(program: &str) -> (String, String, Vec<(String, String)>, String) {
    let request = read(program).unwrap().unwrap_or_else(|problem| panic!("{problem}: {program}"));
    (request.method, request.target, request.headers, String::from_utf8(request.body.to_vec()).unwrap())
}

fn of(
    method: &str,
    target: &str,
    headers: &[(&str, &str)],
    body: &str,
) -> (String, String, Vec<(String, String)>, String) {
    let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    (method.to_owned(), target.to_owned(), headers, body.to_owned())
}

const JSON: (&str, &str) = ("content-type", "application/json");

#[test]
fn what_a_browser_copies_as_fetch_is_a_request() {
    let copied = r#"fetch("http://127.0.0.1:8080/sandboxes/a/jsonrpc", {
  "headers": {
    "accept": "*/*",
    "content-type": "application/json"
  },
  "body": "{\"method\":\"who_am_i\",\"a\":\"\u00e4 \ud83d\ude00 \\\"\"}",
  "method": "POST",
  "mode": "cors",
  "credentials": "omit"
}); ;"#;
    let body = "{\"method\":\"who_am_i\",\"a\":\"ä 😀 \\\"\"}";
    assert_eq!(sent(copied), of("POST", "/jsonrpc", &[("accept", "*/*"), JSON], body));
    let written = "const url = 'http://h/rest/users';\nconst body = JSON.stringify({ name: 'A', lines: [{ n: 1 }, ] });\n\
                   // sends it\nconst response = await fetch(url, { method: 'post', headers: new Headers({ 'X-API-Key': `k` }), body });";
    assert_eq!(sent(written), of("POST", "/rest/users", &[("X-API-Key", "k")], r#"{"name":"A","lines":[{"n":1}]}"#));
    assert_eq!(sent("fetch('/rest/me')"), of("", "/rest/me", &[], ""));
}

#[test]
fn a_program_of_python_is_a_request() {
    let by_name = "import requests\n\nheaders = {'X-API-Key': 'k'}  # Ada\nr = requests.post('http://h/rest/orders', json={'user_id': 1, \
                   'gift': True}, headers=headers)\nprint(r.json())";
    assert_eq!(sent(by_name), of("POST", "/rest/orders", &[("X-API-Key", "k"), JSON], r#"{"user_id":1,"gift":true}"#));
    let with_query = "requests.get(\"http://h/rest/products\", params={'query': 'a b', 'limit': 2}, auth=('e', 'p'))";
    assert_eq!(
        sent(with_query),
        of("GET", "/rest/products?query=a%20b&limit=2", &[("authorization", "Basic ZTpw")], "")
    );
    let by_method = "import httpx\nhttpx.request('PUT', url='http://h/rest/x', content=b'''a\n'b' ''')";
    assert_eq!(sent(by_method).3, "a\n'b' ");
    let dumped = "import requests, json\npayload = json.dumps({\n  \"jsonrpc\": \"2.0\",\n  \"params\": [1, None]\n})\n\
                  response = requests.request(\"POST\", \"http://h/jsonrpc\", headers={}, data=payload)";
    assert_eq!(sent(dumped), of("POST", "/jsonrpc", &[], r#"{"jsonrpc":"2.0","params":[1,null]}"#));
    let socket = "from websockets.sync.client import connect\nwith connect('ws://h/ws', additional_headers={'a': 'b'}) as socket:\n\
                  \x20   socket.send('{\"op\": 1}')\n    socket.send('{\"op\": 2}')";
    assert_eq!(sent(socket), of("", "/ws", &[("a", "b")], "{\"op\": 1}\n{\"op\": 2}"));
}

#[test]
fn a_socket_of_javascript_is_its_messages() {
    let program = "const socket = new WebSocket(\"ws://h/ws\", \"shop.v1.json\");\nconst messages = ['{\"op\": 1}', '{\"op\": 2}'];\n\
                   socket.onopen = () => socket.send(messages.shift());";
    assert_eq!(sent(program), of("", "/ws", &[], "{\"op\": 1}\n{\"op\": 2}"));
}

#[test]
fn a_command_of_powershell_is_a_request() {
    let copied = "$session = New-Object Microsoft.PowerShell.Commands.WebRequestSession\n$session.UserAgent = \"Mozilla/5.0 (X11)\"\n\
                  Invoke-WebRequest -UseBasicParsing -Uri \"http://h/jsonrpc\" `\n-Method \"POST\" `\n-WebSession $session `\n-Headers @{\n\
                  \"Accept\"=\"*/*\"\n  \"X-API-Key\"=\"k\"\n} `\n-ContentType \"application/json\" `\n-Body \"{`\"id`\":1}\"";
    let headers = [JSON, ("Accept", "*/*"), ("X-API-Key", "k")];
    assert_eq!(sent(copied), of("POST", "/jsonrpc", &headers, "{\"id\":1}"));
    let written = "$body = @{ name = 'it''s'; age = 3 }\nirm http://h/rest/users -Method Post -Body ($body | ConvertTo-Json) \
                   -ContentType 'application/json'";
    assert_eq!(sent(written), of("POST", "/rest/users", &[JSON], "{\"name\":\"it's\",\"age\":3}"));
    let bytes =
        "Invoke-RestMethod -Uri 'http://h/soap' -Method POST -Body ([System.Text.Encoding]::UTF8.GetBytes(\"<a/>\"))";
    assert_eq!(sent(bytes).3, "<a/>");
    assert_eq!(sent("Invoke-RestMethod 'http://h/rest/users/1'"), of("", "/rest/users/1", &[], ""));
}

#[test]
fn other_texts_are_no_programs_and_some_programs_send_nothing() {
    assert!(read("{ user(id: 1) { name } }").is_none());
    assert!(read("{\"op\": \"get_user\"}").is_none());
    assert!(read("fetch(address)").unwrap().is_err());
    for end in 0.."fetch('http://h/rest', {'a': [\"b\", -1.5 + '\\u00".len() {
        let _ = read(&"fetch('http://h/rest', {'a': [\"b\", -1.5 + '\\u00"[..end]);
    }
}
