//! The headers of a proxy in front of the server: `Forwarded` (RFC 7239), else `X-Forwarded-*`.
//!
//! Any client can send these headers, so they are read only if the server is started behind a proxy that sets them
//! (`--behind-proxy`). Each hop appends to the list. The last entry is the one that our own proxy wrote, and the only one
//! that can be trusted: it is used, and the others are ignored.

use crate::http::quoted::{split, unquoted};
use actix_web::HttpRequest;
use actix_web::http::header::{self, HeaderName};
use actix_web::http::uri::Authority;
use actix_web::web::Data;
use std::net::IpAddr;

/// Whether a proxy stands in front of the server.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Proxy {
    /// No: such headers are ignored.
    #[default]
    Absent,
    /// Yes, and it sets these headers, or removes them.
    Trusted,
}

/// Maximum characters of a prefix: a few folders.
const PREFIX_CHARS_MAX: usize = 200;

static PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");
static HOST: HeaderName = HeaderName::from_static("x-forwarded-host");
static FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
static PREFIX: HeaderName = HeaderName::from_static("x-forwarded-prefix");

/// What the proxy reports. A malformed value counts as absent.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Forwarded {
    /// Whether the client uses TLS.
    pub tls: Option<bool>,
    /// The host and port that the client requested.
    pub host: Option<String>,
    /// The path prefix that the proxy removed.
    pub prefix: Option<String>,
    /// The client's address.
    pub from: Option<IpAddr>,
}

impl Forwarded {
    /// The proxy's report about a request, if there is a proxy.
    pub fn of(request: &HttpRequest) -> Forwarded {
        match request.app_data::<Data<Proxy>>().map(|proxy| *proxy.get_ref()) {
            Some(Proxy::Trusted) => Forwarded::read(request),
            Some(Proxy::Absent) | None => Forwarded::default(),
        }
    }

    fn read(request: &HttpRequest) -> Forwarded {
        let standard = last(request, &header::FORWARDED).and_then(pairs).unwrap_or_default();
        let parameter_or_header = |parameter: &str, name| {
            let value = standard.iter().find(|(known, _)| known == parameter).map(|(_, value)| value.clone());
            value.or_else(|| last(request, name).map(str::to_owned))
        };
        Forwarded {
            tls: parameter_or_header("proto", &PROTO).and_then(|proto| is_tls(&proto)),
            host: parameter_or_header("host", &HOST).filter(|host| is_authority(host)),
            prefix: last(request, &PREFIX).and_then(prefix),
            from: parameter_or_header("for", &FOR).and_then(|node| address(&node)),
        }
    }
}

/// The last entry of a header's list; of several headers, the last one's (RFC 9110 section 5.3).
fn last<'r>(request: &'r HttpRequest, name: &HeaderName) -> Option<&'r str> {
    let value = request.headers().get_all(name).last()?.to_str().ok()?;
    let (mut entries, is_whole) = split(value, ',');
    entries.pop().filter(|entry| is_whole && !entry.is_empty())
}

/// The parameters of an entry of `Forwarded`, each at most once; `None` if it does not follow section 4.
fn pairs(entry: &str) -> Option<Vec<(String, String)>> {
    let mut pairs: Vec<(String, String)> = Vec::new();
    for pair in split(entry, ';').0.into_iter().filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=')?;
        let name = name.to_ascii_lowercase();
        if pairs.iter().any(|(known, _)| *known == name) {
            return None;
        }
        pairs.push((name, unquoted(value)));
    }
    Some(pairs)
}

/// Some proxies send a WebSocket's own scheme.
fn is_tls(proto: &str) -> Option<bool> {
    match proto.to_ascii_lowercase().as_str() {
        "https" | "wss" => Some(true),
        "http" | "ws" => Some(false),
        _ => None,
    }
}

/// Whether it is a host, with an optional port, and safe in a link, a contract and a page.
pub(crate) fn is_authority(host: &str) -> bool {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | ':' | '[' | ']');
    let is_read = |authority: Authority| {
        let after = authority.as_str().strip_prefix(authority.host()).unwrap_or_default();
        let is_port = |port: &str| port.bytes().all(|c| c.is_ascii_digit()) && port.parse::<u16>().is_ok();
        !authority.host().is_empty() && (after.is_empty() || after.strip_prefix(':').is_some_and(is_port))
    };
    host.chars().all(is_plain) && host.parse().is_ok_and(is_read)
}

/// A path prefix, without a slash at its end.
fn prefix(text: &str) -> Option<String> {
    let path = text.strip_suffix('/').unwrap_or(text);
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | '~');
    let is_step = |step: &str| !matches!(step, "" | "." | "..") && step.chars().all(is_plain);
    let is_path = path.strip_prefix('/').is_some_and(|steps| steps.split('/').all(is_step));
    (is_path && path.len() <= PREFIX_CHARS_MAX).then(|| path.to_owned())
}

