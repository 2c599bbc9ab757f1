//! The characters of a body: byte order marks and charsets.

use super::compressed::gzip;
use super::probe::{Probe, shown};
use tests::frames::{self, Frame, TEXT};
use tests::variants::{Answer, Mistake};

const MARK: &[u8] = b"\xef\xbb\xbf";
const UNREADABLE: Answer = Answer::Refused(Mistake::Unreadable);

/// UTF-16, with or without a byte order mark.
fn utf_16(text: &str, is_big: bool, has_mark: bool) -> Vec<u8> {
    let units = has_mark.then_some(0xfeff).into_iter().chain(text.encode_utf16());
    units.flat_map(|unit| if is_big { unit.to_be_bytes() } else { unit.to_le_bytes() }).collect()
}

/// RFC 8259 section 8.1: a parser may ignore a byte order mark. RFC 7303 section 3: in XML it takes precedence.
pub fn marks(probe: &Probe) {
    let style = probe.style;
    let body = style.body;
    if style.name == "oauth" {
        return;
    }
    let marked = [MARK, body.as_bytes()].concat();
    probe.one("a mark", &probe.post(&[], &marked), Answer::Good);
    probe.one("a mark, in chunks of one byte", &probe.chunked(&[], &marked, 1), Answer::Good);
    probe.one("a mark, packed", &probe.post(&[("content-encoding", "gzip")], &gzip(&marked)), Answer::Good);
    let charset = format!("{}; charset=utf-8", style.media_type());
    probe.one("a mark and a charset", &probe.request("POST", style.target, &charset, &[], &marked), Answer::Good);
    probe.one("a mark alone", &probe.post(&[], MARK), UNREADABLE);
    probe.one("half a mark", &probe.post(&[], &[&MARK[..2], body.as_bytes()].concat()), UNREADABLE);
    probe.one("a mark behind a space", &probe.post(&[], &[b" ", marked.as_slice()].concat()), UNREADABLE);
    probe.one("a mark at the end", &probe.post(&[], &[body.as_bytes(), MARK].concat()), UNREADABLE);
    if style.is_json() {
        probe.one("two marks", &probe.post(&[], &[MARK, &marked].concat()), UNREADABLE);
        probe.one(
            "a mark and white space",
            &probe.post(&[], &[MARK, b" \r\n\t", body.as_bytes()].concat()),
            Answer::Good,
        );
        probe.one("a mark and white space alone", &probe.post(&[], &[MARK, b" "].concat()), UNREADABLE);
        for is_big in [false, true] {
            for has_mark in [false, true] {
                let name = format!(
                    "UTF-16, {}, {}",
                    if is_big { "big" } else { "little" },
                    if has_mark { "marked" } else { "unmarked" }
                );
                probe.one(&name, &probe.post(&[], &utf_16(body, is_big, has_mark)), UNREADABLE);
            }
        }
        probe.one("ISO-8859-1", &probe.post(&[], &[body.as_bytes(), b"\"\xe9\""].concat()), UNREADABLE);
    } else {
        for is_big in [false, true] {
            probe.one(&format!("UTF-16, big: {is_big}"), &probe.post(&[], &utf_16(body, is_big, true)), Answer::Good);
        }
    }
    frames_with_a_mark(probe);
}

