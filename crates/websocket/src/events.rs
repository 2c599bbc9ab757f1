//! Events: a stream is a call that is answered many times, each time under its id.

use crate::messages::{Frame, Id, done, failure, message};
use domain::events::{Event, Watch};
use domain::schema::{Encode, Encoder};
use domain::{Error, RequestContext, Shop};
use wire::socket::{StreamId, Streams};

/// Whether `watch_events` streams in this style.
pub const STREAMS: bool = true;

/// The operation that starts a stream.
pub const WATCH: &str = "watch_events";
/// The message that stops a stream.
pub const STOP: &str = "stop";
/// The member of the message that says that a stream is alive.
pub const HEARTBEAT: &str = "heartbeat";

/// Starts a stream; gives the reply.
pub fn start(streams: &Streams<Id>, id: Id, watch: Watch, shop: &Shop, context: &RequestContext) -> String {
    let reply = done(&id);
    let started = if streams.contains(&id) {
        Err(Error::unreadable("id is the id of an open stream of this socket"))
    } else {
        streams.start(id.clone(), watch, shop, context)
    };
    started.map_or_else(|error| failure(Some(&id), error), |()| reply)
}

/// Stops a stream; gives the reply, and the last message of the stream.
pub fn stop(streams: &Streams<Id>, frame: &Frame) -> Vec<String> {
    match frame.params.get("id").and_then(Id::of).filter(|id| streams.stop(id)) {
        Some(id) => vec![done(&frame.id), message(Some(&id), |encoder| encoder.raw_member("end", "{}"))],
        None => vec![failure(Some(&frame.id), Error::invalid("/id", "must be the id of a stream of this socket"))],
    }
}

impl StreamId for Id {
    fn event(&self, event: &Event) -> String {
        message(Some(self), |encoder| {
            encoder.field("event");
            event.write(encoder);
        })
    }

    fn heartbeat(&self, cursor: i32) -> String {
        message(Some(self), |encoder| encoder.raw_member(HEARTBEAT, &format!("{{\"cursor\":{cursor}}}")))
    }

    fn failure(&self, error: &Error) -> String {
        failure(Some(self), error.clone())
    }
}
