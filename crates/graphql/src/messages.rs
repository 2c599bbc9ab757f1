//! Requests and replies on the wire, to and from domain values. The types of the graph are in the files below; here are the
//! request, the response, and what the types are made with.

pub mod events;
pub mod input;
pub mod page;
pub mod shop;

use crate::errors::Refusal;
use apollo_compiler::response::{JsonMap, JsonValue as Json};
use async_graphql::{InputValueError, InputValueResult, Response, Scalar, ScalarType, ServerError};
use domain::time::Timestamp;
use domain::{Error, Value};

type GraphqlValue = async_graphql::Value;

/// The parameters of a request (GraphQL over HTTP, "Request parameters").
#[derive(Debug, Default)]
pub struct RequestParams {
    /// The document; empty if only its hash is given.
    pub query: String,
    /// The SHA-256 of the document's text, in hexadecimal.
    pub sha256: Option<String>,
    /// The name of the operation to execute.
    pub operation_name: Option<String>,
    /// The values of the variables.
    pub variables: JsonMap,
    /// Whether each field loads its own data, to show what that costs.
    pub one_by_one: bool,
}

impl RequestParams {
    /// Reads the parameters. Null means absent, and unknown members are ignored: `extensions` and other members
    /// are the protocol's room for additions. A list of requests is refused.
    pub fn read(value: Value) -> Result<RequestParams, Error> {
        let members = match value {
            Value::Object(members) => members,
            Value::List(_) => return Err(Error::unreadable("a batch of requests is not supported; send one request")),
            other => return Err(Error::unreadable(format!("a request must be a map with a query, got {other}"))),
        };
        let mut params = RequestParams::default();
        let mut query = None;
        for (name, value) in members {
            match (name.as_str(), value) {
                ("query", Value::Text(text)) => query = Some(text),
                ("operationName", Value::Text(text)) => {
                    params.operation_name = Some(text).filter(|name| !name.is_empty())
                }
                ("documentId", Value::Text(text)) => params.sha256 = Some(hash_of(&text)?),
                ("variables", Value::Object(variables)) => params.variables = read_variables(variables),
                ("extensions", extensions @ Value::Object(_)) => {
                    params.sha256 = hash_among(&extensions)?.or(params.sha256.take());
                }
                ("operationName" | "variables" | "extensions" | "documentId", Value::Null) => {}
                ("query" | "operationName" | "documentId", value) => {
                    return Err(Error::unreadable(format!("{name} must be a text, got {value}")));
                }
                ("variables" | "extensions", value) => {
                    return Err(Error::unreadable(format!("{name} must be a map, got {value}")));
                }
                _ => {}
            }
        }
        let nameless = params.sha256.is_none();
        params.query = match query {
            None if nameless => return Err(Error::unreadable("a request must have a query")),
            query => query.unwrap_or_default(),
        };
        Ok(params)
    }
}

/// The hash in the extensions of a request.
fn hash_among(extensions: &Value) -> Result<Option<String>, Error> {
    let Some(persisted) = extensions.get("persistedQuery") else { return Ok(None) };
    match (persisted.get("version"), persisted.get("sha256Hash")) {
        (Some(Value::Int(1)), Some(Value::Text(hash))) => Ok(Some(hash.to_ascii_lowercase())),
        _ => Err(Error::unreadable("a persistedQuery has the version 1 and a sha256Hash")),
    }
}

/// The hash in a document identifier.
fn hash_of(identifier: &str) -> Result<String, Error> {
    let hash = identifier.strip_prefix("sha256:").map(str::to_owned);
    hash.ok_or_else(|| Error::unreadable("a documentId is sha256: and the hash of the document in hexadecimal"))
}

fn read_variables(members: Vec<(String, Value)>) -> JsonMap {
    members.into_iter().map(|(name, value)| (name.into(), read_variable(value))).collect()
}

fn read_variable(value: Value) -> Json {
    match value {
        Value::Null => Json::Null,
        Value::Bool(value) => Json::Bool(value),
        Value::Int(number) => Json::Number(number.into()),
        Value::Fraction(number) => number.parse().map_or(Json::Null, of_fraction),
        Value::Text(text) | Value::RawText(text) => Json::String(text.into()),
        Value::List(items) => Json::Array(items.into_iter().map(read_variable).collect()),
        Value::Object(members) => Json::Object(read_variables(members)),
    }
}

