//! Addresses are compared as RFC 3986 says, and a request that misses one by little gets a hint.

use super::probe::{After, Probe, shown};
use tests::raw::Response;
use tests::variants::{Answer, Mistake};

/// Each unreserved character (RFC 3986 section 2.3) percent-encoded, or only some of them.
fn encoded(path: &str, which: impl Fn(usize) -> bool, in_capitals: bool) -> String {
    let spell = |(at, c): (usize, char)| match c {
        'A'..='Z' | 'a'..='z' | '0'..='9' | '-' | '.' | '_' | '~' if which(at) => {
            if in_capitals {
                format!("%{:02X}", c as u32)
            } else {
                format!("%{:02x}", c as u32)
            }
        }
        c => c.to_string(),
    };
    path.chars().enumerate().map(spell).collect()
}

/// RFC 3986 section 6.2.2.2: an unreserved character may be percent-encoded, and means the same.
pub fn percent_encoded(probe: &Probe) {
    let target = probe.style.target;
    let sandbox = probe.server.new_name();
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    assert!(query.is_empty(), "a style is asked at a path");
    let (look, look_query) = probe.style.get.0.split_once('?').unwrap_or((probe.style.get.0, ""));
    for (name, which) in [("the first letter", 1), ("the last letter", path.len() - 1), ("all letters", 0)] {
        for in_capitals in [false, true] {
            let name = format!("{name}, {}", if in_capitals { "in capitals" } else { "in small letters" });
            let spelt = encoded(path, |at| which == 0 || at == which, in_capitals);
            probe.one(&name, &probe.good_post_to(&spelt), Answer::Good);
            probe.one(
                &format!("{name}, in a sandbox"),
                &probe.good_post_to(&format!("/sandboxes/{sandbox}{spelt}")),
                Answer::Good,
            );
            let spelt = encoded(look, |at| which == 0 || at == which, in_capitals);
            let spelt = if look_query.is_empty() { spelt } else { format!("{spelt}?{look_query}") };
            probe.one(&format!("{name}, by GET"), &probe.request("GET", &spelt, "", &[], b""), Answer::Get);
        }
    }
    for name in [encoded(&sandbox, |at| at == 2, true), encoded(&sandbox, |_| true, false)] {
        probe.one(
            &format!("the sandbox {name}"),
            &probe.good_post_to(&format!("/sandboxes/{name}{target}")),
            Answer::Good,
        );
    }
    let all = encoded(&format!("/sandboxes/{sandbox}{target}"), |_| true, true);
    probe.one("all of it", &probe.good_post_to(&all), Answer::Good);
    if probe.style.name == "rest" {
        is_the_same_sandbox(probe, &sandbox);
    }
}

/// A sandbox has one name, however it is encoded.
fn is_the_same_sandbox(probe: &Probe, sandbox: &str) {
    probe.check("the same sandbox", || {
        let mut line = probe.line();
        let (name, spelt) =
            (format!("/sandboxes/{sandbox}"), format!("/sandboxes/{}", encoded(sandbox, |_| true, false)));
        let change = b"{\"name\":\"Renamed\"}";
        line.send(&probe.request("PATCH", &format!("{spelt}/rest/users/%31"), "application/json", &[], change));
        probe.fits(&line.response().ok_or("hung up")?, Answer::Status(200))?;
        line.send(&probe.request("GET", &format!("{name}/rest/users/1"), "", &[], b""));
        let user = line.response().ok_or("hung up")?;
        if user.text().contains("Renamed") { Ok(()) } else { Err(format!("another user: {}", shown(&user))) }
    });
}

