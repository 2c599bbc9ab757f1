//! A server that runs: how it starts, and how it stops without losing anything.

use crate::app::{SHUTDOWN_TIMEOUT_MS, Setup, serve};
use crate::connections::Connections;
use crate::ports::Ports;
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

/// How long push clients get for their closing handshake before idle connections are closed.
const CLOSING_MS: u64 = 250;

/// The timer of long polls. It also ends when the server shuts down, so that no request waits for longer.
struct UntilShutdown(Shutdown);

impl Timer for UntilShutdown {
    fn after(&self, ms: u32) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        let shutdown = self.0.clone();
        Box::pin(async move {
            tokio::select! {
                () = tokio::time::sleep(Duration::from_millis(ms.into())) => {}
                () = shutdown.started() => {}
            }
        })
    }
}

/// A server that runs.
pub struct Running {
    address: SocketAddr,
    shutdown: Shutdown,
    connections: Arc<Connections>,
    handle: ServerHandle,
    server: JoinHandle<io::Result<()>>,
    sweepers: Vec<JoinHandle<()>>,
}

impl Running {
    /// Starts a server. Port 0 stands for any free port.
    pub fn start(listen: impl ToSocketAddrs, workers: usize, shop: Shop, ports: Ports) -> io::Result<Running> {
        Running::with_connections(listen, workers, shop, ports, Connections::default())
    }

    /// The same with another limit of connections.
    pub fn with_connections(
        listen: impl ToSocketAddrs,
        workers: usize,
        shop: Shop,
        ports: Ports,
        connections: Connections,
    ) -> io::Result<Running> {
        Running::with_setup(listen, workers, shop, ports, connections, Setup::default())
    }

    /// The same with settings for HTTP and WebSocket.
    pub fn with_setup(
        listen: impl ToSocketAddrs,
        workers: usize,
        shop: Shop,
        ports: Ports,
        connections: Connections,
        setup: impl Into<Setup>,
    ) -> io::Result<Running> {
        let listener = TcpListener::bind(listen)?;
        listener.set_nonblocking(true)?;
        // Accepted connections inherit this limit of what a client may leave unread.
        SockRef::from(&listener).set_send_buffer_size(UNREAD_BYTES_MAX)?;
        let address = listener.local_addr()?;
        let (capture, learners) = (ports.capture.clone(), ports.learners.clone());
        let connections = capture.iter().cloned().fold(connections, Connections::with_capture);
        let (shutdown, connections) = (Shutdown::default(), Arc::new(connections));
        let shop = shop.with_timer(Arc::new(UntilShutdown(shutdown.clone())));
        let exercises = learners.map(|learners| tokio::spawn(learners.run(shop.clone())));
        let server = serve(listener, workers, shop, ports, shutdown.clone(), connections.clone(), setup.into())?;
        let handle = server.handle();
        let sweeper = tokio::spawn(connections.clone().sweep());
        let sweepers = capture
            .map(|capture| tokio::spawn(capture.sweep()))
            .into_iter()
            .chain(exercises)
            .chain([sweeper])
            .collect();
        Ok(Running { address, shutdown, connections, handle, server: tokio::spawn(server), sweepers })
    }

    /// The socket address that it listens on.
    pub fn socket(&self) -> SocketAddr {
        self.address
    }

    /// Its URL for a client on this machine.
    pub fn address(&self) -> Address {
        Address::local(self.address)
    }

    /// Its connections.
    pub fn connections(&self) -> &Connections {
        &self.connections
    }

    /// Stops the server: WebSockets are closed with 1001, streams end, and requests in progress finish within [`SHUTDOWN_TIMEOUT_MS`].
    pub async fn stop(self) -> io::Result<()> {
        self.sweepers.iter().for_each(JoinHandle::abort);
        self.shutdown.start();
        let stopped = self.handle.stop(true);
        tokio::time::sleep(Duration::from_millis(CLOSING_MS)).await;
        self.connections.drain();
        let limit = Duration::from_millis(SHUTDOWN_TIMEOUT_MS + CLOSING_MS);
        // After the limit, the server is dropped with whatever has not ended.
        let _ = tokio::time::timeout(limit, stopped).await;
        match tokio::time::timeout(limit, self.server).await {
            Ok(Ok(ended)) => ended,
            Ok(Err(panicked)) => Err(io::Error::other(panicked)),
            Err(_) => Err(io::Error::new(io::ErrorKind::TimedOut, "the server did not stop in time")),
        }
    }
}
