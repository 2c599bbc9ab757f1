//! The composition of the server, on one screen.
//!
//! A connection is wrapped in an [`ObservedStream`], which counts every byte. Its first bytes decide whether actix-http reads it as HTTP/1.1 or
//! [`http2`]. A request passes [`middleware`] (sandbox, body) and CORS, is routed to the adapter of its protocol, and runs through
//! the shop's pipeline.

use crate::connections::{CONNECTIONS_MAX, Connections, REJECTED_MAX};
use crate::expect::expect;
use crate::ports::Ports;
use crate::protocols::PROTOCOLS;
use crate::{explorers, http2, join, oauth, pages, sandboxes, seed};
use actix_http::{HttpService, KeepAlive, Protocol, Request};
use actix_server::Server;
use actix_service::{
    IntoServiceFactory, Service, ServiceFactory, ServiceFactoryExt, fn_factory, fn_service, map_config,
};
use actix_web::body::MessageBody;
use actix_web::dev::{AppConfig, ServiceResponse};
use actix_web::middleware::from_fn;
use actix_web::web::{self, Data};
use actix_web::{App, rt::net::TcpStream};
use domain::Shop;
use lab::{Lab, LabConfig};
use std::io;
use std::net::{SocketAddr, TcpListener};
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::AsyncWriteExt;
use tokio::time::timeout;
use wire::cors::cors;
use wire::io::ObservedStream;
use wire::limits::WRITE_STALL_MS;
use wire::middleware::{BodyBudget, middleware};
use wire::shutdown::Shutdown;
use wire::socket::SocketConfig;
use wire::{Address, Proxy};

/// How long a connection may stay open between two requests.
const KEEP_ALIVE_MS: u64 = 75_000;
/// How long the head of a request may take to arrive.
const HEAD_TIMEOUT_MS: u64 = 10_000;
/// How long requests in progress may take to finish after the server was asked to stop.
pub const SHUTDOWN_TIMEOUT_MS: u64 = 10_000;

/// RFC 9110 section 15.5.9, for a connection whose first bytes do not come: no protocol has been chosen yet.
const TOO_LATE: &[u8] = b"HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";

/// A connection for actix-http.
type Accepted = (ObservedStream<TcpStream>, Protocol, Option<SocketAddr>);

/// How a server speaks HTTP.
#[derive(Default)]
pub struct Setup {
    /// The settings of its WebSockets.
    pub sockets: SocketConfig,
    /// Whether a proxy in front of the server is trusted.
    pub proxy: Proxy,
}

impl From<SocketConfig> for Setup {
    fn from(sockets: SocketConfig) -> Self {
        Setup { sockets, ..Setup::default() }
    }
}

