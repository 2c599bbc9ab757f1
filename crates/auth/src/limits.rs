//! Limits of authentication: how many credentials at once, how often, and how long each is valid.

/// Passwords that are hashed at once. Each takes 19 MiB and about 20 ms of a core, which is what slows guessers down: they must
/// not use up the machine.
pub const HASHES_MAX: usize = 2;
/// Passwords that wait to be hashed; further ones are refused. The last of them waits less than a second.
pub const HASHES_WAITING_MAX: usize = 64;
/// How long a right password is cached, so that a client that sends it with each call does not wait for a hash each time.
pub const PASSWORD_REMEMBERED_MS: u64 = 5 * 60 * 1_000;
/// Right passwords in the cache; the oldest are removed.
pub const PASSWORDS_REMEMBERED_MAX: usize = 10_000;

/// Failed attempts in a row of one account before it has to wait.
pub const ACCOUNT_FAILURES_MAX: u32 = 10;
/// Failed attempts of one address before it has to wait: a class may share one.
pub const ADDRESS_FAILURES_MAX: u32 = 100;
/// The first wait; each further failure doubles it.
pub const FAILURE_WAIT_MS: u64 = 1_000;
/// The longest wait: it stops guessing, and a mistyped password does not lock the user out.
pub const FAILURE_WAIT_MS_MAX: u64 = 60_000;
/// How long after the last failure all of them are forgotten.
pub const FAILURES_KEPT_MS: u64 = 15 * 60 * 1_000;
/// Accounts that have failed and are remembered, and as many addresses; the oldest go.
pub const FAILURES_KEPT_MAX: usize = 10_000;

/// How long a token is good.
pub const TOKEN_SECONDS_MAX: i64 = 60 * 60;
/// How far the clocks of two servers may be apart.
pub const LEEWAY_SECONDS_MAX: i64 = 30;
/// Tokens whose signature was right that are remembered, as looking at one again costs 50 us; the oldest go.
pub const TOKENS_REMEMBERED_MAX: usize = 10_000;

/// How long an authorization code is good. RFC 6749 section 4.1.2 has ten minutes as the most.
pub const CODE_MS: u64 = 60_000;
/// Authorization codes that are good at once; the oldest go.
pub const CODES_MAX: usize = 10_000;
