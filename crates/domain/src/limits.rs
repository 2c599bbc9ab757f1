//! Which bounds does the shop itself set? (Bounds of bytes and nesting belong to the wire.)

pub use schema::limits::{INTEGER_MAX, ITEMS_MAX, SHOWN_CHARS_MAX, TEXT_CHARS_MAX, VIOLATIONS_MAX};

/// Characters of a product's description.
pub const DESCRIPTION_CHARS_MAX: u32 = 2_000;

/// The highest price of one piece, in minor units (cents).
pub const PRICE_MAX: i32 = 1_000_000;
/// Pieces of one product in stock.
pub const STOCK_MAX: i32 = 1_000_000;
/// Pieces of one product in one order or cart line.
pub const QUANTITY_MAX: i32 = 99;
/// Lines of one order, and of one cart. With [`PRICE_MAX`] and [`QUANTITY_MAX`] it keeps every total below 2^31.
pub const LINES_MAX: u32 = 20;

/// Items of one page, and ids that may be asked for at once.
pub const PAGE_ITEMS_MAX: u32 = ITEMS_MAX;
/// Items of a page when the caller does not say.
pub const PAGE_ITEMS_DEFAULT: u32 = 20;

/// Characters of a cursor that we are ready to look at; ours are shorter.
pub const CURSOR_CHARS_MAX: u32 = 64;

/// Private copies of the shop that one server holds.
pub const SANDBOXES_MAX: usize = 500;

/// Events that a watcher reads from the log at once.
pub const WATCH_EVENTS_MAX: u32 = 100;
/// Events that are kept of each sandbox, at least ...
pub const EVENTS_KEPT_MIN: i32 = 10_000;
/// ... and how long each is kept at least: a day. What is older than that and beyond those is forgotten.
pub const EVENTS_KEPT_SECONDS: i64 = 24 * 60 * 60;
/// After so many events it is looked which are to be forgotten.
pub const EVENTS_SWEEP_EVERY: i32 = 100;
/// Seconds that `list_events` waits for an event: less than clients and what is between wait for an answer.
pub const WAIT_SECONDS_MAX: i32 = 30;
/// Requests that wait for an event at once, over all styles.
pub const WAITING_MAX: usize = 10_000;

/// Webhooks of a sandbox: each makes every event one delivery more.
pub const WEBHOOKS_MAX: usize = 10;
/// Characters of a webhook's address.
pub const URL_CHARS_MAX: u32 = 500;
/// Characters of a webhook's secret; ours are shorter.
pub const SECRET_CHARS_MAX: u32 = 100;
/// How long calls are still signed with a webhook's former secret: a day.
pub const FORMER_SECRET_SECONDS: i64 = 24 * 60 * 60;
/// Deliveries to a webhook that wait to be tried, or tried again; further ones fail at once.
pub const DELIVERIES_WAITING_MAX: u32 = 1_000;
/// Deliveries that are kept of a sandbox once they have ended.
pub const DELIVERIES_KEPT: i32 = 1_000;
/// After so many deliveries it is looked which are to be forgotten.
pub const DELIVERIES_SWEEP_EVERY: i32 = 100;

/// Operations that are in work at once, over all styles: those that wait for the disk or for a password's hash. Further ones
/// are refused, and that must be cheap: so it is less than what the store lets wait, and less than a second of work.
pub const OPERATIONS_IN_FLIGHT_MAX: usize = 2_000;

/// Characters of an idempotency key.
pub const IDEMPOTENCY_KEY_CHARS_MAX: u32 = 255;
/// How long a command is remembered under its key: a day.
pub const IDEMPOTENCY_KEPT_SECONDS: i64 = 24 * 60 * 60;

/// Characters of a token; ours are shorter.
pub const TOKEN_CHARS_MAX: u32 = 2_000;
/// Operations a minute that a quota can be set to.
pub const RATE_PER_MINUTE_MAX: u32 = 1_000_000;
/// What can be charged for a round trip.
pub const RTT_MS_MAX: u32 = 5_000;
/// How much later an answer can be wished for.
pub const FAULT_DELAY_MS_MAX: u32 = 30_000;
