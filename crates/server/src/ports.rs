//! The server's implementations of the shop's ports (credentials, rate limits, metrics), and its traffic capture.

use crate::metrics::Metrics;
use crate::protocols::PROTOCOLS;
use crate::rate_limiter::GcraLimiter;
use auth::LocalAuthenticator;
use domain::Shop;
use domain::rate_limit::RateLimiter;
use domain::shop::ShopConfig;
use lab::capture::TrafficCapture;
use lab::exercises::Learners;
use std::error::Error;
use std::sync::Arc;
use store::Sqlite;

/// All of them. Cheap to clone.
#[derive(Clone)]
pub struct Ports {
    /// Checks credentials and issues tokens.
    pub authenticator: Arc<LocalAuthenticator>,
    /// Limits how often each caller may call.
    pub rate_limiter: Arc<dyn RateLimiter>,
    /// Counts operations and writes the audit log.
    pub metrics: Arc<Metrics>,
    /// Records the traffic that the lab shows; `None` in a server without it.
    pub capture: Option<Arc<TrafficCapture>>,
    /// Recognises exercises in the traffic.
    pub learners: Option<Arc<Learners>>,
}

impl Ports {
    /// Ports whose authenticator signs tokens with this secret.
    pub fn new(secret: &[u8], capture: Option<Arc<TrafficCapture>>) -> Result<Self, Box<dyn Error>> {
        Ok(Ports {
            authenticator: Arc::new(LocalAuthenticator::new(secret)?),
            rate_limiter: Arc::new(GcraLimiter::default()),
            metrics: Arc::new(Metrics::new(capture.clone())?),
            learners: capture.as_ref().map(Learners::new),
            capture,
        })
    }

    /// A shop over a store, and its ports. The secret is the store's, so that tokens stay good after a restart.
    pub fn open(store: Arc<Sqlite>, config: ShopConfig) -> Result<(Shop, Ports), Box<dyn Error>> {
        Ports::open_with(store, config, Some(capture()))
    }

    /// Like [`Ports::open`], with this capture or without one.
    pub fn open_with(
        store: Arc<Sqlite>,
        config: ShopConfig,
        capture: Option<Arc<TrafficCapture>>,
    ) -> Result<(Shop, Ports), Box<dyn Error>> {
        let ports = Ports::new(&store.secret("token-key", LocalAuthenticator::new_seed)?, capture)?;
        store.set_observer(ports.metrics.clone());
        let shop = ports.attach(Shop::new(store).with_config(config));
        Ok((shop, ports))
    }

    /// The shop with these ports.
    pub fn attach(&self, shop: Shop) -> Shop {
        let shop = shop.with_authenticator(self.authenticator.clone()).with_rate_limiter(self.rate_limiter.clone());
        shop.with_observer(self.metrics.clone())
    }
}

/// A capture of all connections; it recognises the styles by their paths.
pub fn capture() -> Arc<TrafficCapture> {
    Arc::new(TrafficCapture::new(&PROTOCOLS))
}
