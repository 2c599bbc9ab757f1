//! A webhook's URL, parsed: scheme, host, port and path.

use http::Uri;
use http::uri::{Authority, PathAndQuery};
use std::net::IpAddr;

/// The default ports of http and https (RFC 9110 sections 4.2.1 and 4.2.2).
const PORTS: (u16, u16) = (80, 443);

/// A parsed URL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// Whether the scheme is https.
    pub is_secure: bool,
    /// The host.
    pub host: Host,
    /// The port.
    pub port: u16,
    /// Host and port as the URL has them: the header `Host`.
    pub authority: Authority,
    /// Path and query: the request target.
    pub path: PathAndQuery,
}

/// The host of a URL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Host {
    /// An IP address.
    Address(IpAddr),
    /// A name, in lower case and without a final dot.
    Name(String),
}

impl Target {
    /// Parses a URL. The error is the rule that the URL breaks.
    pub fn parse(url: &str) -> Result<Target, &'static str> {
        const NOT_HTTP: &str = "must be an address of http or https";
        let uri = url.parse::<Uri>().map_err(|_| NOT_HTTP)?;
        let is_secure = match uri.scheme_str() {
            Some("http") => false,
            Some("https") => true,
            _ => return Err(NOT_HTTP),
        };
        let authority = uri.authority().ok_or(NOT_HTTP)?.clone();
        if authority.as_str().contains('@') {
            return Err("must have no user and no password");
        }
        let port = port(&authority, if is_secure { PORTS.1 } else { PORTS.0 })?;
        let path = uri.path_and_query().cloned().unwrap_or_else(|| PathAndQuery::from_static("/"));
        Ok(Target { is_secure, host: Host::parse(authority.host())?, port, authority, path })
    }
}

fn port(authority: &Authority, default: u16) -> Result<u16, &'static str> {
    let written = authority.as_str().strip_prefix(authority.host()).unwrap_or_default();
    match written.strip_prefix(':') {
        // RFC 3986 section 3.2.3: an empty port means the default port.
        None | Some("") => Ok(default),
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
        // WHATWG URL, "ends in a number": some resolvers accept 127.1 and 0x7f000001 as addresses. Only four decimal parts are
        // allowed here, so that an address cannot be disguised as a name.
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
    fn a_url_is_parsed() {
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
    fn malformed_urls_are_refused() {
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
