//! What benchmarks share: a server in a process of its own, requests as bytes, and the CPU time that they take there.
//!
//! The load is 32 connections, each with one request after the other. What is counted is the time that the server's threads
//! were on a CPU (Linux: `/proc/{pid}/task/*/schedstat`), so that the load itself and other programs do not count.

use domain::Value;
use lab::bench::process::{cpu_ns, memory_kib};
use lab::capture::TrafficCapture;
use server::protocols::PROTOCOLS;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use wire::{Adapter, CallRequest, WireRequest};

/// In the environment: this process is the server with that name.
pub const ROLE: &str = "PARLANCE_BENCH_ROLE";
/// How often every cell of a table is measured, in turn with all others, so that a machine that is sometimes faster and
/// sometimes slower is so for all of them.
pub const ROUNDS: usize = 9;
/// Measured requests per round.
pub const REQUESTS: u32 = 6_400;
const WARM_UP: u32 = 640;
/// Connections at the same time: enough that the server is never idle, so that sleeping and waking of threads is not
/// measured.
pub const CONNECTIONS: u32 = 32;

/// One request to one server, on connections of its own.
pub struct Cell<'a> {
    server: &'a Server,
    streams: Vec<TcpStream>,
    request: Vec<u8>,
    answer: Vec<u8>,
    costs: Vec<f64>,
}

impl<'a> Cell<'a> {
    /// Opens the connections.
    pub fn open(server: &'a Server, request: &[u8], opening: Option<&[u8]>) -> Self {
        let streams = (0..CONNECTIONS).map(|_| connect(server, opening));
        let mut streams: Vec<TcpStream> = streams.collect();
        let length = length_of_answer(&mut streams[0], request);
        Cell { server, streams, request: request.to_owned(), answer: vec![0; length], costs: Vec::new() }
    }

    /// Measures CPU microseconds per request.
    pub fn measure(&mut self) {
        self.exchange(WARM_UP);
        let before = self.server.cpu_ns();
        self.exchange(REQUESTS);
        let cost = (self.server.cpu_ns() - before) as f64 / f64::from(REQUESTS) / 1_000.0;
        self.costs.push(cost);
    }

    fn exchange(&mut self, times: u32) {
        for _ in 0..times / CONNECTIONS {
            for stream in &mut self.streams {
                stream.write_all(&self.request).expect("a request is sent");
            }
            for stream in &mut self.streams {
                stream.read_exact(&mut self.answer).expect("an answer comes");
            }
        }
    }

    /// The median, in CPU microseconds per request.
    pub fn cost(&self) -> f64 {
        median(self.costs.clone())
    }

    /// The ratios to another cell, round by round.
    pub fn ratios(&self, baseline: &Cell<'_>) -> Vec<f64> {
        self.costs.iter().zip(&baseline.costs).map(|(cost, bare)| cost / bare).collect()
    }

    /// The median, and the median of the ratios to another cell in the same round.
    pub fn say(&self, baseline: &Cell<'_>) -> String {
        format!("{:.1} ({:.2}x)", self.cost(), median(self.ratios(baseline)))
    }
}

fn connect(server: &Server, opening: Option<&[u8]>) -> TcpStream {
    let mut stream = TcpStream::connect(&server.address).expect("it listens");
    stream.set_nodelay(true).expect("a socket option");
    if let Some(opening) = opening {
        stream.write_all(opening).expect("the handshake is sent");
        read_head(&mut stream);
    }
    stream
}

/// The responses are all alike: as long as the first one.
fn length_of_answer(stream: &mut TcpStream, request: &[u8]) -> usize {
    stream.write_all(request).expect("a request is sent");
    let mut first = [0; 65_536];
    let mut length = stream.read(&mut first).expect("an answer comes");
    stream.set_read_timeout(Some(std::time::Duration::from_millis(50))).expect("a socket option");
    while let Ok(more @ 1..) = stream.read(&mut first[length..]) {
        length += more;
    }
    stream.set_read_timeout(None).expect("a socket option");
    length
}

/// The median of values.
pub fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// The command that runs this program on one CPU alone.
pub fn on_cpu(cpu: &str) -> Command {
    let mut command = Command::new("taskset");
    command.args(["-c", cpu]).arg(std::env::current_exe().expect("the program has a path"));
    command
}

