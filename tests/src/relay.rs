//! A relay between a client and a server that counts bytes independently of both.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use wire::Address;

/// Forwards what arrives at a port of its own, and counts it.
pub struct Relay {
    listens_at: SocketAddr,
    lines: Arc<Mutex<Vec<Arc<Counts>>>>,
    open: Arc<AtomicUsize>,
    accepting: JoinHandle<()>,
}

/// The bytes of one connection.
#[derive(Default)]
struct Counts {
    to_server: AtomicU64,
    to_client: AtomicU64,
}

impl Relay {
    /// A relay to that server.
    pub async fn to(server: SocketAddr) -> Relay {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let listens_at = listener.local_addr().unwrap();
        let (lines, open) = (Arc::new(Mutex::new(Vec::new())), Arc::new(AtomicUsize::new(0)));
        let (all, opened) = (lines.clone(), open.clone());
        let accepting = tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let server = TcpStream::connect(server).await.unwrap();
                let counts = Arc::new(Counts::default());
                all.lock().unwrap().push(counts.clone());
                let (from_client, to_client) = client.into_split();
                let (from_server, to_server) = server.into_split();
                opened.fetch_add(2, Ordering::SeqCst);
                let (there, back) = (counts.clone(), counts);
                tokio::spawn(pass(from_client, to_server, opened.clone(), move |n| add(&there.to_server, n)));
                tokio::spawn(pass(from_server, to_client, opened.clone(), move |n| add(&back.to_client, n)));
            }
        });
        Relay { listens_at, lines, open, accepting }
    }

    /// The address for clients.
    pub fn address(&self) -> Address {
        Address { tls: false, authority: self.listens_at.to_string(), prefix: String::new() }
    }

    /// For each connection, in order of arrival: the bytes to the server and the bytes to the client.
    pub fn counts(&self) -> Vec<(u64, u64)> {
        let count = |count: &AtomicU64| count.load(Ordering::SeqCst);
        self.lines.lock().unwrap().iter().map(|line| (count(&line.to_server), count(&line.to_client))).collect()
    }

    /// The same, once every connection has ended on both sides.
    pub async fn counts_at_end(&self) -> Vec<(u64, u64)> {
        while self.open.load(Ordering::SeqCst) > 0 {
            tokio::task::yield_now().await;
        }
        self.counts()
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

fn add(count: &AtomicU64, bytes: usize) {
    count.fetch_add(bytes as u64, Ordering::SeqCst);
}

/// Forwards until the end, and counts before forwarding: what has arrived has been counted.
async fn pass(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, open: Arc<AtomicUsize>, count: impl Fn(usize)) {
    let mut buffer = vec![0; 64 * 1024];
    while let Ok(read) = from.read(&mut buffer).await {
        if read == 0 {
            break;
        }
        count(read);
        if to.write_all(&buffer[..read]).await.is_err() {
            break;
        }
    }
    let _ = to.shutdown().await;
    open.fetch_sub(1, Ordering::SeqCst);
}
