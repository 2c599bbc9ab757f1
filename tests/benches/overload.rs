//! A server under overload: what it does with three times the load that it can handle, against its peak in the same run; and
//! whether it answers `/livez` meanwhile.
//!
//! The server has one CPU, the load the other (`taskset`). First 64 connections place one order after the other, to find
//! about how many it can do. Then orders are sent at a rate, whether or not the earlier ones were answered (an open loop), each
//! with a second to be answered in: at rates around that number, the best of which is the peak, and at three times the peak.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::{Duration, Instant};
use tests::harness::{ROLE, Server, on_cpu, serve_shop};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::{LocalSet, spawn_local};
use tokio::time::{interval, sleep, timeout};

const RUN: Duration = Duration::from_secs(8);
/// The rates at which the peak is searched, relative to what 64 connections did.
const AROUND: [f64; 3] = [0.8, 0.9, 1.0];
/// Connections of the closed loop.
const CLOSED: usize = 64;
/// Connections of the open loop: once fewer than the server's limit of operations, so that it refuses none; and once more. An
/// order that finds them all busy counts as not taken.
const OPEN_MAX: [usize; 2] = [1_000, 3_000];
/// A later response counts as none.
const DEADLINE: Duration = Duration::from_secs(1);
const FACTOR: f64 = 3.0;

fn main() {
    match std::env::var(ROLE).as_deref() {
        Ok("shop") => serve_shop(),
        Ok(address) => {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
            LocalSet::new().block_on(&runtime, load(address.trim_start_matches("load ").to_owned()));
        }
        Err(_) => {
            let server = Server::by(on_cpu("0"), "shop");
            let before = server.memory_kib("VmHWM");
            let load = on_cpu("1").env(ROLE, format!("load {}", server.address)).status().expect("the load runs");
            assert!(load.success());
            let after = server.memory_kib("VmHWM");
            println!("memory of the server        {before} KiB before, {after} KiB after");
        }
    }
}

/// The outcomes of the orders.
#[derive(Default)]
struct Tally {
    accepted: Cell<u32>,
    refused: Cell<u32>,
    late: Cell<u32>,
    not_taken: Cell<u32>,
}

fn count(cell: &Cell<u32>) {
    cell.set(cell.get() + 1);
}

