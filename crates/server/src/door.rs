//! Who stands at the shop's door? The guard (credentials), the counters (quotas) and the metrics (log and numbers).

use crate::commands::Problem;
use crate::metrics::Metrics;
use crate::protocols::PROTOCOLS;
use crate::quotas::Counters;
use auth::LocalAuthenticator;
use domain::Shop;
use domain::rate_limit::RateLimiter;
use domain::shop::ShopConfig;
use lab::capture::TrafficCapture;
use std::sync::Arc;
use store::Sqlite;

/// All who stand there. Cheap to clone.
#[derive(Clone)]
pub struct Door {
    /// Tells right proofs from wrong ones.
    pub keeper: Arc<LocalAuthenticator>,
    /// Counts how often somebody asks.
    pub quotas: Arc<dyn RateLimiter>,
    /// Watches.
    pub metrics: Arc<Metrics>,
    /// Shows what crosses the wire to those who look; nothing, in a house where nobody may.
    pub tap: Option<Arc<TrafficCapture>>,
}

impl Door {
    /// A door whose keeper signs tokens by this secret.
    pub fn new(secret: &[u8], tap: Option<Arc<TrafficCapture>>) -> Result<Self, Problem> {
        let (keeper, quotas) = (Arc::new(LocalAuthenticator::new(secret)?), Arc::new(Counters::default()));
        Ok(Door { keeper, quotas, metrics: Arc::new(Metrics::new(tap.clone())?), tap })
    }

    /// A shop over a store, with a door of its own that knows it again after a restart.
    pub fn open(store: Arc<Sqlite>, house: ShopConfig) -> Result<(Shop, Door), Problem> {
        Door::tapped(store, house, Some(tap()))
    }

    /// The same with this tap, or without one.
    pub fn tapped(
        store: Arc<Sqlite>,
        house: ShopConfig,
        tap: Option<Arc<TrafficCapture>>,
    ) -> Result<(Shop, Door), Problem> {
        let door = Door::new(&store.secret("token-key", LocalAuthenticator::new_seed)?, tap)?;
        store.set_observer(door.metrics.clone());
        let shop = door.hang(Shop::new(store).with_config(house));
        Ok((shop, door))
    }

    /// The shop with this door.
    pub fn hang(&self, shop: Shop) -> Shop {
        let shop = shop.with_authenticator(self.keeper.clone()).with_rate_limiter(self.quotas.clone());
        shop.with_observer(self.metrics.clone())
    }
}

/// What sees the bytes of all connections, and knows the styles by their paths.
pub fn tap() -> Arc<TrafficCapture> {
    Arc::new(TrafficCapture::new(&PROTOCOLS))
}
