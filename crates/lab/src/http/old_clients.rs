//! `POST /lab/old-clients`: two clients of an older contract in each style read today's reply, a tolerant and a strict one.
//!
//! The server doesn't change. Today's contract is taken as the new one, and the clients were made for an older one, so the exchange is real.

use super::body::Body;
use super::lab::{Lab, error_of, options, respond};
use crate::exchange::Exchange;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use bytes::Bytes;
use domain::schema::Schema;
use domain::{Error, Value};
use serde::Serialize;
use wire::client::CallOptions;
use wire::connection::{Connection, Failure, broken};
use wire::{Adapter, Address, CallRequest, Outcome, WireRequest};

/// What is read, and its member whose contract has changed.
const OPERATION: &str = "get_product";
const MEMBER: &str = "description";
/// The name that the member had in the older contract, where it was renamed since.
const FORMER: &str = "summary";
/// A member of the older contract that was removed since.
const REMOVED: &str = "rating";

/// How today's contract differs from the clients' own.
#[derive(Clone, Copy, PartialEq)]
enum Change {
    /// `description` is new.
    Added,
    /// `description` was called `summary`.
    Renamed,
    /// There was a `rating`.
    Removed,
}

/// What became of the clients of one style.
#[derive(Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct OldClients {
    style: &'static str,
    title: &'static str,
    /// What crossed the wire.
    wire: Exchange,
    /// Whether the reply names its members. Where it does not, they have numbers, which a new name does not change.
    named: bool,
    /// The client that reads the members it needs by name, and ignores all others.
    tolerant: ClientOutcome,
    /// The client that checks the reply by the contract that it was made for.
    strict: ClientOutcome,
}

/// What became of a client.
#[derive(Clone, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ClientOutcome {
    /// `works`; `wrong` if it goes on without data; or `breaks`.
    word: &'static str,
    why: String,
}

pub async fn read(request: HttpRequest, lab: Data<Lab>) -> HttpResponse {
    respond(&request, read_in_all_styles(&request, &lab).await)
}

async fn read_in_all_styles(request: &HttpRequest, lab: &Lab) -> Result<Vec<OldClients>, Error> {
    let mut body = Body::of(request)?;
    let change = match body.required_text("change").as_str() {
        "added" => Some(Change::Added),
        "renamed" => Some(Change::Renamed),
        "removed" => Some(Change::Removed),
        "" => None,
        other => {
            body.refuse(
                "/change",
                format!("must be added, renamed or removed, got \"{}\"", domain::value::shown(other)),
            );
            None
        }
    };
    let api_key = body.text("api_key");
    body.close()?;
    let _of_lab = lab.call_of_lab(request);
    let change = change.ok_or_else(Error::internal)?;
    let (options, address) = (options(request, api_key)?, lab.address_for(request));
    let mut all = Vec::new();
    for style in lab.config.styles {
        all.push(change.read_by(style, &address, &options).await.map_err(error_of)?);
    }
    Ok(all)
}

impl Change {
    async fn read_by(
        self,
        style: &'static Adapter,
        address: &Address,
        options: &CallOptions,
    ) -> Result<OldClients, Failure> {
        let call = CallRequest::with_options(OPERATION, Value::object([("id", 1.into())]), options.clone());
        let encoded = self.asked(style.client.encode(&call));
        let mut connection = Connection::open(address, &encoded).await?;
        let outcome = connection.call(style.client, &call, &encoded).await?;
        let recording = connection.take_recording();
        connection.close().await;
        let named = recording.received.windows(MEMBER.len()).any(|bytes| bytes == MEMBER.as_bytes());
        let (tolerant, strict) = match outcome {
            Outcome::Reply(reply) => (self.tolerant(&reply, named), self.strict(&call, &reply, named)),
            Outcome::Refused(refused) => {
                let breaks = ClientOutcome::breaks(refused.message);
                (breaks.clone(), breaks)
            }
            Outcome::Event(_) | Outcome::Started | Outcome::Ended | Outcome::Control => {
                return Err(broken("there was no reply"));
            }
        };
        let wire = Exchange::of(&recording);
        Ok(OldClients { style: style.name, title: style.title, wire, named, tolerant, strict })
    }

    /// The request of the older client: where a request names the members of the reply, it names those of its own contract.
    fn asked(self, request: WireRequest) -> WireRequest {
        let own = match self {
            Change::Added => String::new(),
            Change::Renamed => FORMER.to_owned(),
            Change::Removed => format!("{MEMBER} {REMOVED}"),
        };
        match request {
            WireRequest::Http(request) => WireRequest::Http(request.map(|body| match std::str::from_utf8(&body) {
                Ok(text) => Bytes::from(text.replace(MEMBER, &own)),
                Err(_) => body,
            })),
            other => other,
        }
    }

    /// The members that the older client needs.
    fn needed(self) -> &'static [&'static str] {
        match self {
            Change::Added => &["name"],
            Change::Renamed => &["name", FORMER],
            Change::Removed => &["name", REMOVED],
        }
    }

    fn tolerant(self, reply: &Value, named: bool) -> ClientOutcome {
        let is_missing = |name: &&&str| reply.get(name).is_none() && !self.has_same_number(name, named);
        match self.needed().iter().find(is_missing) {
            None => ClientOutcome { word: "works", why: String::new() },
            Some(name) => ClientOutcome { word: "wrong", why: format!("reads nothing as `{name}`, without an error") },
        }
    }

    fn strict(self, call: &CallRequest, reply: &Value, named: bool) -> ClientOutcome {
        // By numbers, a member that is unknown or missing is no error (Protocol Buffers, "Updating A Message Type").
        if !named && self != Change::Added {
            return self.tolerant(reply, named);
        }
        let (Value::Object(members), Some(Schema::Object(product))) = (reply, call.row().map(|row| &row.reply)) else {
            return ClientOutcome::breaks("the reply is no object".to_owned());
        };
        let is_known = |name: &str| match self {
            Change::Added | Change::Renamed if name == MEMBER => false,
            _ => product.member(name).is_some(),
        };
        if let Some((name, _)) = members.iter().find(|(name, _)| !is_known(name)).filter(|_| named) {
            return ClientOutcome::breaks(format!("`{name}` is not in its contract"));
        }
        match self.tolerant(reply, named) {
            ClientOutcome { word: "wrong", .. } => ClientOutcome::breaks(format!("`{}` is missing", self.needed()[1])),
            works => works,
        }
    }

    /// Whether the reply has the member under its number, whatever its name is.
    fn has_same_number(self, name: &str, named: bool) -> bool {
        !named && self == Change::Renamed && name == FORMER
    }
}

impl ClientOutcome {
    fn breaks(why: String) -> ClientOutcome {
        ClientOutcome { word: "breaks", why }
    }
}
