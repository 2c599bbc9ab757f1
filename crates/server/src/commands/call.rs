//! `parlance call`: one call over one style, and on request every byte of it.

use super::{Problem, ask, say, server, style};
use crate::config::Call;
use wire::client::WireRequest;
use wire::connection::Connection;
use wire::io::Recording;
use wire::{Adapter, Address, CallRequest, Outcome};

/// Makes the call and prints the answer; a refusal is printed too, and makes the exit status 1.
pub async fn call(config: Call) -> Result<bool, Problem> {
    let ask = ask(&config.question)?;
    let style = style(&config.over)?;
    let (address, own) = server(config.question.url.as_deref())?;
    let answered = talk(&address, style, &ask, config.wire).await;
    if let Some(own) = own {
        own.stop().await?;
    }
    answered
}

async fn talk(address: &Address, style: &Adapter, ask: &CallRequest, show_wire: bool) -> Result<bool, Problem> {
    let outgoing = style.client.encode(ask);
    let mut connection = Connection::open(address, &outgoing).await?;
    let heard = connection.call(style.client, ask, &outgoing).await?;
    if show_wire {
        let is_socket = matches!(outgoing, WireRequest::Socket(_));
        if is_socket {
            let (upgrade, opening) = connection.handshake_recordings();
            say(lab::show::wire(upgrade, false))?;
            if *opening != Recording::default() {
                say(lab::show::wire(opening, true))?;
            }
        }
        say(lab::show::wire(&connection.take_recording(), is_socket))?;
    }
    let answered = match &heard {
        Outcome::Refused(refused) => {
            eprintln!("{refused}");
            false
        }
        Outcome::Reply(value) => {
            say(super::table::pretty(value))?;
            true
        }
        Outcome::Event(event) => {
            say(wire::json::value(event))?;
            follow(&mut connection, style, ask).await?
        }
        Outcome::Started => follow(&mut connection, style, ask).await?,
        Outcome::Ended | Outcome::Control => true,
    };
    connection.close().await;
    Ok(answered)
}

/// Prints a stream as it comes, until it ends or somebody stops us.
async fn follow(connection: &mut Connection, style: &Adapter, ask: &CallRequest) -> Result<bool, Problem> {
    loop {
        match connection.receive(style.client, ask).await? {
            Outcome::Event(event) | Outcome::Reply(event) => say(wire::json::value(&event))?,
            Outcome::Refused(refused) => {
                eprintln!("{refused}");
                return Ok(false);
            }
            Outcome::Ended => return Ok(true),
            Outcome::Started | Outcome::Control => {}
        }
    }
}
