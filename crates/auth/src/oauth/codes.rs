//! Authorization codes: each is valid for one token, once, for one minute, and for the client that requested it.

use super::Challenge;
use crate::clock::Clock;
use crate::limits::{CODE_MS, CODES_MAX};
use crate::recent::Recent;
use crate::{digest, random};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::access::Secret;
use domain::authenticator::TokenClaims;
use domain::{Error, Sandbox};
use parking_lot::Mutex;
use std::time::Duration;

/// What a user has consented to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    /// The client that gets the token.
    pub client: &'static str,
    /// The redirect address of the authorization request, exactly.
    pub redirect_uri: String,
    /// The code challenge of PKCE.
    pub challenge: Challenge,
    /// For whom the token will be good, and in which sandbox.
    pub bearer: TokenClaims,
}

/// A request to exchange a code for a token.
#[derive(Clone, Copy, Debug)]
pub struct Exchange<'a> {
    /// The code.
    pub code: &'a str,
    /// The client that sends the request.
    pub client: &'a str,
    /// The redirect address that the request repeats.
    pub redirect_uri: &'a str,
    /// The verifier of PKCE.
    pub verifier: &'a str,
    /// The sandbox whose token endpoint is called.
    pub sandbox: &'a Sandbox,
}

/// The valid codes, by their digests, so that a copy of the memory reveals none. A used code stays listed until it expires, so
/// that a second use is recognized.
///
/// RFC 6749 section 4.1.2 requires a server to refuse the second use of a code, and recommends to revoke the token that the
/// first one returned. We refuse it, but cannot revoke: a token is verified by its signature and is valid for one hour.
pub struct Codes {
    grants: Mutex<Recent<[u8; 32], Option<Grant>>>,
    clock: Clock,
}

impl Codes {
    /// None yet.
    pub fn new(clock: Clock) -> Self {
        Codes { grants: Mutex::new(Recent::new(CODES_MAX, Duration::from_millis(CODE_MS))), clock }
    }

    /// A new code.
    pub fn issue(&self, grant: Grant) -> Result<Secret, Error> {
        let code = URL_SAFE_NO_PAD.encode(random::bytes::<32>()?);
        let mut grants = self.grants.lock();
        grants.put(digest(code.as_bytes()), Some(grant), self.clock.now());
        Ok(Secret::new(code))
    }

    /// The user of a code, or why it is invalid, as text for `error_description`. Either way the code is used up: a client that
    /// has the code without the rest must not try again.
    pub fn redeem(&self, exchange: &Exchange<'_>) -> Result<TokenClaims, &'static str> {
        let mut grants = self.grants.lock();
        let place = grants.get_mut(&digest(exchange.code.as_bytes()), self.clock.now());
        let grant = place.ok_or("the code is not one of ours, or it was good a minute ago")?;
        let grant = grant.take().ok_or("the code was used before: it is good once")?;
        // RFC 6749 section 4.1.3.
        if grant.client != exchange.client {
            return Err("the code was issued to another client");
        }
        if grant.redirect_uri != exchange.redirect_uri {
            return Err("the code was sent to another redirect_uri");
        }
        if grant.bearer.sandbox != *exchange.sandbox {
            return Err("the code is for another sandbox");
        }
        // RFC 7636 section 4.6.
        if !grant.challenge.is_met_by(exchange.verifier) {
            return Err("the code_verifier does not meet the code_challenge");
        }
        Ok(grant.bearer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::tests::Hand;
    use domain::time::Timestamp;
    use domain::users::UserId;

    const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    const HOME: &str = "http://127.0.0.1:3000/callback";

    fn grant() -> Grant {
        let challenge = Challenge::parse(Some("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"), Some("S256")).unwrap();
        let bearer = TokenClaims { sandbox: Sandbox::main(), user: UserId(1), since: Timestamp(0) };
        Grant { client: "demo-app", redirect_uri: HOME.to_owned(), challenge, bearer }
    }

    #[test]
    fn a_code_is_good_once_and_for_a_minute() {
        let (clock, hand) = Hand::clock();
        let codes = Codes::new(clock);
        let (first, second) = (codes.issue(grant()).unwrap(), codes.issue(grant()).unwrap());
        let redeem = |code: &Secret| {
            let sandbox = &Sandbox::main();
            let code = code.reveal();
            codes.redeem(&Exchange { code, client: "demo-app", redirect_uri: HOME, verifier: VERIFIER, sandbox })
        };
        hand.pass(CODE_MS - 1);
        assert_eq!(redeem(&first), Ok(grant().bearer));
        assert!(redeem(&first).unwrap_err().contains("used before"));
        hand.pass(1);
        assert!(redeem(&second).unwrap_err().contains("a minute ago"));
        assert!(redeem(&Secret::new("")).is_err());
    }

    #[test]
    fn a_code_is_good_for_who_asked_for_it_and_a_wrong_try_uses_it() {
        let codes = Codes::new(Hand::clock().0);
        let (main, alice) = (Sandbox::main(), Sandbox::parse("alice").unwrap());
        let right = Exchange { code: "", client: "demo-app", redirect_uri: HOME, verifier: VERIFIER, sandbox: &main };
        let other_home = "http://127.0.0.1:3001/callback";
        for (wrong, problem) in [
            (Exchange { client: "demo-service", ..right }, "another client"),
            (Exchange { redirect_uri: other_home, ..right }, "another redirect_uri"),
            (Exchange { sandbox: &alice, ..right }, "another sandbox"),
            (Exchange { verifier: "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM", ..right }, "code_verifier"),
        ] {
            let code = codes.issue(grant()).unwrap();
            let refused = codes.redeem(&Exchange { code: code.reveal(), ..wrong }).unwrap_err();
            assert!(refused.contains(problem), "{refused}");
            assert!(codes.redeem(&Exchange { code: code.reveal(), ..right }).unwrap_err().contains("used before"));
        }
    }
}
