//! Content codings of requests (RFC 9110 section 8.4): decompressed within the limits, or refused with the supported ones.

use super::probe::{After, Probe, crumbs, shown};
use flate2::write::{DeflateEncoder, GzEncoder, ZlibEncoder};
use flate2::{Compression, GzBuilder};
use std::io::Write;
use tests::variants::{Answer, Mistake};
use wire::limits::BODY_BYTES_MAX;

const UNREADABLE: Answer = Answer::Refused(Mistake::Unreadable);
const TOO_LARGE: Answer = Answer::Refused(Mistake::TooLarge);

type Headers<'a> = &'a [(&'a str, &'a str)];

/// By gzip (RFC 1952).
pub fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut packer = GzEncoder::new(Vec::new(), Compression::default());
    packer.write_all(bytes).and_then(|()| packer.finish()).expect("memory takes it")
}

/// As the program `gzip` writes a file: with its name, its time and a comment.
fn gzip_of_a_file(bytes: &[u8]) -> Vec<u8> {
    let header = GzBuilder::new().filename("body.json").comment("c").extra("x").mtime(1_700_000_000);
    let mut packer = header.write(Vec::new(), Compression::best());
    packer.write_all(bytes).and_then(|()| packer.finish()).expect("memory takes it")
}

/// As a client that sends each piece at once.
fn gzip_flushed(bytes: &[u8]) -> Vec<u8> {
    let mut packer = GzEncoder::new(Vec::new(), Compression::fast());
    for piece in bytes.chunks(5) {
        packer.write_all(piece).and_then(|()| packer.flush()).expect("memory takes it");
    }
    packer.finish().expect("memory takes it")
}

/// The decompressed body is read as any other.
pub fn decompressed(probe: &Probe) {
    let body = probe.style.body.as_bytes();
    let (first, second) = body.split_at(body.len() / 2);
    let stored = {
        let mut packer = GzEncoder::new(Vec::new(), Compression::none());
        packer.write_all(body).and_then(|()| packer.finish()).expect("memory takes it")
    };
    let compressed: &[(&str, &str, Vec<u8>)] = &[
        ("gzip", "gzip", gzip(body)),
        ("gzip in capitals", "GZIP", gzip(body)),
        ("x-gzip", "x-gzip", gzip(body)),
        ("identity", "identity", body.to_vec()),
        ("an empty coding", "", body.to_vec()),
        ("a file", "gzip", gzip_of_a_file(body)),
        ("flushed", "gzip", gzip_flushed(body)),
        ("stored", "gzip", stored),
        // RFC 1952 section 2.2: a series of members is one file.
        ("two members", "gzip", [gzip(first), gzip(second)].concat()),
        ("an empty member first", "gzip", [gzip(b""), gzip(body)].concat()),
        // RFC 9110 section 5.6.1.2: empty members of a list are ignored.
        ("a list with empty members", "gzip, ", gzip(body)),
        ("large", "gzip", gzip(&probe.style.padded(BODY_BYTES_MAX))),
    ];
    for (name, coding, sent) in compressed {
        let headers = [("content-encoding", *coding)];
        probe.one(name, &probe.post(&headers, sent), Answer::Good);
        probe.one(&format!("{name}, in chunks"), &probe.chunked(&headers, sent, 1_009), Answer::Good);
    }
    let bytes = probe.post(&[("content-encoding", "gzip")], &gzip(body));
    probe.several("byte by byte", &crumbs(&bytes), &[Answer::Good], After::Kept);
    let post = probe.post(&[("content-encoding", "gzip"), ("connection", "upgrade"), ("upgrade", "h2c")], &gzip(body));
    probe.one("with an offered upgrade", &post, Answer::Good);
}

