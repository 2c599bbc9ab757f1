//! Checks that documents match the code. `UPDATE=1` writes those that are generated.

mod lab;
mod limits;
mod operations;

use domain::Reason;
use server::protocols::PROTOCOLS;
use std::path::PathBuf;
use tests::protocols::Codes;
use tests::{committed, facts};

/// The folders with documents.
const FOLDERS: &[&str] = &["docs", "docs/clients", "docs/lessons"];
/// Maximum number of lines of the README.
const README_LINES_MAX: usize = 150;

#[test]
fn operations_document_matches_the_table() {
    committed::compare("docs/operations.md", &operations::document()).unwrap();
}

#[test]
fn errors_document_matches_the_code() {
    committed::compare("docs/errors.md", &errors()).unwrap();
}

/// Every document: its path and its text.
fn documents() -> Vec<(String, String)> {
    let paths = FOLDERS.iter().flat_map(|folder| {
        let entries = std::fs::read_dir(committed::from_the_top(folder)).unwrap();
        entries.map(move |entry| format!("{folder}/{}", entry.unwrap().file_name().into_string().unwrap()))
    });
    let paths = paths.filter(|path| path.ends_with(".md")).chain(["README.md".to_owned()]);
    paths.map(|path| (path.clone(), committed::read(&path).unwrap())).collect()
}

/// The links of a document to files, and where they lead.
fn links<'text>(document: &str, text: &'text str) -> Vec<(&'text str, PathBuf)> {
    let links = text.split("](").skip(1).filter_map(|rest| rest.split([')', '#']).next());
    let links = links.filter(|link| !link.is_empty() && !link.starts_with("http"));
    links.map(|link| (link, committed::from_the_top(document).parent().unwrap().join(link))).collect()
}

#[test]
fn links_lead_somewhere() {
    for (document, text) in documents() {
        for (link, place) in links(&document, &text) {
            assert!(place.exists(), "{document} links to {link}");
        }
    }
}

#[test]
fn files_that_documents_name_are_there() {
    for (document, text) in documents() {
        for code in text.split('`').skip(1).step_by(2) {
            let path = code.split_whitespace().next().unwrap_or_default();
            let is_path = ["crates/", "tests/", "wsdl/", "docs/"].iter().any(|folder| path.starts_with(folder));
            if is_path && !path.contains('{') {
                assert!(committed::from_the_top(path).exists(), "{document} names {path}");
            }
        }
    }
}

#[test]
fn every_document_is_linked() {
    let documents = documents();
    let place = |path: &String| committed::from_the_top(path).canonicalize().unwrap();
    for (path, _) in documents.iter().filter(|(path, _)| path != "README.md") {
        let leads_here = |(_, to): &(&str, PathBuf)| to.canonicalize().is_ok_and(|to| to == place(path));
        let is_linked =
            documents.iter().any(|(other, text)| other != path && links(other, text).iter().any(leads_here));
        assert!(is_linked, "no document links to {path}");
    }
}

#[test]
fn the_readme_is_short() {
    let lines = committed::read("README.md").unwrap().lines().count();
    assert!(lines <= README_LINES_MAX, "{lines} lines");
}

#[test]
fn the_readme_names_every_protocol_and_contract() {
    let text = committed::read("README.md").unwrap();
    for protocol in PROTOCOLS.iter() {
        assert!(text.contains(protocol.title), "{}", protocol.title);
        for contract in protocol.contracts {
            assert!(text.contains(contract.title) && text.contains(contract.path), "{}", contract.title);
        }
    }
}

