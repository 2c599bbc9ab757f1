//! Who listens, thousands at once? Each on a connection of its own, with as little work for an event as can be.

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
/// Streams of one socket that is never read from: enough to fill every buffer at once.
const STREAMS: usize = 32;

/// How one listens.
#[derive(Clone, Copy, PartialEq)]
pub enum Way {
    /// Over `/ws`.
    WebSocket,
    /// Over `/rest/events`.
    Events,
}

/// Those who listen, until they are dropped.
pub struct Crowd {
    size: usize,
    told: Rc<Told>,
    listening: Vec<JoinHandle<()>>,
}

/// When they were told.
struct Told {
    said: Cell<Instant>,
    after: RefCell<Vec<Duration>>,
    all: Notify,
}

impl Told {
    /// Somebody was told so many; the last of all says so.
    fn note(&self, events: usize, size: usize) {
        let mut after = self.after.borrow_mut();
        after.extend((0..events).map(|_| self.said.get().elapsed()));
        if events > 0 && after.len() >= size {
            self.all.notify_one();
        }
    }
}

impl Crowd {
    /// Gathers so many.
    pub async fn gather(address: &str, way: Way, size: usize) -> Crowd {
        let (said, after) = (Cell::new(Instant::now()), RefCell::default());
        let told = Rc::new(Told { said, after, all: Notify::new() });
        let mut listening = Vec::new();
        for _ in 0..size {
            let (stream, unread) = open(TcpStream::connect(address).await.expect("it listens"), way, &[WATCH]).await;
            listening.push(spawn_local(listen(stream, unread, way, told.clone(), size)));
        }
        Crowd { size, told, listening }
    }

    /// Lets something be said, and waits until everybody was told. Gives when each was, from the shortest time on.
    pub async fn hear(&self, saying: impl Future<Output = ()>) -> Vec<Duration> {
        self.told.after.borrow_mut().clear();
        self.told.said.set(Instant::now());
        saying.await;
        let heard = async {
            while self.told.after.borrow().len() < self.size {
                self.told.all.notified().await;
            }
        };
        timeout(PATIENCE, heard).await.expect("everybody is told");
        let mut after = self.told.after.take();
        after.sort_unstable();
        after
    }
}

impl Drop for Crowd {
    fn drop(&mut self) {
        self.listening.iter().for_each(JoinHandle::abort);
    }
}

/// Sockets that ask for the whole log many times over, and of which nobody reads what comes.
pub async fn deaf(address: &str, count: usize) -> Vec<TcpStream> {
    let asked: Vec<String> =
        (0..STREAMS).map(|id| format!(r#"{{"id":"{id}","op":"watch_events","params":{{"after":0}}}}"#)).collect();
    let asked: Vec<&str> = asked.iter().map(String::as_str).collect();
    let mut streams = Vec::new();
    for _ in 0..count {
        let socket = TcpSocket::new_v4().expect("a socket");
        socket.set_recv_buffer_size(16 * 1024).expect("a socket option");
        let stream = socket.connect(address.parse().expect("an address")).await.expect("it listens");
        streams.push(open(stream, Way::WebSocket, &asked).await.0);
    }
    streams
}

const WATCH: &str = r#"{"id":"1","op":"watch_events","params":{}}"#;

/// Asks, and reads until it is answered. What has come beyond the head is unread still.
async fn open(mut stream: TcpStream, way: Way, messages: &[&str]) -> (TcpStream, Vec<u8>) {
    let opening = match way {
        Way::WebSocket => {
            "GET /ws HTTP/1.1\r\nhost: a\r\nconnection: upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\n\
             sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
        }
        Way::Events => "GET /rest/events HTTP/1.1\r\nhost: a\r\naccept: text/event-stream\r\n\r\n",
    };
    stream.write_all(opening.as_bytes()).await.expect("it is sent");
    let mut unread = until(&mut stream, Vec::new(), b"\r\n\r\n").await;
    match way {
        Way::WebSocket => {
            let said: Vec<u8> = messages.iter().flat_map(|message| masked(TEXT, message.as_bytes())).collect();
            stream.write_all(&said).await.expect("it is sent");
            unread = until(&mut stream, unread, br#""ok":{}}"#).await;
        }
        // The first block says that the stream has begun.
        Way::Events => unread = until(&mut stream, unread, b"\n\n").await,
    }
    (stream, unread)
}

/// Reads until these bytes have come; gives what has come beyond them.
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

async fn listen(mut stream: TcpStream, mut unread: Vec<u8>, way: Way, told: Rc<Told>, size: usize) {
    loop {
        let (events, pings) = match way {
            Way::WebSocket => take_frames(&mut unread),
            Way::Events => (take_blocks(&mut unread), 0),
        };
        told.note(events, size);
        for _ in 0..pings {
            // RFC 6455 section 5.5.3: a pong, with what the ping holds, which is nothing.
            stream.write_all(&masked(PONG, b"")).await.expect("it is sent");
        }
        if !matches!(stream.read_buf(&mut unread).await, Ok(1..)) {
            return;
        }
    }
}

/// Takes whole frames out; gives how many were events, and how many pings.
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

/// Takes whole blocks out, with the lines of HTTP's chunks between; gives how many were events.
fn take_blocks(unread: &mut Vec<u8>) -> usize {
    let mut events = 0;
    while let Some(end) = find(unread, b"\n\n") {
        events += usize::from(find(&unread[..end], b"data: ").is_some());
        unread.drain(..end + 2);
    }
    events
}
