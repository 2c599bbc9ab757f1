//! What can be said on the command line?

use clap::{Args, Parser, Subcommand};
use lab::scenarios::SCENARIO_RTT_MS_MAX;
use std::net::SocketAddr;
use std::path::PathBuf;
use webhooks::Policy;
use wire::limits::{HEARTBEAT_MS, MESSAGE_BYTES_MAX, MESSAGE_BYTES_SETTABLE_MAX};

/// One shop, served live in every API style at once, so that they can be compared side by side.
#[derive(Parser)]
#[command(name = "parlance", version, about)]
pub struct Command {
    /// What to do; `serve` if nothing is said.
    #[command(subcommand)]
    pub action: Option<Action>,
    /// How to serve, if nothing else is said.
    #[command(flatten)]
    pub serve: Serve,
}

/// What to do.
#[derive(Subcommand)]
pub enum Action {
    /// Serves the shop in every style (the default)
    Serve(Serve),
    /// Makes one call over one style: parlance call get_user id=1 --over soap
    Call(Call),
    /// Makes the same call over all styles, checks that the answers are equal, and measures
    Compare(Compare),
    /// Does a whole task as each style's own people would, step by step, and measures: parlance scenario order-page
    Scenario(Scenario),
    /// Hears the news in several ways at once, side by side, and measures: parlance watch --follow-order
    Watch(Watch),
}

/// How to serve.
#[derive(Args, Clone)]
pub struct Serve {
    /// Where to listen
    #[arg(long, default_value = "127.0.0.1:8080")]
    pub listen: SocketAddr,
    /// The database file; `temporary` is one that is removed at the end
    #[arg(long, default_value = "parlance.db")]
    pub data: PathBuf,
    /// Users of a new shop, in the sandbox `main`
    #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(u32).range(5..=1_000_000))]
    pub seed_users: u32,
    /// Products of a new shop, in the sandbox `main`
    #[arg(long, default_value_t = 100, value_parser = clap::value_parser!(u32).range(10..=1_000_000))]
    pub seed_products: u32,
    /// Orders of a new shop, in the sandbox `main`
    #[arg(long, default_value_t = 200, value_parser = clap::value_parser!(u32).range(0..=1_000_000))]
    pub seed_orders: u32,
    /// Operations a minute for each caller of a sandbox that has no rate of its own; 0 is as many as one likes
    #[arg(long, default_value_t = 0, value_parser = clap::value_parser!(u32).range(0..=1_000_000))]
    pub rate_per_minute: u32,
    /// Lets requests wish that something goes wrong (the header X-Fault), for lessons
    #[arg(long)]
    pub faults: bool,
    /// Bytes of a WebSocket message that is read, fragments together
    #[arg(long, default_value_t = MESSAGE_BYTES_MAX, value_name = "BYTES", value_parser = message_bytes)]
    pub message_bytes_max: usize,
    /// How often a push connection says that it is still there
    #[arg(long, default_value_t = HEARTBEAT_MS / 1_000, value_name = "SECONDS",
        value_parser = clap::value_parser!(u64).range(1..=3_600))]
    pub heartbeat: u64,
    /// A page's origin, such as `https://example.com`, that may open WebSockets to locked sandboxes; may be said several times
    #[arg(long, value_name = "ORIGIN")]
    pub allow_origin: Vec<String>,
    /// Believes what a proxy in front says of a request: Forwarded, X-Forwarded-Proto, -Host, -Prefix, -For
    #[arg(long)]
    pub behind_proxy: bool,
    /// Calls webhooks, at addresses that the whole world can reach
    #[arg(long)]
    pub webhooks: bool,
    /// Calls webhooks, also at addresses of this machine and its own network: for class
    #[arg(long)]
    pub webhooks_local: bool,
    /// What to log: error, warn, info, debug, trace, or directives like `audit=info` (a line for each operation)
    #[arg(long, default_value = "warn")]
    pub log: String,
}

impl Serve {
    /// Where webhooks are called, if they are.
    pub fn webhooks_policy(&self) -> Option<Policy> {
        if self.webhooks_local { Some(Policy::Local) } else { self.webhooks.then_some(Policy::Public) }
    }
}

fn message_bytes(said: &str) -> Result<usize, String> {
    let bytes: usize = said.parse().map_err(|_| "must be a number of bytes".to_owned())?;
    if (1_024..=MESSAGE_BYTES_SETTABLE_MAX).contains(&bytes) {
        return Ok(bytes);
    }
    Err(format!("must be 1024 to {MESSAGE_BYTES_SETTABLE_MAX}"))
}

