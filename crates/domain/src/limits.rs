//! The limits of the shop itself. (Limits of bytes and nesting belong to `wire`.)

pub use schema::limits::{INTEGER_MAX, ITEMS_MAX, SHOWN_CHARS_MAX, TEXT_CHARS_MAX, VIOLATIONS_MAX};

/// Characters of a product's description.
pub const DESCRIPTION_CHARS_MAX: u32 = 2_000;

/// The highest price of one piece, in minor units (cents).
pub const PRICE_MAX: i32 = 1_000_000;
/// Pieces of one product in stock.
pub const STOCK_MAX: i32 = 1_000_000;
/// Pieces of one product in one order or cart line.
pub const QUANTITY_MAX: i32 = 99;
/// Lines of an order or a cart. With [`PRICE_MAX`] and [`QUANTITY_MAX`] it keeps every total below 2^31.
pub const LINES_MAX: u32 = 20;

/// Items of a page, and ids in one call.
pub const PAGE_ITEMS_MAX: u32 = ITEMS_MAX;
/// Items of a page if the caller doesn't say.
pub const PAGE_ITEMS_DEFAULT: u32 = 20;

/// Characters of a cursor; the shop's own are shorter.
pub const CURSOR_CHARS_MAX: u32 = 64;

/// Sandboxes of one server.
pub const SANDBOXES_MAX: usize = 500;

/// Events that a watcher reads from the log at once.
pub const WATCH_EVENTS_MAX: u32 = 100;
/// Events that are kept per sandbox, at least ...
pub const EVENTS_KEPT_MIN: i32 = 10_000;
/// ... and how long each is kept at least: a day. Older ones beyond that number are deleted.
pub const EVENTS_KEPT_SECONDS: i64 = 24 * 60 * 60;
/// The log is checked for events to delete every so many events.
pub const EVENTS_SWEEP_EVERY: i32 = 100;
/// Seconds that `list_events` can wait: less than the usual timeouts of clients and proxies.
pub const WAIT_SECONDS_MAX: i32 = 30;
/// Long polls at the same time, over all styles.
pub const WAITING_MAX: usize = 10_000;

/// Webhooks of a sandbox: each adds one delivery to every event.
pub const WEBHOOKS_MAX: usize = 10;
/// Characters of a webhook's URL.
pub const URL_CHARS_MAX: u32 = 500;
/// Characters of a webhook's secret; the shop's own are shorter.
pub const SECRET_CHARS_MAX: u32 = 100;
/// How long deliveries are still signed with a webhook's former secret: a day.
pub const FORMER_SECRET_SECONDS: i64 = 24 * 60 * 60;
/// Pending deliveries of a webhook; further ones fail at once.
pub const DELIVERIES_WAITING_MAX: u32 = 1_000;
/// Finished deliveries that are kept per sandbox.
pub const DELIVERIES_KEPT: i32 = 1_000;
/// The list of deliveries is checked for rows to delete every so many deliveries.
pub const DELIVERIES_SWEEP_EVERY: i32 = 100;

/// Operations in progress at the same time, over all styles: those that wait for the disk or for a password hash. More are
/// refused. The number is lower than what the store queues, and less than a second of work.
pub const OPERATIONS_IN_FLIGHT_MAX: usize = 2_000;

/// Characters of an idempotency key.
pub const IDEMPOTENCY_KEY_CHARS_MAX: u32 = 255;
/// How long an idempotency key is kept: a day.
pub const IDEMPOTENCY_KEPT_SECONDS: i64 = 24 * 60 * 60;

/// Characters of a token; the shop's own are shorter.
pub const TOKEN_CHARS_MAX: u32 = 2_000;
/// The highest rate limit, in operations per minute.
pub const RATE_PER_MINUTE_MAX: u32 = 1_000_000;
/// The highest simulated round-trip time.
pub const RTT_MS_MAX: u32 = 5_000;
/// The longest delay that a request can ask for.
pub const FAULT_DELAY_MS_MAX: u32 = 30_000;
