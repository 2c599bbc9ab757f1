//! Translate reads pasted requests of every style, and writes them in every other.

use super::{each, get, post, post_ok, server};
use domain::Operation;
use domain::access::{Credentials, Secret};
use domain::operations::OPERATIONS;
use lab::snippets::snippets;
use lab::translate::{Translated, can_encode, parse_request};
use serde_json::{Value, json};
use server::protocols::PROTOCOLS;
use wire::{Address, CallRequest};

tests!(
    every_request_is_read_back_from_every_style_and_snippet,
    truncated_text_is_read_or_refused,
    a_body_alone_identifies_its_style,
    a_batch_is_several_calls,
    headers_are_taken_over,
    a_pasted_command_is_translated_to_every_style,
    what_is_dropped_is_reported,
    unreadable_text_is_refused_with_what_was_tried,
);

fn understood(text: &str) -> Translated {
    parse_request(text, &PROTOCOLS).unwrap_or_else(|problem| panic!("{problem}\n{text}"))
}

/// Each operation's example, with all options.
fn questions() -> Vec<CallRequest> {
    let table: Value = serde_json::from_slice(&get(server(), "/lab/table", &[]).body).unwrap();
    let example = |operation: &Value| {
        let name = operation["name"].as_str().unwrap();
        let example = tests::given(&operation["example"]);
        // In the order of the contracts, as it comes back.
        let input = (Operation::named(name).settle)(example.clone(), &domain::spelling::PLAIN).unwrap_or(example);
        let mut call_request = CallRequest::new(name, input);
        call_request.options.credentials = Credentials::ApiKey(Secret::new("the-key"));
        call_request.options.fault = Some("delay=1".to_owned());
        let is_once = OPERATIONS.iter().any(|row| row.name == name && row.is_once);
        call_request.options.idempotency_key = is_once.then(|| "once".to_owned());
        call_request
    };
    each(&table["operations"]).map(example).collect()
}

fn every_request_is_read_back_from_every_style_and_snippet() {
    let here = Address::parse("http://localhost:8080/sandboxes/alice").unwrap();
    let mut read = 0;
    for call_request in questions() {
        for style in PROTOCOLS.iter().filter(|style| can_encode(style, &call_request)) {
            for copy in snippets(&style.client.encode_by_hand(&call_request), &here) {
                let Translated { from, calls, sandbox, .. } = understood(&copy.text);
                assert_eq!((from.name, calls.len()), (style.name, 1), "{}", copy.text);
                assert_eq!(
                    (&calls[0].operation, &calls[0].input),
                    (&call_request.operation, &call_request.input),
                    "{}",
                    copy.text
                );
                // The messages of a socket alone have neither an address nor headers of its handshake, which a browser can't set.
                let is_socket = matches!(style.client.encode(&call_request), wire::WireRequest::Socket(_));
                assert_eq!(sandbox.as_deref(), (!is_socket || copy.name != "raw").then_some("alice"), "{}", copy.text);
                if !is_socket || !matches!(copy.name, "raw" | "JavaScript") {
                    let options = &calls[0].options;
                    assert_eq!(options.credentials, call_request.options.credentials, "{}", copy.text);
                    assert_eq!(options.fault, call_request.options.fault, "{}", copy.text);
                    assert_eq!(options.idempotency_key, call_request.options.idempotency_key, "{}", copy.text);
                }
                read += 1;
            }
        }
    }
    assert!(read >= 4 * OPERATIONS.len() * (PROTOCOLS.len() - 1), "{read}");
}

fn truncated_text_is_read_or_refused() {
    let here = Address::parse("http://localhost:8080").unwrap();
    let call_request = questions().into_iter().find(|call_request| call_request.operation == "place_order").unwrap();
    let (mut whole, mut refused) = (0, 0);
    for copy in PROTOCOLS.iter().flat_map(|style| snippets(&style.client.encode_by_hand(&call_request), &here)) {
        for (end, _) in copy.text.char_indices() {
            match parse_request(&copy.text[..end], &PROTOCOLS) {
                Ok(understood) => whole += understood.calls.len(),
                Err(problem) => {
                    assert!(!problem.is_empty(), "{}", &copy.text[..end]);
                    refused += 1;
                }
            }
        }
    }
    assert!(whole > 0 && refused > whole, "{whole} and {refused}");
}

