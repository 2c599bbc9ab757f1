//! What does a webhook's address say? Over what, to which host and port, and what is asked for there.

use http::Uri;
use http::uri::{Authority, PathAndQuery};
use std::net::IpAddr;

/// The port of http and that of https (RFC 9110 sections 4.2.1 and 4.2.2).
const PORTS: (u16, u16) = (80, 443);

/// An address taken apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// Whether it is https.
    pub is_secure: bool,
    /// The host.
    pub host: Host,
    /// The port.
    pub port: u16,
    /// Host and port as they were written: the header `Host`.
    pub authority: Authority,
    /// What is asked for.
    pub path: PathAndQuery,
}

/// A host, as an address names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Host {
    /// By its number.
    Address(IpAddr),
    /// By its name, in lower case and without the root's dot.
    Name(String),
}

impl Target {
    /// Takes an address apart; else, what is wrong with it.
    pub fn parse(url: &str) -> Result<Target, &'static str> {
        const NO_WEB: &str = "must be an address of http or https";
        let uri = url.parse::<Uri>().map_err(|_| NO_WEB)?;
        let is_secure = match uri.scheme_str() {
            Some("http") => false,
            Some("https") => true,
            _ => return Err(NO_WEB),
        };
        let authority = uri.authority().ok_or(NO_WEB)?.clone();
        if authority.as_str().contains('@') {
            return Err("must hold no user and no password");
        }
        let port = port(&authority, if is_secure { PORTS.1 } else { PORTS.0 })?;
        let path = uri.path_and_query().cloned().unwrap_or_else(|| PathAndQuery::from_static("/"));
        Ok(Target { is_secure, host: Host::parse(authority.host())?, port, authority, path })
    }
}

fn port(authority: &Authority, usual: u16) -> Result<u16, &'static str> {
    let written = authority.as_str().strip_prefix(authority.host()).unwrap_or_default();
    match written.strip_prefix(':') {
        // RFC 3986 section 3.2.3: an empty port is the usual one.
        None | Some("") => Ok(usual),
        Some(digits) => digits.parse().ok().filter(|port| *port > 0).ok_or("must have a port of 1 to 65535"),
    }
}

impl Host {
    fn parse(written: &str) -> Result<Host, &'static str> {
        if let Some(address) = written.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            let address = address.parse().map_err(|_| "must have an IPv6 address between its brackets")?;
            return Ok(Host::Address(IpAddr::V6(address)));
        }
        let name = written.strip_suffix('.').unwrap_or(written).to_ascii_lowercase();
        if let Ok(address) = name.parse() {
            return Ok(Host::Address(IpAddr::V4(address)));
        }
        if name.is_empty() || name.split('.').any(str::is_empty) {
            return Err("must name a host");
        }
        // WHATWG URL, "ends in a number": 127.1 and 0x7f000001 are addresses too, to some. Who means one may write it plainly.
        let last = name.rsplit('.').next().unwrap_or_default();
        let is_number = last.bytes().all(|byte| byte.is_ascii_digit())
            || last.strip_prefix("0x").is_some_and(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()));
        if is_number { Err("must have an IPv4 address in four plain parts") } else { Ok(Host::Name(name)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_taken_apart() {
        for (url, is_secure, host, port, path) in [
            ("http://Example.COM", false, Host::Name("example.com".into()), 80, "/"),
            ("https://example.com.:8443/a/b?c=d", true, Host::Name("example.com".into()), 8443, "/a/b?c=d"),
            ("https://192.0.2.1:", true, Host::Address([192, 0, 2, 1].into()), 443, "/"),
            ("http://[::1]:1/#part", false, Host::Address(IpAddr::from([0, 0, 0, 0, 0, 0, 0, 1u16])), 1, "/"),
        ] {
            let target = Target::parse(url).unwrap();
            let found = (target.is_secure, target.host, target.port, target.path.as_str());
            assert_eq!(found, (is_secure, host, port, path), "{url}");
        }
    }

    #[test]
    fn what_is_no_address_of_the_web_is_refused() {
        for url in [
            "",
            "example.com",
            "/path",
            "ftp://example.com",
            "http://",
            "http://:80/",
            "http://a..b/",
            "http://user:password@example.com/",
            "http://example.com:0/",
            "http://example.com:65536/",
            "http://example.com:x/",
            "http://[::1",
            "http://[fe80::1%25eth0]/",
            "http://127.1/",
            "http://2130706433/",
            "http://0x7f000001/",
            "http://0177.0.0.0x1/",
            "http://127.0.0.256/",
            "http://exa mple.com/",
            "http://exämple.com/",
        ] {
            assert!(Target::parse(url).is_err(), "{url}");
        }
    }
}
