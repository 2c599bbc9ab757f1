//! How does XML-RPC push news? It can't: a response ends the exchange, and the server has no way to call the client.
//!
//! A client that wants to be called would have to be an XML-RPC server too, reachable from here (so are blogs that tell
//! each other of links, by Pingback). What one does instead is to ask again:
//!
//! 1. `list_events` without `after` gives the oldest events, and `next`.
//! 2. `list_events` with that `next` as `after` gives what has come since, or nothing, and again a `next`.
//! 3. With `wait_seconds` too, the answer waits for the first event, for that long at most: long polling.
//!
//! Nothing is missed and nothing comes twice, because the log is dense and `next` never goes back. With
//! `system.multicall` the question rides along with others, so that it costs no round trip of its own; of its calls one
//! may wait, and the others are answered with it.
//!
//! Who can be a server may as well leave an address with `create_webhook`. What is sent there is JSON, and no call.
//!
//! Therefore `watch_events` is no method here. Who calls it anyway is told of `list_events`.

/// Whether `watch_events` streams here.
pub const STREAMS: bool = false;
