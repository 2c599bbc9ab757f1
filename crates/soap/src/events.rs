//! How does SOAP push news? It doesn't: an envelope is an answer to an envelope.
//!
//! A server that has news would have to post it to an address of the client's (WS-Eventing and WS-Notification did
//! that), so the client would have to be a server too, reachable from here. What one does instead is to ask again:
//!
//! 1. `ListEvents` without `after` gives the oldest events, and `next`.
//! 2. `ListEvents` with that `next` as `after` gives what has come since, or nothing, and again a `next`.
//!
//! As the log is dense and `next` never goes back, nothing is missed and nothing comes twice, however long the client
//! waits in between. What it costs is the wait, and a round trip for each time that there was no news.
//!
//! Therefore `watch_events` is not in the contract. Who calls `WatchEvents` anyway is told of `list_events`.

/// Whether `watch_events` streams here.
pub const STREAMS: bool = false;
