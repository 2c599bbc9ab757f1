//! The cost of delivering events: one event to a thousand listeners, ten thousand idle ones, and a hundred that do not read,
//! compared with bare actix-web in the same run.
//!
//! The server has one CPU and the listeners the other (`taskset`). In each round one order is placed over HTTP, or the bare
//! server sends its text. The delay runs from there to each listener, so for the shop it includes the order, which
//! waits for the disk. CPU time is the server's from before the order until all have received it, divided by the listeners.

mod bare;
mod crowd;

use crowd::{Channel, Crowd, deaf};
use std::time::Duration;
use tests::harness::{ROLE, Server, median, on_cpu, serve_shop};
use tests::raw::request;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::LocalSet;
use tokio::time::sleep;

/// Listeners of one event.
const LISTENERS: usize = 1_000;
/// Events, each to all listeners.
const ROUNDS: usize = 40;
const WARM_UP: usize = 5;
/// Listeners that receive nothing.
const IDLE: usize = 10_000;
/// Clients that do not read.
const DEAF: usize = 100;
/// Open files that this program and a bare server need; the shop raises its own limit.
const FILES: u64 = 30_000;
/// A server is idle if it works less than this in a tenth of a second.
const QUIET_NS: u64 = 1_000_000;

fn main() {
    rlimit::increase_nofile_limit(FILES).expect("as many files as there may be");
    match std::env::var(ROLE).as_deref() {
        Ok("bare") => bare::serve(),
        Ok("shop") => serve_shop(),
        Ok(_) => {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
            LocalSet::new().block_on(&runtime, measure());
        }
        Err(_) => assert!(on_cpu("1").env(ROLE, "measure").status().expect("it runs").success()),
    }
}

async fn measure() {
    println!("One event to {LISTENERS} listeners, {ROUNDS} times; in brackets the ratio to the bare server\n");
    println!("{:<20}{:>18}{:>18}{:>18}{:>24}", "", "the first", "p50", "p99", "CPU a delivery");
    for (channel, names) in
        [(Channel::WebSocket, ["bare actix-ws", "WebSocket"]), (Channel::Events, ["bare actix, SSE", "SSE"])]
    {
        let [bare, shop] = ["bare", "shop"].map(|role| Server::by(on_cpu("0"), role));
        let mut senders = [Sender::of(&bare, "bare", channel).await, Sender::of(&shop, "shop", channel).await];
        for round in 0..WARM_UP + ROUNDS {
            for sender in &mut senders {
                sender.measure(round >= WARM_UP).await;
            }
        }
        for (sender, name) in senders.iter().zip(names) {
            println!("{name:<20}{}", sender.row(&senders[0]));
        }
    }
    println!("\nMemory of {IDLE} who wait, each\n");
    for (channel, names) in
        [(Channel::WebSocket, ["bare actix-ws", "WebSocket"]), (Channel::Events, ["bare actix, SSE", "SSE"])]
    {
        let [bare, shop] = [idle("bare", channel).await, idle("shop", channel).await];
        println!("{:<20}{bare:>14.1} KiB", names[0]);
        println!("{:<20}{shop:>14.1} KiB ({:.2}x)", names[1], shop / bare);
    }
    deafness().await;
}

/// A server with listeners.
struct Sender<'a> {
    server: &'a Server,
    crowd: Crowd,
    line: TcpStream,
    request: Vec<u8>,
    delays: Vec<Duration>,
    firsts: Vec<f64>,
    costs: Vec<f64>,
}

