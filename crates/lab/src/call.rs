//! Calls that are made on the side and not measured.

use domain::Value;
use wire::connection::{Connection, Failure, broken};
use wire::{Adapter, Address, CallRequest, Outcome};

/// Makes one call on a connection of its own.
pub async fn call_once(address: &Address, style: &Adapter, request: &CallRequest) -> Result<Value, Failure> {
    let encoded = style.client.encode(request);
    let mut connection = Connection::open(address, &encoded).await?;
    let outcome = connection.call(style.client, request, &encoded).await?;
    connection.close().await;
    reply(outcome)
}

/// The reply, or why there is none.
pub fn reply(outcome: Outcome) -> Result<Value, Failure> {
    match outcome {
        Outcome::Reply(value) | Outcome::Event(value) => Ok(value),
        Outcome::Refused(refused) => Err(Failure::Refused(Box::new(refused))),
        Outcome::Started | Outcome::Ended | Outcome::Control => Err(broken("there was no reply")),
    }
}