/// The server on a socket that already listens. It runs when it is awaited.
pub fn serve(
    listener: TcpListener,
    workers: usize,
    shop: Shop,
    ports: Ports,
    shutdown: Shutdown,
    connections: Arc<Connections>,
    Setup { sockets, proxy }: Setup,
) -> io::Result<Server> {
    let lab = Data::new(Lab::new(LabConfig {
        own: Address::local(listener.local_addr()?),
        styles: &PROTOCOLS,
        people: seed::people(),
        admin: seed::admin(),
        explorer: |style| explorers::of(style).next().map(|explorer| explorer.path),
        capture: ports.capture.clone(),
        learners: ports.learners.clone(),
    }));
    let (body_budget, sockets) = (Data::new(BodyBudget::default()), Data::new(sockets));
    let server = Server::build()
        .workers(workers)
        // `Connections` has the lower limit: a connection that is never accepted gets no answer.
        .max_concurrent_connections(CONNECTIONS_MAX + REJECTED_MAX)
        .shutdown_timeout(SHUTDOWN_TIMEOUT_MS.div_ceil(1_000))
        .disable_signals()
        .listen("parlance", listener, move || {
            let app = || {
                App::new()
                    .app_data(Data::new(shop.clone()))
                    .app_data(Data::new(ports.clone()))
                    .app_data(Data::from(connections.clone()))
                    .app_data(Data::new(shutdown.clone()))
                    .app_data(body_budget.clone())
                    .app_data(sockets.clone())
                    .app_data(Data::new(proxy))
                    .app_data(lab.clone())
                    .configure(explorers::mount)
                    .configure(pages::mount_styles)
                    .configure(|config| PROTOCOLS.iter().for_each(|protocol| (protocol.mount)(config)))
                    .configure(oauth::mount)
                    .configure(lab::mount)
                    .configure(sandboxes::mount)
                    .configure(join::mount)
                    .configure(pages::mount)
                    .default_service(web::to(pages::nothing_here))
                    .wrap(from_fn(cors))
                    .wrap(from_fn(middleware))
            };
            let (connections, shutdown, app_of_http2) =
                (connections.clone(), shutdown.clone(), Rc::new(app().into_factory()));
            fn_factory(move || accepting(app_of_http2.clone(), connections.clone(), shutdown.clone()))
                .map_err(actix_http::error::DispatchError::Io)
                .and_then(
                    HttpService::build()
                        .on_connect_ext(|io: &ObservedStream<TcpStream>, extensions| {
                            _ = extensions.insert(io.control())
                        })
                        .keep_alive(KeepAlive::Timeout(Duration::from_millis(KEEP_ALIVE_MS)))
                        .client_request_timeout(Duration::from_millis(HEAD_TIMEOUT_MS))
                        // From Close frame to the end of TCP: at once, as RFC 6455 section 7.1.1 asks of a server.
                        .client_disconnect_timeout(Duration::ZERO)
                        .expect(expect(app().into_factory()))
                        .finish(map_config(app().into_factory(), |()| AppConfig::default())),
                )
        })?;
    Ok(server.run())
}

/// The connections of HTTP/1.1 of one worker. Those of HTTP/2 are served here, and end as an error.
async fn accepting<A, B>(
    app: Rc<A>,
    connections: Arc<Connections>,
    shutdown: Shutdown,
) -> Result<impl Service<TcpStream, Response = Accepted, Error = io::Error>, A::InitError>
where
    A: ServiceFactory<Request, Config = AppConfig, Response = ServiceResponse<B>, Error = actix_web::Error>,
    A::Service: 'static,
    B: MessageBody + 'static,
{
    let app = Rc::new(app.new_service(AppConfig::default()).await?);
    Ok(fn_service(move |stream: TcpStream| {
        let (app, connections, shutdown) = (app.clone(), connections.clone(), shutdown.clone());
        async move {
            let mut io = accept(stream, &connections)?;
            let preface = timeout(Duration::from_millis(HEAD_TIMEOUT_MS), io.begins_with(wire::http2::PREFACE)).await;
            let Ok(is_http2) = preface else {
                io.write_all(TOO_LATE).await?;
                return Err(io::ErrorKind::TimedOut.into());
            };
            if is_http2? {
                http2::serve(io, app, shutdown).await;
                return Err(io::Error::other("served over HTTP/2"));
            }
            let peer = io.peer();
            Ok((io, Protocol::Http1, Some(peer)))
        }
    }))
}

/// Wraps a connection, or rejects it if there are too many.
fn accept(stream: TcpStream, connections: &Arc<Connections>) -> io::Result<ObservedStream<TcpStream>> {
    let Some(connection) = connections.open() else {
        actix_web::rt::spawn(connections.clone().reject(stream));
        return Err(io::Error::other("too many connections"));
    };
    // Nagle's algorithm would hold back small answers until the client acknowledges the one before.
    stream.set_nodelay(true)?;
    let control = connection.control();
    Ok(ObservedStream::new(stream, connection)
        .of_requests()
        .with_control(control)
        .with_linger()
        .with_stall(Duration::from_millis(WRITE_STALL_MS)))
}
