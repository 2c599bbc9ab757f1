//! How is the server put together? The whole composition, on one screen.
//!
//! A connection is wrapped ([`ObservedStream`]) before actix sees it, so that every byte is seen; a request passes [`middleware`] (sandbox,
//! body) and CORS, is routed to its protocol's adapter, and goes through the shop's door.

use crate::door::Door;
use crate::expect::expect;
use crate::lines::{CONNECTIONS_MAX, Lines, TURNED_AWAY_MAX};
use crate::protocols::PROTOCOLS;
use crate::running::local;
use crate::{explorers, oauth, pages, sandboxes, seed};
use actix_http::{HttpService, KeepAlive, Protocol};
use actix_server::Server;
use actix_service::{IntoServiceFactory, ServiceFactoryExt, fn_service, map_config};
use actix_web::dev::AppConfig;
use actix_web::middleware::from_fn;
use actix_web::web::{self, Data};
use actix_web::{App, rt::net::TcpStream};
use domain::Shop;
use lab::{Lab, Setting};
use std::future::ready;
use std::io;
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::Duration;
use wire::Proxy;
use wire::cors::cors;
use wire::io::ObservedStream;
use wire::limits::WRITE_STALL_MS;
use wire::middleware::{BodyBudget, middleware};
use wire::shutdown::Shutdown;
use wire::socket::SocketConfig;

/// How long a connection may stay open between two requests.
const KEEP_ALIVE_MS: u64 = 75_000;
/// How long the head of a request may take to arrive.
const HEAD_TIMEOUT_MS: u64 = 10_000;
/// How long requests in flight may take to finish once the server is to stop.
pub const SHUTDOWN_TIMEOUT_MS: u64 = 10_000;

/// How a server speaks HTTP.
#[derive(Default)]
pub struct Setup {
    /// What goes for its WebSockets.
    pub rules: SocketConfig,
    /// Whether a proxy stands in front of it.
    pub proxy: Proxy,
}

impl From<SocketConfig> for Setup {
    fn from(rules: SocketConfig) -> Self {
        Setup { rules, ..Setup::default() }
    }
}

/// The server on a socket that listens already. It runs when awaited.
pub fn serve(
    listener: TcpListener,
    workers: usize,
    shop: Shop,
    door: Door,
    drain: Shutdown,
    lines: Arc<Lines>,
    Setup { rules, proxy }: Setup,
) -> io::Result<Server> {
    let lab = Data::new(Lab::new(Setting {
        own: local(listener.local_addr()?),
        styles: &PROTOCOLS,
        people: seed::people(),
        keeper: seed::keeper(),
        explorer: |style| explorers::of(style).next().map(|explorer| explorer.path),
        tap: door.tap.clone(),
    }));
    let (room, rules) = (Data::new(BodyBudget::default()), Data::new(rules));
    let server = Server::build()
        .workers(workers)
        // We count them ourselves: who waits to be accepted can't be told that there is no room.
        .max_concurrent_connections(CONNECTIONS_MAX + TURNED_AWAY_MAX)
        .shutdown_timeout(SHUTDOWN_TIMEOUT_MS.div_ceil(1_000))
        .disable_signals()
        .listen("parlance", listener, move || {
            let app = || {
                App::new()
                    .app_data(Data::new(shop.clone()))
                    .app_data(Data::new(door.clone()))
                    .app_data(Data::from(lines.clone()))
                    .app_data(Data::new(drain.clone()))
                    .app_data(room.clone())
                    .app_data(rules.clone())
                    .app_data(Data::new(proxy))
                    .app_data(lab.clone())
                    .configure(explorers::mount)
                    .configure(|config| PROTOCOLS.iter().for_each(|protocol| (protocol.mount)(config)))
                    .configure(oauth::mount)
                    .configure(lab::mount)
                    .configure(sandboxes::mount)
                    .configure(pages::mount)
                    .default_service(web::to(pages::nothing_here))
                    .wrap(from_fn(cors))
                    .wrap(from_fn(middleware))
            };
            let lines = lines.clone();
            fn_service(move |stream: TcpStream| ready(accept(stream, &lines)))
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

/// Wraps a connection, or turns it away if there is no room for it.
fn accept(
    stream: TcpStream,
    lines: &Arc<Lines>,
) -> io::Result<(ObservedStream<TcpStream>, Protocol, Option<SocketAddr>)> {
    let Some(line) = lines.open() else {
        actix_web::rt::spawn(lines.clone().turn_away(stream));
        return Err(io::Error::other("no room for another connection"));
    };
    // Small answers must not wait for the acknowledgement of the one before (Nagle's algorithm).
    stream.set_nodelay(true)?;
    let control = line.control();
    let io = ObservedStream::new(stream, line)
        .of_requests()
        .with_control(control)
        .with_linger()
        .with_stall(Duration::from_millis(WRITE_STALL_MS));
    let peer = io.peer();
    Ok((io, Protocol::Http1, Some(peer)))
}
