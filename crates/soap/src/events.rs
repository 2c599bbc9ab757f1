//! How does SOAP push news? It doesn't: an envelope is an answer to an envelope.
//!
//! A server that has news would have to post it to an address of the client's (WS-Eventing and WS-Notification did
//! that), so the client would have to be a server too, reachable from here. What one does instead is to ask again:
//!
//! 1. `ListEvents` without `after` gives the oldest events, and `next`.
//! 2. `ListEvents` with that `next` as `after` gives what has come since, or nothing, and again a `next`.
//! 3. With `waitSeconds` too, the answer waits for the first event, for that long at most: long polling.
//!
//! As the log is dense and `next` never goes back, nothing is missed and nothing comes twice, however long the client
//! waits in between. What it costs is a round trip for each time that there was no news, and either the client's wait in
//! between or a request that is held open.
//!
//! Who can be a server may as well leave an address with `CreateWebhook`. What is sent there is JSON, and no envelope.
//!
//! Therefore `watch_events` is not in the contract. Who calls `WatchEvents` anyway is told of `list_events`.

/// Whether `watch_events` streams here.
pub const STREAMS: bool = false;
