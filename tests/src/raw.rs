//! A plain TCP client with an HTTP/1.1 reader of its own, to send any bytes.

use std::io::{Read, Write};
use std::iter;
use std::net::{Shutdown, TcpStream};
use std::time::{Duration, Instant};
use wire::Address;

/// Only a broken server is this slow: the test fails instead of waiting for ever.
const PATIENCE: Duration = Duration::from_secs(30);

/// A TCP connection.
pub struct Line {
    stream: TcpStream,
    unread: Vec<u8>,
}

/// An HTTP/1.1 response.
#[derive(Debug)]
pub struct Response {
    /// The status.
    pub status: u16,
    /// The headers, with names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body, without chunks.
    pub body: Vec<u8>,
}

impl Response {
    /// A header's value; empty if absent.
    pub fn header(&self, name: &str) -> &str {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str()).unwrap_or_default()
    }

    /// The body as text.
    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.body).expect("every body of ours is UTF-8")
    }
}

impl Line {
    /// Connects.
    pub fn open(address: &Address) -> Line {
        let stream = TcpStream::connect(address.dial()).expect("a connection");
        stream.set_read_timeout(Some(PATIENCE)).expect("a timeout");
        stream.set_write_timeout(Some(PATIENCE)).expect("a timeout");
        stream.set_nodelay(true).expect("a socket option");
        Line { stream, unread: Vec::new() }
    }

    /// Sends. The server may have closed the connection, so an error is ignored: what counts is the response.
    pub fn send(&mut self, bytes: &[u8]) {
        self.is_taken(bytes);
    }

    /// Sends, and returns whether all of it was sent.
    pub fn is_taken(&mut self, bytes: &[u8]) -> bool {
        self.stream.write_all(bytes).is_ok()
    }

    /// Sends, and waits until the server has read it, so that the next bytes come alone (Linux: `/proc/net/tcp`).
    pub fn send_alone(&mut self, bytes: &[u8]) {
        self.send(bytes);
        // A server that has closed the connection reads nothing more.
        let (Ok(here), Ok(there)) = (self.stream.local_addr(), self.stream.peer_addr()) else { return };
        let (here, there) = (format!("{:04X}", here.port()), format!("{:04X}", there.port()));
        // The columns of the server's end: its address, the client's, the state, and the send and receive queues.
        let is_read = |row: &str| {
            let columns: Vec<&str> = row.split_whitespace().collect();
            let [_, local, remote, _, queues, ..] = columns.as_slice() else { return true };
            !(local.ends_with(&there) && remote.ends_with(&here)) || queues.ends_with(":00000000")
        };
        let is_all_read =
            || std::fs::read_to_string("/proc/net/tcp").expect("Linux tells of its connections").lines().all(is_read);
        let deadline = Instant::now() + PATIENCE;
        while !is_all_read() {
            assert!(Instant::now() < deadline, "the server does not read");
            std::thread::yield_now();
        }
    }

    /// Waits at most so long for a read.
    pub fn wait_at_most(&self, patience: Duration) {
        self.stream.set_read_timeout(Some(patience)).expect("a timeout");
    }

    /// Closes the sending direction.
    pub fn end(&self) {
        let _ = self.stream.shutdown(Shutdown::Write);
    }

    /// The next byte, or `None` at the end.
    pub fn byte(&mut self) -> Option<u8> {
        self.fill(1).then(|| self.unread.remove(0))
    }

    /// The next bytes, or `None` if the end comes before.
    pub fn take(&mut self, count: usize) -> Option<Vec<u8>> {
        self.fill(count).then(|| self.unread.drain(..count).collect())
    }

    /// Whether the server closes the connection without another byte.
    pub fn is_at_end(&mut self) -> bool {
        !self.fill(1)
    }

    fn fill(&mut self, count: usize) -> bool {
        let mut buffer = [0; 64 * 1024];
        while self.unread.len() < count {
            match self.stream.read(&mut buffer) {
                Ok(0) => return false,
                Ok(read) => self.unread.extend_from_slice(&buffer[..read]),
                Err(error) if error.kind() == std::io::ErrorKind::ConnectionReset => return false,
                Err(error) => panic!("silence: {error}"),
            }
        }
        true
    }

    fn text_line(&mut self) -> Option<String> {
        let mut line = Vec::new();
        loop {
            match self.byte()? {
                b'\n' => break,
                byte => line.push(byte),
            }
        }
        Some(String::from_utf8(line).expect("a head is text").trim_end_matches('\r').to_owned())
    }

    /// The next response (RFC 9112 section 6), or `None` if the server has closed the connection.
    pub fn response(&mut self) -> Option<Response> {
        let response = self.head()?;
        self.body(response)
    }

    /// The head of the next response: the whole response to a HEAD request.
    pub fn head(&mut self) -> Option<Response> {
        let first = self.text_line()?;
        let rest = first.strip_prefix("HTTP/1.1 ").or_else(|| first.strip_prefix("HTTP/1.0 "));
        let status = rest.and_then(|rest| rest.get(..3)?.parse().ok());
        let status = status.unwrap_or_else(|| panic!("no status: {first}"));
        let mut headers = Vec::new();
        loop {
            let line = self.text_line().expect("a head has an end");
            let Some((name, value)) = line.split_once(':') else { break };
            headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
        }
        Some(Response { status, headers, body: Vec::new() })
    }

    fn body(&mut self, mut response: Response) -> Option<Response> {
        if matches!(response.status, 100..200 | 204 | 304) {
            return Some(response);
        }
        if response.header("transfer-encoding") == "chunked" {
            loop {
                let size = usize::from_str_radix(&self.text_line()?, 16).expect("a chunk has a size");
                response.body.extend(self.take(size)?);
                self.text_line()?;
                if size == 0 {
                    return Some(response);
                }
            }
        }
        response.body = match response.header("content-length").parse() {
            Ok(length) => self.take(length)?,
            // RFC 9112 section 6.3: without a length or chunks, the body ends with the connection.
            Err(_) => {
                assert!(response.header("connection").contains("close"), "a body has a length");
                iter::from_fn(|| self.byte()).collect()
            }
        };
        Some(response)
    }
}

/// An HTTP/1.1 request as bytes, with a length and a type if there is a body.
pub fn request(method: &str, target: &str, media_type: &str, body: &[u8]) -> Vec<u8> {
    request_with(method, target, media_type, &[], body)
}

/// The same with further headers.
pub fn request_with(method: &str, target: &str, media_type: &str, headers: &[(&str, &str)], body: &[u8]) -> Vec<u8> {
    let mut head = format!("{method} {target} HTTP/1.1\r\nhost: localhost\r\n");
    if !media_type.is_empty() {
        head.push_str(&format!("content-type: {media_type}\r\n"));
    }
    if !body.is_empty() || method == "POST" {
        head.push_str(&format!("content-length: {}\r\n", body.len()));
    }
    for (name, value) in headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    head.push_str("\r\n");
    [head.as_bytes(), body].concat()
}
