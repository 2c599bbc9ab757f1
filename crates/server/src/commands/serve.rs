//! `parlance serve`: opens the shop and serves it until it is asked to stop.

use super::output::{Problem, print_line};
use crate::app::Setup;
use crate::config::Serve;
use crate::connections::Connections;
use crate::pages::listing;
use crate::ports::Ports;
use crate::running::Running;
use crate::seed::{SeedSize, seed};
use domain::Sandbox;
use domain::shop::ShopConfig;
use std::io::{IsTerminal, stderr};
use std::sync::Arc;
use std::thread::available_parallelism;
use store::{Location, Sqlite};
use tracing_subscriber::EnvFilter;
use webhooks::{Sender, Worker};
use wire::Proxy;
use wire::socket::SocketConfig;

/// Serves until SIGTERM or Ctrl-C.
pub async fn serve(config: Serve) -> Result<(), Problem> {
    let filter = EnvFilter::try_new(&config.log).map_err(|error| format!("--log {}: {error}", config.log))?;
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(stderr).with_ansi(stderr().is_terminal()).init();
    let temporary = config.data.as_os_str() == "temporary";
    let place = if temporary { Location::Temporary } else { Location::File(config.data.clone()) };
    let size = SeedSize { users: config.seed_users, products: config.seed_products, orders: config.seed_orders };
    let store = Arc::new(Sqlite::open(place, seed(size))?);
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
    let running = Running::with_setup(config.listen, workers, shop.clone(), ports, Connections::default(), setup)
        .map_err(|error| format!("{}: {error}", config.listen))?;
    let webhook_worker = policy.map(Sender::new).transpose()?.map(|sender| Worker::start(shop, sender));
    let data = if temporary { "a temporary file".to_owned() } else { config.data.display().to_string() };
    let listing = listing(&running.address());
    // The server also runs if its output is closed.
    let _ = print_line(format_args!("{listing}\nThe data is in {data}. Press Ctrl-C to stop the server."));
    asked_to_stop().await?;
    eprintln!("Stopping after the requests in progress.");
    let webhooks_stopped = async {
        if let Some(worker) = webhook_worker {
            worker.stop().await;
        }
    };
    let (stopped, ()) = tokio::join!(running.stop(), webhooks_stopped);
    Ok(stopped?)
}

#[cfg(unix)]
async fn asked_to_stop() -> std::io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    tokio::select! {
        interrupted = tokio::signal::ctrl_c() => interrupted,
        _ = terminate.recv() => Ok(()),
    }
}

#[cfg(not(unix))]
async fn asked_to_stop() -> std::io::Result<()> {
    tokio::signal::ctrl_c().await
}
