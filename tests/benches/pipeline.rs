//! The cost of the pipeline: CPU time of the server for one request with authentication, rate limit, metrics and log, against
//! none of them, in the same run.
//!
//! Off: no credentials, no rate limit, no observer. On: an API key that is looked up and compared, a rate limit, metrics, and a
//! log line for each operation, written to nowhere.

use domain::shop::ShopConfig;
use domain::users::UserId;
use domain::{Shop, Value};
use server::ports::Ports;
use server::running::Running;
use std::sync::Arc;
use tests::harness::{Cell, ROLE, ROUNDS, Server, bytes_of, over_http1, until_input_ends};
use wire::CallRequest;
use wire::client::WireRequest;

/// Operations per minute: more than the benchmark sends.
const RATE: u32 = 1_000_000;

fn main() {
    match std::env::var(ROLE).as_deref() {
        Ok("on") => serve(true),
        Ok(_) => serve(false),
        Err(_) => measure(),
    }
}

fn measure() {
    let (off, on) = (Server::start("off"), Server::start("on"));
    // A WebSocket authenticates once, and REST's headers count down: here the socket's pipeline runs for every message alike.
    let mut pairs: Vec<(&str, Cell<'_>, Cell<'_>)> = Vec::new();
    for protocol in over_http1() {
        let mut call_request = CallRequest::new("get_user", Value::object([("id", 1.into())]));
        let (plain, plain_opening) = bytes_of(&protocol.client.encode(&call_request));
        call_request.options.credentials = domain::access::Credentials::ApiKey(auth::demo::api_key(UserId(1)));
        let outgoing = protocol.client.encode(&call_request);
        let with_key = matches!(outgoing, WireRequest::Http(_));
        let (requested, opening) = bytes_of(&outgoing);
        let requested = if with_key { requested } else { plain.clone() };
        let cells =
            (Cell::open(&off, &plain, plain_opening.as_deref()), Cell::open(&on, &requested, opening.as_deref()));
        pairs.push((protocol.title, cells.0, cells.1));
    }
    for _ in 0..ROUNDS {
        for (_, off, on) in &mut pairs {
            off.measure();
            on.measure();
        }
    }
    println!("CPU microseconds of the server a request (get_user); medians, in brackets those of the ratios\n");
    println!("{:<18}{:>18}{:>18}", "", "ports off", "ports on");
    for (title, off, on) in &pairs {
        println!("{title:<18}{:>18}{:>18}", off.say(off), on.say(off));
    }
}

fn serve(with_door: bool) {
    actix_web::rt::System::new().block_on(async {
        let seed = server::seed::seed(server::seed::SeedSize::default());
        let store = Arc::new(store::Sqlite::open(store::Location::Temporary, seed).expect("a temporary shop"));
        let server = ShopConfig { rate_per_minute: RATE, ..ShopConfig::default() };
        let (shop, ports) = Ports::open(store.clone(), server).expect("a door");
        let shop = if with_door {
            let nowhere = std::fs::OpenOptions::new().write(true).open("/dev/null").expect("nowhere");
            tracing_subscriber::fmt().with_writer(std::sync::Mutex::new(nowhere)).with_ansi(false).init();
            shop
        } else {
            Shop::new(store)
        };
        let running = Running::start(("127.0.0.1", 0), 1, shop, ports).expect("a free port");
        println!("{}", running.socket());
        until_input_ends().await;
        running.stop().await.expect("the server stops");
    });
}
