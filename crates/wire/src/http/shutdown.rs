//! The shutdown signal, for long-lived exchanges.

use actix_web::HttpRequest;
use actix_web::web::Data;
use tokio::sync::watch;

/// The shutdown signal of a server. Clones share it.
#[derive(Clone)]
pub struct Shutdown(watch::Sender<bool>);

impl Default for Shutdown {
    fn default() -> Self {
        Shutdown(watch::Sender::new(false))
    }
}

impl Shutdown {
    /// The signal of the server that received a request.
    pub fn of(request: &HttpRequest) -> Shutdown {
        request.app_data::<Data<Shutdown>>().map(|shutdown| shutdown.get_ref().clone()).unwrap_or_default()
    }

    /// Starts the shutdown.
    pub fn start(&self) {
        self.0.send_replace(true);
    }

    /// Whether the shutdown has started.
    pub fn has_started(&self) -> bool {
        *self.0.borrow()
    }

    /// Waits until the shutdown starts.
    pub async fn started(&self) {
        // The sender lives as long as this does, so waiting can't fail.
        let _ = self.0.subscribe().wait_for(|started| *started).await;
    }
}
