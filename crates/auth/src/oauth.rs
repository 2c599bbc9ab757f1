//! OAuth 2.0 (RFC 6749) without its HTTP: tokens for clients that must not see a user's password.
//!
//! Two clients are registered, for lessons. One is a service: it has a secret, and gets a token for
//! the user that it acts as (client credentials, section 4.4). The other runs on a user's machine and can keep no secret:
//! the user logs in here and consents, and it gets a code, which is valid once and only for the client that started the flow
//! (authorization code, section 4.1, with PKCE, RFC 7636, as RFC 9700 section 2.1.1 requires).

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
        /// Where its users may be sent back to. RFC 9700 section 4.1.3: an address is compared as it is, not by a pattern; but
        /// one of a loopback address (`127.0.0.1`, `[::1]`) is good with any port.
        redirect_uris: &'static [&'static str],
        /// The pages of this server itself that its users may be sent back to, wherever the server is.
        own_pages: &'static [&'static str],
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
            redirect_uris: &["http://127.0.0.1/callback", "http://[::1]/callback", "http://localhost:3000/callback"],
            own_pages: &["/oauth/done", "/rest/docs/oauth2-redirect.html"],
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

    /// Whether its users may be sent back to that address. The server that asks is found at `here`.
    pub fn may_redirect(&self, uri: &str, here: &str) -> bool {
        match self.trust {
            Trust::Public { redirect_uris, own_pages } => {
                redirect_uris.iter().any(|registered| is_same(registered, uri))
                    || uri.strip_prefix(here).is_some_and(|path| own_pages.contains(&path))
            }
            Trust::Confidential { .. } => false,
        }
    }
}

/// The loopback addresses. `localhost` is none: RFC 8252 section 8.3 warns that it may lead elsewhere.
const LOOPBACKS: [&str; 2] = ["http://127.0.0.1", "http://[::1]"];

/// Whether an address is the registered one. RFC 8252 section 7.3: a native app listens on any free port,
/// so with a loopback address the port makes no difference; all else does.
fn is_same(registered: &str, uri: &str) -> bool {
    let path_on = |loopback, uri| path_after_port(str::strip_prefix(uri, loopback)?);
    let is_on = |loopback| path_on(loopback, registered).is_some_and(|path| path_on(loopback, uri) == Some(path));
    registered == uri || LOOPBACKS.into_iter().any(is_on)
}

/// What follows a port, if there is one, which is 1 to 65535.
fn path_after_port(rest: &str) -> Option<&str> {
    let Some(rest) = rest.strip_prefix(':') else { return Some(rest) };
    let (port, path) = rest.split_at(rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len()));
    (!port.starts_with('0') && port.parse::<u16>().is_ok()).then_some(path)
}

/// The code challenge: the SHA-256 of a verifier (RFC 7636 section 4.2).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Challenge([u8; 32]);

impl Challenge {
    /// Parses the challenge, or says why it is invalid, as text for `error_description`.
    pub fn parse(challenge: Option<&str>, method: Option<&str>) -> Result<Challenge, &'static str> {
        // Section 4.3: the default method is `plain`, which shows the verifier to everyone who sees the request.
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
        assert!(!is_itself("demo-app", Some("")) && !is_itself("unknown-app", None));
    }

    #[test]
    fn only_the_port_of_a_loopback_address_makes_no_difference() {
        let app = Client::find("demo-app").unwrap();
        let may = |uri: &str| app.may_redirect(uri, "https://shop.example:8443/a");
        for good in [
            "http://127.0.0.1/callback",
            "http://127.0.0.1:80/callback",
            "http://127.0.0.1:53219/callback",
            "http://127.0.0.1:65535/callback",
            "http://[::1]/callback",
            "http://[::1]:1/callback",
            "http://localhost:3000/callback",
            "https://shop.example:8443/a/oauth/done",
            "https://shop.example:8443/a/rest/docs/oauth2-redirect.html",
        ] {
            assert!(may(good), "{good}");
        }
        for bad in [
            "",
            "/callback",
            "//127.0.0.1:53219/callback",
            "http://127.0.0.1",
            "http://127.0.0.1:/callback",
            "http://127.0.0.1:0/callback",
            "http://127.0.0.1:080/callback",
            "http://127.0.0.1:65536/callback",
            "http://127.0.0.1:-1/callback",
            "http://127.0.0.1:+80/callback",
            "http://127.0.0.1: 80/callback",
            "http://127.0.0.1:80:80/callback",
            "http://127.0.0.1:\u{0663}/callback",
            "http://127.0.0.1:80@evil.example/callback",
            "http://127.0.0.1:80@evil.example/",
            "http://127.0.0.1@evil.example/callback",
            "http://ada:secret@127.0.0.1:80/callback",
            "http://127.0.0.1.evil.example/callback",
            "http://127.0.0.1:80.evil.example/callback",
            "http://127.0.0.1:80\\@evil.example/callback",
            "http://127.0.0.1:80#@evil.example/callback",
            "http://127.0.0.1:80?@evil.example/callback",
            "http://127.0.0.1:80/callback/",
            "http://127.0.0.1:80/Callback",
            "http://127.0.0.1:80//callback",
            "http://127.0.0.1:80/callback?x=1",
            "http://127.0.0.1:80/callback?",
            "http://127.0.0.1:80/callback#x",
            "http://127.0.0.1:80/callback/../evil",
            "http://127.0.0.1:80/%63allback",
            "http://127.0.0.1:80/callback\r\nX: y",
            "https://127.0.0.1:80/callback",
            "HTTP://127.0.0.1:80/callback",
            "ftp://127.0.0.1:80/callback",
            "http://127.1:80/callback",
            "http://127.0.0.2:80/callback",
            "http://2130706433:80/callback",
            "http://0.0.0.0:80/callback",
            "http://[::1:80/callback",
            "http://::1:80/callback",
            "http://[0:0:0:0:0:0:0:1]:80/callback",
            "http://[::ffff:127.0.0.1]:80/callback",
            "http://localhost/callback",
            "http://localhost:3001/callback",
            "http://LOCALHOST:3000/callback",
            "https://localhost:3000/callback",
            "http://localhost:3000@evil.example/callback",
            "https://shop.example:8443/oauth/done",
            "https://shop.example/a/oauth/done",
            "https://shop.example:8443/a/oauth/done?x=1",
            "https://shop.example:8443/a@evil.example/oauth/done",
            "http://shop.example:8443/a/oauth/done",
        ] {
            assert!(!may(bad), "{bad}");
        }
        let service = Client::find("demo-service").unwrap();
        assert!(!service.may_redirect("http://127.0.0.1/callback", ""), "a service has no redirect address");
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
