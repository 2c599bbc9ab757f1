//! Why SOAP pushes no events: an envelope is only sent in reply to an envelope.
//!
//! To push, the server would have to post to an address of the client (WS-Eventing and WS-Notification work that way), so the
//! client would have to be a server that can be reached from here. Clients poll instead:
//!
//! 1. `ListEvents` without `after` returns the oldest events, and `next`.
//! 2. `ListEvents` with that `next` as `after` returns what has happened since, possibly nothing, and again a `next`.
//! 3. With `waitSeconds`, the reply waits for the first event, at most that long: long polling.
//!
//! The log has no gaps and `next` never goes back, so a client misses nothing and receives nothing twice, however long it waits
//! between calls. The price is a round trip for each poll without events, or a request that is held open.
//!
//! A client that can be reached may register an address with `CreateWebhook`. Deliveries are JSON, not envelopes.
//!
//! So `watch_events` is not in the contract. A call of `WatchEvents` is refused with a message that names `list_events`.

/// Whether `watch_events` streams here.
pub const STREAMS: bool = false;
