//! Thousands of listeners, each on a connection of its own, with as little work per event as possible.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::{Duration, Instant};
use tests::frames::{CLOSE, PING, PONG, TEXT, masked};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};
use tokio::sync::Notify;
use tokio::task::{JoinHandle, spawn_local};
use tokio::time::timeout;

/// A server that takes longer is broken.
const PATIENCE: Duration = Duration::from_secs(60);
/// Streams of one socket that is never read: enough to fill every buffer.
const STREAMS: usize = 32;

/// The channel of a listener.
#[derive(Clone, Copy, PartialEq)]
pub enum Channel {
    /// Over `/ws`.
    WebSocket,
    /// Over `/rest/events`.
    Events,
}

/// The listeners, until they are dropped.
pub struct Crowd {
    size: usize,
    received: Rc<Received>,
    listening: Vec<JoinHandle<()>>,
}

/// When they received events.
struct Received {
    sent_at: Cell<Instant>,
    after: RefCell<Vec<Duration>>,
    all: Notify,
}

impl Received {
    /// A listener received so many; the last of all reports.
    fn note(&self, events: usize, size: usize) {
        let mut after = self.after.borrow_mut();
        after.extend((0..events).map(|_| self.sent_at.get().elapsed()));
        if events > 0 && after.len() >= size {
            self.all.notify_one();
        }
    }
}

impl Crowd {
    /// Connects so many listeners.
    pub async fn gather(address: &str, channel: Channel, size: usize) -> Crowd {
        let (sent_at, after) = (Cell::new(Instant::now()), RefCell::default());
        let received = Rc::new(Received { sent_at, after, all: Notify::new() });
        let mut listening = Vec::new();
        for _ in 0..size {
            let (stream, unread) =
                open(TcpStream::connect(address).await.expect("it listens"), channel, &[WATCH]).await;
            listening.push(spawn_local(listen(stream, unread, channel, received.clone(), size)));
        }
        Crowd { size, received, listening }
    }

    /// Triggers an event and waits until all have received it. Returns their delays, sorted.
    pub async fn deliver(&self, trigger: impl Future<Output = ()>) -> Vec<Duration> {
        self.received.after.borrow_mut().clear();
        self.received.sent_at.set(Instant::now());
        trigger.await;
        let result = async {
            while self.received.after.borrow().len() < self.size {
                self.received.all.notified().await;
            }
        };
        timeout(PATIENCE, result).await.expect("every listener receives it");
        let mut after = self.received.after.take();
        after.sort_unstable();
        after
    }
}

impl Drop for Crowd {
    fn drop(&mut self) {
        self.listening.iter().for_each(JoinHandle::abort);
    }
}

/// Sockets that request the whole log many times and never read.
pub async fn deaf(address: &str, count: usize) -> Vec<TcpStream> {
    let requests: Vec<String> =
        (0..STREAMS).map(|id| format!(r#"{{"id":"{id}","op":"watch_events","params":{{"after":0}}}}"#)).collect();
    let requests: Vec<&str> = requests.iter().map(String::as_str).collect();
    let mut streams = Vec::new();
    for _ in 0..count {
        let socket = TcpSocket::new_v4().expect("a socket");
        socket.set_recv_buffer_size(16 * 1024).expect("a socket option");
        let stream = socket.connect(address.parse().expect("an address")).await.expect("it listens");
        streams.push(open(stream, Channel::WebSocket, &requests).await.0);
    }
    streams
}

const WATCH: &str = r#"{"id":"1","op":"watch_events","params":{}}"#;

/// Sends a request and reads the head of the response; what came after it stays unread.
async fn open(mut stream: TcpStream, channel: Channel, messages: &[&str]) -> (TcpStream, Vec<u8>) {
    let opening = match channel {
        Channel::WebSocket => {
            "GET /ws HTTP/1.1\r\nhost: a\r\nconnection: upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\n\
             sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
        }
        Channel::Events => "GET /rest/events HTTP/1.1\r\nhost: a\r\naccept: text/event-stream\r\n\r\n",
    };
    stream.write_all(opening.as_bytes()).await.expect("it is sent");
    let mut unread = until(&mut stream, Vec::new(), b"\r\n\r\n").await;
    match channel {
        Channel::WebSocket => {
            let bytes: Vec<u8> = messages.iter().flat_map(|message| masked(TEXT, message.as_bytes())).collect();
            stream.write_all(&bytes).await.expect("it is sent");
            unread = until(&mut stream, unread, br#""ok":{}}"#).await;
        }
        // The first block says that the stream has started.
        Channel::Events => unread = until(&mut stream, unread, b"\n\n").await,
    }
    (stream, unread)
}

/// Reads up to these bytes; returns what came after them.
async fn until(stream: &mut TcpStream, mut read: Vec<u8>, end: &[u8]) -> Vec<u8> {
    loop {
        if let Some(at) = find(&read, end) {
            return read.split_off(at + end.len());
        }
        let count = timeout(PATIENCE, stream.read_buf(&mut read)).await.expect("an answer").expect("an answer");
        assert!(count > 0, "hung up: {}", String::from_utf8_lossy(&read));
    }
}

fn find(bytes: &[u8], sought: &[u8]) -> Option<usize> {
    bytes.windows(sought.len()).position(|window| window == sought)
}

async fn listen(mut stream: TcpStream, mut unread: Vec<u8>, channel: Channel, received: Rc<Received>, size: usize) {
    loop {
        let (events, pings) = match channel {
            Channel::WebSocket => take_frames(&mut unread),
            Channel::Events => (take_blocks(&mut unread), 0),
        };
        received.note(events, size);
        for _ in 0..pings {
            // RFC 6455 section 5.5.3: a pong has the ping's payload, which is empty.
            stream.write_all(&masked(PONG, b"")).await.expect("it is sent");
        }
        if !matches!(stream.read_buf(&mut unread).await, Ok(1..)) {
            return;
        }
    }
}

/// Removes whole frames; returns the numbers of events and pings.
fn take_frames(unread: &mut Vec<u8>) -> (usize, usize) {
    let (mut events, mut pings, mut at) = (0, 0, 0);
    while let [first, second, rest @ ..] = &unread[at..] {
        let (length, rest, head) = match (second, rest) {
            (126, [high, low, rest @ ..]) => (usize::from(u16::from_be_bytes([*high, *low])), rest, 4),
            (126, _) => break,
            (length, rest) => (usize::from(*length), rest, 2),
        };
        let Some(payload) = rest.get(..length) else { break };
        match *first {
            TEXT => events += usize::from(find(payload, b"\"seq\"").is_some()),
            PING => pings += 1,
            CLOSE => panic!("closed: {}", String::from_utf8_lossy(payload)),
            _ => {}
        }
        at += head + length;
    }
    unread.drain(..at);
    (events, pings)
}

/// Removes whole blocks, with HTTP's chunk lines between; returns the number of events.
fn take_blocks(unread: &mut Vec<u8>) -> usize {
    let mut events = 0;
    while let Some(end) = find(unread, b"\n\n") {
        events += usize::from(find(&unread[..end], b"data: ").is_some());
        unread.drain(..end + 2);
    }
    events
}
