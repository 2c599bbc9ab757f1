//! How does JSON-RPC push news? Over HTTP it can't: a response ends the exchange, and the server has no way to ask. There
//! `list_events` is called again and again with the last `next` as `after`; `watch_events` is no method here.
