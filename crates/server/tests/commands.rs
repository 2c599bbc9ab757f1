//! The command line: the exit status of every failure, and what its message says to do.

#![allow(clippy::unwrap_used, reason = "a test that finds no value has failed")]

use std::collections::HashMap;
use std::fs;
use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::process::{Child, Command, Stdio};

const PARLANCE: &str = env!("CARGO_BIN_EXE_parlance");

/// Runs a command to its end: its exit status, its output, and its messages.
fn run(arguments: &[&str]) -> (i32, String, String) {
    let output = Command::new(PARLANCE).args(arguments).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

fn fails(arguments: &[&str], status: i32, says: &[&str]) {
    let (got, _, problem) = run(arguments);
    assert_eq!(got, status, "{arguments:?}: {problem}");
    for words in says {
        assert!(problem.contains(words), "{arguments:?} does not say {words:?}: {problem}");
    }
}

/// A server that runs until the end of a test.
struct Server {
    process: Child,
    /// What it says when it has started.
    listing: String,
}

impl Server {
    fn start(listen: &str) -> Server {
        Server::with(listen, &[])
    }

    fn with(listen: &str, more: &[&str]) -> Server {
        let arguments = [&["serve", "--data", "temporary", "--listen", listen], more].concat();
        let mut process = Command::new(PARLANCE).args(arguments).stdout(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(process.stdout.take().unwrap()).lines().map(Result::unwrap);
        let mut listing = String::new();
        while !listing.contains("Press Ctrl-C") {
            listing.push_str(&lines.next().unwrap());
            listing.push('\n');
        }
        Server { process, listing }
    }

    fn authority(&self) -> &str {
        let (_, rest) = self.listing.split_once("http://").unwrap();
        rest.lines().next().unwrap()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }
}

#[test]
fn a_wrong_command_line_is_2_and_nothing_is_sent() {
    for (arguments, says) in [
        (&["call", "get_usr", "id=1"][..], "a similar value exists: 'get_user'"),
        (&["call", "get_user"], "id            "),
        (&["call", "place_order", "user_id=1"], "Example: parlance call place_order user_id=1 'lines=["),
        (&["compare", "get_user"], "get_user needs more input, so nothing was sent"),
        (&["call", "get_user", "id"], "write an input as NAME=VALUE"),
        (&["call", "get_user", "id=1", "--over", "corba"], "[possible values: rest, "),
        (&["compare", "get_user", "id=1", "--over", "rest,corba"], "[possible values: rest, "),
        (&["call", "get_user", "id=1", "--user", "ada"], "EMAIL:PASSWORD"),
        (&["call", "get_user", "id=1", "--url", "https://localhost"], "begins with http://"),
        (&["compare", "watch_events"], "parlance watch"),
        (&["scenario", "retyr"], "a similar value exists: 'retry'"),
        (&["watch", "--over", "pigeons"], "[possible values: "),
        (&["serve", "--listen", "8080"], "such as localhost:8080"),
        (&["bench", "--operations", "delete_user"], "[possible values: list_users, get_user, "),
        (
            &["bench", "--operations", "get_user,place_order", "--sizes", "1,50"],
            "the size of place_order is at most 20",
        ),
    ] {
        fails(arguments, 2, &[says]);
    }
}

#[test]
fn a_refusal_is_1_and_success_is_0() {
    let server = Server::start("localhost:0");
    let url = format!("http://{}", server.authority());
    assert!(url.contains("127.0.0.1"), "{url}");
    fails(&["call", "get_user", "id=999999", "--url", &url], 1, &["user_not_found (404)"]);
    fails(&["scenario", "retry", "--api-key", "wrong", "--url", &url], 1, &["credentials_wrong"]);
    let (status, output, _) = run(&["call", "get_user", "id=1", "--http2", "--wire", "--url", &url]);
    assert!(
        status == 0 && output.contains("SETTINGS stream 0") && output.contains("> :path: /rest/users/1\n"),
        "{output}"
    );
    let (status, output, advice) = run(&["call", "get_user", "id=1", "--over", "websocket", "--http2", "--url", &url]);
    assert!(status == 0 && output.contains("Ada") && advice.contains("stays on HTTP/1.1"), "{output}{advice}");
    let (status, output, _) = run(&["compare", "get_user", "id=1", "-n", "1", "--http2", "--url", &url]);
    assert!(status == 0 && output.contains("REST opens its connection with a handshake of"), "{output}");
    let (status, output, _) = run(&["call", "get_user", "id=1", "--over", "soap", "--url", &url]);
    assert_eq!((status, output.contains("Ada Lovelace")), (0, true), "{output}");
}

#[test]
fn a_server_that_does_not_answer_is_3() {
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let url = format!("http://127.0.0.1:{port}");
    let says = ["no server answers", &format!("parlance serve --listen 127.0.0.1:{port}")];
    for arguments in [
        &["call", "get_user", "id=1"][..],
        &["compare", "get_user", "id=1"],
        &["scenario", "retry"],
        &["watch"],
        &["bench"],
    ] {
        fails(&[arguments, &["--url", &url]].concat(), 3, &says);
    }
    let server = Server::start("127.0.0.1:0");
    let wrong = format!("http://{}/rest", server.authority());
    fails(&["call", "get_user", "id=1", "--url", &wrong], 2, &["is not the URL of a Parlance server"]);
}

#[test]
fn a_port_that_is_taken_is_4_and_says_by_what() {
    let server = Server::start("127.0.0.1:0");
    let authority = server.authority();
    let says = ["another Parlance server", &format!("use it at http://{authority}"), "--listen 127.0.0.1:"];
    fails(&["serve", "--data", "temporary", "--listen", authority], 4, &says);
    let other = TcpListener::bind("127.0.0.1:0").unwrap();
    let authority = other.local_addr().unwrap().to_string();
    fails(&["serve", "--data", "temporary", "--listen", &authority], 4, &["another program listens on", "--listen"]);
    fails(&["serve", "--data", "temporary", "--listen", "192.0.2.1:8080"], 4, &["does not have the address 192.0.2.1"]);
}

#[test]
fn data_that_cannot_be_used_is_4_and_says_how_to_start_anew() {
    let folder = std::env::temp_dir().join(format!("parlance-commands-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    let file = |name: &str| folder.join(name).display().to_string();
    let serve = |data: &str, says: &[&str]| fails(&["serve", "--listen", "127.0.0.1:0", "--data", data], 4, says);
    serve(&file("missing/shop.db"), &["missing/shop.db", "a folder that can be written, with --data"]);
    fs::write(file("notes.txt"), "Buy milk. ".repeat(100)).unwrap();
    serve(&file("notes.txt"), &["is not a Parlance database, or it is damaged", "--data new.db"]);
    fs::write(file("damaged.db"), damaged(&file("whole.db"))).unwrap();
    serve(&file("damaged.db"), &["damaged.db", "--data new.db"]);
    fs::remove_dir_all(&folder).unwrap();
}

/// Runs a small benchmark; returns its output, and the rows of its CSV by the names of their columns.
fn bench(name: &str, arguments: &[&str]) -> (String, Vec<HashMap<String, String>>) {
    let file = std::env::temp_dir().join(format!("parlance-{name}-{}.csv", std::process::id()));
    let all = [&["bench", "--rounds", "1", "--csv", file.to_str().unwrap()], arguments].concat();
    let (status, output, problem) = run(&all);
    assert_eq!(status, 0, "{arguments:?}: {problem}");
    let text = fs::read_to_string(&file).unwrap();
    fs::remove_file(&file).unwrap();
    let mut lines = text.lines().map(|line| line.split(',').map(str::to_owned).collect::<Vec<_>>());
    let heads = lines.next().unwrap();
    let row = |line: Vec<String>| {
        assert_eq!(line.len(), heads.len(), "{line:?}");
        heads.iter().cloned().zip(line).collect()
    };
    (output, lines.map(row).collect())
}

#[test]
fn a_benchmark_has_a_row_for_every_cell_and_knows_the_cost_of_the_server() {
    let page = std::env::temp_dir().join(format!("parlance-page-{}.html", std::process::id()));
    let operations =
        ["--operations", "get_user,list_users,place_order", "--sizes", "2,5", "--connections", "2", "-n", "20"];
    let files = ["--html", page.to_str().unwrap(), "--json", "--seed", "7"];
    let (output, rows) = bench("cells", &[&operations[..], &files].concat());
    // One task without sizes and two with two sizes, in seven styles, and the first cell again.
    assert_eq!(rows.len(), 5 * 7 + 1);
    let number = |row: &HashMap<String, String>, name: &str| row[name].parse::<f64>().unwrap();
    for row in &rows {
        assert!(number(row, "calls_per_second") > 0.0 && number(row, "p50_us") <= number(row, "p95_us"), "{row:?}");
        assert!(row["p99_us"].is_empty(), "20 calls have none: {row:?}");
        assert!(number(row, "sent_bytes") > 40.0 && number(row, "received_bytes") > 60.0, "{row:?}");
        assert_eq!(row["http"], if row["style"] == "gRPC" { "2" } else { "1.1" });
        if cfg!(target_os = "linux") {
            assert!(number(row, "cpu_us") > 1.0 && number(row, "memory_kib") > 1_000.0, "{row:?}");
        }
    }
    let bytes = |operation: &str, style: &str| {
        let of = |row: &&HashMap<String, String>| row["operation"] == operation && row["style"] == style;
        rows.iter().filter(of).map(|row| (row["size"].as_str(), number(row, "sent_bytes"))).collect::<Vec<_>>()
    };
    assert_eq!(bytes("get_user", "SOAP"), [("", 317.0)], "as many as `compare` counts");
    assert!(bytes("place_order", "REST").iter().all(|(size, sent)| (*size == "5") == (*sent > 300.0)));
    let json: serde_json::Value = serde_json::from_str(&output).unwrap();
    assert_eq!(json["rows"].as_array().unwrap().len(), rows.len());
    assert_eq!(json["cells"].as_array().unwrap().len(), rows.len());
    assert!(json["limits"][0].as_str().unwrap().starts_with("With --rounds 1 no difference"), "{}", json["limits"]);
    let html = fs::read_to_string(&page).unwrap();
    fs::remove_file(&page).unwrap();
    assert!(html.contains("list_users 5, 2 connections") && html.contains("<polyline") && !html.contains("{content}"));
    assert!(!html.contains("http://") && !html.contains("https://"), "the page needs no network");
}

#[test]
fn a_benchmark_can_be_of_new_connections_at_a_rate_and_over_http2() {
    let arguments = ["--operations", "search_products", "--connections", "3", "-n", "100"];
    let (_, rows) =
        bench("rate", &[&arguments[..], &["--cold", "--http", "1.1,2", "--gzip", "--rate", "300"]].concat());
    // Five styles have both versions of HTTP.
    assert_eq!(rows.len(), 5 * 2 + 2 + 1);
    for row in rows {
        let (rate, sent): (f64, f64) = (row["calls_per_second"].parse().unwrap(), row["sent_bytes"].parse().unwrap());
        assert!(rate < 310.0, "no call is sent before it is due: {row:?}");
        // The handshake of a WebSocket, and the preface and settings of HTTP/2.
        assert!(row["style"] != "WebSocket" && row["http"] == "1.1" || sent > 130.0, "{row:?}");
    }
}

#[test]
fn a_refused_call_ends_a_benchmark_without_numbers() {
    let bench = ["bench", "--operations", "get_user", "--over", "jsonrpc", "--connections", "1"];
    let refused = "credentials_wrong (-32001): JSON-RPC, get_user, 1 connection: ";
    fails(&[&bench[..], &["--api-key", "wrong"]].concat(), 1, &[refused]);
    // JSON-RPC refuses with the status 200, so only the answer itself shows it.
    let server = Server::with("127.0.0.1:0", &["--rate-per-minute", "60"]);
    let url = format!("http://{}", server.authority());
    fails(&[&bench[..], &["--url", &url]].concat(), 1, &["an answer is not like the first one", "rate_limited"]);
}

/// The content of a new database whose pages after the first are overwritten.
fn damaged(path: &str) -> Vec<u8> {
    let arguments = ["serve", "--listen", "127.0.0.1:0", "--data", path];
    let mut process = Command::new(PARLANCE).args(arguments).stdout(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
    while !lines.next().unwrap().unwrap().contains("Press Ctrl-C") {}
    // SIGTERM, so that the log is copied into the file.
    let stopped = Command::new("kill").arg(process.id().to_string()).status().unwrap();
    assert!(stopped.success() && process.wait().unwrap().success());
    let mut content = fs::read(path).unwrap();
    content[4_096..].fill(0x5a);
    content
}

#[test]
fn a_server_for_other_machines_prints_their_addresses() {
    let server = Server::start("0.0.0.0:0");
    let (_, rest) = server.listing.split_once("From other machines, the shop is at\n").unwrap();
    let first = rest.lines().next().unwrap();
    assert!(first.starts_with("  http://") && !first.contains("127.0.0.1"), "{first}");
}
