//! What can be said on the command line?

use clap::{Args, Parser, Subcommand};
use std::net::SocketAddr;
use std::path::PathBuf;

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
    /// What to log: error, warn, info, debug, trace, or directives like `audit=info` (a line for each operation)
    #[arg(long, default_value = "warn")]
    pub log: String,
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
    pub beside: Beside,
}

/// What rides beside a question.
#[derive(Args)]
pub struct Beside {
    /// Who asks, by an API key
    #[arg(long, value_name = "KEY", group = "who")]
    pub api_key: Option<String>,
    /// Who asks, by email and password
    #[arg(long, value_name = "EMAIL:PASSWORD", group = "who")]
    pub user: Option<String>,
    /// Who asks, by a token from log_in
    #[arg(long, group = "who")]
    pub token: Option<String>,
    /// The key under which a command happens once
    #[arg(long, value_name = "KEY")]
    pub idempotency_key: Option<String>,
    /// What is wished would go wrong: unavailable, delay=300ms, drop, cut=40%
    #[arg(long, value_name = "WISH")]
    pub fault: Option<String>,
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
