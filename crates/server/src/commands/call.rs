//! `parlance call`: one call over one style, with every byte of it on request.

use super::arguments::{call_request, with_server};
use super::output::{Problem, print_line};
use crate::config::Call;
use http::Version;
use wire::connection::Connection;
use wire::{Adapter, Address, CallRequest, Outcome, WireRequest};

/// Makes the call and prints the result. After an error, the exit status is 1.
pub async fn call(config: Call) -> Result<bool, Problem> {
    let request = call_request(&config.call)?;
    let encoded = config.over.client.encode(&request);
    let outgoing = if config.http2 { encoded.over_http2() } else { encoded };
    if config.http2 && outgoing.version() != Version::HTTP_2 {
        eprintln!("this call opens a WebSocket, which stays on HTTP/1.1");
    }
    let make = async |address: &Address, _| make(address, config.over, &request, &outgoing, config.wire).await;
    with_server(config.call.url.as_deref(), make).await
}

async fn make(
    address: &Address,
    style: &Adapter,
    request: &CallRequest,
    outgoing: &WireRequest,
    show_wire: bool,
) -> Result<bool, Problem> {
    let mut connection = Connection::open(address, outgoing).await?;
    let outcome = connection.call(style.client, request, outgoing).await?;
    if show_wire {
        for recording in connection.handshake_recordings() {
            print_line(lab::show::wire(recording))?;
        }
        print_line(lab::show::wire(&connection.take_recording()))?;
    }
    let is_success = match &outcome {
        Outcome::Refused(refused) => {
            eprintln!("{refused}");
            false
        }
        Outcome::Reply(value) => {
            print_line(super::table::pretty(value))?;
            true
        }
        Outcome::Event(event) => {
            print_line(wire::json::value(event))?;
            follow(&mut connection, style, request).await?
        }
        Outcome::Started => follow(&mut connection, style, request).await?,
        Outcome::Ended | Outcome::Control => true,
    };
    connection.close().await;
    Ok(is_success)
}

/// Prints the events of a stream until it ends or the command is stopped.
async fn follow(connection: &mut Connection, style: &Adapter, request: &CallRequest) -> Result<bool, Problem> {
    loop {
        match connection.receive(style.client, request).await? {
            Outcome::Event(event) | Outcome::Reply(event) => print_line(wire::json::value(&event))?,
            Outcome::Refused(refused) => {
                eprintln!("{refused}");
                return Ok(false);
            }
            Outcome::Ended => return Ok(true),
            Outcome::Started | Outcome::Control => {}
        }
    }
}
