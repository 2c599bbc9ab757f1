//! For whom is a token good? JWTs (RFC 7519), signed with Ed25519 (RFC 8037), read as strictly as RFC 8725 asks.
//!
//! One key, one algorithm, one form of header: what a token says of how it wants to be verified is compared, never obeyed.
//! So there is nothing to confuse the verifier with: no `none`, no HS256 with the public key, no key that the token brings
//! along or names by an address.
//!
//! A right signature is remembered, as looking at one costs 50 us. What the token says is checked at each use all the same.

mod signing;
#[cfg(test)]
mod tests;

use crate::clock::Clock;
use crate::limits::{LEEWAY_SECONDS_MAX, TOKEN_SECONDS_MAX, TOKENS_REMEMBERED_MAX};
use crate::recent::Recent;
use crate::{digest, random};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::access::Secret;
use domain::authenticator::TokenClaims;
use domain::limits::TOKEN_CHARS_MAX;
use domain::text::TokenText;
use domain::time::Timestamp;
use domain::users::UserId;
use domain::{Error, Reason, Sandbox};
use jsonwebtoken::errors::ErrorKind;
use jsonwebtoken::{Algorithm, Validation};
use parking_lot::Mutex;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;
use std::time::Duration;

/// The issuer of our tokens: the claim `iss`.
pub const ISSUER: &str = "urn:parlance";
/// Their audience, before the sandbox's name: the claim `aud`.
pub const AUDIENCE: &str = "urn:parlance:shop:";

/// Members of a header that would have us trust what the token brings along (RFC 7515 section 4.1); each has been an attack.
const NEVER_HEEDED: [&str; 7] = ["crit", "jku", "jwk", "x5c", "x5t", "x5t#S256", "x5u"];

/// Issues tokens and reads them.
pub struct Tokens {
    key: signing::Key,
    known: Mutex<Recent<[u8; 32], Known>>,
    clock: Clock,
}

/// What a token claims (RFC 7519 section 4). All of it is required, and nothing else is there.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Claims {
    iss: String,
    aud: String,
    sub: String,
    exp: i64,
    nbf: i64,
    iat: i64,
    jti: String,
    /// A claim of our own (section 4.3): since when there has been the user.
    since: i64,
}

/// What is remembered of a token with a right signature.
#[derive(Clone, Debug)]
struct Known {
    bearer: TokenClaims,
    not_before: i64,
    expires: i64,
}

impl Tokens {
    /// Tokens signed with the key of a seed.
    pub fn new(seed: &[u8; 32], clock: Clock) -> Self {
        let kept_for = Duration::from_secs(TOKEN_SECONDS_MAX.unsigned_abs());
        let known = Mutex::new(Recent::new(TOKENS_REMEMBERED_MAX, kept_for));
        Tokens { key: signing::Key::new(seed), known, clock }
    }

    /// A token for a user, and until when it is good.
    pub fn issue(&self, bearer: &TokenClaims, now: Timestamp) -> Result<(TokenText, Timestamp), Error> {
        let expires_at = Timestamp(now.0.saturating_add(TOKEN_SECONDS_MAX));
        let claims = Claims {
            iss: ISSUER.to_owned(),
            aud: format!("{AUDIENCE}{}", bearer.sandbox),
            sub: bearer.user.0.to_string(),
            exp: expires_at.0,
            nbf: now.0,
            iat: now.0,
            jti: URL_SAFE_NO_PAD.encode(random::bytes::<16>()?),
            since: bearer.since.0,
        };
        let token = self.key.sign(&claims)?;
        Ok((TokenText::parse(token).map_err(|_| Error::internal())?, expires_at))
    }

