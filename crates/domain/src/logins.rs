//! Logging in: an email and a password become a token.

mod rules;

pub use rules::{log_in, who_am_i};
pub(crate) use rules::{token_for, user_for_token, user_with_password};

use crate::secret::Password;
use crate::text::{Email, TokenText};
use crate::time::Timestamp;
use crate::{input, output};

input! {
    /// An email and a password.
    pub struct LogIn {
        /// The user's email.
        email: Email,
        /// The user's password.
        password: Password,
    }
}

output! {
    /// A token that authenticates its user until it expires.
    pub struct Token {
        /// The token, to be sent as `Authorization: Bearer` or in the protocol's own field.
        token: TokenText,
        /// When the token expires.
        expires_at: Timestamp,
    }
}
