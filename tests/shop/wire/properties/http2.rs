//! A style over HTTP/2 answers as over HTTP/1.1.

use super::probe::{Probe, shown};
use tests::http2::Http2;
use tests::raw::Response;
use tests::variants::{Answer, Mistake};
use wire::limits::BODY_BYTES_MAX;

/// The style's headers and media type, and these.
fn headers<'h>(probe: &'h Probe, more: &[(&'h str, &'h str)]) -> Vec<(&'h str, &'h str)> {
    let own = probe.style.headers.lines().filter_map(|line| line.split_once(": "));
    own.chain([("content-type", probe.style.media_type())]).chain(more.iter().copied()).collect()
}

/// The response to a POST of the style.
fn post(probe: &Probe, connection: &mut Http2, more: &[(&str, &str)], body: &[u8]) -> Result<Response, String> {
    let sent = connection.send("POST", probe.style.target, &headers(probe, more), body);
    sent.map_err(|error| format!("no response: {error}"))
}

/// Many requests on one connection, good ones and refused ones.
pub fn requests(probe: &Probe) {
    let mut connection = Http2::open(&probe.server.address());
    let body = probe.style.body.as_bytes();
    let own: Vec<_> = probe.style.headers.lines().filter_map(|line| line.split_once(": ")).collect();
    probe.check("the same response as over HTTP/1.1", || {
        let response = post(probe, &mut connection, &[], body)?;
        probe.fits(&response, Answer::Good)?;
        let mut line = probe.line();
        line.send(&probe.good_post(&[]));
        let other = line.response().ok_or("hung up")?;
        for name in ["content-type", "content-length", "etag", "cache-control", "vary"] {
            if response.header(name) != other.header(name) {
                return Err(format!(
                    "{name}: \"{}\", but \"{}\" over HTTP/1.1",
                    response.header(name),
                    other.header(name)
                ));
            }
        }
        if ["connection", "transfer-encoding", "keep-alive"].iter().any(|name| !response.header(name).is_empty()) {
            return Err(format!("RFC 9113 section 8.2.2: {}", shown(&response)));
        }
        (response.body.len() == other.body.len()).then_some(()).ok_or("bodies of different length".to_owned())
    });
    probe.check("GET, and HEAD of the same", || {
        let (target, _) = probe.style.get;
        let mut ask = |method| connection.send(method, target, &own, b"").map_err(|error| error.to_string());
        let (got, head) = (ask("GET")?, ask("HEAD")?);
        probe.fits(&got, Answer::Get)?;
        let is_alike = (head.status, head.header("content-length")) == (200, got.header("content-length"));
        let is_known = is_alike || probe.style.name == "graphql over events";
        (is_known && head.body.is_empty()).then_some(()).ok_or(shown(&head))
    });
    for (input, body, mistake) in [
        ("a body that is too large", vec![b' '; BODY_BYTES_MAX + 1], Mistake::TooLarge),
        ("twice as large, which is not read to its end", vec![b' '; 3 * BODY_BYTES_MAX], Mistake::TooLarge),
    ] {
        probe.check(input, || probe.fits(&post(probe, &mut connection, &[], &body)?, Answer::Refused(mistake)));
    }
    probe.check("a sandbox that can't be", || {
        let target = format!("/sandboxes/No%20Name{}", probe.style.target);
        let response =
            connection.send("POST", &target, &headers(probe, &[]), body).map_err(|error| error.to_string())?;
        probe.fits(&response, Answer::Refused(Mistake::Sandbox))
    });
    probe.check("and then a good one", || probe.fits(&post(probe, &mut connection, &[], body)?, Answer::Good));
}

/// A response that is dropped or cut resets its stream. The connection goes on.
pub fn faults(probe: &Probe) {
    let mut connection = Http2::open(&probe.server.address());
    let body = probe.style.body.as_bytes();
    // OAuth's endpoint is no operation.
    let is_whole = probe.style.name == "oauth";
    for fault in ["drop", "cut=40%"] {
        probe.check(fault, || {
            let headers = headers(probe, &[("x-fault", fault)]);
            match connection.send("POST", probe.style.target, &headers, body) {
                Ok(response) if is_whole => probe.fits(&response, Answer::Good),
                Ok(response) => Err(shown(&response)),
                Err(error) if error.is_reset() && !is_whole => Ok(()),
                Err(error) => Err(format!("the connection is broken: {error}")),
            }
        });
        probe.check("the next request", || probe.fits(&post(probe, &mut connection, &[], body)?, Answer::Good));
    }
}
