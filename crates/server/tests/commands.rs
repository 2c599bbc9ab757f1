//! The command line: the exit status of every failure, and what its message says to do.

#![allow(clippy::unwrap_used, reason = "a test that finds no value has failed")]

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
        let arguments = ["serve", "--data", "temporary", "--listen", listen];
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
    for arguments in
        [&["call", "get_user", "id=1"][..], &["compare", "get_user", "id=1"], &["scenario", "retry"], &["watch"]]
    {
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
