//! By which code does each style say each kind? The dictionary's table, written here once more, so that the adapters' own
//! matches are checked and not repeated.

/// A row: the kind, then the code of each style.
pub struct Row {
    pub kind: &'static str,
    rest: &'static str,
    soap: &'static str,
    jsonrpc: &'static str,
    graphql: &'static str,
}

const fn row(
    kind: &'static str,
    rest: &'static str,
    soap: &'static str,
    jsonrpc: &'static str,
    graphql: &'static str,
) -> Row {
    Row { kind, rest, soap, jsonrpc, graphql }
}

/// Every kind.
#[rustfmt::skip]
pub const CODES: &[Row] = &[
    //  kind                 REST   SOAP 1.1  JSON-RPC, XML-RPC  GraphQL
    row("unreadable",        "400", "Client", "-32700", "GRAPHQL_PARSE_FAILED"),
    row("unknown_operation", "404", "Client", "-32601", "GRAPHQL_VALIDATION_FAILED"),
    row("too_large",         "413", "Client", "-32600", "TOO_LARGE"),
    row("invalid",           "422", "Client", "-32602", "INVALID"),
    row("unauthenticated",   "401", "Client", "-32001", "UNAUTHENTICATED"),
    row("forbidden",         "403", "Client", "-32003", "FORBIDDEN"),
    row("not_found",         "404", "Client", "-32004", "NOT_FOUND"),
    row("conflict",          "409", "Client", "-32009", "CONFLICT"),
    row("rule_broken",       "409", "Client", "-32010", "RULE_BROKEN"),
    row("gone",              "410", "Client", "-32011", "GONE"),
    row("rate_limited",      "429", "Server", "-32005", "RATE_LIMITED"),
    row("unavailable",       "503", "Server", "-32006", "UNAVAILABLE"),
    row("internal",          "500", "Server", "-32603", "INTERNAL"),
];

/// A reason that a style says by another code than others of its kind: "409; reused key 422".
pub const EXCEPTION: (&str, &str, &str) = ("rest", "idempotency_key_reused", "422");

/// The code by which a style says a kind, or the one reason of its own; a WebSocket has no code but the reason.
pub fn code(style: &str, kind: &str, reason: &'static str) -> &'static str {
    if (style, reason) == (EXCEPTION.0, EXCEPTION.1) {
        return EXCEPTION.2;
    }
    let row = CODES.iter().find(|row| row.kind == kind).unwrap_or_else(|| panic!("no row for {kind}"));
    match style {
        "rest" => row.rest,
        "soap" => row.soap,
        // They share the numbers of one convention.
        "jsonrpc" | "xmlrpc" => row.jsonrpc,
        "graphql" => row.graphql,
        "websocket" => reason,
        other => panic!("which codes does {other} have?"),
    }
}
