//! Logging in: how does somebody with a password get a token, and learn who the server takes them for?

mod rules;

pub use rules::{log_in, who_am_i};
pub(crate) use rules::{token_for, user_for_token, user_with_password};

use crate::secret::Password;
use crate::text::{Email, TokenText};
use crate::time::Timestamp;
use crate::{input, output};

input! {
    /// Who logs in.
    pub struct LogIn {
        /// The user's address.
        email: Email,
        /// The user's password.
        password: Password,
    }
}

output! {
    /// What proves for a while who one is.
    pub struct Token {
        /// What to send as `Authorization: TokenClaims`, or where the protocol has a place of its own for it.
        token: TokenText,
        /// Until when it is good.
        expires_at: Timestamp,
    }
}
