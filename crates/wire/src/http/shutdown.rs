//! How does a long-lived exchange hear that the server is shutting down?

use actix_web::HttpRequest;
use actix_web::web::Data;
use tokio::sync::watch;

/// The word that the server is shutting down. Every clone hears it.
#[derive(Clone)]
pub struct Shutdown(watch::Sender<bool>);

impl Default for Shutdown {
    fn default() -> Self {
        Shutdown(watch::Sender::new(false))
    }
}

impl Shutdown {
    /// That of the server which a request came to.
    pub fn of(request: &HttpRequest) -> Shutdown {
        request.app_data::<Data<Shutdown>>().map(|drain| drain.get_ref().clone()).unwrap_or_default()
    }

    /// Says it.
    pub fn start(&self) {
        self.0.send_replace(true);
    }

    /// Whether it has been said.
    pub fn has_started(&self) -> bool {
        *self.0.borrow()
    }

    /// Waits until it is said.
    pub async fn started(&self) {
        // The sender lives as long as this does, so waiting can't fail.
        let _ = self.0.subscribe().wait_for(|started| *started).await;
    }
}
