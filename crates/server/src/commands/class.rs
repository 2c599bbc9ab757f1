//! `parlance class`: makes a sandbox for each name of a list, or shows what each learner has done.

use super::arguments::credentials;
use super::output::{Problem, Usage, print_line};
use crate::config::Class as Arguments;
use crate::seed;
use bytes::Bytes;
use domain::Value;
use domain::access::Credentials;
use http::{Method, Request};
use std::io::{self, Read};
use std::path::Path;
use wire::client::{CallOptions, WireRequest};
use wire::connection::{Connection, Failure, broken};
use wire::{Address, Refused};

/// Makes the class, or lists it.
pub async fn class(config: Arguments) -> Result<(), Problem> {
    let address = Address::parse(&config.url).map_err(Usage)?;
    let credentials = match credentials(&config.credentials) {
        Credentials::None => seed::admin(),
        credentials => credentials,
    };
    let options = CallOptions { credentials, ..CallOptions::default() };
    match &config.names {
        Some(file) => make(&address, &options, &names(file)?).await,
        None => list(&address, &options).await,
    }
}

async fn make(address: &Address, options: &CallOptions, names: &[String]) -> Result<(), Problem> {
    let names = Value::List(names.iter().map(|name| name.as_str().into()).collect());
    let places = send(address, options, Method::POST, &Value::object([("names", names)])).await?;
    let rows = places.items().iter().map(|place| ["name", "sandbox", "address"].map(|column| text(place, column)));
    print_table(["name", "sandbox", "address"], rows.collect())?;
    print_line(format_args!("\nOthers join at {}", address.http("/class/join")))
}

async fn list(address: &Address, options: &CallOptions) -> Result<(), Problem> {
    let class = send(address, options, Method::GET, &Value::Null).await?;
    let items = |name: &str| class.get(name).map(Value::items).unwrap_or_default();
    let total = items("exercises").len();
    let row = |learner: &Value| {
        let count = |name: &str| learner.get(name).map(Value::items).unwrap_or_default().len();
        let number = |name: &str| learner.get(name).and_then(Value::int).unwrap_or_default().to_string();
        let styles: Vec<_> =
            learner.get("styles").map(Value::items).unwrap_or_default().iter().filter_map(Value::as_text).collect();
        let last = learner
            .get("last_call")
            .map(|last| ["at", "style", "operation", "outcome"].map(|name| text(last, name)).join(" "));
        let is_stuck = learner.get("is_stuck") == Some(&Value::Bool(true));
        let stuck = if is_stuck { "stuck" } else { "" };
        let done = format!("{}/{total}", count("done"));
        [
            text(learner, "name"),
            done,
            number("hints"),
            number("calls"),
            stuck.to_owned(),
            styles.join(","),
            last.unwrap_or_default(),
        ]
    };
    let rows = items("learners").iter().map(row).collect();
    print_table(["learner", "done", "hints", "calls", "", "styles", "last call"], rows)
}

/// Prints rows with columns as wide as they must be.
fn print_table<const N: usize>(heads: [&str; N], rows: Vec<[String; N]>) -> Result<(), Problem> {
    let rows: Vec<[String; N]> = std::iter::once(heads.map(str::to_owned)).chain(rows).collect();
    let widths: [usize; N] =
        std::array::from_fn(|column| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or_default());
    for row in &rows {
        let cells = row.iter().zip(widths).map(|(cell, width)| format!("{cell:width$}  "));
        print_line(cells.collect::<String>().trim_end())?;
    }
    Ok(())
}

/// The names of a file, a line each; those of the standard input if the file is `-`.
fn names(file: &Path) -> Result<Vec<String>, Problem> {
    let mut text = String::new();
    let read = if file.as_os_str() == "-" {
        io::stdin().read_to_string(&mut text)
    } else {
        std::fs::read_to_string(file).map(|content| text.push_str(&content)).map(|()| 0)
    };
    read.map_err(|error| Usage(format!("{}: {error}", file.display())))?;
    let names: Vec<String> = text.lines().map(str::trim).filter(|name| !name.is_empty()).map(str::to_owned).collect();
    if names.is_empty() { Err(Usage(format!("{} has no names", file.display())).into()) } else { Ok(names) }
}

/// Sends a request to `/class`, and reads the document of the response.
async fn send(address: &Address, options: &CallOptions, method: Method, body: &Value) -> Result<Value, Failure> {
    let content = if *body == Value::Null { Bytes::new() } else { wire::json::value(body).into() };
    let request = Request::builder().method(method).uri(format!("{}/class", address.prefix));
    let mut request = request.header("content-type", "application/json").body(content).map_err(broken)?;
    request.headers_mut().extend(options.headers());
    let mut connection = Connection::open(address, &WireRequest::Http(Request::default())).await?;
    let response = connection.fetch(request).await;
    connection.close().await;
    let response = response?;
    let (status, document) = (response.status(), wire::json::read_reply(response.body()));
    match document {
        Ok(document) if status.is_success() => Ok(document),
        Ok(error) if error.get("reason").is_some() => Err(Failure::Refused(Box::new(wire::json::refused(&error)))),
        _ => {
            let (code, message) = (status.as_u16().to_string(), format!("{address} has no class: {status}"));
            Err(Failure::Refused(Box::new(Refused { code, message, ..Refused::default() })))
        }
    }
}

fn text(object: &Value, name: &str) -> String {
    object.get(name).and_then(Value::as_text).unwrap_or_default().to_owned()
}
