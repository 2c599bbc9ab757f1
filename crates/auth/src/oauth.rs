//! Who may have a token without showing us a user's password, and how? OAuth 2.0 (RFC 6749), without its HTTP.
//!
//! Two programs are known here, for lessons. One is a service that acts for itself: it has a secret, and is given a token for
//! the user that it acts as (client credentials, section 4.4). The other runs on somebody's machine and can keep no secret:
//! its user logs in with us and consents, and it gets a code, which is good once and only for who began the conversation
//! (authorization code, section 4.1, with PKCE, RFC 7636, as RFC 9700 section 2.1.1 asks).

mod codes;

pub use codes::{Codes, Exchange, Grant};

use crate::digest;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::access::Secret;
use domain::users::UserId;
use subtle::ConstantTimeEq;

/// A program that may ask for tokens.
#[derive(Debug, PartialEq, Eq)]
pub struct Client {
    /// What it calls itself: `client_id`.
    pub id: &'static str,
    /// What its users know it by.
    pub name: &'static str,
    /// What it is trusted with.
    pub trust: Trust,
}

/// What a client is trusted with (RFC 6749 section 2.1).
#[derive(Debug, PartialEq, Eq)]
pub enum Trust {
    /// It can keep a secret.
    Confidential {
        /// The secret. **It is public here**, as all that is for lessons.
        secret: &'static str,
        /// The user whose rights it has.
        acts_as: UserId,
    },
    /// It can't, so all that is known of it is where it is.
    Public {
        /// Where its users may be sent back to. RFC 9700 section 4.1.3: an address is compared as it is, not by a pattern.
        redirect_uris: &'static [&'static str],
    },
}

/// All clients.
pub static CLIENTS: [Client; 2] = [
    Client {
        id: "demo-service",
        name: "Demo service",
        trust: Trust::Confidential { secret: "demo-service-secret", acts_as: UserId(2) },
    },
    Client {
        id: "demo-app",
        name: "Demo app",
        trust: Trust::Public {
            redirect_uris: &[
                "http://localhost:3000/callback",
                "http://127.0.0.1:3000/callback",
                "http://localhost:8080/oauth/done",
                "http://127.0.0.1:8080/oauth/done",
            ],
        },
    },
];

impl Client {
    /// The client of that id.
    pub fn find(id: &str) -> Option<&'static Client> {
        CLIENTS.iter().find(|client| client.id == id)
    }

    /// Whether the client proves by this, or by nothing, to be itself. A public one proves nothing, and must not seem to.
    pub fn is_itself(&self, secret: Option<&Secret>) -> bool {
        match (&self.trust, secret) {
            (Trust::Confidential { secret: own, .. }, Some(secret)) => {
                digest(secret.reveal().as_bytes()).ct_eq(&digest(own.as_bytes())).into()
            }
            (Trust::Public { .. }, None) => true,
            (Trust::Confidential { .. }, None) | (Trust::Public { .. }, Some(_)) => false,
        }
    }

    /// The address among its own that its users are sent back to.
    pub fn redirect_uri(&self, uri: &str) -> Option<&'static str> {
        match self.trust {
            Trust::Public { redirect_uris } => redirect_uris.iter().find(|own| **own == uri).copied(),
            Trust::Confidential { .. } => None,
        }
    }
}

/// What whoever asked for a code will prove to know: SHA-256 of a verifier (RFC 7636 section 4.2).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Challenge([u8; 32]);

impl Challenge {
    /// The challenge, or why it is none, in words for `error_description`.
    pub fn parse(challenge: Option<&str>, method: Option<&str>) -> Result<Challenge, &'static str> {
        // Section 4.3: without a method it is plain, which shows the verifier to whoever sees the request.
        if method != Some("S256") {
            return Err("the code_challenge_method must be S256");
        }
        let challenge = challenge.ok_or("a code_challenge is required")?;
        let bytes = URL_SAFE_NO_PAD.decode(challenge).ok().and_then(|bytes| bytes.try_into().ok());
        bytes.map(Challenge).ok_or("the code_challenge must be the base64url of a SHA-256, without padding")
    }

    /// Whether this is the verifier: 43 to 128 unreserved characters (section 4.1) with that SHA-256.
    pub fn is_met_by(&self, verifier: &str) -> bool {
        let is_unreserved = |c: u8| c.is_ascii_alphanumeric() || matches!(c, b'-' | b'.' | b'_' | b'~');
        let is_one = (43..=128).contains(&verifier.len()) && verifier.bytes().all(is_unreserved);
        is_one && bool::from(digest(verifier.as_bytes()).ct_eq(&self.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_is_itself() {
        let is_itself = |id: &str, secret: Option<&str>| {
            Client::find(id).is_some_and(|client| client.is_itself(secret.map(Secret::new).as_ref()))
        };
        assert!(is_itself("demo-service", Some("demo-service-secret")) && is_itself("demo-app", None));
        assert!(!is_itself("demo-service", Some("wrong")) && !is_itself("demo-service", None));
        assert!(!is_itself("demo-app", Some("")) && !is_itself("nobody", None));
    }

    #[test]
    fn an_address_is_compared_as_it_is() {
        let app = Client::find("demo-app").unwrap();
        assert!(app.redirect_uri("http://localhost:3000/callback").is_some());
        for other in [
            "",
            "http://localhost:3000/callback/",
            "http://localhost:3000/callback?x=1",
            "http://localhost:3001/callback",
            "http://LOCALHOST:3000/callback",
            "https://localhost:3000/callback",
            "http://localhost:3000/callback/../evil",
            "http://localhost:3000@attacker.example/callback",
        ] {
            assert_eq!(app.redirect_uri(other), None, "{other}");
        }
        assert_eq!(Client::find("demo-service").unwrap().redirect_uri("http://localhost:3000/callback"), None);
    }

    #[test]
    fn only_the_verifier_meets_its_challenge() {
        // RFC 7636 appendix B.
        let (verifier, challenge) =
            ("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
        let parsed = Challenge::parse(Some(challenge), Some("S256")).unwrap();
        assert!(parsed.is_met_by(verifier) && !parsed.is_met_by(challenge) && !parsed.is_met_by(&verifier[1..]));
        for (challenge, method) in [
            (Some(challenge), Some("plain")),
            (Some(challenge), None),
            (Some(challenge), Some("s256")),
            (None, Some("S256")),
            (Some(""), Some("S256")),
            (Some(&challenge[1..]), Some("S256")),
        ] {
            assert!(Challenge::parse(challenge, method).is_err(), "{challenge:?} {method:?}");
        }
        let short = Challenge(digest(b"abc"));
        assert!(!short.is_met_by("abc"), "a verifier has at least 43 characters");
    }
}
