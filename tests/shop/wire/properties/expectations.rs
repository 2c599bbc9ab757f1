//! Clients that wait for permission to send their body (RFC 9110 section 10.1.1).

use super::probe::{After, Probe};
use tests::variants::{Answer, Mistake};
use wire::limits::BODY_BYTES_MAX;

/// A head without its body.
fn head(
    probe: &Probe,
    method: &str,
    target: &str,
    media_type: &str,
    headers: &[(&str, &str)],
    bytes: usize,
) -> Vec<u8> {
    let length = bytes.to_string();
    let headers = [headers, &[("content-length", length.as_str()), ("expect", "100-continue")]].concat();
    let sent = probe.request(method, target, media_type, &headers, b"");
    String::from_utf8(sent).expect("a head is text").replacen("content-length: 0\r\n", "", 1).into_bytes()
}

/// A request that is refused for its head is refused before the body is sent, and the connection closes: whether the body
/// still comes is unknown.
pub fn refused(probe: &Probe) {
    let style = probe.style;
    let (target, kind, bytes) = (style.target, style.media_type(), style.body.len());
    let nowhere = format!("{target}/nothing/at/all");
    let sandbox = |name: &str| format!("/sandboxes/{name}{target}");
    // RFC 6749 section 5.2 requires 400 for it, and which version of SOAP is refused is unknown.
    let (other_media_type, other_method) = match style.name {
        "oauth" => (Answer::Status(400), Answer::Status(405)),
        "soap 1.2" => (Answer::Status(415), Answer::Status(405)),
        _ => (Answer::Refused(Mistake::MediaType), Answer::Refused(Mistake::Method)),
    };
    let (too_large, coding) = (Answer::Refused(Mistake::TooLarge), Answer::Refused(Mistake::MediaType));
    let heads: &[(&str, Vec<u8>, Answer)] = &[
        ("one byte too large", head(probe, "POST", target, kind, &[], BODY_BYTES_MAX + 1), too_large),
        ("far too large", head(probe, "POST", target, kind, &[], 5_000_000_000), too_large),
        (
            "too large and packed",
            head(probe, "POST", target, kind, &[("content-encoding", "gzip")], BODY_BYTES_MAX + 1),
            too_large,
        ),
        ("zstd", head(probe, "POST", target, kind, &[("content-encoding", "zstd")], bytes), coding),
        ("deflate", head(probe, "POST", target, kind, &[("content-encoding", "deflate")], bytes), coding),
        ("two codings", head(probe, "POST", target, kind, &[("content-encoding", "gzip, br")], bytes), coding),
        ("another media type", head(probe, "POST", target, "application/pdf", &[], bytes), other_media_type),
        ("an unknown address", head(probe, "POST", &nowhere, kind, &[], bytes), Answer::Status(404)),
        ("another method", head(probe, "PATCH", target, kind, &[], bytes), other_method),
        (
            "no sandbox's name",
            head(probe, "POST", &sandbox("BAD"), kind, &[], bytes),
            Answer::Refused(Mistake::Sandbox),
        ),
        (
            "no sandbox's name, encoded",
            head(probe, "POST", &sandbox("%42AD"), kind, &[], bytes),
            Answer::Refused(Mistake::Sandbox),
        ),
    ];
    for (name, head, answer) in heads {
        probe.several(name, &[head], &[*answer], After::Closed);
        // Section 10.1.1: a client may stop waiting. RFC 9112 section 9.6: after `close` nothing more is answered.
        let next = b"GET /livez HTTP/1.1\r\nhost: localhost\r\n\r\n";
        let body = vec![b' '; bytes];
        for (what, rest) in [("the body at once", [&body, &next[..]].concat()), ("a request instead", next.to_vec())] {
            if !name.contains("too large") {
                let sent = [head.as_slice(), &rest].concat();
                probe.several(&format!("{name}, and {what}"), &[&sent], &[*answer], After::Closed);
            }
        }
    }
}

