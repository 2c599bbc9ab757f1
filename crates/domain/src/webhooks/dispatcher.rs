//! Who carries news to webhooks? Somebody behind this port, however it is carried.

use super::{SecretText, UrlText};
use crate::error::{Error, Reason};
use crate::text::Name;

/// Who carries news to webhooks.
pub trait Dispatcher: Send + Sync {
    /// Refuses, if there is nobody to be sent.
    fn ready(&self) -> Result<(), Error>;
    /// Refuses an address that nobody would be sent to.
    fn accept(&self, url: &UrlText) -> Result<(), Error>;
    /// A new secret.
    fn new_secret(&self) -> Result<SecretText, Error>;
    /// A new mark: one that nobody has had.
    fn new_secret_id(&self) -> Result<Name, Error>;
}

/// Go nowhere: what a shop has that was given no couriers.
pub struct NoDispatcher;

impl Dispatcher for NoDispatcher {
    fn ready(&self) -> Result<(), Error> {
        Err(no_couriers())
    }
    fn accept(&self, _: &UrlText) -> Result<(), Error> {
        Err(no_couriers())
    }
    fn new_secret(&self) -> Result<SecretText, Error> {
        Err(no_couriers())
    }
    fn new_secret_id(&self) -> Result<Name, Error> {
        Err(no_couriers())
    }
}

fn no_couriers() -> Error {
    Error::new(Reason::NotAllowed, "this server calls no webhooks: it was started without --webhooks")
}
