//! The command line: its commands, arguments and flags.

use crate::protocols::{self, PROTOCOLS};
use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, Parser, Subcommand};
use domain::operations::OPERATIONS;
use domain::{Operation, Value};
use http::Version;
use lab::bench::plan::measurable;
use lab::exercises::{self, Exercise, PATHS};
use lab::scenarios::{self, SCENARIO_RTT_MS_MAX, SCENARIOS};
use lab::watch::channels_of_the_log;
use std::net::{SocketAddr, ToSocketAddrs};
use std::path::PathBuf;
use webhooks::Policy;
use wire::Adapter;
use wire::limits::{HEARTBEAT_MS, MESSAGE_BYTES_MAX, MESSAGE_BYTES_SETTABLE_MAX};

/// The exit statuses, for scripts.
const EXIT_STATUSES: &str = "Exit status: 0 if the command succeeded, 1 if the shop refused the call or the results differ, 2 if the \
                             command line is wrong, 3 if the server can't be reached, 4 if something else failed";

/// One shop, served in every API style at once, to compare the styles side by side.
#[derive(Parser)]
#[command(name = "parlance", version, about, after_help = EXIT_STATUSES)]
pub struct Command {
    /// The command; `serve` if absent.
    #[command(subcommand)]
    pub action: Option<Action>,
    /// The flags of `serve`, if there is no command.
    #[command(flatten)]
    pub serve: Serve,
}

/// A command.
#[derive(Subcommand)]
pub enum Action {
    /// Serves the shop in every style (the default)
    Serve(Serve),
    /// Makes one call in one style: parlance call get_user id=1 --over soap
    Call(Call),
    /// Makes the same call in all styles, checks that the results are equal, and measures
    Compare(Compare),
    /// Does a whole task the way each style does it, and measures: parlance scenario order-page
    Scenario(Scenario),
    /// Sends many calls in all styles, in rounds, and measures what they cost the server: parlance bench --html bench.html
    Bench(Bench),
    /// Lists the exercises that the server recognises, or shows one with its solution: parlance exercises order-page
    Exercises(Exercises),
    /// Makes a sandbox with exercises for each learner: parlance class --names names.txt; or lists them: parlance class --list
    Class(Class),
    /// Follows events over several channels at once, and measures: parlance watch --follow-order
    Watch(Watch),
}

/// The arguments of `serve`.
#[derive(Args, Clone)]
pub struct Serve {
    /// The address to listen on, such as localhost:8080; 0.0.0.0:8080 also lets other machines connect
    #[arg(long, default_value = "127.0.0.1:8080", value_name = "HOST:PORT", value_parser = listen)]
    pub listen: SocketAddr,
    /// The database file; `temporary` for a file that is deleted at the end
    #[arg(long, default_value = "parlance.db")]
    pub data: PathBuf,
    /// Number of users in a new sandbox `main`
    #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(u32).range(5..=1_000_000))]
    pub seed_users: u32,
    /// Number of products in a new sandbox `main`
    #[arg(long, default_value_t = 100, value_parser = clap::value_parser!(u32).range(10..=1_000_000))]
    pub seed_products: u32,
    /// Number of orders in a new sandbox `main`
    #[arg(long, default_value_t = 200, value_parser = clap::value_parser!(u32).range(0..=1_000_000))]
    pub seed_orders: u32,
    /// Operations per minute for each caller, in sandboxes without a rate limit of their own; 0 for no limit
    #[arg(long, default_value_t = 0, value_parser = clap::value_parser!(u32).range(0..=1_000_000))]
    pub rate_per_minute: u32,
    /// Allows injected faults: requests with the header X-Fault fail on purpose, for lessons
    #[arg(long)]
    pub faults: bool,
    /// The largest WebSocket message, in bytes, all fragments together
    #[arg(long, default_value_t = MESSAGE_BYTES_MAX, value_name = "BYTES", value_parser = message_bytes)]
    pub message_bytes_max: usize,
    /// The time between two heartbeats on WebSockets and event streams
    #[arg(long, default_value_t = HEARTBEAT_MS / 1_000, value_name = "SECONDS",
        value_parser = clap::value_parser!(u64).range(1..=3_600))]
    pub heartbeat: u64,
    /// An origin, such as `https://example.com`, whose pages may open WebSockets to locked sandboxes; repeatable
    #[arg(long, value_name = "ORIGIN")]
    pub allow_origin: Vec<String>,
    /// Trusts the headers of a proxy: Forwarded, X-Forwarded-Proto, -Host, -Prefix, -For
    #[arg(long)]
    pub behind_proxy: bool,
    /// Delivers webhooks, to public addresses only
    #[arg(long)]
    pub webhooks: bool,
    /// Delivers webhooks, also to this machine and its local network: for a classroom
    #[arg(long)]
    pub webhooks_local: bool,
    /// Also stops when its standard input ends: for programs that start it
    #[arg(long)]
    pub until_input_ends: bool,
    /// What to log: error, warn, info, debug, trace, or a directive like `audit=info` (a line per operation)
    #[arg(long, default_value = "warn")]
    pub log: String,
}