/// The same in a WebSocket text.
fn frames_with_a_mark(probe: &Probe) {
    let (path, text) = match probe.style.name {
        "jsonrpc" => ("/jsonrpc", probe.style.body),
        "rest" => ("/ws", r#"{"id":"1","op":"who_am_i","params":{}}"#),
        "graphql" => ("/graphql", r#"{"type":"connection_init"}"#),
        _ => return,
    };
    let subprotocol = if path == "/graphql" { "graphql-transport-ws" } else { "" };
    for (name, before) in [("a mark", MARK.to_vec()), ("a mark and a space", [MARK, b" "].concat())] {
        probe.check(&format!("{name} in a frame of {path}"), || {
            let mut line = frames::open(&probe.server.address(), path, subprotocol);
            line.send(&frames::masked(TEXT, &[&before, text.as_bytes()].concat()));
            match frames::next(&mut line) {
                Some(Frame::Text(text)) if !text.contains("\"error\"") => Ok(()),
                other => Err(format!("was {other:?}")),
            }
        });
    }
}

/// The charset of the media type.
pub fn charsets(probe: &Probe) {
    let style = probe.style;
    if style.name == "oauth" {
        return;
    }
    let kind = style.media_type();
    let post =
        |parameter: &str, body: &[u8]| probe.request("POST", style.target, &format!("{kind}{parameter}"), &[], body);
    for parameter in [
        "; charset=utf-8",
        ";charset=UTF-8",
        "; charset=\"utf-8\"",
        "; CHARSET=Utf-8",
        " ; charset=utf-8 ",
        "; charset=utf-8;",
        "; charset=us-ascii",
        "; charset=\"US-ASCII\"",
        "; a=b; charset=utf-8",
        "; charset=utf-8; a=b",
    ] {
        // SOAP messages are in UTF-8 or UTF-16 (WS-I Basic Profile 1.1, R4003).
        let is_ascii = parameter.to_lowercase().contains("ascii");
        let answer =
            if is_ascii && style.name.starts_with("soap") { Answer::Refused(Mistake::MediaType) } else { Answer::Good };
        probe.one(parameter, &post(parameter, style.body.as_bytes()), answer);
    }
    if style.is_json() {
        probe.one("; charset=utf8", &post("; charset=utf8", style.body.as_bytes()), Answer::Good);
        for parameter in [
            "; charset=iso-8859-1",
            "; charset=\"ISO-8859-1\"",
            "; charset=utf-16",
            "; charset=UTF-16LE",
            "; charset=utf-7",
            "; charset=windows-1252",
            "; charset=latin1",
            "; charset=nothing",
            "; a=b;charset=utf-16",
        ] {
            refused(probe, parameter, &post(parameter, style.body.as_bytes()));
        }
        // A parameter with another name, whose quoted value contains one.
        probe.one("a charset in quotes", &post("; a=\"; charset=utf-16\"", style.body.as_bytes()), Answer::Good);
        return;
    }
    let wide = utf_16(style.body, true, true);
    probe.one("; charset=utf-16", &post("; charset=utf-16", &wide), Answer::Good);
    probe.one("; charset=\"UTF-16\"", &post("; charset=\"UTF-16\"", &wide), Answer::Good);
    for parameter in ["; charset=windows-1252", "; charset=nothing", "; charset=utf-7"] {
        probe.check(parameter, || {
            let mut line = probe.line();
            line.send(&post(parameter, style.body.as_bytes()));
            let response = line.response().ok_or("hung up")?;
            let is_refused = (style.read_refusal)(&response).reason == "unreadable";
            if is_refused { Ok(()) } else { Err(format!("a refusal was expected, was {}", shown(&response))) }
        });
    }
    let latin = "; charset=iso-8859-1";
    let answer = if style.name == "xmlrpc" { Answer::Good } else { Answer::Refused(Mistake::MediaType) };
    probe.one(latin, &post(latin, style.body.as_bytes()), answer);
}

/// 415, which names the charset.
fn refused(probe: &Probe, parameter: &str, sent: &[u8]) {
    probe.check(parameter, || {
        let mut line = probe.line();
        line.send(sent);
        let response = line.response().ok_or("hung up")?;
        probe.fits(&response, Answer::Refused(Mistake::MediaType))?;
        let charset = parameter.rsplit('=').next().unwrap_or_default().trim_matches('"');
        let names_it = response.text().contains(charset);
        if names_it { Ok(()) } else { Err(format!("does not name {charset}: {}", shown(&response))) }
    });
}
