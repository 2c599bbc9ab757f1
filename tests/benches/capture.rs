//! The cost of traffic capture while it is unused: CPU time of the server for one request, with capture and without, in the
//! same run.
//!
//! See `harness` for what is counted. There are two servers of each kind: the difference between two alike is the noise.

use domain::Value;
use tests::harness::{CONNECTIONS, Cell, REQUESTS, ROLE, Server, bytes_of, median, over_http1, serve};
use wire::CallRequest;

/// More rounds than other benchmarks: the effect is small.
const ROUNDS: usize = 25;

fn main() {
    match std::env::var(ROLE).as_deref() {
        Ok("tapped") => serve(Some(server::ports::capture())),
        Ok(_) => serve(None),
        Err(_) => measure(),
    }
}

fn measure() {
    let (tapped, plain, alike) = (Server::start("tapped"), Server::start("plain"), Server::start("plain"));
    let call_request = CallRequest::new("get_user", Value::object([("id", 1.into())]));
    println!("CPU microseconds of a get_user; {ROUNDS} rounds of {REQUESTS} requests over {CONNECTIONS} connections");
    println!("Medians of the rounds, and of the ratios within each round\n");
    println!("{:<18}{:>10}{:>10}{:>10}{:>22}", "", "plain", "tapped", "ratio", "plain to plain alike");
    let (mut all, mut all_alike) = (Vec::new(), Vec::new());
    for protocol in over_http1() {
        let outgoing = protocol.client.encode(&call_request);
        let (request, opening) = bytes_of(&outgoing);
        let open = |server| Cell::open(server, &request, opening.as_deref());
        let (mut tapped, mut plain, mut alike) = (open(&tapped), open(&plain), open(&alike));
        for round in 0..ROUNDS {
            // In changing order: the second one finds a warm machine.
            let mut cells = [&mut tapped, &mut plain, &mut alike];
            cells.rotate_left(round % 3);
            cells.into_iter().for_each(Cell::measure);
        }
        let (ratios, ratios_alike) = (tapped.ratios(&plain), alike.ratios(&plain));
        let [plain, tapped] = [&plain, &tapped].map(Cell::cost);
        let [ratio, ratio_alike] = [&ratios, &ratios_alike].map(|ratios| median(ratios.clone()));
        println!("{:<18}{plain:>10.2}{tapped:>10.2}{ratio:>10.3}{ratio_alike:>22.3}", protocol.title);
        all.extend(ratios);
        all_alike.extend(ratios_alike);
    }
    println!("{:<18}{:>10}{:>10}{:>10.3}{:>22.3}", "all", "", "", median(all), median(all_alike));
}
