//! Do the documents that tests write still say what the code does? `UPDATE=1` writes them anew.

mod lab;
mod limits;
mod operations;

use domain::Reason;
use server::protocols::PROTOCOLS;
use tests::protocols::Codes;
use tests::{committed, facts};

#[test]
fn operations_are_written_down() {
    committed::compare("docs/operations.md", &operations::document()).unwrap();
}

#[test]
fn errors_are_written_down() {
    committed::compare("docs/errors.md", &errors()).unwrap();
}

#[test]
fn limits_are_written_down() {
    committed::compare("docs/limits.md", &limits::document()).unwrap();
}

#[test]
fn links_lead_somewhere() {
    let documents = std::fs::read_dir(committed::from_the_top("docs")).unwrap();
    let documents = documents.map(|entry| format!("docs/{}", entry.unwrap().file_name().into_string().unwrap()));
    let documents = documents.filter(|document| document.ends_with(".md"));
    for document in documents.chain(["README.md".to_owned()]) {
        let text = committed::read(&document).unwrap();
        for link in text.split("](").skip(1).filter_map(|rest| rest.split([')', '#']).next()) {
            if link.is_empty() || link.starts_with("http") {
                continue;
            }
            let place = committed::from_the_top(&document).parent().unwrap().join(link);
            assert!(place.exists(), "{document} links to {link}");
        }
    }
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

/// The words of all mistakes, and how each style says their kinds.
fn errors() -> String {
    let mut text = String::from(
        "# Mistakes\n\n\
         A mistake has a reason, the same word in every style, and the reason has a kind. Each adapter translates the kind\n\
         into its own grammar, in its `errors.rs`. This file is written by a test (`tests/architecture`).\n\n\
         ## Reasons\n\n| reason | kind | meaning |\n| --- | --- | --- |\n",
    );
    for reason in Reason::ALL {
        text.push_str(&format!("| `{}` | {} | {} |\n", reason.word(), reason.kind().word(), reason.meaning()));
    }
    text.push_str(
        "\n## How each style says a kind\n\n\
         The error tests check every one in every style; `X-Fault: <kind>` brings it about.\n\n",
    );
    let has_codes = |name: &str| matches!(facts(name).codes, Codes::PerKind(_));
    let styles: Vec<_> = PROTOCOLS.iter().filter(|protocol| has_codes(protocol.name)).collect();
    let titles: Vec<_> = styles.iter().map(|protocol| protocol.title).collect();
    text.push_str(&format!("| kind | {} |\n| --- |{}\n", titles.join(" | "), " --- |".repeat(styles.len())));
    for reason in Reason::ALL.iter().filter(|reason| is_first_of_its_kind(**reason)) {
        let said = styles.iter().map(|style| match facts(style.name).code(*reason) {
            "Client" => "Client / Sender",
            "Server" => "Server / Receiver",
            code => code,
        });
        let kind = reason.kind().word();
        text.push_str(&format!("| {kind} | {} |\n", said.collect::<Vec<_>>().join(" | ")));
    }
    text.push_str(
        "\n- REST: the status, and a problem document (RFC 9457). An address without that method is 405, a body of another\n  \
         media type 415, a version that `If-Match` does not match 412, `idempotency_key_reused` 422. With 401 comes\n  \
         `WWW-Authenticate`, with 429 and 503 `Retry-After`.\n\
         - SOAP: the fault code of version 1.1 / 1.2, and `ShopFault` as the detail. Faults of 1.1 travel with status 500,\n  \
         a sender's faults of 1.2 with 400, too large ones with 413.\n\
         - JSON-RPC: `error.code`, with reason, kind and violations in `error.data`; the status is 200, but 413 and 415\n  \
         for a body that is not read.\n\
         - XML-RPC: `faultCode`, and `faultString` is reason and message; the status as in JSON-RPC.\n\
         - WebSocket: `error` is the object itself: reason, kind, message, violations. A message that is too large closes the\n  \
         socket with 1009.\n\
         - GraphQL: `extensions.code`, with reason and violations beside it; the status is 200 where something was executed.\n",
    );
    text
}

/// Whether it stands for its kind.
fn is_first_of_its_kind(reason: Reason) -> bool {
    Reason::ALL.iter().find(|other| other.kind() == reason.kind()) == Some(&reason)
}

#[test]
fn the_known_keys_are_written_down() {
    let readme = committed::read("README.md").unwrap();
    for ::lab::Person { user_id, role, email, api_key, .. } in server::seed::people() {
        let row = format!("| {user_id} | {role} | `{email}` | `{api_key}` |");
        assert!(readme.lines().any(|line| line == row), "the README lacks\n{row}");
    }
    assert!(readme.contains(&format!("`{}`", auth::demo::PASSWORD)));
}