/// `docs/errors.md`: all reasons, and the code of each kind in each style.
fn errors() -> String {
    let mut text = String::from(
        "# Errors\n\n\
         An error has a reason, the same code in every style, and each reason belongs to a kind. Each adapter translates the\n\
         kind into its own grammar, in its `errors.rs`. A test (`tests/architecture`) writes this file.\n\n\
         ## Reasons\n\n| reason | kind | meaning |\n| --- | --- | --- |\n",
    );
    for reason in Reason::ALL {
        text.push_str(&format!("| `{}` | {} | {} |\n", reason.word(), reason.kind().word(), reason.meaning()));
    }
    text.push_str(
        "\n## Each kind in each style\n\n\
         With `serve --faults`, a request with `X-Fault: <kind>` is refused with it ([reliability.md](reliability.md)). The error\n\
         tests check every cell.\n\n",
    );
    let has_codes = |name: &str| matches!(facts(name).codes, Codes::PerKind(_));
    let styles: Vec<_> = PROTOCOLS.iter().filter(|protocol| has_codes(protocol.name)).collect();
    let titles: Vec<_> = styles.iter().map(|protocol| protocol.title).collect();
    text.push_str(&format!("| kind | {} |\n| --- |{}\n", titles.join(" | "), " --- |".repeat(styles.len())));
    for reason in Reason::ALL.iter().filter(|reason| is_first_of_its_kind(**reason)) {
        let codes = styles.iter().map(|style| match facts(style.name).code(*reason) {
            "Client" => "Client / Sender",
            "Server" => "Server / Receiver",
            code => code,
        });
        let kind = reason.kind().word();
        text.push_str(&format!("| {kind} | {} |\n", codes.collect::<Vec<_>>().join(" | ")));
    }
    text.push_str(
        "\n- REST: the status, and a problem document (RFC 9457). A method that an address lacks is 405, a body of another\n  \
         media type 415, a version that `If-Match` does not match 412, `idempotency_key_reused` 422. 401 comes with\n  \
         `WWW-Authenticate`, 429 and 503 with `Retry-After`.\n\
         - SOAP: the fault code of version 1.1 / 1.2, and `ShopFault` as the detail. Faults of 1.1 have status 500, a\n  \
         sender's faults of 1.2 have 400, and content that is too large has 413.\n\
         - JSON-RPC: `error.code`, with reason, kind and violations in `error.data`; the status is 200, and 413 or 415\n  \
         for content that is not read.\n\
         - XML-RPC: `faultCode`, and `faultString` with `reason: message`, then a line `pointer: message` for each violation\n  \
         and `retry_after_ms: number`, as a fault has no other members; the status as in JSON-RPC.\n\
         - WebSocket: `error` has reason, kind, message and violations. A message that is too large closes the connection\n  \
         with 1009.\n\
         - GraphQL: `extensions.code`, with reason and violations next to it; the status is 200 once something was executed.\n\
         - gRPC: `grpc-status` and `grpc-message` in the trailers, and in `grpc-status-details-bin` an `ErrorInfo` with the reason,\n  \
         a `BadRequest` with the violations (`lines[0].quantity`) and a `RetryInfo`. `stale_version` is `ABORTED`,\n  \
         `idempotency_key_reused` `FAILED_PRECONDITION`. A field that the server does not know is skipped, as in every reader of\n  \
         Protocol Buffers: the one style in which an unknown member is not refused. In Connect's JSON it is.\n",
    );
    text.push_str(MESSAGES);
    text
}

/// The chapters of `docs/errors.md` about messages.
const MESSAGES: &str = "
## Messages

A message says what was sent, where, what is expected there, and what to do. Names are spelled as the caller's style spells them:
`/userId` is a pointer in SOAP and GraphQL, `/user_id` elsewhere, and an unknown name, operation or address is answered with the one
that it probably means. Each adapter has one `SPELLING` for that. A test makes 30 ordinary mistakes in every style and checks all
four parts (`tests/shop/errors/helpful.rs`). Programs with zeep, gql, axios, requests, xmlrpc.client and jsonrpcclient make them, too,
and what the programmer sees is checked (`mistakes` in `tests/clients`): of an unknown address gql and xmlrpc.client show only the
status. An error that is over after a time says in its message when to try again.

## Tolerated and refused

| what a client sends | answer |
| --- | --- |
| an unknown member or query parameter | refused, with the known ones: `?limt=5` would return the wrong page and look right |
| a query parameter that begins with `_` | ignored: scripts add one against caches |
| a `Content-Type` of `application/x-www-form-urlencoded`, as `curl -d` adds, or none | refused with 415 and the header to send: any web page can make a browser send a form here without asking, and then it could place orders |
| a slash after the address | a redirect (308) to the address without it |
| SOAP elements in no namespace | read as the shop's, because some tools send no other |
| numbers as `1.0` in JSON, or with white space around them in XML | read |
";

/// Whether it stands for its kind.
fn is_first_of_its_kind(reason: Reason) -> bool {
    Reason::ALL.iter().find(|other| other.kind() == reason.kind()) == Some(&reason)
}

#[test]
fn the_demo_keys_are_in_the_documents() {
    let document = committed::read("docs/authentication.md").unwrap();
    for ::lab::Person { user_id, role, email, api_key, .. } in server::seed::people() {
        let row = format!("| {user_id} | {role} | `{email}` | `{api_key}` |");
        assert!(document.lines().any(|line| line == row), "docs/authentication.md lacks\n{row}");
    }
    assert!(document.contains(&format!("`{}`", auth::demo::PASSWORD)));
}