impl Serve {
    /// Where webhooks may be delivered; `None` if they are off.
    pub fn webhooks_policy(&self) -> Option<Policy> {
        if self.webhooks_local { Some(Policy::Local) } else { self.webhooks.then_some(Policy::Public) }
    }
}

/// Of several addresses of a host, as `localhost` has, one of IPv4: that is where most clients look first.
fn listen(text: &str) -> Result<SocketAddr, String> {
    let found = text.to_socket_addrs().ok().and_then(|all| all.min_by_key(SocketAddr::is_ipv6));
    found.ok_or_else(|| "must be an address of this machine and a port, such as localhost:8080".to_owned())
}

fn message_bytes(text: &str) -> Result<usize, String> {
    let bytes: usize = text.parse().map_err(|_| "must be a number of bytes".to_owned())?;
    if (1_024..=MESSAGE_BYTES_SETTABLE_MAX).contains(&bytes) {
        return Ok(bytes);
    }
    Err(format!("must be 1024 to {MESSAGE_BYTES_SETTABLE_MAX}"))
}

fn one_of(names: impl IntoIterator<Item = &'static str>) -> PossibleValuesParser {
    PossibleValuesParser::new(names)
}

fn style() -> impl TypedValueParser<Value = &'static Adapter> {
    one_of(PROTOCOLS.iter().map(|style| style.name)).try_map(|name| protocols::find(&name).ok_or("is no style"))
}

fn exercise() -> impl TypedValueParser<Value = &'static Exercise> {
    one_of(PATHS.iter().flat_map(|path| path.exercises).map(|exercise| exercise.name))
        .try_map(|name| exercises::find(&name).ok_or("is no exercise"))
}

fn operation() -> impl TypedValueParser<Value = &'static Operation> {
    one_of(measurable()).try_map(|name| Operation::find(&name).ok_or("is no operation"))
}

fn http_version() -> impl TypedValueParser<Value = Version> {
    one_of(["1.1", "2"]).map(|version| if version == "2" { Version::HTTP_2 } else { Version::HTTP_11 })
}

fn scenario() -> impl TypedValueParser<Value = &'static scenarios::Scenario> {
    one_of(SCENARIOS.iter().map(|scenario| scenario.name))
        .try_map(|name| scenarios::find(&name).ok_or("is no scenario"))
}

fn channel() -> PossibleValuesParser {
    one_of(channels_of_the_log(&PROTOCOLS, &[]).unwrap_or_default().into_iter().map(|channel| channel.name))
}

fn member(text: &str) -> Result<(String, Value), String> {
    let (name, value) = text.split_once('=').ok_or("write an input as NAME=VALUE, such as id=1")?;
    Ok((name.to_owned(), wire::json::read(value.as_bytes()).unwrap_or_else(|_| value.into())))
}

fn user(text: &str) -> Result<(String, String), String> {
    let (email, password) = text.split_once(':').ok_or("write a user as EMAIL:PASSWORD")?;
    Ok((email.to_owned(), password.to_owned()))
}

/// The call to make.
#[derive(Args)]
pub struct CallArguments {
    /// The operation
    #[arg(value_parser = one_of(OPERATIONS.iter().map(|operation| operation.name)))]
    pub operation: String,
    /// Its input, one argument per member. A value that is valid JSON is sent as JSON, any other as text
    #[arg(value_name = "NAME=VALUE", value_parser = member)]
    pub input: Vec<(String, Value)>,
    /// The server's URL; if absent, the command starts a server with a temporary shop
    #[arg(long)]
    pub url: Option<String>,
    /// Options of the call
    #[command(flatten)]
    pub options: CallOptions,
}

