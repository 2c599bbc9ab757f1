//! What the arguments of several commands mean: the call, its credentials, its style and its server.

use super::output::Problem;
use crate::config::{self, CallArguments};
use crate::ports::Ports;
use crate::protocols::{self, PROTOCOLS};
use crate::running::Running;
use crate::seed::{SeedSize, seed};
use domain::access::{Credentials, Secret};
use domain::shop::ShopConfig;
use domain::{Operation, Value, operations};
use std::sync::Arc;
use store::{Location, Sqlite};
use wire::client::CallOptions;
use wire::{Adapter, Address, CallRequest};

/// The call that the arguments describe.
pub(super) fn call_request(arguments: &CallArguments) -> Result<CallRequest, Problem> {
    if Operation::find(&arguments.operation).is_none() {
        let names: Vec<&str> = operations::OPERATIONS.iter().map(|operation| operation.name).collect();
        return Err(format!("there is no operation {}; there are {}", arguments.operation, names.join(", ")).into());
    }
    let members = arguments.input.iter().map(|argument| {
        let (name, value) =
            argument.split_once('=').ok_or_else(|| format!("{argument}: write an input as NAME=VALUE"))?;
        let value = wire::json::read(value.as_bytes()).unwrap_or_else(|_| value.into());
        Ok((name.to_owned(), value))
    });
    let members: Result<Vec<_>, String> = members.collect();
    let request = CallRequest::new(&arguments.operation, Value::Object(members?));
    Ok(CallRequest { options: options(&arguments.options)?, ..request })
}

pub(super) fn credentials(credentials: &config::Credentials) -> Result<Credentials, Problem> {
    Ok(match (&credentials.api_key, &credentials.user, &credentials.token) {
        (Some(key), _, _) => Credentials::ApiKey(Secret::new(key)),
        (_, Some(user), _) => {
            let (email, password) = user.split_once(':').ok_or("write --user as EMAIL:PASSWORD")?;
            Credentials::Password { email: email.to_owned(), password: Secret::new(password) }
        }
        (_, _, Some(token)) => Credentials::Token(Secret::new(token)),
        (None, None, None) => Credentials::None,
    })
}

pub(super) fn options(config: &config::CallOptions) -> Result<CallOptions, Problem> {
    let credentials = credentials(&config.credentials)?;
    let (idempotency_key, fault) = (config.idempotency_key.clone(), config.fault.clone());
    Ok(CallOptions { credentials, idempotency_key, fault, gzip: config.gzip })
}

pub(super) fn style(name: &str) -> Result<&'static Adapter, Problem> {
    protocols::find(name).ok_or_else(|| {
        let names: Vec<&str> = PROTOCOLS.iter().map(|protocol| protocol.name).collect();
        format!("there is no style {name}; there are {}", names.join(", ")).into()
    })
}

/// The server to call: the one at the URL, or one started for this command, with a temporary shop.
pub(super) fn server(url: Option<&str>) -> Result<(Address, Option<Running>), Problem> {
    if let Some(url) = url {
        return Ok((Address::parse(url)?, None));
    }
    let store = Sqlite::open(Location::Temporary, seed(SeedSize::default()))?;
    let (shop, ports) = Ports::open(Arc::new(store), ShopConfig { allows_faults: true, ..ShopConfig::default() })?;
    let running = Running::start(("127.0.0.1", 0), 1, shop, ports)?;
    Ok((running.address(), Some(running)))
}
