//! What does an operation say in an event stream? A `next` for each of its answers, and `complete`.
//!
//! A subscription goes on until the server shuts down. Its last answer says so then, and where to go on: the protocol has no word
//! for it, and a stream that just broke off would be asked for again by its client, from where it once began.
//!
//! ```text
//! event: next
//! data: {"errors":[{"message":"the server is shutting down; resume after 42",
//!        "extensions":{"code":"UNAVAILABLE","cursor":42,"reason":"draining"}}]}
//!
//! event: complete
//! data:
//! ```

use super::reserved::Reserved;
use crate::documents::Prepared;
use crate::errors::Refusal;
use crate::events::Told;
use crate::messages::write_refusal;
use async_graphql::parser::types::OperationType;
use domain::faults::Fate;
use domain::meta::Notes;
use domain::{Error, Reason};
use futures_util::stream::{AbortRegistration, Abortable, BoxStream, once, unfold};
use futures_util::{FutureExt, Stream, StreamExt};
use std::sync::Weak;
use wire::drain::Drain;
use wire::pace::hold;

/// A part of what an operation says, and how much of it comes.
pub struct Piece(pub String, pub Fate);

/// An operation that is executed while the stream is read.
pub struct Operation(pub BoxStream<'static, Piece>);

/// Which of the operations that share a stream it is, and how it is stopped.
pub struct Shared {
    /// What the client calls it.
    pub id: String,
    /// The stream, as long as there is one.
    pub stream: Weak<Reserved>,
    /// Stops it.
    pub stop: AbortRegistration,
}

impl Operation {
    /// Executes a document: a `next` for each response, then `complete`.
    pub fn run(prepared: Prepared, notes: Notes, drain: Drain, shared: Option<Shared>) -> Self {
        let id = shared.as_ref().map(|shared| shared.id.clone());
        let (end, freed) = (complete(id.as_deref()), shared.as_ref().map(|shared| shared.stream.clone()));
        let ended = {
            let id = id.clone();
            async move {
                freed.and_then(|stream| stream.upgrade()).zip(id).iter().for_each(|(stream, id)| stream.stop(id));
                Piece(end, Fate::Whole)
            }
        };
        let answers = match prepared.kind() {
            OperationType::Subscription => news(prepared, notes, drain).boxed(),
            OperationType::Query | OperationType::Mutation => answer(prepared, notes).boxed(),
        };
        let pieces = answers.map(move |(payload, fate)| Piece(next(id.as_deref(), &payload), fate)).chain(once(ended));
        Operation(match shared {
            Some(shared) => Abortable::new(pieces, shared.stop).boxed(),
            None => pieces.boxed(),
        })
    }

    /// An operation that is not executed.
    pub fn refused(refusal: &Refusal) -> Self {
        let said = [next(None, &write_refusal(refusal)), complete(None)];
        Operation(futures_util::stream::iter(said).map(|text| Piece(text, Fate::Whole)).boxed())
    }
}

/// The one answer of a query or a mutation. It takes as long as the door has noted that it is to take.
fn answer(prepared: Prepared, notes: Notes) -> impl Stream<Item = (String, Fate)> {
    once(async move {
        let payload = prepared.answer().await.unwrap_or_else(|refusal| write_refusal(&refusal));
        (payload, hold(&notes, 1).await)
    })
}

/// The answers of a subscription, which do not wait, as nobody has asked for them just now; and when the server shuts down, the
/// refusal that says so. It counts what was said here, not what the subscription is about to say.
fn news(prepared: Prepared, notes: Notes, drain: Drain) -> impl Stream<Item = (String, Fate)> {
    let told = Told::default();
    let (answers, begun) = (prepared.answers(told.clone()), async move { drain.begun().await }.boxed());
    unfold(Some((answers, begun, None)), move |state| {
        let (told, notes) = (told.clone(), notes.clone());
        async move {
            let (mut answers, mut begun, said) = state?;
            tokio::select! {
                biased;
                () = &mut begun => {
                    let cursor: Option<i32> = said.or(told.start());
                    Some(((write_refusal(&draining(cursor)), Fate::Whole), None))
                }
                answer = answers.next() => Some(match answer? {
                    Ok(payload) => ((payload, Fate::Whole), Some((answers, begun, told.cursor()))),
                    Err(refusal) => ((write_refusal(&refusal), hold(&notes, 1).await), Some((answers, begun, said))),
                }),
            }
        }
    })
}

/// The server shuts down, and nothing is missed by who comes again with that as `after`.
fn draining(cursor: Option<i32>) -> Refusal {
    let Some(cursor) = cursor else {
        return Error::new(Reason::Draining, "the server is shutting down").into();
    };
    let message = format!("the server is shutting down; resume after {cursor}");
    Refusal::from(Error::new(Reason::Draining, message)).with("cursor", cursor)
}

/// The protocol's `next` event. JSON has no line breaks of its own, so it is one line of data.
fn next(id: Option<&str>, payload: &str) -> String {
    match id {
        Some(id) => format!("event: next\ndata: {{\"id\":{},\"payload\":{payload}}}\n\n", quoted(id)),
        None => format!("event: next\ndata: {payload}\n\n"),
    }
}

/// The protocol's `complete` event. An event without data is none, so its data is empty.
fn complete(id: Option<&str>) -> String {
    let data = id.map(|id| format!("{{\"id\":{}}}", quoted(id))).unwrap_or_default();
    format!("event: complete\ndata: {data}\n\n")
}

fn quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    wire::json::text(&mut quoted, text);
    quoted
}
