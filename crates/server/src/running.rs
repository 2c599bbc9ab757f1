//! How does a server start, and how does it stop without losing anything?

use crate::app::{SHUTDOWN_TIMEOUT_MS, Setup, serve};
use crate::door::Door;
use crate::lines::Lines;
use actix_server::ServerHandle;
use domain::Shop;
use domain::long_poll::Timer;
use socket2::SockRef;
use std::io;
use std::net::{SocketAddr, TcpListener, ToSocketAddrs};
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::task::JoinHandle;
use wire::Address;
use wire::limits::UNREAD_BYTES_MAX;
use wire::shutdown::Shutdown;

/// How long push clients get to say good-bye before idle connections are hung up.
const GOOD_BYE_MS: u64 = 250;

/// Rings after a while, or when the server is to stop: then nobody is kept waiting.
struct UntilDrained(Shutdown);

impl Timer for UntilDrained {
    fn after(&self, ms: u32) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        let drain = self.0.clone();
        Box::pin(async move {
            tokio::select! {
                () = tokio::time::sleep(Duration::from_millis(ms.into())) => {}
                () = drain.started() => {}
            }
        })
    }
}

/// The address of who listens there, as a client on this machine uses it.
pub fn local(mut address: SocketAddr) -> Address {
    if address.ip().is_unspecified() {
        address.set_ip(std::net::Ipv4Addr::LOCALHOST.into());
    }
    Address { tls: false, authority: address.to_string(), prefix: String::new() }
}

/// A server that runs.
pub struct Running {
    address: SocketAddr,
    drain: Shutdown,
    lines: Arc<Lines>,
    handle: ServerHandle,
    server: JoinHandle<io::Result<()>>,
    sweepers: Vec<JoinHandle<()>>,
}

impl Running {
    /// Starts a server; port 0 is a free one.
    pub fn start(listen: impl ToSocketAddrs, workers: usize, shop: Shop, door: Door) -> io::Result<Running> {
        Running::with_lines(listen, workers, shop, door, Lines::default())
    }

    /// The same with room for other than the usual number of connections.
    pub fn with_lines(
        listen: impl ToSocketAddrs,
        workers: usize,
        shop: Shop,
        door: Door,
        lines: Lines,
    ) -> io::Result<Running> {
        Running::with_rules(listen, workers, shop, door, lines, Setup::default())
    }

    /// The same with another than the usual setup.
    pub fn with_rules(
        listen: impl ToSocketAddrs,
        workers: usize,
        shop: Shop,
        door: Door,
        lines: Lines,
        setup: impl Into<Setup>,
    ) -> io::Result<Running> {
        let listener = TcpListener::bind(listen)?;
        listener.set_nonblocking(true)?;
        // Accepted connections inherit it: what a client leaves unread takes no more memory than this.
        SockRef::from(&listener).set_send_buffer_size(UNREAD_BYTES_MAX)?;
        let address = listener.local_addr()?;
        let tap = door.tap.clone();
        let lines = tap.iter().cloned().fold(lines, Lines::tapped);
        let (drain, lines) = (Shutdown::default(), Arc::new(lines));
        let shop = shop.with_timer(Arc::new(UntilDrained(drain.clone())));
        let server = serve(listener, workers, shop, door, drain.clone(), lines.clone(), setup.into())?;
        let handle = server.handle();
        let sweeper = tokio::spawn(lines.clone().sweep());
        let sweepers = tap.map(|tap| tokio::spawn(tap.sweep())).into_iter().chain([sweeper]).collect();
        Ok(Running { address, drain, lines, handle, server: tokio::spawn(server), sweepers })
    }

    /// Where it listens.
    pub fn socket(&self) -> SocketAddr {
        self.address
    }

    /// Its address, as a client on this machine uses it.
    pub fn address(&self) -> Address {
        local(self.address)
    }

    /// Its connections.
    pub fn lines(&self) -> &Lines {
        &self.lines
    }

    /// Stops it: sockets are closed with 1001, streams end, requests in flight are finished, within the named limit.
    pub async fn stop(self) -> io::Result<()> {
        self.sweepers.iter().for_each(JoinHandle::abort);
        self.drain.start();
        let stopped = self.handle.stop(true);
        tokio::time::sleep(Duration::from_millis(GOOD_BYE_MS)).await;
        self.lines.hang_up();
        let limit = Duration::from_millis(SHUTDOWN_TIMEOUT_MS + GOOD_BYE_MS);
        // Past the limit, what has not ended is cut off by dropping the server.
        let _ = tokio::time::timeout(limit, stopped).await;
        match tokio::time::timeout(limit, self.server).await {
            Ok(Ok(ended)) => ended,
            Ok(Err(panicked)) => Err(io::Error::other(panicked)),
            Err(_) => Err(io::Error::new(io::ErrorKind::TimedOut, "the server did not stop in time")),
        }
    }
}