/// The address of a node (section 6): with or without a port, and IPv6 with or without brackets. Others are hidden or unknown.
fn address(node: &str) -> Option<IpAddr> {
    let host = match node.strip_prefix('[') {
        Some(rest) => rest.split_once(']')?.0,
        None if node.matches(':').count() == 1 => node.split_once(':')?.0,
        None => node,
    };
    host.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::test::TestRequest;

    /// The report of these headers, behind a proxy.
    fn read(headers: &[(&'static str, &str)]) -> Forwarded {
        let request = TestRequest::default().app_data(Data::new(Proxy::Trusted));
        Forwarded::of(&headers.iter().fold(request, |request, header| request.append_header(*header)).to_http_request())
    }

    #[test]
    fn a_proxy_is_believed_only_where_there_is_one() {
        let headers = [("forwarded", "proto=https;host=a.example"), ("x-forwarded-prefix", "/shop")];
        let without = |request: TestRequest| {
            let request = headers.iter().fold(request, |request, header| request.insert_header(*header));
            Forwarded::of(&request.to_http_request())
        };
        assert_eq!(without(TestRequest::default()), Forwarded::default());
        assert_eq!(without(TestRequest::default().app_data(Data::new(Proxy::Absent))), Forwarded::default());
        let shop = Some("/shop".to_owned());
        let all = Forwarded { tls: Some(true), host: Some("a.example".to_owned()), prefix: shop, from: None };
        assert_eq!(read(&headers), all);
    }

    #[test]
    fn the_last_entry_is_the_own_proxy_s() {
        let host = |value: &'static str| read(&[("forwarded", value)]).host.unwrap_or_default();
        assert_eq!(host("host=evil.example, host=a.example"), "a.example");
        assert_eq!(host("for=1.2.3.4;HOST=\"a.example:8443\";by=_x"), "a.example:8443");
        assert_eq!(host("host=\"a\\.example\""), "a.example");
        assert_eq!(host("host=evil.example, for=1.2.3.4"), "", "it says none");
        assert_eq!(host("for=\"x, host=evil.example\";host=a.example"), "a.example");
        assert_eq!(host("for=x; host=a.example"), "a.example");
        for broken in ["host=\"a.example", "host=a.example;host=b.example", "host", "host=a.example;x", ""] {
            assert_eq!(host(broken), "", "{broken}");
        }
        assert_eq!(
            read(&[("forwarded", "host=evil.example"), ("forwarded", "host=a.example")]).host.unwrap(),
            "a.example"
        );
        let both = [
            ("forwarded", "proto=https"),
            ("x-forwarded-proto", "http"),
            ("x-forwarded-host", "evil.example, a.example"),
        ];
        assert_eq!((read(&both).tls, read(&both).host.unwrap()), (Some(true), "a.example".to_owned()));
        assert_eq!(read(&[("x-forwarded-proto", "https, WSS")]).tls, Some(true));
        assert_eq!(read(&[("x-forwarded-proto", "https, http")]).tls, Some(false));
    }

    #[test]
    fn invalid_hosts_schemes_and_paths_are_ignored() {
        for good in ["a", "a.example", "127.0.0.1:1", "[::1]", "[2a00::1]:8443", "under_score"] {
            assert_eq!(read(&[("x-forwarded-host", good)]).host.as_deref(), Some(good));
        }
        for bad in [
            "", "a/b", "a@b", "a b", "a\"b", "<a>", "a?b", "a#b", "a:", "a:x", ":80", "a:99999", "a\\b", "[::1",
            "a%41", "ä",
        ] {
            assert_eq!(read(&[("x-forwarded-host", bad)]).host, None, "{bad}");
        }
        for bad in ["javascript", "https://", "", "ftp", "https:"] {
            assert_eq!(read(&[("x-forwarded-proto", bad)]).tls, None, "{bad}");
        }
        for (text, read_as) in
            [("/shop/", Some("/shop")), ("/a/b", Some("/a/b")), ("/x, /shop", Some("/shop")), ("/", None)]
        {
            assert_eq!(read(&[("x-forwarded-prefix", text)]).prefix.as_deref(), read_as, "{text}");
        }
        for bad in [
            "shop",
            "//evil.example",
            "/a//b",
            "/a/../b",
            "/.",
            "/a?b",
            "/a#b",
            "/a b",
            "/<b>",
            "/%0d%0a",
            "/a\"",
            "http://evil.example",
        ] {
            assert_eq!(read(&[("x-forwarded-prefix", bad)]).prefix, None, "{bad}");
        }
        assert_eq!(read(&[("x-forwarded-prefix", &format!("/{}", "a".repeat(PREFIX_CHARS_MAX)))]).prefix, None);
    }

    #[test]
    fn a_client_has_an_address_or_hides_it() {
        for (node, address) in [
            ("for=192.0.2.60", Some("192.0.2.60")),
            ("for=\"192.0.2.60:4711\"", Some("192.0.2.60")),
            ("for=\"[2001:db8:cafe::17]:4711\"", Some("2001:db8:cafe::17")),
            ("for=\"[2001:db8:cafe::17]\"", Some("2001:db8:cafe::17")),
            ("for=unknown", None),
            ("for=_gazonk", None),
            ("for=\"[::1\"", None),
        ] {
            assert_eq!(read(&[("forwarded", node)]).from, address.map(|address| address.parse().unwrap()), "{node}");
        }
        for node in ["203.0.113.9", "1.2.3.4, 203.0.113.9", "203.0.113.9:80", "[::1], 203.0.113.9"] {
            assert_eq!(read(&[("x-forwarded-for", node)]).from, "203.0.113.9".parse().ok(), "{node}");
        }
        assert_eq!(read(&[("x-forwarded-for", "::1")]).from, "::1".parse().ok());
    }
}
