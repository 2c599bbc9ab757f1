//! Events: XML-RPC cannot send them, because a response ends the exchange; a client polls.
//!
//! 1. `list_events` without `after` returns the oldest events, and `next`.
//! 2. `list_events` with that `next` as `after` returns what has come since, or nothing, and a new `next`.
//! 3. With `wait_seconds` too, the response waits for the first event, for that long at most: long polling.
//!
//! No event is lost and none comes twice, because the log has no gaps and `next` never goes back. In a `system.multicall` the poll
//! shares a round trip with other calls; one call of it may wait, and then the others are answered with it.
//!
//! A client that is a server itself can register an address with `create_webhook`. Webhooks carry JSON, not XML-RPC calls.
//!
//! So `watch_events` is no method here; its error names `list_events`.

/// Whether `watch_events` streams in this style.
pub const STREAMS: bool = false;
