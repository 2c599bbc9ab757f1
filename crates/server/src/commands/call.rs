//! `parlance call`: one call over one style, with every byte of it on request.

use super::arguments::{call_request, server, style};
use super::output::{Problem, print_line};
use crate::config::Call;
use wire::client::WireRequest;
use wire::connection::Connection;
use wire::io::Recording;
use wire::{Adapter, Address, CallRequest, Outcome};

/// Makes the call and prints the result. After an error, the exit status is 1.
pub async fn call(config: Call) -> Result<bool, Problem> {
    let request = call_request(&config.call)?;
    let style = style(&config.over)?;
    let (address, started) = server(config.call.url.as_deref())?;
    let is_success = make(&address, style, &request, config.wire).await;
    if let Some(started) = started {
        started.stop().await?;
    }
    is_success
}

async fn make(address: &Address, style: &Adapter, request: &CallRequest, show_wire: bool) -> Result<bool, Problem> {
    let outgoing = style.client.encode(request);
    let mut connection = Connection::open(address, &outgoing).await?;
    let outcome = connection.call(style.client, request, &outgoing).await?;
    if show_wire {
        let is_socket = matches!(outgoing, WireRequest::Socket(_));
        if is_socket {
            let (upgrade, opening) = connection.handshake_recordings();
            print_line(lab::show::wire(upgrade, false))?;
            if *opening != Recording::default() {
                print_line(lab::show::wire(opening, true))?;
            }
        }
        print_line(lab::show::wire(&connection.take_recording(), is_socket))?;
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