/// Options of a call.
#[derive(Args)]
pub struct CallOptions {
    /// The caller
    #[command(flatten)]
    pub credentials: Credentials,
    /// The idempotency key: a command with the same key runs once
    #[arg(long, value_name = "KEY")]
    pub idempotency_key: Option<String>,
    /// The fault to inject: unavailable, delay=300ms, drop, cut=40%
    #[arg(long, value_name = "FAULT")]
    pub fault: Option<String>,
    /// Asks for a response compressed with gzip, in the styles over HTTP
    #[arg(long)]
    pub gzip: bool,
}

/// The caller's credentials. Without them, the call is anonymous.
#[derive(Args)]
pub struct Credentials {
    /// The caller's API key
    #[arg(long, value_name = "KEY", group = "proof")]
    pub api_key: Option<String>,
    /// The caller's email and password
    #[arg(long, value_name = "EMAIL:PASSWORD", group = "proof", value_parser = user)]
    pub user: Option<(String, String)>,
    /// The caller's token, from log_in
    #[arg(long, group = "proof")]
    pub token: Option<String>,
}

/// The arguments of `call`.
#[derive(Args)]
pub struct Call {
    /// The call
    #[command(flatten)]
    pub call: CallArguments,
    /// The style
    #[arg(long, default_value = "rest", value_name = "STYLE", value_parser = style())]
    pub over: &'static Adapter,
    /// Calls over HTTP/2; a WebSocket stays on HTTP/1.1
    #[arg(long)]
    pub http2: bool,
    /// Shows the exact bytes sent and received
    #[arg(long)]
    pub wire: bool,
}

/// The arguments of `compare`.
#[derive(Args)]
pub struct Compare {
    /// The call
    #[command(flatten)]
    pub call: CallArguments,
    /// The styles, separated by commas; all if absent
    #[arg(long, value_delimiter = ',', value_name = "STYLES", value_parser = style())]
    pub over: Vec<&'static Adapter>,
    /// Number of measured calls on the open connection
    #[arg(short, default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    pub n: u32,
    /// Calls over HTTP/2; a WebSocket stays on HTTP/1.1
    #[arg(long)]
    pub http2: bool,
    /// Prints the result and the numbers as JSON
    #[arg(long)]
    pub json: bool,
}

/// The arguments of `exercises`.
#[derive(Args)]
pub struct Exercises {
    /// The exercise to show with its hints and its solution; absent for a list of all
    #[arg(value_name = "NAME", value_parser = exercise())]
    pub exercise: Option<&'static Exercise>,
    /// Prints all of them as JSON, with their solutions
    #[arg(long, conflicts_with = "exercise")]
    pub json: bool,
}

/// The arguments of `class`.
#[derive(Args)]
pub struct Class {
    /// A file with the name of a learner per line; - for the standard input
    #[arg(long, value_name = "FILE", required_unless_present = "list")]
    pub names: Option<PathBuf>,
    /// Lists the learners: what they have done, their styles, and their last call
    #[arg(long, conflicts_with = "names")]
    pub list: bool,
    /// The server's URL
    #[arg(long, default_value = "http://127.0.0.1:8080")]
    pub url: String,
    /// An admin; by default the demo user who is one
    #[command(flatten)]
    pub credentials: Credentials,
}

/// The arguments of `scenario`.
#[derive(Args)]
pub struct Scenario {
    /// The task
    #[arg(value_name = "NAME", value_parser = scenario())]
    pub scenario: &'static scenarios::Scenario,
    /// The time that the server adds to each round trip, in milliseconds
    #[arg(long, default_value_t = 0, value_name = "MS",
        value_parser = clap::value_parser!(u32).range(..=i64::from(SCENARIO_RTT_MS_MAX)))]
    pub rtt: u32,
    /// The server's URL; if absent, the command starts a server with a temporary shop
    #[arg(long)]
    pub url: Option<String>,
    /// Prints everything as JSON, with every byte sent and received
    #[arg(long)]
    pub json: bool,
    /// The caller
    #[command(flatten)]
    pub credentials: Credentials,
}

