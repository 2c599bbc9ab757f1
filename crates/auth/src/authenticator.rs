//! Verifies credentials: one [`LocalAuthenticator`] for a server, shared by all styles and sandboxes.

use crate::clock::Clock;
use crate::oauth::Codes;
use crate::passwords::Passwords;
use crate::tokens::Tokens;
use crate::{digest, keys};
use domain::access::Secret;
use domain::authenticator::{Authenticator, PasswordAttempt, PasswordHash, StoredApiKey, TokenClaims};
use domain::store::Pending;
use domain::text::TokenText;
use domain::time::Timestamp;
use domain::{Error, Sandbox};
use std::io::{self, ErrorKind};

/// Bytes of the seed of the key that signs tokens (RFC 8032 section 5.1.5).
pub const SEED_BYTES: usize = 32;

/// The authenticator of a server.
pub struct LocalAuthenticator {
    passwords: Passwords,
    tokens: Tokens,
    codes: Codes,
}

impl LocalAuthenticator {
    /// An authenticator that signs tokens with a key made from a seed. The seed must stay secret: it can sign a token for any user.
    /// While it stays the same, tokens outlive a restart. Fails if it is not 32 bytes, or if there is no randomness.
    pub fn new(seed: &[u8]) -> io::Result<LocalAuthenticator> {
        LocalAuthenticator::with_clock(seed, Clock::steady())
    }

    /// The same with the caller's clock, for waits, cached passwords and codes. (Whether a token has expired is decided by
    /// the time of the request.)
    pub fn with_clock(seed: &[u8], clock: Clock) -> io::Result<LocalAuthenticator> {
        let seed = seed.try_into().map_err(|_| {
            let message = format!("the seed of the key that signs tokens is {SEED_BYTES} bytes, was {}", seed.len());
            io::Error::new(ErrorKind::InvalidInput, message)
        })?;
        let mut process_key = [0; 32];
        getrandom::fill(&mut process_key).map_err(io::Error::other)?;
        Ok(LocalAuthenticator {
            passwords: Passwords::new(process_key, clock.clone()),
            tokens: Tokens::new(seed, clock.clone()),
            codes: Codes::new(clock),
        })
    }

    /// A new seed, to be stored where only the server can read it.
    ///
    /// # Panics
    /// If the machine gives no random bytes: no key made without them may be used.
    pub fn new_seed() -> Vec<u8> {
        let mut seed = vec![0; SEED_BYTES];
        getrandom::fill(&mut seed).expect("the machine gives random bytes");
        seed
    }

    /// The authorization codes that are good now.
    pub fn codes(&self) -> &Codes {
        &self.codes
    }
}

impl Authenticator for LocalAuthenticator {
    fn hash(&self, password: Secret) -> Pending<PasswordHash> {
        self.passwords.hash(password)
    }
    fn is_password(&self, attempt: PasswordAttempt) -> Pending<bool> {
        self.passwords.is_right(attempt)
    }
    fn key_name<'k>(&self, key: &'k Secret) -> Option<&'k str> {
        keys::name(key)
    }
    fn is_key(&self, key: &Secret, stored: &StoredApiKey) -> bool {
        keys::is_key(key, stored)
    }
    fn issue(&self, bearer: &TokenClaims, now: Timestamp) -> Result<(TokenText, Timestamp), Error> {
        self.tokens.issue(bearer, now)
    }
    fn read(&self, token: &Secret, sandbox: &Sandbox, now: Timestamp) -> Result<TokenClaims, Error> {
        self.tokens.read(token, sandbox, now)
    }
    fn digest(&self, bytes: &[u8]) -> [u8; 32] {
        digest(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::users::UserId;

    #[test]
    fn a_seed_is_32_bytes_and_tells_the_same_key_again() {
        for count in [0, 31, 33] {
            assert!(LocalAuthenticator::new(&vec![1; count]).is_err(), "{count}");
        }
        let seed = LocalAuthenticator::new_seed();
        let bearer = TokenClaims { sandbox: Sandbox::main(), user: UserId(1), since: Timestamp(0) };
        let (token, _) = LocalAuthenticator::new(&seed).unwrap().issue(&bearer, Timestamp(0)).unwrap();
        let token = Secret::new(token.as_str());
        let read = |authenticator: LocalAuthenticator| authenticator.read(&token, &Sandbox::main(), Timestamp(0));
        assert_eq!(read(LocalAuthenticator::new(&seed).unwrap()), Ok(bearer));
        assert!(read(LocalAuthenticator::new(&LocalAuthenticator::new_seed()).unwrap()).is_err());
    }

    #[test]
    fn a_digest_is_of_the_standard() {
        // FIPS 180-4, the example of one block.
        let authenticator = LocalAuthenticator::new(&[1; 32]).unwrap();
        assert_eq!(authenticator.digest(b"abc")[..4], [0xba, 0x78, 0x16, 0xbf]);
    }
}
