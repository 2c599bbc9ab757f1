//! `parlance serve`: opens the shop and serves it until it is asked to stop.

use super::arguments::probe;
use super::output::{Problem, Usage, print_line};
use crate::app::Setup;
use crate::config::Serve;
use crate::connections::Connections;
use crate::pages::listing;
use crate::ports::Ports;
use crate::running::Running;
use crate::seed::{SeedSize, seed};
use domain::Sandbox;
use domain::shop::ShopConfig;
use std::io::{self, ErrorKind, IsTerminal, stderr};
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::thread::available_parallelism;
use std::time::Duration;
use store::{Location, OpenError, Sqlite};
use tokio::time::timeout;
use tracing_subscriber::EnvFilter;
use webhooks::{Sender, Worker};
use wire::socket::SocketConfig;
use wire::{Address, Proxy};

/// From this port on, every user may listen.
const FREE_PORTS: u16 = 1_024;
/// How long another program may take to show that it is Parlance.
const PROBE_TIMEOUT_MS: u64 = 2_000;

/// Serves until SIGTERM or Ctrl-C.
pub async fn serve(config: Serve) -> Result<(), Problem> {
    let filter = EnvFilter::try_new(&config.log).map_err(|error| Usage(format!("--log {}: {error}", config.log)))?;
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(stderr).with_ansi(stderr().is_terminal()).init();
    let temporary = config.data.as_os_str() == "temporary";
    let place = if temporary { Location::Temporary } else { Location::File(config.data.clone()) };
    let size = SeedSize { users: config.seed_users, products: config.seed_products, orders: config.seed_orders };
    let store = Arc::new(Sqlite::open(place, seed(size)).map_err(data_problem)?);
    let shop_config =
        ShopConfig { rate_per_minute: config.rate_per_minute, allows_faults: config.faults, ..ShopConfig::default() };
    let (shop, ports) = Ports::open(store.clone(), shop_config)?;
    let policy = config.webhooks_policy();
    let shop = policy.map_or(shop.clone(), |policy| shop.with_dispatcher(Arc::new(policy)));
    if !domain::store::Store::exists(&*store, &Sandbox::main()) {
        shop.store().reset(&Sandbox::main()).await?;
    }
    let workers = available_parallelism().map_or(2, usize::from);
    let sockets = SocketConfig {
        message_bytes_max: config.message_bytes_max,
        heartbeat_ms: config.heartbeat * 1_000,
        origins: config.allow_origin,
        ..SocketConfig::default()
    };
    let setup = Setup { sockets, proxy: if config.behind_proxy { Proxy::Trusted } else { Proxy::Absent } };
    let running = match Running::with_setup(config.listen, workers, shop.clone(), ports, Connections::default(), setup)
    {
        Ok(running) => running,
        Err(error) => return Err(listen_problem(config.listen, &error).await.into()),
    };
    let webhook_worker = policy.map(Sender::new).transpose()?.map(|sender| Worker::start(shop, sender));
    let data = if temporary { "a temporary file".to_owned() } else { config.data.display().to_string() };
    let (listing, others) = (listing(&running.address()), for_others(running.socket()));
    // The server also runs if its output is closed.
    let _ = print_line(format_args!("{listing}\n{others}The data is in {data}. Press Ctrl-C to stop the server."));
    tokio::select! {
        asked = asked_to_stop() => {
            asked?;
            eprintln!("Stopping after the requests in progress.");
        }
        () = input_ends(), if config.until_input_ends => {}
    }
    let webhooks_stopped = async {
        if let Some(worker) = webhook_worker {
            worker.stop().await;
        }
    };
    let (stopped, ()) = tokio::join!(running.stop(), webhooks_stopped);
    Ok(stopped?)
}

/// Why the data can't be opened, and what to do.
fn data_problem(error: OpenError) -> String {
    let anew = "to start anew, choose another file (--data new.db) or none (--data temporary)";
    match &error {
        OpenError::InUse { .. } => format!("{error}; stop that one, or choose another file with --data"),
        OpenError::Foreign { .. } => format!("{error}, or it is damaged; it was not changed; {anew}"),
        OpenError::Newer { .. } => format!("{error}; use that program, or, {anew}"),
        OpenError::Database { .. } => format!("{error}; {anew}"),
        OpenError::Io { .. } => format!("{error}; choose a file in a folder that can be written, with --data"),
        OpenError::Library { .. } => error.to_string(),
    }
}

/// Why the server can't listen there, and what to do.
async fn listen_problem(socket: SocketAddr, error: &io::Error) -> String {
    let port = socket.port().checked_add(1).filter(|port| *port > FREE_PORTS).unwrap_or(8080);
    let another = SocketAddr::new(socket.ip(), port);
    match error.kind() {
        ErrorKind::AddrInUse => {
            match timeout(Duration::from_millis(PROBE_TIMEOUT_MS), probe(&Address::local(socket))).await {
                Ok(Ok(true)) => format!(
                    "another Parlance server listens on {socket} already: use it at {}, or choose another port: --listen {another}",
                    Address::local(socket)
                ),
                _ => format!("another program listens on {socket} already; choose another port: --listen {another}"),
            }
        }
        ErrorKind::PermissionDenied => {
            format!("{socket}: {error}; ports below {FREE_PORTS} need special rights: --listen {another}")
        }
        ErrorKind::AddrNotAvailable => {
            format!("this machine does not have the address {}; 0.0.0.0 stands for all that it has", socket.ip())
        }
        _ => format!("{socket}: {error}"),
    }
}

/// The addresses at which other machines reach a server that listens on all interfaces.
fn for_others(socket: SocketAddr) -> String {
    if !socket.ip().is_unspecified() {
        return String::new();
    }
    let is_reachable = |ip: &IpAddr| !ip.is_loopback() && (ip.is_ipv4() || socket.is_ipv6());
    let found = if_addrs::get_if_addrs().unwrap_or_default().into_iter().map(|interface| interface.ip());
    let addresses: Vec<_> = found.filter(is_reachable).map(|ip| Address::local((ip, socket.port()).into())).collect();
    let lines = |path: &str| addresses.iter().map(|address| format!("  {}\n", address.http(path))).collect::<String>();
    format!("From other machines, the shop is at\n{}and a class joins at\n{}\n", lines(""), lines("/class/join"))
}

/// Waits for the end of the standard input: whatever becomes of the program at its other end, it ends with it.
async fn input_ends() {
    let (ended, is_ended) = tokio::sync::oneshot::channel();
    // A thread of its own, for which the end of the process need not wait.
    std::thread::spawn(move || {
        let _ = io::copy(&mut io::stdin(), &mut io::sink());
        let _ = ended.send(());
    });
    let _ = is_ended.await;
}

#[cfg(unix)]
async fn asked_to_stop() -> io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    tokio::select! {
        interrupted = tokio::signal::ctrl_c() => interrupted,
        _ = terminate.recv() => Ok(()),
    }
}

#[cfg(not(unix))]
async fn asked_to_stop() -> io::Result<()> {
    tokio::signal::ctrl_c().await
}
