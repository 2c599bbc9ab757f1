//! Generates `docs/operations.md`: the table of operations, their names in each style, and their inputs.

use domain::access::RequiredAccess;
use domain::operations::{OPERATIONS, OperationKind};
use domain::schema::{Object, Schema};
use domain::{Operation, Reason, Value};
use server::protocols::PROTOCOLS;
use wire::{Adapter, Address, CallRequest, WireRequest};

/// `docs/operations.md`
pub fn document() -> String {
    let mut text = String::from(
        "# Operations\n\n\
         What the shop can do, from the table in `crates/domain/src/operations.rs`. A test (`tests/architecture`) writes this file.\n\n\
         | operation | input | reply | kind | access | refused for |\n| --- | --- | --- | --- | --- | --- |\n",
    );
    let shared: Vec<Reason> = OPERATIONS[0].reasons().filter(|reason| all_list(*reason)).collect();
    for operation in OPERATIONS {
        let refusals = operation.reasons().filter(|reason| !shared.contains(reason));
        let refusals: Vec<_> = refusals.map(Reason::word).collect();
        text.push_str(&format!(
            "| `{}` | {} | {} | {} | {} | {} |\n",
            operation.name,
            members(operation.input),
            operation.reply_name,
            kind(operation.kind),
            who(operation.who),
            refusals.join(", ")
        ));
    }
    let shared: Vec<_> = shared.into_iter().map(|reason| format!("`{}`", reason.word())).collect();
    text.push_str(&format!(
        "\nA field with `?` is optional. Any operation can also be refused for\n{}.\n\n\
         *Self* is the user in the input, or the owner of the order; lists and events contain only a customer's own. A caller\n\
         without credentials has the rights of staff, or none in a locked sandbox: [authentication.md](authentication.md).\n\n\
         ## Names in each style\n\n",
        shared.join(", ")
    ));
    let titles: Vec<_> = PROTOCOLS.iter().map(|protocol| protocol.title).collect();
    text.push_str(&format!("| operation | {} |\n| --- |{}\n", titles.join(" | "), " --- |".repeat(titles.len())));
    for operation in OPERATIONS {
        let spellings: Vec<_> = PROTOCOLS.iter().map(|protocol| spelling(protocol, operation)).collect();
        text.push_str(&format!("| {} | {} |\n", operation.name, spellings.join(" | ")));
    }
    text.push_str(
        "\nA style without a name for `watch_events` can't stream: its clients call `list_events`, which can wait.\n\n## Inputs\n",
    );
    for operation in OPERATIONS.iter().filter(|operation| !operation.input.members.is_empty()) {
        text.push_str(&format!("\n`{}`: {}\n\n", operation.name, operation.doc));
        for member in operation.input.members {
            let optional = if member.required { "" } else { ", optional" };
            text.push_str(&format!("- `{}`: {}{optional}. {}\n", member.name, holds(&member.schema), member.doc));
        }
    }
    text
}

fn all_list(reason: Reason) -> bool {
    OPERATIONS.iter().all(|operation| operation.reasons().any(|listed| listed == reason))
}

fn members(record: &Object) -> String {
    let names =
        record.members.iter().map(|member| format!("{}{}", member.name, if member.required { "" } else { "?" }));
    names.collect::<Vec<_>>().join(", ")
}

fn kind(kind: OperationKind) -> &'static str {
    match kind {
        OperationKind::Query => "query",
        OperationKind::Command => "command",
        OperationKind::Stream => "stream",
    }
}

fn who(who: RequiredAccess) -> &'static str {
    match who {
        RequiredAccess::Anyone => "anyone",
        RequiredAccess::SelfOrStaff => "self, staff",
        RequiredAccess::Staff => "staff",
    }
}

fn holds(shape: &Schema) -> String {
    match shape {
        Schema::Int { min, max } => format!("{min} to {max}"),
        Schema::Id { of } => format!("the id of one {of}"),
        Schema::Text { chars_max, email: false } => format!("1 to {chars_max} characters"),
        Schema::Text { chars_max, email: true } => format!("an email address of at most {chars_max} characters"),
        Schema::Cursor => "a cursor".to_owned(),
        Schema::Enum(words) => format!("one of {}", words.words.join(", ")),
        Schema::Time => "a time".to_owned(),
        Schema::List { item, min, max } => format!("{min} to {max} times: {}", holds(item)),
        Schema::Object(record) => {
            let members = record.members.iter().map(|member| format!("`{}` ({})", member.name, holds(&member.schema)));
            members.collect::<Vec<_>>().join(", ")
        }
    }
}

/// The operation's name in a style: method and address where they differ by operation, else the name in the contract.
fn spelling(protocol: &Adapter, operation: &Operation) -> String {
    let address = Address::parse("http://localhost:8080").unwrap();
    let contracts = protocol.contracts.iter();
    let in_contract = contracts.map(|contract| ((contract.document)(&address), (contract.spelling)(operation))).next();
    let Some((document, name)) = in_contract else { return String::new() };
    let required = operation.input.members.iter().filter(|member| member.required);
    let input = required.map(|member| (member.name.to_owned(), Value::Text(format!("{{{}}}", member.name))));
    let call_request = CallRequest::new(operation.name, Value::Object(input.collect()));
    match protocol.client.encode(&call_request) {
        WireRequest::Http(request) | WireRequest::EventStream(request) if request.uri().path() != protocol.path => {
            let target = request.uri().to_string().replace("%7B", "{").replace("%7D", "}");
            let accept = request.headers().get("accept").filter(|accept| *accept == "text/event-stream");
            let stream = if accept.is_some() { ", `Accept: text/event-stream`" } else { "" };
            format!("`{} {target}`{stream}", request.method())
        }
        _ if !document.contains(&name) => String::new(),
        _ => {
            let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
            let trimmed = name.trim_end_matches(|c| !is_name(c));
            let start = trimmed.rfind(|c| !is_name(c)).map_or(0, |position| position + 1);
            format!("`{}`", &trimmed[start..])
        }
    }
}