/// Otherwise the server sends 100 and then the response.
pub fn accepted(probe: &Probe) {
    let style = probe.style;
    let body = style.body.as_bytes();
    let dotnet = format!(
        "POST {} HTTP/1.1\r\nContent-Type: {}; charset=utf-8\r\nSOAPAction: \"\"\r\nHost: localhost\r\nContent-Length: {}\r\n\
         Expect: 100-continue\r\nAccept-Encoding: gzip, deflate\r\nConnection: Keep-Alive\r\n{}\r\n",
        style.target,
        style.media_type(),
        body.len(),
        style.headers
    );
    let curl = format!(
        "POST {} HTTP/1.1\r\nHost: localhost\r\nUser-Agent: curl/7.88.1\r\nAccept: */*\r\nContent-Type: {}\r\n\
         Content-Length: {}\r\nExpect: 100-continue\r\n{}\r\n",
        style.target,
        style.media_type(),
        body.len(),
        style.headers
    );
    let chunked = probe.chunked(&[("expect", "100-continue")], body, 11);
    let at = chunked.windows(4).position(|four| four == b"\r\n\r\n").expect("a head has an end") + 4;
    let capitals = curl.replace("100-continue", "100-Continue");
    for (name, head, rest) in [
        (".NET", dotnet.as_bytes(), body),
        ("curl", curl.as_bytes(), body),
        ("in capitals", capitals.as_bytes(), body),
        ("in chunks", &chunked[..at], &chunked[at..]),
    ] {
        probe.check(name, || {
            let mut line = probe.line();
            let mut last = None;
            for _ in 0..2 {
                line.send(head);
                probe.fits(&line.response().ok_or("hung up")?, Answer::Continue)?;
                line.send(rest);
                let response = line.response().ok_or("hung up after the body")?;
                probe.fits(&response, Answer::Good)?;
                last = Some(response);
            }
            probe.ends(&mut line, &last.expect("two answers"), After::Kept)
        });
        probe.check(&format!("{name}, and the body at once"), || {
            let mut line = probe.line();
            line.send(&[head, rest].concat());
            let mut response = line.response().ok_or("hung up")?;
            if response.status == 100 {
                response = line.response().ok_or("hung up after 100")?;
            }
            probe.fits(&response, Answer::Good)?;
            probe.ends(&mut line, &response, After::Kept)
        });
    }
    probe.check("what only its body shows to be wrong", || {
        let mut line = probe.line();
        line.send(&head(probe, "POST", style.target, style.media_type(), &[("content-encoding", "gzip")], 3));
        probe.fits(&line.response().ok_or("hung up")?, Answer::Continue)?;
        line.send(b"abc");
        let response = line.response().ok_or("hung up")?;
        probe.fits(&response, Answer::Refused(Mistake::Unreadable))?;
        probe.ends(&mut line, &response, After::Kept)
    });
}

/// Where there is no body to wait for, or no client that waits.
pub fn ignored(probe: &Probe) {
    probe.check("an empty body", || {
        let mut line = probe.line();
        line.send(&head(probe, "POST", probe.style.target, probe.style.media_type(), &[], 0));
        let mut response = line.response().ok_or("hung up")?;
        if response.status == 100 {
            response = line.response().ok_or("hung up")?;
        }
        probe.fits(&response, probe.style.empty)?;
        probe.ends(&mut line, &response, After::Kept)
    });
    // Section 10.1.1: in HTTP/1.0 it must be ignored.
    let old = String::from_utf8(probe.good_post(&[("expect", "100-continue")])).expect("text");
    let old = old.replace("HTTP/1.1", "HTTP/1.0");
    probe.several("by HTTP/1.0", &[old.as_bytes()], &[Answer::Good], After::Ended);
    probe.check("GET without a body", || {
        let mut line = probe.line();
        line.send(&probe.request("GET", probe.style.get.0, "", &[("expect", "100-continue")], b""));
        let mut response = line.response().ok_or("hung up")?;
        if response.status == 100 {
            response = line.response().ok_or("hung up")?;
        }
        probe.fits(&response, Answer::Get)?;
        probe.ends(&mut line, &response, After::Kept)
    });
}