fn a_body_alone_identifies_its_style() {
    let envelope = |namespace| {
        format!(
            "\n<s:Envelope xmlns:s='{namespace}'><s:Body><GetUser xmlns='urn:parlance:shop:v1'><id> 1 </id></GetUser></s:Body></s:Envelope>"
        )
    };
    let xml = "<?xml version='1.0'?>\n<methodCall><methodName>get_user</methodName><params><param><value><i4>1</i4></value></param></params></methodCall>";
    for (from, text) in [
        ("soap", envelope("http://schemas.xmlsoap.org/soap/envelope/").as_str()),
        ("soap", envelope("http://www.w3.org/2003/05/soap-envelope").as_str()),
        ("xmlrpc", xml),
        ("jsonrpc", "{\n  \"jsonrpc\": \"2.0\", \"id\": 7, \"method\": \"get_user\", \"params\": [1]\n}"),
        ("websocket", r#"{"id": 1, "op": "get_user", "params": {"id": 1}}"#),
        ("graphql", "{ user(id: 1) { name } }"),
        ("graphql", r#"query One($id: ID = "1") { ...one } fragment one on Query { u: user(id: $id) { name } }"#),
        ("graphql", r#"{"query": "query($id: ID!) { user(id: $id) { name } }", "variables": {"id": 1}}"#),
        ("rest", "http://localhost:8080/rest/users/1?fields=name"),
        ("rest", "GET /rest/users/1"),
    ] {
        let Translated { from: style, calls, .. } = understood(text);
        assert_eq!((style.name, calls.len(), calls[0].operation.as_str()), (from, 1, "get_user"), "{text}");
        assert_eq!(calls[0].input, domain::Value::object([("id", 1.into())]), "{text}");
    }
}

fn a_batch_is_several_calls() {
    let batch =
        r#"[{"jsonrpc":"2.0","id":1,"method":"get_user","params":{"id":1}},{"jsonrpc":"2.0","method":"who_am_i"}]"#;
    let call = |name: &str| {
        format!(
            "<value><struct><member><name>methodName</name><value>{name}</value></member><member><name>params</name><value><array><data/></array></value></member></struct></value>"
        )
    };
    let multicall = format!(
        "<methodCall><methodName>system.multicall</methodName><params><param><value><array><data>{}{}</data></array></value></param></params></methodCall>",
        call("list_users"),
        call("who_am_i")
    );
    for (text, names) in [
        (batch, ["get_user", "who_am_i"]),
        (&multicall, ["list_users", "who_am_i"]),
        ("{ order(id: 1) { lines { product { name } } } me { role } }", ["get_order_details", "who_am_i"]),
        ("{\"id\":1,\"op\":\"list_users\"}\n{\"id\":2,\"op\":\"who_am_i\"}", ["list_users", "who_am_i"]),
    ] {
        let calls = understood(text).calls;
        assert_eq!(
            calls.iter().map(|call_request| call_request.operation.as_str()).collect::<Vec<_>>(),
            names,
            "{text}"
        );
    }
    let document = post_ok(server(), "/lab/translate", &json!({"text": batch}));
    assert_eq!((&document["operation"], &document["others"][0]["operation"]), (&"get_user".into(), &"who_am_i".into()));
    assert_eq!(document["others"][0]["styles"].as_array().unwrap().len(), PROTOCOLS.len());
}

fn headers_are_taken_over() {
    let version = understood("curl -X DELETE -H 'If-Match: \"v7\"' localhost/rest/users/1");
    let own = get(server(), "/rest/users/1", &[]).header("etag").to_owned();
    let with_own =
        understood(&format!("curl -X DELETE -H 'If-Match: {own}' -u ada@example.com:p localhost/rest/users/1"));
    assert_eq!(version.calls[0].input.get("expected_version"), None, "no tag of ours");
    assert_eq!(with_own.calls[0].input.get("expected_version"), Some(&1.into()), "{own}");
    let password = Credentials::Password { email: "ada@example.com".to_owned(), password: Secret::new("p") };
    assert_eq!(with_own.calls[0].options.credentials, password);
}

fn a_pasted_command_is_translated_to_every_style() {
    let curl = "curl -H 'X-Api-Key: k' http://elsewhere/sandboxes/bob/rest/users/1";
    let document = post_ok(server(), "/sandboxes/alice/lab/translate", &json!({"text": curl}));
    assert_eq!((&document["from"], &document["operation"]), (&"rest".into(), &"get_user".into()));
    assert_eq!(document["input"], json!({"id": 1}));
    let names: Vec<&str> = each(&document["styles"]).map(|style| style["style"].as_str().unwrap()).collect();
    assert_eq!(names, PROTOCOLS.iter().map(|style| style.name).collect::<Vec<_>>());
    let soap = &document["styles"][1];
    let raw = soap["raw"].as_str().unwrap();
    assert!(raw.contains("<GetUser xmlns=\"urn:parlance:shop:v1\"><id>1</id></GetUser>"), "{raw}");
    assert!(raw.starts_with("POST /sandboxes/bob/soap") && raw.contains("x-api-key: k"), "{raw}");
    assert_eq!(document["sandbox"], "bob", "the sandbox of the pasted address");
    assert!(each(&soap["snippets"]).any(|copy| copy["name"] == "curl"));
}

fn what_is_dropped_is_reported() {
    let translated = |text: &str| post_ok(server(), "/sandboxes/alice/lab/translate", &json!({"text": text}));
    let selected = translated("{ user(id: 1) { name } }");
    assert!(selected["dropped"].as_str().is_some_and(|dropped| dropped.contains("selection")), "{selected}");
    assert_eq!(selected["sandbox"], "alice", "without an address, it is the sandbox of the page");
    assert!(
        translated("/rest/users/1?fields=name")["dropped"].as_str().is_some_and(|dropped| dropped.contains("fields"))
    );
    assert_eq!(translated("/rest/users/1").get("dropped"), None);
    let (status, refusal) =
        post(server(), "/lab/translate", &json!({"text": "curl http://h/sandboxes/A_B/rest/users/1"}));
    assert_eq!(status, 404, "{refusal}");
    assert!(refusal["message"].as_str().is_some_and(|message| message.contains("\"A_B\"")), "{refusal}");
}

fn unreadable_text_is_refused_with_what_was_tried() {
    for (text, expected) in [
        ("buy me a laptop", "a SOAP envelope"),
        ("{\"a\": ", "can't read the JSON"),
        ("{\"a\": 1}", "a GraphQL document"),
        ("curl http://h/nothing", "is for \"/nothing\", where no style is served"),
        ("curl http://h/rest/nothing", "text was read as REST: there is nothing at /rest/nothing"),
        ("curl -X PUT http://h/rest/users", "takes GET, QUERY, POST"),
        ("curl -d @file http://h/jsonrpc", "the file file is not here"),
        (r#"{"jsonrpc":"2.0","id":1,"method":"no_such"}"#, "there is no operation \"no_such\""),
        (r#"{"jsonrpc":"2.0","id":1,"method":"get_user","params":{"id":"x"}}"#, "id must be an integer, got \"x\""),
        ("{ nothing }", "no operation is the field \"nothing\""),
        ("[]", "is not a request that is recognised"),
        (&" a".repeat(20_000), "at most 32768 are translated"),
    ] {
        let (status, document) = post(server(), "/lab/translate", &json!({"text": text}));
        let message = document["message"].as_str().or(document["detail"].as_str()).unwrap_or_default();
        assert_eq!(status, 422, "{text}: {document}");
        assert!(message.contains(expected), "{text}: {document}");
    }
    assert_eq!(post(server(), "/lab/translate", &json!({"text": ""})).0, 422);
}
