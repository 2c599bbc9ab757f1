//! Which bounds are set on bytes, nesting and time? (Bounds of the shop itself stand in `domain::limits`.)

/// Bytes of a request's body. The largest sensible input, twenty order lines in SOAP, needs about 3 KiB.
pub const BODY_BYTES_MAX: usize = 1024 * 1024;
/// Bytes of all bodies together that are in memory at once, over all connections.
pub const BODIES_BYTES_MAX: usize = 256 * 1024 * 1024;
/// Bytes of a refused body that are still read off, so that the client is there to hear the refusal.
pub const DRAIN_BYTES_MAX: usize = 1024 * 1024;
/// How long a refused body is still read off.
pub const DRAIN_TIMEOUT_MS: u64 = 1_000;
/// How long a body may take to arrive.
pub const BODY_TIMEOUT_MS: u64 = 30_000;

/// How long after an answer the next request's head may take to be there, whole: a learner who types gets 75 seconds of
/// silence, and then 10 for the head.
pub const NEXT_HEAD_MS: u64 = 85_000;
/// How long a client may leave what we send unread, over any protocol, before its connection is cut.
pub const WRITE_STALL_MS: u64 = 20_000;

/// Lists and records inside each other, in JSON.
pub const JSON_DEPTH_MAX: usize = 64;
/// Values of a JSON document from a stranger, in whatever they stand. The largest sensible input, twenty orders of twenty lines
/// in one request of GraphQL, has about 1,300.
pub const JSON_VALUES_MAX: usize = 5_000;
/// Elements inside each other, in XML.
pub const XML_DEPTH_MAX: usize = 64;
/// Elements of a document from a stranger. The largest sensible input, twenty order lines in XML-RPC, needs about 300.
pub const XML_ELEMENTS_MAX: usize = 20_000;
/// Attributes of an element, namespace declarations included.
pub const XML_ATTRIBUTES_MAX: usize = 64;
/// Namespaces of a document, and declarations of them that are in force at once: each name is looked for among them.
pub const XML_NAMESPACES_MAX: usize = 128;

/// Bytes of a WebSocket message, fragments together.
pub const MESSAGE_BYTES_MAX: usize = 256 * 1024;
/// Streams that one WebSocket may have open.
pub const SUBSCRIPTIONS_MAX: usize = 32;
/// News of one stream that are under way at once, where the round-trip dial charges for the way: a hundred a second, at most.
pub const NEWS_UNDER_WAY_MAX: usize = 256;
/// Calls that one WebSocket may have in flight; further ones wait unread.
pub const SOCKET_CALLS_MAX: usize = 64;

/// How long a WebSocket that was closed is read on, so that who is still sending hears why (RFC 9112 section 9.6).
pub const LINGER_MS: u64 = 1_000;
/// Bytes that are read so: a message some ten times as long as may be, and then some.
pub const LINGER_BYTES_MAX: usize = 16 * 1024 * 1024;
/// How long a client of a WebSocket may leave what we send unread before it is closed. Nobody else waits for it meanwhile.
pub const SEND_TIMEOUT_MS: u64 = 10_000;
/// Bytes that the system holds for a client which does not read them, on each connection; besides, what a WebSocket has under
/// way is 32 messages.
pub const UNREAD_BYTES_MAX: usize = 256 * 1024;
/// How often a long-lived exchange says that it is still there, so that nobody on the way takes it for dead.
pub const HEARTBEAT_MS: u64 = 15_000;
/// Heartbeats of a WebSocket that its client may leave without a sign of life.
pub const SILENT_BEATS_MAX: u32 = 4;
/// How long after a good-bye a client of server-sent events is to wait before it comes again.
pub const SSE_RETRY_MS: u64 = 1_000;
/// Bytes of a message that a WebSocket can be allowed to have, by a flag.
pub const MESSAGE_BYTES_SETTABLE_MAX: usize = 64 * 1024 * 1024;

/// Bytes of a reply that our own client ends are ready to read.
pub const REPLY_BYTES_MAX: usize = 64 * 1024 * 1024;
/// Elements of a reply that our own client ends are ready to read. The largest page, a hundred orders of twenty lines, has
/// 72,314 in XML-RPC.
pub const REPLY_ELEMENTS_MAX: usize = 100_000;
/// Values of a reply in JSON that our own client ends are ready to read. The largest page has about 18,000.
pub const REPLY_VALUES_MAX: usize = 100_000;
/// How long our own client ends wait for an answer: longer than `list_events` waits for news.
pub const REPLY_TIMEOUT_MS: u64 = 60_000;
