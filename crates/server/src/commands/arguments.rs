//! What the arguments of several commands mean: the call, its credentials, its style and its server.

use super::output::{Problem, Usage};
use crate::config::{self, CallArguments};
use crate::ports::Ports;
use crate::running::Running;
use crate::seed::{SeedSize, seed};
use bytes::Bytes;
use domain::access::{Credentials, Secret};
use domain::schema::Field;
use domain::schema::names::{did_you_mean, similar};
use domain::shop::ShopConfig;
use domain::{Operation, Value};
use std::sync::Arc;
use store::{Location, Sqlite};
use wire::client::{CallOptions, WireRequest, quote};
use wire::connection::{Connection, Failure, broken};
use wire::{Address, CallRequest, examples};

/// The call that the arguments describe, if it has every required member.
pub(super) fn call_request(arguments: &CallArguments) -> Result<CallRequest, Problem> {
    let row = Operation::find(&arguments.operation).ok_or_else(|| Usage("there is no such operation".to_owned()))?;
    let is_missing = |field: &&Field| field.required && arguments.input.iter().all(|(name, _)| name != field.name);
    let missing: Vec<&Field> = row.input.members.iter().filter(is_missing).collect();
    if !missing.is_empty() {
        return Err(Usage(needed(row, &missing, &unknown(row, &arguments.input))).into());
    }
    let request = CallRequest::new(row.name, Value::Object(arguments.input.clone()));
    Ok(CallRequest { options: options(&arguments.options), ..request })
}

/// Says which members are missing and which names are unknown, and shows a call that has all members.
fn needed(row: &Operation, missing: &[&Field], unknown: &str) -> String {
    let lines = missing.iter().map(|field| format!("\n  {:<14}{}", field.name, field.doc));
    let input = match examples::input(row) {
        Value::Object(members) => members.iter().map(|member| format!(" {}", quote(&as_argument(member)))).collect(),
        _ => String::new(),
    };
    format!(
        "{} needs more input, so nothing was sent:{}{unknown}\n\nExample: parlance call {}{input}",
        row.name,
        lines.collect::<String>(),
        row.name
    )
}

/// Says which names are no members, and what they are likely to mean.
fn unknown(row: &Operation, input: &[(String, Value)]) -> String {
    let members = row.input.members.iter().map(|field| field.name);
    let unknown = input.iter().filter(|(name, _)| row.input.member(name).is_none());
    let lines = unknown
        .map(|(name, _)| format!("\n{} has no input {name}{}", row.name, did_you_mean(similar(name, members.clone()))));
    lines.collect()
}

/// A member as it is written on the command line.
pub(super) fn as_argument((name, value): &(String, Value)) -> String {
    match value {
        Value::Text(text) if wire::json::read(text.as_bytes()).is_err() => format!("{name}={text}"),
        other => format!("{name}={}", wire::json::value(other)),
    }
}

pub(super) fn credentials(credentials: &config::Credentials) -> Credentials {
    match (&credentials.api_key, &credentials.user, &credentials.token) {
        (Some(key), _, _) => Credentials::ApiKey(Secret::new(key)),
        (_, Some((email, password)), _) => {
            Credentials::Password { email: email.to_owned(), password: Secret::new(password) }
        }
        (_, _, Some(token)) => Credentials::Token(Secret::new(token)),
        (None, None, None) => Credentials::None,
    }
}

fn options(config: &config::CallOptions) -> CallOptions {
    let credentials = credentials(&config.credentials);
    let (idempotency_key, fault) = (config.idempotency_key.clone(), config.fault.clone());
    CallOptions { credentials, idempotency_key, fault, gzip: config.gzip }
}

/// Works with the server at the URL, or with one started for this command, with a temporary shop, which is stopped afterwards. The work
/// learns whether it was started.
pub(super) async fn with_server<T>(
    url: Option<&str>,
    work: impl AsyncFnOnce(&Address, bool) -> Result<T, Problem>,
) -> Result<T, Problem> {
    let (address, started) = server(url).await?;
    let result = work(&address, started.is_some()).await;
    if let Some(started) = started {
        started.stop().await?;
    }
    result
}

async fn server(url: Option<&str>) -> Result<(Address, Option<Running>), Problem> {
    if let Some(url) = url {
        let address = Address::parse(url).map_err(Usage)?;
        return match probe(&address).await {
            Ok(true) => Ok((address, None)),
            Ok(false) => Err(Usage(format!(
                "{address} is not the URL of a Parlance server or of a sandbox, such as http://127.0.0.1:8080/sandboxes/alice"
            ))
            .into()),
            Err(failure) => Err(broken(format!(
                "no server answers at {address} ({failure}); start one with `parlance serve --listen {}`, or leave out \
                 --url: then this command starts one",
                address.dial()
            ))
            .into()),
        };
    }
    let store = Sqlite::open(Location::Temporary, seed(SeedSize::default()))?;
    let (shop, ports) = Ports::open(Arc::new(store), ShopConfig { allows_faults: true, ..ShopConfig::default() })?;
    let running = Running::start(("127.0.0.1", 0), 1, shop, ports)?;
    Ok((running.address(), Some(running)))
}

/// Whether what answers there is a Parlance server or one of its sandboxes.
pub(super) async fn probe(address: &Address) -> Result<bool, Failure> {
    let request = http::Request::get("/livez").body(Bytes::new()).map_err(broken)?;
    let mut connection = Connection::open(address, &WireRequest::Http(request.clone())).await?;
    let answer = connection.fetch(request).await;
    connection.close().await;
    Ok(answer.is_ok_and(|answer| answer.body() == r#"{"live":true}"#))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_input_is_named_with_what_it_probably_means() {
        let row = Operation::find("get_user").unwrap();
        let text = unknown(row, &[("idd".to_owned(), Value::Int(1)), ("colour".to_owned(), Value::Null)]);
        assert_eq!(text, "\nget_user has no input idd (did you mean id?)\nget_user has no input colour");
        assert_eq!(unknown(row, &[("id".to_owned(), Value::Int(1))]), "");
    }
}