/// GraphQL section 3.5.1: `1.0` is the integer 1, because JSON does not distinguish them.
fn of_fraction(number: f64) -> Json {
    let is_whole = number.fract() == 0.0 && number.abs() < i64::MAX as f64;
    if is_whole { Json::Number((number as i64).into()) } else { number.into() }
}

/// The start of a response with errors.
const ERRORS: &str = "{\"errors\":";

/// The response to an executed document. GraphQL section 7.1: `errors` come first, so that they are not missed.
pub fn write(response: &Response) -> String {
    let open = match response.errors.as_slice() {
        [] => "{".to_owned(),
        some => format!("{ERRORS}{},", errors(some)),
    };
    // Texts and numbers can always be written as JSON.
    let data = serde_json::to_string(&response.data).unwrap_or_default();
    let extensions = match &response.extensions {
        none if none.is_empty() => String::new(),
        some => format!(",\"extensions\":{}", serde_json::to_string(some).unwrap_or_default()),
    };
    format!("{open}\"data\":{data}{extensions}}}")
}

/// The response where nothing was executed. GraphQL section 7.1: it has no `data`.
pub fn write_refusal(refusal: &Refusal) -> String {
    format!("{ERRORS}{}}}", errors(&refusal.errors))
}

/// Whether a response, as written here, has errors.
pub fn has_errors(response: &str) -> bool {
    response.starts_with(ERRORS)
}

/// Errors, as they are sent.
pub fn errors(errors: &[ServerError]) -> String {
    // Names, texts and numbers can always be written as JSON.
    serde_json::to_string(errors).unwrap_or_default()
}

/// A type of the graph, made of one of the shop's: for each field its description, its type, and how it is read. Fields that load
/// something are functions below these. A type without such fields is `serial`: where nothing waits, a task for each field would be
/// wasted.
macro_rules! object {
    ($(#[$about:meta])* $name:ident($of:ty) |$it:ident| { $($fields:tt)* }) => {
        object! { serial; $(#[$about])* $name($of) |$it| { $($fields)* } }
    };
    ($(#[$about:meta])* $name:ident($of:ty) |$it:ident| { $($fields:tt)* } $($loading:tt)+) => {
        object! { ; $(#[$about])* $name($of) |$it| { $($fields)* } $($loading)* }
    };
    (
        $($order:ident)?; $(#[$about:meta])*
        $name:ident($of:ty) |$it:ident| {
            $($(#[$about_field:meta])* $field:ident: $kind:ty = $value:expr,)*
        }
        $($loading:tt)*
    ) => {
        $(#[$about])*
        pub struct $name(pub $of);

        $(#[$about])*
        #[Object($($order)?)]
        impl $name {
            $(
                $(#[$about_field])*
                async fn $field(&self) -> $kind {
                    let $it = &self.0;
                    $value
                }
            )*
            $($loading)*
        }
    };
}
pub(crate) use object;

/// A time.
pub struct DateTime(pub Timestamp);

/// A time: RFC 3339, UTC, whole seconds, as in `2026-11-20T19:30:00Z`.
#[Scalar(name = "DateTime", specified_by_url = "https://scalars.graphql.org/andimarek/date-time.html")]
impl ScalarType for DateTime {
    fn parse(value: GraphqlValue) -> InputValueResult<Self> {
        // No input of the shop has a time.
        Err(InputValueError::expected_type(value))
    }

    fn to_value(&self) -> GraphqlValue {
        GraphqlValue::String(self.0.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn params(text: &str) -> Result<RequestParams, Error> {
        RequestParams::read(wire::json::read(text.as_bytes())?)
    }

    #[test]
    fn a_request_is_a_map_with_a_query() {
        let read =
            params(r#"{"query":"{a}","operationName":"A","variables":{"n":1},"extensions":{},"more":1}"#).unwrap();
        assert_eq!((read.query.as_str(), read.operation_name.as_deref()), ("{a}", Some("A")));
        assert_eq!(read.variables.get("n"), Some(&Json::from(1)));
        assert!(params(r#"{"query":"{a}","operationName":null,"variables":null,"extensions":null}"#).is_ok());
        for bad in [
            "[]",
            r#"[{"query":"{a}"}]"#,
            r#"{"qeury":"{a}"}"#,
            r#"{"query":null}"#,
            r#"{"query":{}}"#,
            r#"{"query":"{a}","query":"{b}"}"#,
            r#"{"query":"{a}","operationName":0}"#,
            r#"{"query":"{a}","variables":[]}"#,
            r#"{"query":"{a}","extensions":"x"}"#,
        ] {
            assert!(params(bad).is_err(), "{bad}");
        }
    }
}