/// A question.
#[derive(Args)]
pub struct Question {
    /// The operation, as in: get_user, list_users, place_order
    pub operation: String,
    /// Its input, member by member; what parses as JSON is JSON, else it is text
    #[arg(value_name = "NAME=VALUE")]
    pub input: Vec<String>,
    /// The server; without it, one of its own is started with a temporary shop
    #[arg(long)]
    pub url: Option<String>,
    /// What rides beside the question
    #[command(flatten)]
    pub options: CallOptions,
}

/// What rides beside a question.
#[derive(Args)]
pub struct CallOptions {
    /// Who asks
    #[command(flatten)]
    pub who: RequiredAccess,
    /// The key under which a command happens once
    #[arg(long, value_name = "KEY")]
    pub idempotency_key: Option<String>,
    /// What is wished would go wrong: unavailable, delay=300ms, drop, cut=40%
    #[arg(long, value_name = "WISH")]
    pub fault: Option<String>,
    /// Asks for an answer that is packed by gzip, where HTTP carries it
    #[arg(long)]
    pub gzip: bool,
}

/// Who asks.
#[derive(Args)]
pub struct RequiredAccess {
    /// Who asks, by an API key
    #[arg(long, value_name = "KEY", group = "proof")]
    pub api_key: Option<String>,
    /// Who asks, by email and password
    #[arg(long, value_name = "EMAIL:PASSWORD", group = "proof")]
    pub user: Option<String>,
    /// Who asks, by a token from log_in
    #[arg(long, group = "proof")]
    pub token: Option<String>,
}

/// How to make one call.
#[derive(Args)]
pub struct Call {
    /// What to ask
    #[command(flatten)]
    pub question: Question,
    /// The style
    #[arg(long, default_value = "rest")]
    pub over: String,
    /// Shows the exact bytes of both directions
    #[arg(long)]
    pub wire: bool,
}

/// How to compare.
#[derive(Args)]
pub struct Compare {
    /// What to ask
    #[command(flatten)]
    pub question: Question,
    /// The styles, with commas between; all of them if absent
    #[arg(long, value_delimiter = ',')]
    pub over: Vec<String>,
    /// Measured calls on the open connection
    #[arg(short, default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    pub n: u32,
    /// Prints the numbers as JSON
    #[arg(long)]
    pub json: bool,
}

/// Which task to do.
#[derive(Args)]
pub struct Scenario {
    /// The task: order-page, names-only, twenty-at-once, n-plus-one or retry
    pub name: String,
    /// What the shop charges for each round trip, in milliseconds
    #[arg(long, default_value_t = 0, value_name = "MS",
        value_parser = clap::value_parser!(u32).range(..=i64::from(SCENARIO_RTT_MS_MAX)))]
    pub rtt: u32,
    /// The server; without it, one of its own is started with a temporary shop
    #[arg(long)]
    pub url: Option<String>,
    /// Prints everything as JSON, with every byte that crossed the wire
    #[arg(long)]
    pub json: bool,
    /// Who asks
    #[command(flatten)]
    pub who: RequiredAccess,
}

/// How to watch.
#[derive(Args)]
pub struct Watch {
    /// The ways, with commas between: ws, sse, graphql, jsonrpc, long-poll, soap, xmlrpc, poll, conditional-poll; all of them
    /// if absent
    #[arg(long, value_delimiter = ',')]
    pub over: Vec<String>,
    /// The server, or a sandbox of it, as in http://127.0.0.1:8080/sandboxes/alice; without it, one of its own is started
    #[arg(long)]
    pub url: Option<String>,
    /// Events after this one; from now on if absent
    #[arg(long, value_name = "SEQ", conflicts_with = "follow_order", value_parser = clap::value_parser!(i64).range(0..))]
    pub after: Option<i64>,
    /// Ends after so many events; with Ctrl-C if absent
    #[arg(short, long = "n", value_name = "COUNT", conflicts_with = "follow_order",
        value_parser = clap::value_parser!(u32).range(1..))]
    pub n: Option<u32>,
    /// Places an order in a throw-away sandbox, pays, ships and delivers it, and tells who heard of it when
    #[arg(long)]
    pub follow_order: bool,
    /// The style that does so
    #[arg(long, default_value = "soap", value_name = "STYLE", requires = "follow_order")]
    pub by: String,
    /// The pause before each of these changes, instead of 2 to 4 seconds that do not fit the beat of those who poll
    #[arg(long, value_name = "MS", requires = "follow_order", value_parser = clap::value_parser!(u64).range(..=60_000))]
    pub pause: Option<u64>,
    /// Prints events and numbers as JSON, one document a line
    #[arg(long)]
    pub json: bool,
    /// Who listens
    #[command(flatten)]
    pub who: RequiredAccess,
}
