//! An upgrade that the server does not accept is ignored (RFC 9110 section 7.8): the response is the same in every byte.

use super::probe::{After, Probe, crumbs};
use tests::variants::{Answer, Mistake};
use wire::limits::BODY_BYTES_MAX;

/// A handshake of RFC 6455 section 1.3, which is only accepted on a GET of HTTP/1.1.
const SOCKET: &str = "connection: Upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\n\
                      sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n";

/// Offers of clients and proxies, and possible ones.
const OFFERS: &[(&str, &str)] = &[
    (
        "curl --http2",
        "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAoAAAAAIAAAAA\r\n",
    ),
    (
        "Java 11",
        "Connection: Upgrade, HTTP2-Settings\r\nHTTP2-Settings: AAEAAEAAAAIAAAABAAMAAABkAAQBAAAAAAUAAEAA\r\nUpgrade: h2c\r\n",
    ),
    ("Apache HttpClient 5.4", "Upgrade: TLS/1.2\r\nConnection: Upgrade\r\n"),
    ("Apache HttpClient 5.4, kept alive", "Connection: keep-alive\r\nUpgrade: TLS/1.2\r\nConnection: Upgrade\r\n"),
    ("h2c, websocket", "connection: upgrade\r\nupgrade: h2c, websocket\r\n"),
    ("websocket, h2c", "connection: upgrade\r\nupgrade: websocket, h2c\r\n"),
    ("websocket twice", "connection: upgrade\r\nupgrade: websocket\r\nupgrade: websocket\r\n"),
    ("websocket by POST", SOCKET),
    ("WebSocket by POST", "Connection: keep-alive, Upgrade\r\nUpgrade: WebSocket\r\nSec-WebSocket-Version: 13\r\n"),
    ("websocket/13", "connection: upgrade\r\nupgrade: websocket/13\r\n"),
    ("unknown protocols", "connection: upgrade\r\nupgrade: IRC/6.9, RTA/x11\r\n"),
    ("on two lines", "connection: upgrade\r\nupgrade: h2c\r\nupgrade: TLS/1.2\r\n"),
    ("an empty one", "connection: upgrade\r\nupgrade: \r\n"),
    ("nginx that always says so", "connection: upgrade\r\n"),
    ("without Connection", "upgrade: h2c\r\n"),
    ("in capitals", "CONNECTION: UPGRADE\r\nUPGRADE: H2C\r\n"),
];

/// Inserts an offer into a request, after its first line.
fn offering(offer: &str, request: &[u8]) -> Vec<u8> {
    let text = String::from_utf8_lossy(request);
    let (first, rest) = text.split_once("\r\n").expect("a request has a first line");
    format!("{first}\r\n{offer}{rest}").into_bytes()
}

/// A POST: with a length, in chunks, empty, twice on one connection, and with the next one in the same packet.
pub fn posts(probe: &Probe) {
    let body = probe.style.body.as_bytes();
    let large = probe.style.padded(200_000);
    for (name, offer) in OFFERS {
        let post = offering(offer, &probe.good_post(&[]));
        probe.one(name, &post, Answer::Good);
        probe.one(&format!("{name}, in chunks"), &offering(offer, &probe.chunked(&[], body, 7)), Answer::Good);
        probe.one(&format!("{name}, large"), &offering(offer, &probe.post(&[], &large)), Answer::Good);
        probe.one(&format!("{name}, empty"), &offering(offer, &probe.post(&[], b"")), probe.style.empty);
        let both = [post.clone(), post.clone()].concat();
        probe.several(&format!("{name}, two in one packet"), &[&both], &[Answer::Good, Answer::Good], After::Either);
        probe.check(&format!("{name}, twice"), || {
            let mut line = probe.line();
            let mut last = None;
            for sent in [&post, &post, &probe.good_post(&[])] {
                line.send(sent);
                let response = line.response().ok_or("hung up")?;
                probe.fits(&response, Answer::Good)?;
                last = Some(response);
            }
            probe.ends(&mut line, &last.expect("three answers"), After::Kept)
        });
        let expecting = offering(offer, &probe.good_post(&[("expect", "100-continue")]));
        let at = expecting.len() - body.len();
        probe.check(&format!("{name}, and Expect: 100-continue"), || {
            let mut line = probe.line();
            line.send(&expecting[..at]);
            probe.fits(&line.response().ok_or("hung up")?, Answer::Continue)?;
            line.send(&expecting[at..]);
            let response = line.response().ok_or("hung up")?;
            probe.fits(&response, Answer::Good)?;
            probe.ends(&mut line, &response, After::Kept)
        });
    }
    // RFC 9110 section 7.8: in HTTP/1.0 there is no upgrade at all.
    let old = String::from_utf8(offering(SOCKET, &probe.good_post(&[]))).expect("text").replace("HTTP/1.1", "HTTP/1.0");
    probe.several("websocket by HTTP/1.0", &[old.as_bytes()], &[Answer::Good], After::Ended);
}

