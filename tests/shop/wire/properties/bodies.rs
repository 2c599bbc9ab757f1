//! A body is read by its length, however it arrives, and also where it has no meaning.

use super::probe::{After, Probe, crumbs};
use tests::variants::{Answer, Mistake};
use wire::limits::BODY_BYTES_MAX;

/// However TCP cuts it.
pub fn pieces(probe: &Probe) {
    let body = probe.style.body.as_bytes();
    let post = probe.good_post(&[]);
    let bytes: Vec<&[u8]> = crumbs(&post);
    probe.several("byte by byte", &bytes, &[Answer::Good], After::Kept);
    let head = post.len() - body.len();
    let body_bytes: Vec<&[u8]> = [&post[..head]].into_iter().chain(crumbs(&post[head..])).collect();
    probe.several("the body byte by byte", &body_bytes, &[Answer::Good], After::Kept);
    for at in [1, head / 2, head - 3, head - 1, head, head + 1, post.len() - 1] {
        probe.several(
            &format!("cut at byte {at} of {}", post.len()),
            &[&post[..at], &post[at..]],
            &[Answer::Good],
            After::Kept,
        );
    }
    let chunked = probe.chunked(&[], body, 1);
    let bytes: Vec<&[u8]> = crumbs(&chunked);
    probe.one("chunks of one byte", &chunked, Answer::Good);
    probe.several("chunks of one byte, byte by byte", &bytes, &[Answer::Good], After::Kept);
    // RFC 9112 sections 7.1.1 and 7.1.2: extensions are ignored, and trailers may be discarded.
    let text = String::from_utf8(probe.chunked(&[], body, 4_000)).expect("text");
    let size = format!("{:x}\r\n", body.len());
    probe.one(
        "a chunk with an extension",
        text.replacen(&size, &format!("{:x};a=b\r\n", body.len()), 1).as_bytes(),
        Answer::Good,
    );
    probe.one(
        "a size in capitals, with zeros",
        text.replacen(&size, &format!("000{:X}\r\n", body.len()), 1).as_bytes(),
        Answer::Good,
    );
    let no_end = text.strip_suffix("\r\n").expect("it ends so");
    probe.one("a trailer", format!("{no_end}digest: x\r\n\r\n").as_bytes(), Answer::Good);
    probe.one("a line before the request", &[b"\r\n".to_vec(), post.clone()].concat(), Answer::Good);
}

/// RFC 9112 section 9.3.2: several requests may come at once, and are answered in their order.
pub fn pipelined(probe: &Probe) {
    let (post, chunked) = (probe.good_post(&[]), probe.chunked(&[], probe.style.body.as_bytes(), 5));
    let get = probe.request("GET", probe.style.get.0, "", &[], b"");
    let broken = probe.post(&[("content-encoding", "gzip")], b"no gzip");
    let sent = [post.clone(), chunked, get.clone(), broken, get, post].concat();
    let unreadable = Answer::Refused(Mistake::Unreadable);
    let answers = [Answer::Good, Answer::Good, Answer::Get, unreadable, Answer::Get, Answer::Good];
    probe.several("six in one packet", &[&sent], &answers, After::Kept);
    let cut: Vec<&[u8]> = sent.chunks(97).collect();
    probe.several("six in packets of 97 bytes", &cut, &answers, After::Kept);
}

/// RFC 9110 sections 9.3.1 and 9.3.5: content of a GET, HEAD, DELETE or OPTIONS has no meaning, and is read and ignored.
pub fn meaningless(probe: &Probe) {
    let get = probe.style.get.0;
    let bodies: &[(&str, &str, &[u8])] = &[
        ("a JSON object", "application/json", b"{}"),
        ("what is no JSON", "application/json", b"{{{"),
        ("XML", "text/xml", b"<a/>"),
        ("a form", "application/x-www-form-urlencoded", b"a=b"),
        ("no media type", "", b"hello"),
        ("what looks like a request", "", b"GET /livez HTTP/1.1\r\nhost: localhost\r\n\r\n"),
        ("an unknown media type", "application/x-nothing", b"\x00\xff"),
        ("an empty one", "application/json", b""),
    ];
    for (name, kind, body) in bodies {
        probe.one(&format!("GET with {name}"), &probe.request("GET", get, kind, &[], body), Answer::Get);
        probe.check(&format!("HEAD with {name}"), || {
            let mut line = probe.line();
            line.send(&probe.request("HEAD", get, kind, &[], body));
            let response = line.head().ok_or("hung up")?;
            let usual = if is_head_known(probe) { 200 } else { 405 };
            probe.fits(&response, Answer::Status(usual))?;
            probe.ends(&mut line, &response, After::Kept)
        });
        for method in ["DELETE", "OPTIONS"] {
            probe.check(&format!("{method} with {name}"), || {
                let mut line = probe.line();
                line.send(&probe.request(method, get, "", &[], b""));
                let without = line.response().ok_or("hung up")?;
                line.send(&probe.request(method, get, kind, &[], body));
                let response = line.response().ok_or("hung up")?;
                probe.fits(&response, Answer::Status(without.status))?;
                probe.ends(&mut line, &response, After::Kept)
            });
        }
    }
    let chunks = [("transfer-encoding", "chunked")];
    let chunked = [probe.request("GET", get, "", &chunks, b""), b"2\r\n{}\r\n0\r\n\r\n".to_vec()].concat();
    probe.one("GET in chunks", &chunked, Answer::Get);
    let compressed = probe.request("GET", get, "application/json", &[("content-encoding", "gzip")], b"no gzip");
    probe.one("GET with what is packed and broken", &compressed, Answer::Get);
    if probe.style.name == "rest" {
        delete_a_user(probe);
    }
}

fn is_head_known(probe: &Probe) -> bool {
    probe.style.name != "graphql over events"
}

/// A DELETE is executed as usual.
fn delete_a_user(probe: &Probe) {
    let users = format!("/sandboxes/{}/rest/users", probe.server.new_name());
    for (name, kind, body) in
        [("JSON", "application/json", "{}"), ("no type", "", "x"), ("a reason", "text/plain", "gone")]
    {
        probe.check(&format!("DELETE of a user with {name}"), || {
            let mut line = probe.line();
            let user = format!(r#"{{"name":"x","email":"{}@example.com"}}"#, kind.len());
            line.send(&probe.request("POST", &users, "application/json", &[], user.as_bytes()));
            let created = line.response().ok_or("hung up")?;
            let id = created.text().split(['{', ':', ',']).nth(2).unwrap_or_default().trim().to_owned();
            line.send(&probe.request("DELETE", &format!("{users}/{id}"), kind, &[], body.as_bytes()));
            let response = line.response().ok_or("hung up")?;
            probe.fits(&response, Answer::Status(204))?;
            probe.ends(&mut line, &response, After::Kept)
        });
    }
}

/// The limit is the same for every method, and its refusal arrives.
pub fn too_large(probe: &Probe) {
    let refused = [Answer::Refused(Mistake::TooLarge)];
    probe.one("as large as may be", &probe.post(&[], &probe.style.padded(BODY_BYTES_MAX)), Answer::Good);
    let large = probe.style.padded(BODY_BYTES_MAX + 1);
    probe.several("one byte more", &[&probe.post(&[], &large)], &refused, After::Either);
    probe.several("one byte more, in chunks", &[&probe.chunked(&[], &large, 65_536)], &refused, After::Either);
    let get = probe.request("GET", probe.style.get.0, "", &[], &vec![b' '; BODY_BYTES_MAX]);
    probe.several("GET with as much as may be", &[&get], &[Answer::Get], After::Either);
}
