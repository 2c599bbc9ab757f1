//! The cost of attacks: CPU time of the server for each megabyte sent, until it has refused.
//!
//! The bodies are those of the error tests, each about as large as the limit, sent one after the other.

use domain::Shop;
use server::ports::Ports;
use server::running::Running;
use std::sync::Arc;
use tests::attacks::{Attack, Grammar, all};
use tests::harness::{ROLE, ROUNDS, Server, median, until_input_ends};
use tests::raw::Line;
use wire::Address;

/// Requests per round.
const REQUESTS: u32 = 8;
/// The highest cost of an attack, in milliseconds per megabyte.
const ALLOWED: f64 = 5.0;

fn main() {
    if std::env::var(ROLE).is_ok() { serve() } else { measure() }
}

fn measure() {
    let server = Server::start("shop");
    let mut rows: Vec<Row<'_>> = all().map(|(_, grammar, attack)| Row::new(grammar, attack)).collect();
    for _ in 0..ROUNDS {
        rows.iter_mut().for_each(|row| row.measure(&server));
    }
    println!("CPU of the server for an attack: medians of {ROUNDS} rounds of {REQUESTS} requests\n");
    println!("{:<40}{:<14}{:>10}{:>10}{:>10}", "", "", "bytes", "ms", "ms/MB");
    for row in rows {
        let (bytes, ms) = (row.bytes, median(row.costs));
        let per_mb = ms / (bytes as f64 / 1e6);
        let shown = if per_mb > ALLOWED { "  more than is allowed" } else { "" };
        println!("{:<40}{:<14}{bytes:>10}{ms:>10.2}{per_mb:>10.2}{shown}", row.attack.name, row.grammar.title);
    }
}

/// An attack on a grammar, and its cost so far.
struct Row<'a> {
    grammar: &'a Grammar,
    attack: &'a Attack,
    bytes: usize,
    costs: Vec<f64>,
}

impl<'a> Row<'a> {
    fn new(grammar: &'a Grammar, attack: &'a Attack) -> Self {
        Row { grammar, attack, bytes: 0, costs: Vec::new() }
    }

    fn measure(&mut self, server: &Server) {
        let address = Address::parse(&format!("http://{}", server.address)).expect("an address");
        // Nothing listens there, and nothing must connect.
        let body = self.attack.body(self.grammar, "127.0.0.1:9");
        let request = self.attack.request(self.grammar, &body);
        self.bytes = body.len();
        let mut line = Line::open(&address);
        let before = server.cpu_ns();
        for _ in 0..REQUESTS {
            line.send(&request);
            let response = line.response().expect("an answer");
            assert_eq!(response.status, self.attack.expected(self.grammar).0, "{}", response.text());
            if response.header("connection") == "close" {
                line = Line::open(&address);
            }
        }
        self.costs.push((server.cpu_ns() - before) as f64 / f64::from(REQUESTS) / 1e6);
    }
}

/// Like [`tests::harness::serve_shop`], but without rate limiter and metrics: what is measured is how a body is read and
/// refused.
fn serve() {
    actix_web::rt::System::new().block_on(async {
        let seed = server::seed::seed(server::seed::SeedSize::default());
        let store = Arc::new(store::Sqlite::open(store::Location::Temporary, seed).expect("a temporary shop"));
        let (_, ports) = Ports::open(store.clone(), domain::shop::ShopConfig::default()).expect("a door");
        let running = Running::start(("127.0.0.1", 0), 1, Shop::new(store), ports).expect("a free port");
        println!("{}", running.socket());
        until_input_ends().await;
        running.stop().await.expect("the server stops");
    });
}