async fn load(address: String) {
    for product in 1..=10 {
        let mut line = TcpStream::connect(&address).await.expect("it listens");
        let body = r#"{"stock":1000000}"#;
        let patch = request("PATCH", &format!("/rest/products/{product}"), body);
        assert_eq!(exchange(&mut line, patch.as_bytes()).await, Some(200));
    }
    let lines: Vec<String> = (1..=10).map(|id| format!(r#"{{"product_id":{id},"quantity":1}}"#)).collect();
    let order = request("POST", "/rest/orders", &format!(r#"{{"user_id":1,"lines":[{}]}}"#, lines.join(",")));
    let order: Rc<[u8]> = order.into_bytes().into();
    let about = closed(&address, &order).await;
    println!("{CLOSED} connections in turn      {about:.0} orders/s");
    let mut peak = 0.0_f64;
    for part in AROUND {
        let (tally, offered) = open(&address, &order, about * part, OPEN_MAX[1]).await;
        let (offered, accepted) = (per_second(offered), per_second(tally.accepted.get()));
        println!("offered {offered:>8.0} orders/s    accepted within a second {accepted:>8.0}");
        peak = peak.max(accepted);
    }
    println!("peak                        {peak:.0} orders/s");
    for connections in OPEN_MAX {
        println!("\nthree times as much, over up to {connections} connections");
        overload(&address, &order, peak, connections).await;
    }
}

async fn overload(address: &str, order: &Rc<[u8]>, peak: f64, connections: usize) {
    let health = spawn_local(health(address.to_owned()));
    let (tally, offered) = open(address, order, peak * FACTOR, connections).await;
    let (slowest, missed) = health.await.expect("it is asked to the end");
    let rate = |cell: &Cell<u32>| per_second(cell.get());
    println!("offered                     {:.0} orders/s", per_second(offered));
    println!(
        "accepted within a second    {:.0} orders/s: {:.2} of the peak",
        rate(&tally.accepted),
        rate(&tally.accepted) / peak
    );
    println!("refused at once (503)       {:.0} orders/s", rate(&tally.refused));
    println!("late, or without an answer  {:.0} orders/s", rate(&tally.late));
    println!("found no free connection    {:.0} orders/s", rate(&tally.not_taken));
    println!("/livez meanwhile            slowest {} ms, missed {missed}", slowest.as_millis());
}

fn per_second(count: u32) -> f64 {
    f64::from(count) / RUN.as_secs_f64()
}

fn request(method: &str, path: &str, body: &str) -> String {
    let length = body.len();
    format!(
        "{method} {path} HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\r\n{body}"
    )
}

/// The status of the response; `None` without one.
async fn exchange(line: &mut TcpStream, request: &[u8]) -> Option<u16> {
    line.write_all(request).await.ok()?;
    let mut answer = Vec::with_capacity(4_096);
    loop {
        if line.read_buf(&mut answer).await.ok()? == 0 {
            return None;
        }
        if let Some(end) = answer.windows(4).position(|four| four == b"\r\n\r\n") {
            let head = std::str::from_utf8(&answer[..end]).ok()?;
            let length =
                head.lines().find_map(|line| line.to_ascii_lowercase().strip_prefix("content-length: ")?.parse().ok());
            if answer.len() >= end + 4 + length.unwrap_or(0usize) {
                return head.get(9..12)?.parse().ok();
            }
        }
    }
}

/// The highest rate in a closed loop, in orders per second.
async fn closed(address: &str, order: &Rc<[u8]>) -> f64 {
    let (done, start) = (Rc::new(Cell::new(0)), Instant::now());
    let mut buyers = Vec::new();
    for _ in 0..CLOSED {
        let mut line = TcpStream::connect(address).await.expect("it listens");
        let (done, order) = (done.clone(), order.clone());
        buyers.push(spawn_local(async move {
            while start.elapsed() < RUN {
                assert_eq!(exchange(&mut line, &order).await, Some(201));
                count(&done);
            }
        }));
    }
    for buyer in buyers {
        buyer.await.expect("a buyer buys to the end");
    }
    f64::from(done.get()) / start.elapsed().as_secs_f64()
}

/// Sends at a rate, whatever comes back.
async fn open(address: &str, order: &Rc<[u8]>, rate: f64, connections: usize) -> (Rc<Tally>, u32) {
    let (tally, idle) = (Rc::new(Tally::default()), Rc::new(RefCell::new(Vec::<TcpStream>::new())));
    let busy = Rc::new(Cell::new(0_usize));
    let (start, mut offered) = (Instant::now(), 0_u32);
    let mut tick = interval(Duration::from_millis(1));
    while start.elapsed() < RUN {
        tick.tick().await;
        while f64::from(offered) < start.elapsed().as_secs_f64() * rate {
            offered += 1;
            let line = idle.borrow_mut().pop();
            if line.is_none() && busy.get() >= connections {
                count(&tally.not_taken);
                continue;
            }
            busy.set(busy.get() + 1);
            let (tally, idle, busy) = (tally.clone(), idle.clone(), busy.clone());
            let (address, order) = (address.to_owned(), order.clone());
            spawn_local(async move {
                let answered = timeout(DEADLINE, async {
                    let mut line = match line {
                        Some(line) => line,
                        None => TcpStream::connect(address).await.ok()?,
                    };
                    let status = exchange(&mut line, &order).await?;
                    idle.borrow_mut().push(line);
                    Some(status)
                });
                match answered.await {
                    Ok(Some(201)) => count(&tally.accepted),
                    Ok(Some(503)) => count(&tally.refused),
                    Ok(_) | Err(_) => count(&tally.late),
                }
                busy.set(busy.get() - 1);
            });
        }
    }
    sleep(DEADLINE).await;
    (tally, offered)
}

/// Requests `/livez` on a new connection each time: the slowest response, and the number of failures.
async fn health(address: String) -> (Duration, u32) {
    let (mut slowest, mut missed, start) = (Duration::ZERO, 0, Instant::now());
    while start.elapsed() < RUN {
        let started = Instant::now();
        let answer = timeout(DEADLINE * 3, async {
            let mut line = TcpStream::connect(&address).await.ok()?;
            exchange(&mut line, b"GET /livez HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n").await
        });
        if answer.await != Ok(Some(200)) {
            missed += 1;
        }
        slowest = slowest.max(started.elapsed());
        sleep(Duration::from_millis(50)).await;
    }
    (slowest, missed)
}