/// RFC 3986 section 2.2: a reserved character is not the same as its encoding; nothing is decoded twice; and a malformed encoding is refused.
pub fn other_addresses(probe: &Probe) {
    let target = probe.style.target;
    let inner = &target[1..];
    let (first, rest) = (&inner[..1], &inner[1..]);
    let twice = format!("/%25{:02x}{rest}", first.as_bytes()[0]);
    for (name, target) in [
        ("decoded twice", twice),
        ("a slash that is none", format!("/%2f{inner}")),
        ("a slash at the end that is none", format!("{target}%2F")),
        ("a semicolon", format!("{target};a=b")),
        ("a question mark that is none", format!("{target}%3Fa=b")),
        ("a space at the end", format!("{target}%20")),
        ("a NUL at the end", format!("{target}%00")),
        ("no encoding", format!("{target}%zz")),
        ("half an encoding", format!("{target}%7")),
        ("other letters", target.to_uppercase()),
        ("a slash in a sandbox's name", format!("/sandboxes/a%2fb{target}")),
    ] {
        probe.check(name, || {
            let mut line = probe.line();
            line.send(&probe.good_post_to(&target));
            let response = line.response().ok_or("hung up")?;
            // A malformed address may be refused as such, and a bad sandbox name in the style's grammar.
            let is_refused = matches!(response.status, 400 | 404)
                || probe.fits(&response, Answer::Refused(Mistake::Sandbox)).is_ok();
            if !is_refused {
                return Err(format!("400 or 404 was expected, was {}", shown(&response)));
            }
            probe.ends(&mut line, &response, After::Kept)
        });
    }
}

/// RFC 9112 section 3.2.2: a server accepts the absolute form, whose host counts, and not that of the header field.
pub fn absolute(probe: &Probe) {
    let target = probe.style.target;
    for origin in [
        "http://localhost",
        "http://127.0.0.1:8080",
        "HTTP://LocalHost:80",
        "http://shop.example",
        "https://shop.example",
    ] {
        probe.one(origin, &probe.good_post_to(&format!("{origin}{target}")), Answer::Good);
        let look = format!("{origin}{}", probe.style.get.0);
        probe.one(&format!("{origin}, by GET"), &probe.request("GET", &look, "", &[], b""), Answer::Get);
        let sandbox = format!("{origin}/sandboxes/{}{target}", probe.server.new_name());
        probe.one(&format!("{origin}, in a sandbox"), &probe.good_post_to(&sandbox), Answer::Good);
    }
    let origin = "http://shop.example:81";
    redirected(probe, "GET", &format!("{origin}{target}/"), &format!("{origin}{target}"));
}

/// One slash too many: 308 (RFC 9110 section 15.4.9), which keeps method and body.
pub fn trailing_slash(probe: &Probe) {
    let target = probe.style.target;
    let sandbox = format!("/sandboxes/{}{target}", probe.server.new_name());
    for target in [target, sandbox.as_str()] {
        for method in ["GET", "POST", "PUT", "DELETE"] {
            redirected(probe, method, &format!("{target}/"), &format!("http://localhost{target}"));
            let query = "?a=b%20c&d=%2F&e=/";
            redirected(probe, method, &format!("{target}/{query}"), &format!("http://localhost{target}{query}"));
        }
    }
}

/// Expects 308 to an address, which the content names too.
fn redirected(probe: &Probe, method: &str, from: &str, to: &str) {
    probe.check(&format!("{method} {from}"), || {
        let mut line = probe.line();
        let (kind, body) = match method {
            "GET" => ("", ""),
            _ => (probe.style.media_type(), probe.style.body),
        };
        line.send(&probe.request(method, from, kind, &[], body.as_bytes()));
        let response = line.response().ok_or("hung up")?;
        let is_it = response.status == 308
            && response.header("location") == to
            && response.header("content-type").starts_with("text/plain")
            && response.text().contains(to);
        if !is_it {
            return Err(format!("308 to {to} with a text was expected, was {}", shown(&response)));
        }
        probe.ends(&mut line, &response, After::Kept)
    });
}

/// No address leads a client elsewhere, or into another header field.
pub fn no_open_redirect(probe: &Probe) {
    let target = probe.style.target;
    for path in [
        "//evil.example/".to_owned(),
        "///evil.example/".to_owned(),
        "//evil.example/%2e%2e/".to_owned(),
        format!("//evil.example{target}/"),
        format!("{target}//evil.example/"),
        format!("{target}//"),
        "/%2f%2fevil.example/".to_owned(),
        "/%2fevil.example/".to_owned(),
        "/%5Cevil.example/".to_owned(),
        "/\\evil.example/".to_owned(),
        "//user@evil.example/".to_owned(),
        "/sandboxes/a//evil.example/".to_owned(),
        "/sandboxes//evil.example/".to_owned(),
        "/http://evil.example/".to_owned(),
        format!("{target}/%0d%0aset-cookie:%20a=b/"),
        format!("{target}/?%0d%0aset-cookie:%20a=b"),
    ] {
        for method in ["GET", "POST"] {
            probe.check(&format!("{method} {path}"), || {
                let mut line = probe.line();
                let (kind, body) =
                    if method == "GET" { ("", "") } else { (probe.style.media_type(), probe.style.body) };
                line.send(&probe.request(method, &path, kind, &[], body.as_bytes()));
                let response = line.response().ok_or("hung up")?;
                if response.status >= 500 || !is_at_home(&response) || !response.header("set-cookie").is_empty() {
                    return Err(format!("was sent away: {}", shown(&response)));
                }
                Ok(())
            });
        }
    }
}

