//! The address of a server, as a client sees it.

use std::fmt;
use std::net::{Ipv4Addr, SocketAddr};

/// The path prefix of sandboxes.
const FOLDER: &str = "/sandboxes/";

/// The address of a server, or of a sandbox on it: `http://127.0.0.1:8080/sandboxes/alice`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    /// Whether clients use TLS, which a proxy in front of the server ends.
    pub tls: bool,
    /// Host and port.
    pub authority: String,
    /// The prefix of every path: that of a proxy, then `/sandboxes/{name}`; empty without them.
    pub prefix: String,
}

impl Address {
    /// Parses a URL.
    pub fn parse(url: &str) -> Result<Self, String> {
        let rest = url.strip_prefix("http://").ok_or_else(|| format!("{url}: an address begins with http://"))?;
        let rest = rest.trim_end_matches('/');
        let (authority, prefix) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
        let uri: http::Uri = url.parse().map_err(|error| format!("{url}: {error}"))?;
        if uri.host().is_none_or(str::is_empty) || authority.contains('@') {
            return Err(format!("{url}: an address has a host and no user"));
        }
        Ok(Address { tls: false, authority: authority.to_owned(), prefix: prefix.to_owned() })
    }

    /// The address of a server that listens there, for a client on this machine.
    pub fn local(mut socket: SocketAddr) -> Address {
        if socket.ip().is_unspecified() {
            socket.set_ip(Ipv4Addr::LOCALHOST.into());
        }
        Address { tls: false, authority: socket.to_string(), prefix: String::new() }
    }

    /// The same server, in that sandbox.
    pub fn in_sandbox(&self, name: &str) -> Address {
        let root = self.prefix.rsplit_once(FOLDER).map_or(self.prefix.as_str(), |(root, _)| root);
        Address { tls: self.tls, authority: self.authority.clone(), prefix: format!("{root}{FOLDER}{name}") }
    }

    /// The name of the sandbox; `None` for the main one.
    pub fn sandbox(&self) -> Option<&str> {
        self.prefix.rsplit_once(FOLDER).map(|(_, name)| name)
    }

    /// The URL of a path.
    pub fn http(&self, path: &str) -> String {
        let scheme = if self.tls { "https" } else { "http" };
        format!("{scheme}://{}{}{path}", self.authority, self.prefix)
    }

    /// The WebSocket URL of a path.
    pub fn ws(&self, path: &str) -> String {
        format!("{}://{}{}{path}", self.ws_scheme(), self.authority, self.prefix)
    }

    /// The scheme of WebSocket URLs (RFC 6455 section 3).
    pub fn ws_scheme(&self) -> &'static str {
        if self.tls { "wss" } else { "ws" }
    }

    /// Host and port to connect to.
    pub fn dial(&self) -> String {
        let has_port = self.authority.rsplit_once(':').is_some_and(|(_, port)| port.parse::<u16>().is_ok());
        if has_port { self.authority.clone() } else { format!("{}:80", self.authority) }
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.http(""))
    }
}
