//! Limits of bytes, nesting and time. (Limits of the shop itself are in `domain::limits`.)

/// Bytes of a request's body. The largest sensible input, twenty order lines in SOAP, needs about 3 KiB.
pub const BODY_BYTES_MAX: usize = 1024 * 1024;
/// Bytes of all bodies in memory, over all connections.
pub const BODIES_BYTES_MAX: usize = 256 * 1024 * 1024;
/// Bytes of a refused body that are still read, so that the client receives the refusal.
pub const DRAIN_BYTES_MAX: usize = 1024 * 1024;
/// How long a refused body is still read.
pub const DRAIN_TIMEOUT_MS: u64 = 1_000;
/// How long a body may take to arrive.
pub const BODY_TIMEOUT_MS: u64 = 30_000;

/// How long after a response the next request's head may take to be complete: 75 seconds of silence for a learner who
/// types, and then 10 for the head.
pub const NEXT_HEAD_MS: u64 = 85_000;
/// How long a client may leave sent bytes unread, over any protocol, before its connection is closed.
pub const WRITE_STALL_MS: u64 = 20_000;

/// Nested lists and objects in JSON.
pub const JSON_DEPTH_MAX: usize = 64;
/// Values of a JSON document from a client. The largest sensible input, twenty orders of twenty lines
/// in one request of GraphQL, has about 1,300.
pub const JSON_VALUES_MAX: usize = 5_000;
/// Nested elements in XML.
pub const XML_DEPTH_MAX: usize = 64;
/// Elements of a document from a client. The largest sensible input, twenty order lines in XML-RPC, needs about 300.
pub const XML_ELEMENTS_MAX: usize = 20_000;
/// Attributes of an element, namespace declarations included.
pub const XML_ATTRIBUTES_MAX: usize = 64;
/// Namespaces of a document, and declarations in scope: each name is looked up among them.
pub const XML_NAMESPACES_MAX: usize = 128;

/// Bytes of a WebSocket message, fragments together.
pub const MESSAGE_BYTES_MAX: usize = 256 * 1024;
/// Open streams of one WebSocket.
pub const SUBSCRIPTIONS_MAX: usize = 32;
/// Events of one stream on their way at once, with a simulated round-trip time: a hundred per second, at most.
pub const NEWS_UNDER_WAY_MAX: usize = 256;
/// Calls in progress of one WebSocket; further ones wait unread.
pub const SOCKET_CALLS_MAX: usize = 64;

/// How long a closed WebSocket is still read, so that a client that is sending receives the close (RFC 9112 section 9.6).
pub const LINGER_MS: u64 = 1_000;
/// Bytes that are read meanwhile: a message about ten times the maximum.
pub const LINGER_BYTES_MAX: usize = 16 * 1024 * 1024;
/// How long a WebSocket client may leave sent messages unread before it is closed.
pub const SEND_TIMEOUT_MS: u64 = 10_000;
/// Bytes that the system buffers for a client that does not read, on each connection; in addition a WebSocket queues
/// 32 messages.
pub const UNREAD_BYTES_MAX: usize = 256 * 1024;
/// Interval of heartbeats, so that no proxy closes a quiet connection.
pub const HEARTBEAT_MS: u64 = 15_000;
/// Heartbeats that a WebSocket client may leave without any message.
pub const SILENT_BEATS_MAX: u32 = 4;
/// How long a client of server-sent events waits before it reconnects.
pub const SSE_RETRY_MS: u64 = 1_000;
/// The highest message limit that a flag can set.
pub const MESSAGE_BYTES_SETTABLE_MAX: usize = 64 * 1024 * 1024;

/// Bytes of a reply that our own clients read.
pub const REPLY_BYTES_MAX: usize = 64 * 1024 * 1024;
/// Elements of a reply that our own clients read. The largest page, a hundred orders of twenty lines, has
/// 72,314 in XML-RPC.
pub const REPLY_ELEMENTS_MAX: usize = 100_000;
/// Values of a JSON reply that our own clients read. The largest page has about 18,000.
pub const REPLY_VALUES_MAX: usize = 100_000;
/// How long our own clients wait for a response: longer than a long poll of `list_events`.
pub const REPLY_TIMEOUT_MS: u64 = 60_000;
