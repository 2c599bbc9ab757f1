//! What rides beside an operation, as OpenAPI says it: credentials, the idempotency key, and the headers of answers.

use domain::limits::IDEMPOTENCY_KEY_CHARS_MAX;
use serde_json::{Map, Value, json};
use wire::Address;

/// Any of these will do, and in an open sandbox none. (A list in which one is to be fulfilled.)
pub fn security() -> Value {
    json!([{}, {"api_key": []}, {"password": []}, {"token": []}, {"oauth": []}])
}

/// The ways to say who one is, on a server at that address.
pub fn schemes(address: &Address) -> Value {
    let (asked, given) = (address.http("/oauth/authorize"), address.http("/oauth/token"));
    json!({
        "api_key": {"type": "apiKey", "in": "header", "name": "X-API-Key", "description": "A user's key."},
        "password": {"type": "http", "scheme": "basic", "description": "A user's email and password, in UTF-8."},
        "token": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT", "description": "What `log_in` gives."},
        "oauth": {
            "type": "oauth2",
            "description": "The same tokens, by OAuth 2.0. There are no scopes: a token has all the rights of its user.",
            "flows": {
                "clientCredentials": {"tokenUrl": given, "scopes": {}},
                "authorizationCode": {"authorizationUrl": asked, "tokenUrl": given, "scopes": {}},
            },
        },
    })
}

/// The header of a command that can be made to happen once.
pub fn idempotency_key() -> Value {
    json!({
        "name": "Idempotency-Key", "in": "header", "required": false,
        "description": "A new one for each command. Sent again with the same key within a day, over whatever style, the \
                        command is not done again but answered as at first.",
        "schema": {"type": "string", "minLength": 1, "maxLength": IDEMPOTENCY_KEY_CHARS_MAX, "pattern": "^[!-~]+$"},
        "example": "8e03978e-40d5-43dd-bc93-6894a57f9324",
    })
}

/// The headers of answers, by their names.
pub fn headers() -> Value {
    let text = || json!({"type": "string"});
    let all = [
        ("Location", "Where the new thing is.", json!({"type": "string", "format": "uri"})),
        ("Idempotency-Replayed", "There only if the command had happened before.", json!({"const": "true"})),
        ("RateLimit-Policy", "How often the caller may ask, where that is limited: `\"default\";q=60;w=60`.", text()),
        ("RateLimit", "What is left of it, and for how many seconds: `\"default\";r=59;t=30`.", text()),
        ("Retry-After", "After how many seconds to try again.", json!({"type": "integer", "minimum": 0})),
        ("WWW-Authenticate", "How to say who one is: Bearer and Basic. A token that is not good is called so.", text()),
    ];
    let header = |(name, description, schema): (&str, &str, Value)| {
        (name.to_owned(), json!({"description": description, "schema": schema}))
    };
    Value::Object(all.map(header).into_iter().collect())
}

/// Which of them an answer may have. What is refused before it comes to the door tells of no quota.
pub fn headers_of(status: &str, is_created: bool, is_once: bool) -> Value {
    let is_success = status.starts_with('2');
    let quota: &[&str] = match status {
        "400" | "413" | "415" => &[],
        _ => &["RateLimit-Policy", "RateLimit"],
    };
    let own: &[&str] = match status {
        "401" => &["WWW-Authenticate"],
        "429" | "503" => &["Retry-After"],
        _ => &[],
    };
    let made = (is_success && is_created).then_some("Location");
    let replayed = (is_success && is_once).then_some("Idempotency-Replayed");
    let names = made.into_iter().chain(replayed).chain(own.iter().copied()).chain(quota.iter().copied());
    let reference = |name: &str| (name.to_owned(), json!({"$ref": format!("#/components/headers/{name}")}));
    Value::Object(names.map(reference).collect::<Map<_, _>>())
}
