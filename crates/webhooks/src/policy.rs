//! Where may somebody be sent? To addresses of http and https; to those of one's own network only in class.

use crate::network::is_public;
use crate::target::{Host, Target};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use domain::Error;
use domain::text::Name;
use domain::webhooks::{Dispatcher, SecretText, UrlText};
use std::net::IpAddr;

/// Bytes of a secret: Standard Webhooks 1.0.0, "Signature scheme", asks for at least 24.
const SECRET_BYTES: usize = 24;
/// What a secret begins with, by the same, so that it is known for one.
pub(crate) const SECRET_PREFIX: &str = "whsec_";
/// Bytes of a mark: enough that no two are ever the same.
const MARK_BYTES: usize = 15;

/// Where somebody may be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Policy {
    /// To hosts that the whole world can reach.
    Public,
    /// To any host, also those of one's own network and this machine: for class.
    Local,
}

impl Policy {
    /// Whether somebody may be sent to that address.
    pub fn allows(self, address: IpAddr) -> bool {
        match self {
            Policy::Public => is_public(address),
            Policy::Local => true,
        }
    }

    /// Whether somebody may be sent to that host, as far as its name tells.
    fn allows_host(self, host: &Host) -> bool {
        match host {
            Host::Address(address) => self.allows(*address),
            // RFC 6761 section 6.3: whatever the resolver says, these are this machine.
            Host::Name(name) => self == Policy::Local || !(name == "localhost" || name.ends_with(".localhost")),
        }
    }
}

impl Dispatcher for Policy {
    fn ready(&self) -> Result<(), Error> {
        Ok(())
    }

    /// A name is not looked up here: where it leads is judged each time that somebody goes, as it may lead elsewhere by then.
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
        // Standard Webhooks 1.0.0, "Signature scheme": what becomes the id of a message must hold no full stop.
        Name::parse(URL_SAFE_NO_PAD.encode(random::<MARK_BYTES>()?)).map_err(|_| Error::internal())
    }
}

fn random<const COUNT: usize>() -> Result<[u8; COUNT], Error> {
    let mut bytes = [0; COUNT];
    getrandom::fill(&mut bytes).map_err(|cause| {
        tracing::error!(%cause, "the system gives no random bytes");
        Error::internal()
    })?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(policy: Policy, url: &str) -> Option<String> {
        let refused = policy.accept(&UrlText::parse(url.to_owned()).unwrap()).err()?;
        Some(refused.errors[0].pointer.clone())
    }

    #[test]
    fn what_is_ones_own_is_for_class() {
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
    fn what_is_no_address_of_the_web_is_refused_in_class_too() {
        for url in ["ftp://example.com/", "example.com", "http://a:b@example.com/", "http://127.1/"] {
            assert_eq!(refused(Policy::Local, url).as_deref(), Some("/url"), "{url}");
        }
    }

    #[test]
    fn secrets_and_marks_are_new() {
        let secret = || Policy::Public.new_secret().unwrap().as_str().to_owned();
        let mark = || Policy::Public.new_secret_id().unwrap().as_str().to_owned();
        assert_ne!(secret(), secret());
        assert_ne!(mark(), mark());
        let bytes = STANDARD.decode(secret().strip_prefix("whsec_").unwrap()).unwrap();
        assert_eq!(bytes.len(), SECRET_BYTES);
        assert!(!mark().contains('.'));
    }
}
