//! Security schemes, conditions and headers in OpenAPI.

use crate::routes::{Route, Verb};
use domain::Operation;
use domain::limits::IDEMPOTENCY_KEY_CHARS_MAX;
use serde_json::{Value, json};
use wire::Address;
use wire::conditional::TAG_BYTES_MAX;

/// The security schemes, on a server at that address.
pub fn schemes(address: &Address) -> Value {
    let (authorize_url, token_url) = (address.http("/oauth/authorize"), address.http("/oauth/token"));
    json!({
        "api_key": {"type": "apiKey", "in": "header", "name": "X-API-Key", "description": "A user's key."},
        "password": {"type": "http", "scheme": "basic", "description": "A user's email and password, in UTF-8."},
        "token": {
            "type": "http", "scheme": "bearer", "bearerFormat": "JWT",
            "description": "The token of `log_in`: a JWT, issued and verified as RFC 8725 (RFC8725) recommends.",
        },
        "oauth": {
            "type": "oauth2",
            "description": "The same tokens (RFC8725), issued by OAuth 2.0. There are no scopes: a token has all rights of its user.",
            "flows": {
                "clientCredentials": {"tokenUrl": token_url, "scopes": {}},
                "authorizationCode": {"authorizationUrl": authorize_url, "tokenUrl": token_url, "scopes": {}},
            },
        },
    })
}

/// The header with an idempotency key. Its example differs by command: one key for two is refused.
pub fn idempotency_key(operation: &Operation) -> Value {
    json!({
        "name": "Idempotency-Key", "in": "header", "required": false,
        "description": "A new one for each command, as a UUID is (`8e03978e-40d5-43dd-bc93-6894a57f9324`). Sent again with \
                        the same key within a day, over whatever style, the command is not done again but answered as \
                        at first.",
        "schema": {"type": "string", "minLength": 1, "maxLength": IDEMPOTENCY_KEY_CHARS_MAX, "pattern": "^[!-~]+$"},
        "example": format!("my-first-{}", operation.name),
    })
}

/// The request headers that several operations share, by name.
pub fn parameters() -> Value {
    json!({
        "IfMatch": condition("If-Match", "Only if the thing is still what it was when it had one of these tags; else 412. In a locked \
                                          sandbox a change needs it (or `expected_version`), else 428.", "*"),
        "IfNoneMatch": condition("If-None-Match", "Return the resource only if it has none of these entity tags; otherwise 304.", "\"1-5f0c2a9b\""),
    })
}

/// RFC 9110 section 13.1. Clients send one tag; the description has the rest, because a pattern of everything helps no reader.
fn condition(name: &str, description: &str, example: &str) -> Value {
    json!({
        "name": name, "in": "header", "required": false,
        "description": format!(
            "{description} A tag looks like `\"1-5f0c2a9b\"`; several are separated by commas, and `*` is any."
        ),
        "schema": {
            "type": "string", "minLength": 1, "maxLength": TAG_BYTES_MAX,
            "pattern": format!("^(\\*|\"[!#-~]{{1,{}}}\")$", TAG_BYTES_MAX - 2),
        },
        "example": example,
    })
}

/// Characters of a response header.
const HEADER_CHARS_MAX: usize = 8_000;

pub fn headers(address: &Address) -> Value {
    let next = format!("<{}>; rel=\"next\"", address.http("/rest/users?after=dc4b8e5400000014"));
    let header = |description: &str, schema: Value, example: &str| json!({"description": description, "schema": schema, "example": example});
    let text = |pattern: &str| json!({"type": "string", "maxLength": HEADER_CHARS_MAX, "pattern": pattern});
    let words = |words: &[&str]| json!({"type": "string", "enum": words});
    let uri = json!({"type": "string", "format": "uri", "maxLength": HEADER_CHARS_MAX});
    json!({
        "Access-Control-Allow-Origin": header("For requests with an `Origin`: any page may call.", words(&["*"]), "*"),
        "Cache-Control":
            header("A cached response must be revalidated.", words(&["no-cache", "private, no-cache", "no-store"]), "no-cache"),
        "Deprecation": header("When the address was deprecated (RFC 9745).", text("^@[0-9]+$"), "@1767225600"),
        "ETag": header(
            "The entity tag of this representation: its version and a hash, or a hash alone; a suffix names its compression.",
            text("^\"([0-9]+-[0-9a-f]{8}|h[0-9a-f]{16})(-gzip|-br)?\"$"), "\"1-5f0c2a9b\""
        ),
        "Idempotency-Replayed": header("Present only if the response is a stored result.", words(&["true"]), "true"),
        "Link": header("The next page, or the successor of a deprecated address (RFC 8288).", text("^<[^>]*>;.*$"), &next),
        "Location": header("The address of the new resource.", uri, &address.http("/rest/orders/201")),
        "RateLimit": header(
            "The state of the rate limit, if there is one: remaining operations, and seconds until the reset.",
            text("^\"default\";r=[0-9]+;t=[0-9]+$"), "\"default\";r=59;t=30"
        ),
        "RateLimit-Policy": header(
            "The policy of the rate limit, if there is one.", text("^\"default\";q=[0-9]+;w=60$"), "\"default\";q=60;w=60"
        ),
        "Retry-After": header("After how many seconds to try again.", text("^[0-9]+$"), "1"),
        "Sunset": header(
            "When the address may stop working (RFC 8594).", text("^[A-Z][a-z]{2}, .* GMT$"), "Fri, 31 Dec 2027 23:59:59 GMT"
        ),
        "Vary": header(
            "The request headers that the response depends on.", words(&["Accept, Accept-Encoding"]), "Accept, Accept-Encoding"
        ),
        "WWW-Authenticate": header(
            "The authentication schemes, Bearer and Basic; with the reason if a token was invalid.",
            text("^(Bearer|Basic) .*$"), "Bearer realm=\"parlance\""
        ),
    })
}

/// The headers that a response may have.
pub fn headers_of(status: u16, route: &Route) -> Value {
    let (is_success, is_safe) = (status < 300, route.method.is_safe());
    let is_kept = is_safe && (is_success || status == 304);
    let is_made = is_success && (route.location.is_some() || route.method == Verb::Patch);
    let is_paged = is_success && is_safe && route.resource().1;
    let may = [
        ("Access-Control-Allow-Origin", true),
        ("RateLimit-Policy", true),
        ("RateLimit", true),
        ("Location", is_success && (route.location.is_some() || route.method == Verb::Query)),
        ("Idempotency-Replayed", is_success && route.operation.is_once),
        ("ETag", is_kept || is_made),
        ("Vary", is_kept),
        ("Cache-Control", is_kept || is_success && route.is_about_credentials()),
        ("Link", is_paged || is_success && route.old.is_some()),
        ("Deprecation", is_success && route.old.is_some()),
        ("Sunset", is_success && route.old.is_some()),
        ("WWW-Authenticate", status == 401),
        ("Retry-After", matches!(status, 429 | 503)),
    ];
    let names = may.into_iter().filter(|(_, may)| *may).map(|(name, _)| name);
    names.map(|name| (name, json!({"$ref": format!("#/components/headers/{name}")}))).collect()
}
