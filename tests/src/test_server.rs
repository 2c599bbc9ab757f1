//! A server for tests: the real shop over a temporary file, served on a free port.

use domain::shop::{Shop, ShopConfig};
use domain::store::Seed;
use domain::time::Timestamp;
use domain::webhooks::NoDispatcher;
use governor::clock::FakeRelativeClock;
use server::connections::Connections;
use server::ports::Ports;
use server::rate_limiter::GcraLimiter;
use server::running::Running;
use server::seed::{SeedSize, seed};
use std::path::Path;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, OnceLock};
use store::{Location, OpenError, Sqlite};
use tempfile::TempDir;
use tokio::runtime::Runtime;
use webhooks::Policy;
use wire::Address;
use wire::socket::SocketConfig;

/// The fixed time of the shop: 2026-11-20T19:30:00Z.
pub const NOW: Timestamp = Timestamp(1_795_203_000);

/// Worker threads of the server: more than one, so that what they share is really shared.
const WORKERS: usize = 2;

/// The runtime of the tests. The server's workers have threads of their own.
pub fn runtime() -> &'static Runtime {
    static RUNTIME: OnceLock<Runtime> = OnceLock::new();
    RUNTIME.get_or_init(|| {
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("a runtime")
    })
}

/// A shop over that file, with a clock that stands still. It accepts webhooks, but no worker sends deliveries, so they stay as
/// they were created.
pub fn shop_at(file: &Path, seed: Seed) -> (Shop, Ports) {
    let store = loop {
        match Sqlite::open(Location::File(file.to_owned()), seed.clone()) {
            // The threads of a server that was stopped may have it open for a moment.
            Err(OpenError::InUse { .. }) => std::thread::yield_now(),
            opened => break opened.expect("a store"),
        }
    };
    let settled = ShopConfig { clock: || NOW, allows_faults: true, rate_per_minute: 0 };
    let ports = Ports::new(&[7; 32], Some(server::ports::capture())).expect("a door");
    store.set_observer(ports.metrics.clone());
    // Rate limits don't recover: their clock stands still too.
    let ports = Ports { rate_limiter: Arc::new(GcraLimiter::with_clock(FakeRelativeClock::default())), ..ports };
    let shop = Shop::new(Arc::new(store)).with_config(settled).with_dispatcher(Arc::new(Policy::Local));
    (ports.attach(shop), ports)
}

/// The data of every new shop: the server's own seed.
pub fn standard_seed() -> Seed {
    seed(SeedSize::default())
}

/// A server that runs until it is dropped. Then it is stopped, and its folder removed.
pub struct TestServer {
    /// The shop itself, to be called without a protocol.
    pub shop: Shop,
    running: Option<Running>,
    folder: TempDir,
    sandboxes: AtomicU32,
}

impl TestServer {
    /// Starts a server.
    pub fn open() -> TestServer {
        TestServer::seeded(standard_seed())
    }

    /// Starts a server with another seed.
    pub fn seeded(seed: Seed) -> TestServer {
        TestServer::with(seed, SocketConfig::default(), |shop| shop)
    }

    /// Starts a server with another socket configuration.
    pub fn with_socket_config(rules: SocketConfig) -> TestServer {
        TestServer::with(standard_seed(), rules, |shop| shop)
    }

    /// Starts a server without `--webhooks`.
    pub fn without_webhooks() -> TestServer {
        TestServer::with(standard_seed(), SocketConfig::default(), |shop| shop.with_dispatcher(Arc::new(NoDispatcher)))
    }

    /// Starts a server with another seed, socket configuration and shop.
    pub fn with(seed: Seed, rules: SocketConfig, change: impl FnOnce(Shop) -> Shop) -> TestServer {
        let folder = tempfile::tempdir().expect("a folder");
        let (shop, ports) = shop_at(&folder.path().join("shop.db"), seed);
        let shop = change(shop);
        let running = Some(serve_by(shop.clone(), ports, rules));
        TestServer { shop, running, folder, sandboxes: AtomicU32::new(0) }
    }

    /// The running server.
    pub fn running(&self) -> &Running {
        self.running.as_ref().expect("it runs until it is dropped")
    }

    /// Its address.
    pub fn address(&self) -> Address {
        self.running().address()
    }

    /// A name that no other test of this server uses.
    pub fn new_name(&self) -> String {
        format!("test-{:03}", self.sandboxes.fetch_add(1, Ordering::Relaxed))
    }

    /// Stops the server, and leaves its files.
    pub async fn stop(&mut self) -> std::io::Result<()> {
        match self.running.take() {
            Some(running) => running.stop().await,
            None => Ok(()),
        }
    }
}

/// Serves a shop on a free port.
pub fn serve(shop: Shop, ports: Ports) -> Running {
    serve_by(shop, ports, SocketConfig::default())
}

fn serve_by(shop: Shop, ports: Ports, rules: SocketConfig) -> Running {
    let _inside = runtime().enter();
    Running::with_setup(("127.0.0.1", 0), WORKERS, shop, ports, Connections::default(), rules).expect("a server")
}

impl Drop for TestServer {
    fn drop(&mut self) {
        // A test that has failed already must not fail again here.
        let _ = runtime().block_on(self.stop());
        // A worker may still be closing the store, which creates files while the folder is removed.
        while self.folder.path().exists() && std::fs::remove_dir_all(self.folder.path()).is_err() {
            std::thread::yield_now();
        }
    }
}
