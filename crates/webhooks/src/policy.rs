//! Which URLs a webhook may have: http and https; private networks only if the server allows them. Also makes secrets.

use crate::network::is_public;
use crate::target::{Host, Target};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use domain::Error;
use domain::text::Name;
use domain::webhooks::{Dispatcher, SecretText, UrlText};
use std::net::IpAddr;

/// Bytes of a secret: at least 24 by Standard Webhooks 1.0.0, "Signature scheme".
const SECRET_BYTES: usize = 24;
/// The prefix of every secret ("Signature scheme").
pub(crate) const SECRET_PREFIX: &str = "whsec_";
/// Random bytes of a webhook's mark: enough that two marks are never equal.
const MARK_BYTES: usize = 15;

/// Which hosts webhooks may call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Policy {
    /// Hosts on the public internet.
    Public,
    /// Any host, also on private networks and this machine: for classes and tests.
    Local,
}

impl Policy {
    /// Whether webhooks may call this address.
    pub fn allows(self, address: IpAddr) -> bool {
        match self {
            Policy::Public => is_public(address),
            Policy::Local => true,
        }
    }

    /// Whether webhooks may call this host, as far as its name shows.
    fn allows_host(self, host: &Host) -> bool {
        match host {
            Host::Address(address) => self.allows(*address),
            // RFC 6761 section 6.3: these names always mean this machine.
            Host::Name(name) => self == Policy::Local || !(name == "localhost" || name.ends_with(".localhost")),
        }
    }
}

impl Dispatcher for Policy {
    fn ready(&self) -> Result<(), Error> {
        Ok(())
    }

    /// Does not resolve a host name: its addresses can change, so the sender checks them before each attempt.
    fn accept(&self, url: &UrlText) -> Result<(), Error> {
        let target = Target::parse(url.as_str()).map_err(|problem| Error::invalid("/url", problem))?;
        if self.allows_host(&target.host) {
            return Ok(());
        }
        Err(Error::invalid(
            "/url",
            "must lead to the public network, unless the server was started with --webhooks-local",
        ))
    }

    fn new_secret(&self) -> Result<SecretText, Error> {
        let bytes = random::<SECRET_BYTES>()?;
        SecretText::parse(format!("{SECRET_PREFIX}{}", STANDARD.encode(bytes))).map_err(|_| Error::internal())
    }

    fn new_secret_id(&self) -> Result<Name, Error> {
        // Standard Webhooks 1.0.0, "Signature scheme": the message id, which contains the mark, must not contain a full stop.
        Name::parse(URL_SAFE_NO_PAD.encode(random::<MARK_BYTES>()?)).map_err(|_| Error::internal())
    }
}

fn random<const COUNT: usize>() -> Result<[u8; COUNT], Error> {
    let mut bytes = [0; COUNT];
    getrandom::fill(&mut bytes).map_err(|cause| {
        tracing::error!(%cause, "the operating system returned no random bytes");
        Error::internal()
    })?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(policy: Policy, url: &str) -> Option<String> {
        let error = policy.accept(&UrlText::parse(url.to_owned()).unwrap()).err()?;
        Some(error.errors[0].pointer.clone())
    }

    #[test]
    fn private_hosts_need_the_local_policy() {
        for host in [
            "127.0.0.1",
            "127.0.0.1:8080",
            "10.0.0.1",
            "169.254.169.254",
            "192.168.1.1:443",
            "[::1]",
            "[::ffff:10.0.0.1]:80",
            "[fd00::1]",
            "localhost",
            "LOCALHOST:80",
            "localhost.",
            "shop.localhost",
        ] {
            for scheme in ["http", "https"] {
                let url = format!("{scheme}://{host}/hook");
                assert_eq!(refused(Policy::Public, &url).as_deref(), Some("/url"), "{url}");
                assert_eq!(refused(Policy::Local, &url), None, "{url}");
            }
        }
        for url in ["https://example.com/hook", "http://8.8.8.8/", "http://notlocalhost/", "https://[2a00::1]:8443/"] {
            assert_eq!(refused(Policy::Public, url), None, "{url}");
        }
    }

    #[test]
    fn the_local_policy_refuses_malformed_urls_too() {
        for url in ["ftp://example.com/", "example.com", "http://a:b@example.com/", "http://127.1/"] {
            assert_eq!(refused(Policy::Local, url).as_deref(), Some("/url"), "{url}");
        }
    }

    #[test]
    fn secrets_and_marks_are_unique() {
        let secret = || Policy::Public.new_secret().unwrap().as_str().to_owned();
        let mark = || Policy::Public.new_secret_id().unwrap().as_str().to_owned();
        assert_ne!(secret(), secret());
        assert_ne!(mark(), mark());
        let bytes = STANDARD.decode(secret().strip_prefix("whsec_").unwrap()).unwrap();
        assert_eq!(bytes.len(), SECRET_BYTES);
        assert!(!mark().contains('.'));
    }
}
