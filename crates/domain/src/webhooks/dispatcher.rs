//! The port for the webhook dispatcher.

use super::{SecretText, UrlText};
use crate::error::{Error, Reason};
use crate::text::Name;

/// Sends deliveries to webhooks.
pub trait Dispatcher: Send + Sync {
    /// Refuses if the server sends no webhooks.
    fn ready(&self) -> Result<(), Error>;
    /// Refuses a URL that the server would not call.
    fn accept(&self, url: &UrlText) -> Result<(), Error>;
    /// Makes a new signing secret.
    fn new_secret(&self) -> Result<SecretText, Error>;
    /// Makes a new unique id for a webhook.
    fn new_secret_id(&self) -> Result<Name, Error>;
}

/// A dispatcher that sends nothing; the default.
pub struct NoDispatcher;

impl Dispatcher for NoDispatcher {
    fn ready(&self) -> Result<(), Error> {
        Err(is_disabled())
    }
    fn accept(&self, _: &UrlText) -> Result<(), Error> {
        Err(is_disabled())
    }
    fn new_secret(&self) -> Result<SecretText, Error> {
        Err(is_disabled())
    }
    fn new_secret_id(&self) -> Result<Name, Error> {
        Err(is_disabled())
    }
}

fn is_disabled() -> Error {
    Error::new(Reason::NotAllowed, "this server sends no webhooks: it was started without --webhooks")
}