    /// For whom a token is good, if it is good in that sandbox now.
    pub fn read(&self, token: &Secret, sandbox: &Sandbox, now: Timestamp) -> Result<TokenClaims, Error> {
        let token = token.reveal();
        if token.len() > TOKEN_CHARS_MAX as usize {
            return Err(wrong(format!("a token has at most {TOKEN_CHARS_MAX} characters")));
        }
        let Known { bearer, not_before, expires } = self.known(token)?;
        if bearer.sandbox != *sandbox {
            return Err(wrong(format!("the token is not for the sandbox {sandbox}")));
        }
        if now.0.saturating_add(LEEWAY_SECONDS_MAX) < not_before {
            return Err(wrong(format!("the token is not good before {}", Timestamp(not_before))));
        }
        // Section 4.1.4: the current time must be before it.
        if now.0 >= expires.saturating_add(LEEWAY_SECONDS_MAX) {
            let message = format!("the token was good until {}", Timestamp(expires));
            return Err(Error::new(Reason::TokenExpired, message));
        }
        Ok(bearer)
    }

    /// What a token with a right signature says.
    fn known(&self, token: &str) -> Result<Known, Error> {
        let (digest, now) = (digest(token.as_bytes()), self.clock.now());
        let lock = || self.known.lock();
        if let Some(known) = lock().get(&digest, now) {
            return Ok(known.clone());
        }
        let known = self.verify(token)?;
        lock().put(digest, known.clone(), now);
        Ok(known)
    }

    fn verify(&self, token: &str) -> Result<Known, Error> {
        check_header(token, self.key.id())?;
        // The audience and the times are checked at each use, against the sandbox and the time of the request.
        let mut validation = Validation::new(Algorithm::EdDSA);
        validation.validate_aud = false;
        validation.validate_exp = false;
        validation.set_issuer(&[ISSUER]);
        validation.set_required_spec_claims(&["aud", "exp", "iss", "nbf", "sub"]);
        let claims: Claims = self.key.verify(token, &validation).map_err(|error| wrong(problem(error.kind())))?;
        let sandbox = claims.aud.strip_prefix(AUDIENCE).and_then(Sandbox::parse);
        let sandbox = sandbox.ok_or_else(|| wrong("the token is for no shop of ours"))?;
        let user = claims.sub.parse().map_err(|_| wrong("the token's subject is no user"))?;
        let bearer = TokenClaims { sandbox, user: UserId(user), since: Timestamp(claims.since) };
        Ok(Known { bearer, not_before: claims.nbf, expires: claims.exp })
    }
}

/// Refuses a header that is not of the one form that ours have.
fn check_header(token: &str, key_id: &str) -> Result<(), Error> {
    let unreadable = || wrong("the token's header can't be read");
    let encoded = token.split('.').next().unwrap_or_default();
    let json = URL_SAFE_NO_PAD.decode(encoded).map_err(|_| unreadable())?;
    let header: BTreeMap<String, Value> = serde_json::from_slice(&json).map_err(|_| unreadable())?;
    for (name, value) in &header {
        match (name.as_str(), value.as_str()) {
            ("alg", Some("EdDSA")) | ("typ", Some("JWT")) => {}
            ("kid", Some(id)) if id == key_id => {}
            ("alg", _) => return Err(wrong("the token's algorithm is not EdDSA")),
            ("typ", _) => return Err(wrong("the token's type is not JWT")),
            ("kid", _) => return Err(wrong("the token is signed with a key that is not ours")),
            (name, _) => {
                let known = NEVER_HEEDED.iter().find(|never| **never == name);
                let what = known.map_or("something", |name| *name);
                return Err(wrong(format!("the token's header has {what}, which is not supported")));
            }
        }
    }
    match ["alg", "kid"].iter().find(|name| !header.contains_key(**name)) {
        Some(name) => Err(wrong(format!("the token's header has no {name}"))),
        None => Ok(()),
    }
}

/// What is wrong with a token, in words that do not repeat it.
fn problem(kind: &ErrorKind) -> String {
    match kind {
        ErrorKind::InvalidSignature => "the token's signature is wrong".to_owned(),
        ErrorKind::InvalidIssuer => "the token was not issued here".to_owned(),
        ErrorKind::MissingRequiredClaim(claim) => format!("the token does not claim {claim}"),
        ErrorKind::Json(_) => "the token's claims are not those that are issued here".to_owned(),
        _ => "the token is not of the form header.claims.signature".to_owned(),
    }
}

fn wrong(message: impl Into<String>) -> Error {
    Error::new(Reason::CredentialsWrong, message)
}