/// Whether a redirect, if it is one, leads to this server.
fn is_at_home(response: &Response) -> bool {
    let location = response.header("location");
    location.is_empty() || location.starts_with("http://localhost/")
}

/// Unknown query parameters: a cache-buster is ignored everywhere, and anything where the query has no meaning.
pub fn query(probe: &Probe) {
    let (target, look) = (probe.style.target, probe.style.get.0);
    let behind = |query: &str| if look.contains('?') { format!("{look}&{query}") } else { format!("{look}?{query}") };
    for query in ["_=1712345", "_", "_=", "_t=1", "_x%5B%5D=a", "_=1&_=2", "%5F=1", "", "&", "&&_=1&"] {
        let post = format!("{target}?{query}");
        probe.one(&format!("POST ?{query}"), &probe.good_post_to(&post), Answer::Good);
        probe.one(&format!("GET ?{query}"), &probe.request("GET", &behind(query), "", &[], b""), Answer::Get);
    }
    for query in ["x=1", "x", "x=1&_=2", "_=2&x=1", "X=1", "wsdl2", "page=2"] {
        let post = probe.good_post_to(&format!("{target}?{query}"));
        if probe.style.name != "rest" {
            probe.one(&format!("POST ?{query}"), &post, Answer::Good);
            continue;
        }
        let name = query
            .split('&')
            .find(|member| !member.starts_with('_'))
            .and_then(|member| member.split('=').next())
            .expect("a name");
        let list = probe.request("GET", &format!("/rest/products?{query}"), "", &[], b"");
        for (address, sent, known) in [("login", &post, ""), ("products", &list, "limit")] {
            probe.check(&format!("{address}?{query}"), || {
                let mut line = probe.line();
                line.send(sent);
                let response = line.response().ok_or("hung up")?;
                let refusal = (probe.style.read_refusal)(&response);
                if (response.status, refusal.reason.as_str()) != (422, "invalid_input")
                    || !response.text().contains(name)
                    || !response.text().contains(known)
                {
                    return Err(format!("422 that names {name} and {known} was expected, was {}", shown(&response)));
                }
                probe.ends(&mut line, &response, After::Kept)
            });
        }
    }
}

/// Private Network Access: a page of the internet asks whether it may call a server at home. Any page may call this one.
pub fn private_network(probe: &Probe) {
    let sandbox = format!("/sandboxes/{}{}", probe.server.new_name(), probe.style.target);
    for target in [probe.style.target, sandbox.as_str()] {
        for (wanted, expected) in [("true", "true"), ("", "")] {
            probe.check(&format!("OPTIONS {target}, {wanted:?}"), || {
                let mut line = probe.line();
                let mut headers = vec![
                    ("origin", "https://shop.example"),
                    ("access-control-request-method", "POST"),
                    ("access-control-request-headers", "content-type"),
                ];
                if !wanted.is_empty() {
                    headers.push(("access-control-request-private-network", wanted));
                }
                line.send(&probe.request("OPTIONS", target, "", &headers, b""));
                let response = line.response().ok_or("hung up")?;
                let allowed = response.header("access-control-allow-private-network");
                if !(200..300).contains(&response.status)
                    || allowed != expected
                    || response.header("access-control-allow-methods") != "POST"
                {
                    return Err(format!("{expected:?} was expected, was {allowed:?}: {}", shown(&response)));
                }
                probe.ends(&mut line, &response, After::Kept)
            });
        }
    }
}