/// A body that can't be decompressed completely is not used at all.
pub fn broken(probe: &Probe) {
    let body = probe.style.body.as_bytes();
    let gzipped = gzip(body);
    let changed = |at_end: usize| {
        let mut bytes = gzipped.clone();
        let at = bytes.len() - at_end;
        bytes[at] ^= 1;
        bytes
    };
    let zlib = {
        let mut packer = ZlibEncoder::new(Vec::new(), Compression::default());
        packer.write_all(body).and_then(|()| packer.finish()).expect("memory takes it")
    };
    let sent: &[(&str, &str, Vec<u8>)] = &[
        ("not packed at all", "gzip", body.to_vec()),
        ("empty", "gzip", Vec::new()),
        ("the first byte", "gzip", gzipped[..1].to_vec()),
        ("the header alone", "gzip", gzipped[..10].to_vec()),
        ("half of it", "gzip", gzipped[..gzipped.len() / 2].to_vec()),
        ("without its check", "gzip", gzipped[..gzipped.len() - 8].to_vec()),
        ("half of its check", "gzip", gzipped[..gzipped.len() - 3].to_vec()),
        ("another check", "gzip", changed(8)),
        ("another length", "gzip", changed(4)),
        ("garbage behind it", "gzip", [&gzipped, b"garbage".as_slice()].concat()),
        ("the body once more behind it", "gzip", [&gzipped, body].concat()),
        ("half a member behind it", "gzip", [&gzipped, &gzipped[..gzipped.len() / 2]].concat()),
        ("packed twice", "gzip", gzip(&gzipped)),
        ("zlib", "gzip", zlib),
        ("gzip declared as identity", "identity", gzipped.clone()),
    ];
    for (name, coding, sent) in sent {
        // A form is read from any decompressed bytes, and an empty body has no coding.
        let is_unpacked = *coding == "identity" || *name == "packed twice" || sent.is_empty();
        let is_form = probe.style.name == "oauth" && is_unpacked;
        let is_empty = sent.is_empty() && matches!(probe.style.empty, Answer::Good);
        let answer = if is_form || is_empty { probe.style.empty } else { UNREADABLE };
        probe.one(name, &probe.post(&[("content-encoding", coding)], sent), answer);
    }
}

/// A small body that decompresses to a huge one.
pub fn bombs(probe: &Probe) {
    let over = probe.style.padded(BODY_BYTES_MAX + 1);
    let far_over = probe.style.padded(20 * BODY_BYTES_MAX);
    let bomb = gzip(&vec![b' '; BODY_BYTES_MAX]);
    for (name, coding, sent) in [
        ("one byte too much", "gzip", gzip(&over)),
        ("twenty times too much", "gzip", gzip(&far_over)),
        ("many members", "gzip", bomb.repeat(50)),
    ] {
        let headers = [("content-encoding", coding)];
        probe.several(name, &[&probe.post(&headers, &sent)], &[TOO_LARGE], After::Either);
        probe.several(
            &format!("{name}, in chunks"),
            &[&probe.chunked(&headers, &sent, 4_096)],
            &[TOO_LARGE],
            After::Either,
        );
    }
    let noise: Vec<u8> = (0..BODY_BYTES_MAX + 9).map(|_| fastrand::u8(..)).collect();
    let post = probe.post(&[("content-encoding", "gzip")], &noise);
    probe.several("packed and still too much", &[&post], &[TOO_LARGE], After::Either);
}

/// RFC 9110 section 15.5.16: 415, with the supported codings.
pub fn unknown(probe: &Probe) {
    let body = probe.style.body.as_bytes();
    let deflated = {
        let mut packer = DeflateEncoder::new(Vec::new(), Compression::default());
        packer.write_all(body).and_then(|()| packer.finish()).expect("memory takes it")
    };
    let twice = gzip(&gzip(body));
    let sent: &[(&str, Headers, &[u8])] = &[
        ("deflate", &[("content-encoding", "deflate")], &deflated),
        ("zstd", &[("content-encoding", "zstd")], b"\x28\xb5\x2f\xfd"),
        ("compress", &[("content-encoding", "compress")], body),
        ("a word", &[("content-encoding", "none")], body),
        ("utf-8", &[("content-encoding", "UTF-8")], body),
        ("gzip with a weight", &[("content-encoding", "gzip;q=1.0")], &twice),
        ("gzip, gzip", &[("content-encoding", "gzip, gzip")], &twice),
        ("gzip, br", &[("content-encoding", "gzip, br")], body),
        ("br", &[("content-encoding", "br")], body),
        ("gzip and gzip on two lines", &[("content-encoding", "gzip"), ("content-encoding", "gzip")], &twice),
        ("gzip and deflate on two lines", &[("content-encoding", "gzip"), ("content-encoding", "deflate")], body),
    ];
    for (name, headers, sent) in sent {
        probe.check(name, || {
            let mut line = probe.line();
            line.send(&probe.post(headers, sent));
            let response = line.response().ok_or("hung up")?;
            probe.fits(&response, Answer::Refused(Mistake::MediaType))?;
            if response.header("accept-encoding") != "gzip" {
                return Err(format!("no `accept-encoding: gzip` in {}", shown(&response)));
            }
            probe.ends(&mut line, &response, After::Kept)
        });
    }
}
