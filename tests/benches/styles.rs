//! The cost of a style: CPU time of the server for one request in every style, compared with a bare actix-web in the same run.
//!
//! The server is a process of its own with one worker; see `harness` for what is counted.

use domain::Value;
use std::time::Duration;
use tests::harness::{
    CONNECTIONS, Cell, REQUESTS, ROLE, ROUNDS, Server, bytes_of, over_http1, serve_shop, until_input_ends,
};
use wire::CallRequest;

/// Longer than a round: between its turns a connection is idle.
const KEEP_ALIVE_MS: u64 = 75_000;
const BARE: &str = "GET /bare HTTP/1.1\r\nhost: localhost\r\naccept: application/json\r\n\r\n";

fn main() {
    match std::env::var(ROLE).as_deref() {
        Ok("bare") => serve_bare(),
        Ok(_) => serve_shop(),
        Err(_) => measure(),
    }
}

fn measure() {
    let (bare, shop) = (Server::start("bare"), Server::start("shop"));
    let ids = || Value::object([("id", 1.into())]);
    let calls =
        [("get_user", ids()), ("get_order_details", ids()), ("list_users", Value::object([("limit", 20.into())]))];
    let mut baseline = Cell::open(&bare, BARE.as_bytes(), None);
    let mut cells: Vec<Cell> = Vec::new();
    for protocol in over_http1() {
        for (operation, input) in &calls {
            let outgoing = protocol.client.encode(&CallRequest::new(operation, input.clone()));
            let (request, opening) = bytes_of(&outgoing);
            cells.push(Cell::open(&shop, &request, opening.as_deref()));
        }
    }
    for _ in 0..ROUNDS {
        baseline.measure();
        cells.iter_mut().for_each(Cell::measure);
    }
    println!(
        "CPU microseconds of the server a request; {ROUNDS} rounds of {REQUESTS} requests over {CONNECTIONS} connections"
    );
    println!("Medians; in brackets the median of the ratios to the bare server in the same round\n");
    println!("{:<18}{:>18}{:>22}{:>18}", "", "get_user id=1", "get_order_details 1", "list_users 20");
    println!("{:<18}{:>18}", "bare actix-web", baseline.say(&baseline));
    for (protocol, cells) in over_http1().zip(cells.chunks(calls.len())) {
        let [user, order, users] = [0, 1, 2].map(|i: usize| cells[i].say(&baseline));
        println!("{:<18}{user:>18}{order:>22}{users:>18}", protocol.title);
    }
}

fn serve_bare() {
    use actix_web::{App, HttpResponse, HttpServer, web};
    actix_web::rt::System::new().block_on(async {
        let body = || async { HttpResponse::Ok().content_type("application/json").body(r#"{"id":1,"name":"Ada"}"#) };
        let server = HttpServer::new(move || App::new().route("/bare", web::get().to(body)));
        let server = server
            .workers(1)
            .keep_alive(Duration::from_millis(KEEP_ALIVE_MS))
            .bind(("127.0.0.1", 0))
            .expect("a free port");
        println!("{}", server.addrs()[0]);
        let running = server.run();
        let handle = running.handle();
        actix_web::rt::spawn(running);
        until_input_ends().await;
        handle.stop(true).await;
    });
}