/// A server in a process of its own.
pub struct Server {
    child: Child,
    /// Its address.
    pub address: String,
}

impl Server {
    /// Starts this program in that role.
    pub fn start(role: &str) -> Server {
        Server::by(Command::new(std::env::current_exe().expect("the program has a path")), role)
    }

    /// Starts it by another command.
    pub fn by(mut command: Command, role: &str) -> Server {
        let mut child =
            command.env(ROLE, role).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("the server starts");
        let mut lines = BufReader::new(child.stdout.take().expect("its output is piped")).lines();
        let address = lines.next().expect("it says where it listens").expect("in UTF-8");
        Server { child, address }
    }

    /// Its memory in KiB: `VmRSS` for now, `VmHWM` for the maximum so far (proc(5), `status`).
    pub fn memory_kib(&self, name: &str) -> f64 {
        memory_kib(self.child.id(), name).expect("Linux counts it") as f64
    }

    /// The CPU time of its threads.
    pub fn cpu_ns(&self) -> u64 {
        cpu_ns(self.child.id()).expect("Linux counts it")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // The end of its input tells the server to stop and to remove its temporary shop.
        drop(self.child.stdin.take());
        let _ = self.child.wait();
    }
}

/// The styles that a benchmark can send: its connections speak HTTP/1.1, and gRPC needs HTTP/2.
pub fn over_http1() -> impl Iterator<Item = &'static Adapter> {
    let call = CallRequest::new("get_user", Value::object([]));
    PROTOCOLS.iter().filter(move |protocol| protocol.client.encode(&call).version() == http::Version::HTTP_11)
}

/// The bytes to send, and before them those that open the connection.
pub fn bytes_of(outgoing: &WireRequest) -> (Vec<u8>, Option<Vec<u8>>) {
    match outgoing {
        WireRequest::Http(request) | WireRequest::EventStream(request) => {
            let mut head = format!("{} {} HTTP/1.1\r\nhost: localhost\r\n", request.method(), request.uri());
            for (name, value) in request.headers() {
                head.push_str(&format!("{name}: {}\r\n", value.to_str().expect("headers are text")));
            }
            if !request.body().is_empty() {
                head.push_str(&format!("content-length: {}\r\n", request.body().len()));
            }
            let mut bytes = format!("{head}\r\n").into_bytes();
            bytes.extend_from_slice(request.body());
            (bytes, None)
        }
        WireRequest::Socket(message) => {
            let opening = format!(
                "GET {} HTTP/1.1\r\nhost: localhost\r\nconnection: upgrade\r\nupgrade: websocket\r\n\
                 sec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\
                 sec-websocket-protocol: {}\r\n\r\n",
                message.path, message.subprotocol
            );
            let length = u8::try_from(message.text.len()).ok().filter(|length| *length < 126);
            // A mask of zeros leaves the payload as it is.
            let mut frame = vec![0x81, 0x80 | length.expect("a short message"), 0, 0, 0, 0];
            frame.extend_from_slice(message.text.as_bytes());
            (frame, Some(opening.into_bytes()))
        }
    }
}

fn read_head(stream: &mut TcpStream) {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        stream.read_exact(&mut byte).expect("an answer comes");
        head.push(byte[0]);
    }
}

/// Waits for the end of the input.
pub async fn until_input_ends() {
    let wait = || std::io::stdin().read_to_end(&mut Vec::new());
    let _ = actix_web::rt::task::spawn_blocking(wait).await;
}

/// Serves the standard shop with rate limiter and metrics, on one worker, until its input ends.
pub fn serve_shop() {
    serve(Some(server::ports::capture()));
}

/// The same with traffic capture, or without.
pub fn serve(capture: Option<Arc<TrafficCapture>>) {
    actix_web::rt::System::new().block_on(async {
        let seed = server::seed::seed(server::seed::SeedSize::default());
        let store = store::Sqlite::open(store::Location::Temporary, seed).expect("a temporary shop");
        let server = domain::shop::ShopConfig::default();
        let (shop, ports) = server::ports::Ports::open_with(Arc::new(store), server, capture).expect("ports");
        let running = server::running::Running::start(("127.0.0.1", 0), 1, shop, ports).expect("a free port");
        println!("{}", running.socket());
        until_input_ends().await;
        running.stop().await.expect("the server stops");
    });
}