/// A head and a body in several packets. Java sends the body after the head.
pub fn pieces(probe: &Probe) {
    for (name, offer) in &OFFERS[..8] {
        let post = offering(offer, &probe.good_post(&[]));
        let text = String::from_utf8_lossy(&post).to_lowercase();
        let head = text.find("\r\n\r\n").expect("a head has an end") + 4;
        for (place, at) in [
            ("in the method", 2),
            ("before the offer", text.find("\r\n").expect("a line") + 2),
            ("in the offer", text.find("upgrade:").expect("an offer") + 10),
            ("before the end of the head", head - 2),
            ("in the body", head + 9),
        ] {
            let pieces = [&post[..at], &post[at..]];
            probe.several(&format!("{name}, cut {place}"), &pieces, &[Answer::Good], After::Either);
        }
        let pieces = [&post[..head], &post[head..]];
        probe.several(&format!("{name}, the body by itself"), &pieces, &[Answer::Good], After::Kept);
    }
    // Each byte waits until the server has read it, which takes long while other tests run: one offer is enough.
    let (name, offer) = OFFERS[0];
    let post = offering(offer, &probe.good_post(&[]));
    let head = post.windows(4).position(|bytes| bytes == b"\r\n\r\n").expect("a head has an end") + 4;
    let bytes: Vec<&[u8]> = [&post[..head]].into_iter().chain(crumbs(&post[head..])).collect();
    probe.several(&format!("{name}, the body byte by byte"), &bytes, &[Answer::Good], After::Kept);
    probe.several(&format!("{name}, byte by byte"), &crumbs(&post), &[Answer::Good], After::Either);
}

/// Requests without a body: a GET, a HEAD, and a POST without a length.
pub fn gets(probe: &Probe) {
    let (target, _) = probe.style.get;
    for (name, offer) in OFFERS.iter().filter(|(name, _)| !name.to_lowercase().contains("websocket")) {
        let get = offering(offer, &probe.request("GET", target, "", &[], b""));
        probe.one(&format!("GET, {name}"), &get, Answer::Get);
        let twice = [get.clone(), get].concat();
        probe.several(&format!("two GETs, {name}"), &[&twice], &[Answer::Get, Answer::Get], After::Either);
        probe.check(&format!("HEAD, {name}"), || {
            let mut line = probe.line();
            line.send(&offering(offer, &probe.request("HEAD", target, "", &[], b"")));
            let response = line.head().ok_or("hung up")?;
            probe.fits(&response, Answer::Status(response.status))?;
            probe.ends(&mut line, &response, After::Kept)
        });
        probe.check(&format!("POST without a length, {name}"), || {
            let mut line = probe.line();
            let bare = format!("POST {} HTTP/1.1\r\nhost: localhost\r\n\r\n", probe.style.target).into_bytes();
            line.send(&bare);
            let without = line.response().ok_or("hung up")?;
            line.send(&offering(offer, &bare));
            let response = line.response().ok_or("hung up")?;
            probe.fits(&response, Answer::Status(without.status))?;
            probe.ends(&mut line, &response, After::Kept)
        });
    }
    // There is no WebSocket here: the response is the usual one, and the frames of an optimistic client are not read as a request.
    if probe.style.name.starts_with("soap") || matches!(probe.style.name, "rest" | "oauth" | "xmlrpc") {
        let get = offering(SOCKET, &probe.request("GET", target, "", &[], b""));
        probe.several("GET that offers a websocket", &[&get], &[Answer::Get], After::Closed);
        let frames = [get, b"\x81\x85\0\0\0\0hello".to_vec()].concat();
        probe.several("GET that offers a websocket, and frames", &[&frames], &[Answer::Get], After::Closed);
    }
    let body = format!("content-length: 2\r\n{SOCKET}");
    let get = offering(&body, &probe.request("GET", target, "", &[], b""));
    probe.one("GET that offers a websocket and has a body", &[get, b"{}".to_vec()].concat(), Answer::Get);
    let get = offering(SOCKET, &probe.request("GET", target, "", &[], b""));
    let old = String::from_utf8(get).expect("text").replace("HTTP/1.1", "HTTP/1.0");
    probe.several("GET that offers a websocket by HTTP/1.0", &[old.as_bytes()], &[Answer::Get], After::Ended);
}

/// The limits hold whatever is offered.
pub fn too_large(probe: &Probe) {
    for (name, offer) in &OFFERS[..4] {
        let post = offering(offer, &probe.post(&[], &probe.style.padded(BODY_BYTES_MAX + 1)));
        probe.several(name, &[&post], &[Answer::Refused(Mistake::TooLarge)], After::Either);
        let chunks = probe.chunked(&[], &probe.style.padded(BODY_BYTES_MAX + 1), 50_000);
        let post = offering(offer, &chunks);
        probe.several(&format!("{name}, in chunks"), &[&post], &[Answer::Refused(Mistake::TooLarge)], After::Either);
    }
}
