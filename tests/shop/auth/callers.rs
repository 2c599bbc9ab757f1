//! Callers of the tests.

use domain::access::{Credentials, Secret};
use domain::sandbox::{Access, Settings};
use domain::users::UserId;

/// A user of the seed, with the public API key.
pub fn user(id: i32) -> Credentials {
    Credentials::ApiKey(auth::demo::api_key(UserId(id)))
}

/// A user of the seed, with the public password.
pub fn with_password(email: &str) -> Credentials {
    Credentials::Password { email: email.to_owned(), password: Secret::new(auth::demo::PASSWORD) }
}

/// A well-formed key that belongs to no user.
pub fn wrong() -> Credentials {
    let right = auth::demo::api_key(UserId(1)).reveal().to_owned();
    let last = if right.ends_with('A') { 'E' } else { 'A' };
    Credentials::ApiKey(Secret::new(format!("{}{last}", &right[..right.len() - 1])))
}

/// The settings of a locked sandbox.
pub fn locked() -> Settings {
    Settings { access: Access::Locked, ..Settings::default() }
}