/// The arguments of `bench`.
#[derive(Args)]
pub struct Bench {
    /// The operations, separated by commas: reads that need no more than an id, and place_order
    #[arg(long, value_delimiter = ',', value_name = "NAMES", value_parser = operation(),
        default_value = "get_user,list_users,search_products,place_order")]
    pub operations: Vec<&'static Operation>,
    /// The styles, separated by commas; all if absent
    #[arg(long, value_delimiter = ',', value_name = "STYLES", value_parser = style())]
    pub over: Vec<&'static Adapter>,
    /// Items of a page, and lines of an order; several are measured apart
    #[arg(long, value_delimiter = ',', value_name = "COUNTS", default_value = "20",
        value_parser = clap::value_parser!(u32).range(1..))]
    pub sizes: Vec<u32>,
    /// Connections that are open at the same time; several are measured apart
    #[arg(long, value_delimiter = ',', value_name = "COUNTS", default_value = "1,8",
        value_parser = clap::value_parser!(u32).range(1..=1_000))]
    pub connections: Vec<u32>,
    /// The versions of HTTP, for the styles that have both: a WebSocket stays on HTTP/1.1, and gRPC on HTTP/2
    #[arg(long, value_delimiter = ',', value_name = "VERSIONS", default_value = "1.1", value_parser = http_version())]
    pub http: Vec<Version>,
    /// Rounds: in each, everything is measured once, in random order
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u32).range(1..=1_000))]
    pub rounds: u32,
    /// Number of measured calls in a round
    #[arg(short, default_value_t = 500, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    pub n: u32,
    /// Calls a second, whether earlier ones are answered or not; if absent, each connection waits for its answer
    #[arg(long, value_name = "CALLS", value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub rate: Option<u32>,
    /// Opens a new connection for each call
    #[arg(long)]
    pub cold: bool,
    /// Asks for responses compressed with gzip, in the styles over HTTP
    #[arg(long)]
    pub gzip: bool,
    /// The seed of the random order; if absent, another one each time
    #[arg(long)]
    pub seed: Option<u64>,
    /// The server's URL; if absent, the command starts a server with a temporary shop, in a process of its own
    #[arg(long)]
    pub url: Option<String>,
    /// Writes a row for each round of everything that is measured, as CSV
    #[arg(long, value_name = "FILE")]
    pub csv: Option<PathBuf>,
    /// Writes a page with charts, which needs no network
    #[arg(long, value_name = "FILE")]
    pub html: Option<PathBuf>,
    /// Prints everything as JSON
    #[arg(long)]
    pub json: bool,
    /// The caller
    #[command(flatten)]
    pub credentials: Credentials,
}

/// The arguments of `watch`.
#[derive(Args)]
pub struct Watch {
    /// The channels, separated by commas; all if absent
    #[arg(long, value_delimiter = ',', value_name = "CHANNELS", value_parser = channel())]
    pub over: Vec<String>,
    /// The URL of a server or a sandbox, such as http://127.0.0.1:8080/sandboxes/alice; if absent, the command starts a server
    #[arg(long)]
    pub url: Option<String>,
    /// Shows the events after this sequence number; if absent, new events only
    #[arg(long, value_name = "SEQ", conflicts_with = "follow_order", value_parser = clap::value_parser!(i64).range(0..))]
    pub after: Option<i64>,
    /// Stops after so many events; if absent, Ctrl-C stops
    #[arg(short, long = "n", value_name = "COUNT", conflicts_with = "follow_order",
        value_parser = clap::value_parser!(u32).range(1..))]
    pub n: Option<u32>,
    /// Places an order in a temporary sandbox, pays, ships and delivers it, and shows when each channel received the events
    #[arg(long)]
    pub follow_order: bool,
    /// The style that makes these changes
    #[arg(long, default_value = "soap", value_name = "STYLE", requires = "follow_order", value_parser = style())]
    pub by: &'static Adapter,
    /// The pause before each of these changes; if absent, 2 to 4 seconds, so that changes fall at any point of a polling interval
    #[arg(long, value_name = "MS", requires = "follow_order", value_parser = clap::value_parser!(u64).range(..=60_000))]
    pub pause: Option<u64>,
    /// The caller
    #[command(flatten)]
    pub credentials: Credentials,
}
