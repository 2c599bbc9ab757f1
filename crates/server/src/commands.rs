//! What does each command of the command line do?

mod call;
mod compare;
mod scenario;
mod serve;
mod table;
mod watch;

pub use call::call;
pub use compare::compare;
pub use scenario::scenario;
pub use serve::serve;
pub use watch::watch;

use crate::config::{self, Question};
use crate::door::Door;
use crate::protocols::{self, PROTOCOLS};
use crate::running::Running;
use crate::seed::{SeedSize, seed};
use domain::access::{Credentials, Secret};
use domain::shop::ShopConfig;
use domain::{Operation, Value, operations};
use std::fmt::Display;
use std::io::{ErrorKind, Write, stdout};
use std::sync::Arc;
use store::{Location, Sqlite};
use wire::client::CallOptions;
use wire::{Adapter, Address, CallRequest};

/// What went wrong, in words for the person at the terminal.
pub type Problem = Box<dyn std::error::Error>;

/// Prints a line. Fails if the client does not read any more, as where the output is cut by `head`.
fn say(text: impl Display) -> Result<(), Problem> {
    Ok(writeln!(stdout().lock(), "{text}")?)
}

/// Whether it is only that the client does not read any more.
pub fn is_unread(problem: &Problem) -> bool {
    problem.downcast_ref::<std::io::Error>().is_some_and(|error| error.kind() == ErrorKind::BrokenPipe)
}

/// The question that the words on the command line ask.
fn ask(question: &Question) -> Result<CallRequest, Problem> {
    if Operation::find(&question.operation).is_none() {
        let names: Vec<&str> = operations::OPERATIONS.iter().map(|operation| operation.name).collect();
        return Err(format!("there is no operation {}; there are {}", question.operation, names.join(", ")).into());
    }
    let members = question.input.iter().map(|word| {
        let (name, value) = word.split_once('=').ok_or_else(|| format!("{word}: an input is NAME=VALUE"))?;
        let value = wire::json::read(value.as_bytes()).unwrap_or_else(|_| value.into());
        Ok((name.to_owned(), value))
    });
    let members: Result<Vec<_>, String> = members.collect();
    let ask = CallRequest::new(&question.operation, Value::Object(members?));
    Ok(CallRequest { options: options(&question.options)?, ..ask })
}

fn credentials(who: &config::RequiredAccess) -> Result<Credentials, Problem> {
    Ok(match (&who.api_key, &who.user, &who.token) {
        (Some(key), _, _) => Credentials::ApiKey(Secret::new(key)),
        (_, Some(user), _) => {
            let (email, password) = user.split_once(':').ok_or("--user is EMAIL:PASSWORD")?;
            Credentials::Password { email: email.to_owned(), password: Secret::new(password) }
        }
        (_, _, Some(token)) => Credentials::Token(Secret::new(token)),
        (None, None, None) => Credentials::None,
    })
}

fn options(config: &config::CallOptions) -> Result<CallOptions, Problem> {
    let credentials = credentials(&config.who)?;
    let (idempotency_key, fault) = (config.idempotency_key.clone(), config.fault.clone());
    Ok(CallOptions { credentials, idempotency_key, fault, gzip: config.gzip })
}

fn style(name: &str) -> Result<&'static Adapter, Problem> {
    protocols::find(name).ok_or_else(|| {
        let names: Vec<&str> = PROTOCOLS.iter().map(|protocol| protocol.name).collect();
        format!("no style is called {name}; there are {}", names.join(", ")).into()
    })
}

/// The server to ask: the one at the URL, or one of our own with a temporary shop.
fn server(url: Option<&str>) -> Result<(Address, Option<Running>), Problem> {
    if let Some(url) = url {
        return Ok((Address::parse(url)?, None));
    }
    let store = Sqlite::open(Location::Temporary, seed(SeedSize::default()))?;
    let (shop, door) = Door::open(Arc::new(store), ShopConfig { allows_faults: true, ..ShopConfig::default() })?;
    let running = Running::start(("127.0.0.1", 0), 1, shop, door)?;
    Ok((running.address(), Some(running)))
}