impl<'a> Sender<'a> {
    async fn of(server: &'a Server, role: &str, channel: Channel) -> Sender<'a> {
        let mut line = TcpStream::connect(&server.address).await.expect("it listens");
        let request = match role {
            "bare" => request("POST", "/say", "", b""),
            _ => {
                let stock = request("PATCH", "/rest/products/1", "application/json", br#"{"stock":1000000}"#);
                exchange(&mut line, &stock).await;
                let order = br#"{"user_id":1,"lines":[{"product_id":1,"quantity":1}]}"#;
                request("POST", "/rest/orders", "application/json", order)
            }
        };
        let crowd = Crowd::gather(&server.address, channel, LISTENERS).await;
        Sender { server, crowd, line, request, delays: Vec::new(), firsts: Vec::new(), costs: Vec::new() }
    }

    /// Sends it to all, and records when they received it.
    async fn measure(&mut self, is_measured: bool) {
        let before = self.server.cpu_ns();
        let delays = self.crowd.deliver(exchange(&mut self.line, &self.request)).await;
        let cost = (self.server.cpu_ns() - before) as f64 / LISTENERS as f64 / 1_000.0;
        if is_measured {
            self.firsts.push(ms(delays[0]));
            self.delays.extend(delays);
            self.costs.push(cost);
        }
    }

    /// The delay of the first, the median and the 99th percentile; and the cost of each.
    fn figures(&self) -> [f64; 4] {
        let mut delays = self.delays.clone();
        delays.sort_unstable();
        let [p50, p99] = [50, 99].map(|percent| ms(delays[delays.len() * percent / 100]));
        [median(self.firsts.clone()), p50, p99, median(self.costs.clone())]
    }

    fn row(&self, bare: &Sender<'_>) -> String {
        let figures: Vec<_> = self.figures().into_iter().zip(bare.figures()).collect();
        let say = |(value, bare): &(f64, f64), unit: &str| format!("{value:.2} {unit} ({:.2}x)", value / bare);
        let times: String = figures[..3].iter().map(|both| format!("{:>18}", say(both, "ms"))).collect();
        format!("{times}{:>24}", say(&figures[3], "us"))
    }
}

/// The server's memory for each idle listener, in KiB.
async fn idle(role: &str, channel: Channel) -> f64 {
    let server = Server::by(on_cpu("0"), role);
    // What the first listeners need stays allocated: only the growth is measured.
    let _first = Crowd::gather(&server.address, channel, 100).await;
    let before = server.memory_kib("VmRSS");
    let _waiting = Crowd::gather(&server.address, channel, IDLE).await;
    (server.memory_kib("VmRSS") - before) / IDLE as f64
}

/// What clients that do not read cost the others.
async fn deafness() {
    let server = Server::by(on_cpu("0"), "shop");
    let mut sender = Sender::of(&server, "shop", Channel::WebSocket).await;
    println!("\n{LISTENERS} listeners of a WebSocket, and {DEAF} more who have the whole log 32 times unread\n");
    let mut alone = None;
    let mut deaf_ones = Vec::new();
    for name in ["without them", "with them"] {
        for round in 0..WARM_UP + ROUNDS {
            sender.measure(round >= WARM_UP).await;
        }
        let [_, p50, p99, cost] = sender.figures();
        let bare = *alone.get_or_insert(p99);
        let memory = server.memory_kib("VmRSS") / 1_024.0;
        let ratio = format!("p99 {p99:.2} ms ({:.2}x)", p99 / bare);
        println!("{name:<20}p50 {p50:.2} ms    {ratio}    CPU {cost:.2} us    memory {memory:.1} MiB");
        if deaf_ones.is_empty() {
            sender = Sender { delays: Vec::new(), firsts: Vec::new(), costs: Vec::new(), ..sender };
            deaf_ones = deaf(&server.address, DEAF).await;
            quiet(&server).await;
        }
    }
}

/// Waits until a server is idle.
async fn quiet(server: &Server) {
    loop {
        let before = server.cpu_ns();
        sleep(Duration::from_millis(100)).await;
        if server.cpu_ns() - before < QUIET_NS {
            return;
        }
    }
}

fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1_000.0
}

/// Sends a request and reads the whole response.
async fn exchange(line: &mut TcpStream, request: &[u8]) {
    line.write_all(request).await.expect("it is sent");
    let mut answer = [0; 4_096];
    let count = line.read(&mut answer).await.expect("an answer");
    assert!(answer[..count].starts_with(b"HTTP/1.1 20"), "{}", String::from_utf8_lossy(&answer[..count]));
}
