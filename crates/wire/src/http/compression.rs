//! Compression of responses on request (RFC 9110 section 12.5.3).
//!
//! The [`middleware`](crate::middleware) compresses the responses of every style. Code that sets an entity tag calls [`coding`] first, because
//! other bytes need another tag (section 8.8.3.3).

use crate::accept::preferences;
use crate::decompression::GZIP;
use actix_web::body::{BodySize, EitherBody, MessageBody};
use actix_web::dev::ServiceResponse;
use actix_web::http::header::{self, HeaderMap, HeaderValue};
use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
use std::io::{self, Write};

/// Smaller responses are sent as they are: they fit one packet, and would not arrive earlier.
pub const COMPRESS_MIN_BYTES: usize = 1_400;

/// gzip's level, of 9: the lowest that finds repetitions in a list, because the worker does nothing else meanwhile.
const GZIP_LEVEL: u32 = 4;
/// A content coding: its name in headers, which is also the suffix of an entity tag. There is one (RFC 1952), which every client
/// supports.
pub type Coding = &'static str;

/// The coding of a response of so many bytes for these request headers; `None` if it is sent as it is. Small responses are,
/// unless the client forbids that.
pub fn coding(headers: &HeaderMap, bytes: usize) -> Option<Coding> {
    if !headers.contains_key(header::ACCEPT_ENCODING) || bytes == 0 {
        return None;
    }
    let wanted = preferences(headers, &header::ACCEPT_ENCODING);
    let quality =
        |name: &str| wanted.iter().find(|preference| preference.is(name)).map(|preference| preference.quality);
    // RFC 9110 section 12.5.3: what is not named is as `*` says, or not acceptable, except "identity".
    let others = quality("*");
    let forbids_plain = quality("identity").or(others) == Some(0);
    if bytes < COMPRESS_MIN_BYTES && !forbids_plain {
        return None;
    }
    // RFC 9110 section 8.4.1.3: "x-gzip" is the same coding.
    let gzip = quality("gzip").or_else(|| quality("x-gzip")).or(others);
    gzip.filter(|quality| *quality > 0).map(|_| GZIP)
}

/// The response, compressed if its request accepts that and it may be. A stream never is.
pub fn compress<B: MessageBody>(response: ServiceResponse<B>) -> ServiceResponse<EitherBody<B, Bytes>> {
    let BodySize::Sized(bytes) = response.response().body().size() else { return response.map_into_left_body() };
    let coding = coding(response.request().headers(), usize::try_from(bytes).unwrap_or(usize::MAX));
    let Some(coding) = coding.filter(|coding| may_be_compressed(response.headers(), coding)) else {
        return response.map_into_left_body();
    };
    response.map_body(|head, body| match body.try_into_bytes() {
        Ok(bytes) => match gzip(&bytes) {
            Ok(compressed) => {
                say(&mut head.headers, coding);
                EitherBody::right(compressed.into())
            }
            // Writing to memory can't fail.
            Err(_) => EitherBody::right(bytes),
        },
        Err(body) => EitherBody::left(body),
    })
}

/// Whether a response may be compressed: it is not yet, and has no entity tag of its uncompressed form.
fn may_be_compressed(headers: &HeaderMap, coding: Coding) -> bool {
    let is_of_it = |tag: &HeaderValue| {
        let tag = tag.to_str().unwrap_or_default().trim_end_matches('"');
        tag.strip_suffix(coding).is_some_and(|tag| tag.ends_with('-'))
    };
    !headers.contains_key(header::CONTENT_ENCODING) && headers.get(header::ETAG).is_none_or(is_of_it)
}

/// Sets the coding, and that the response varies by request (RFC 9110 section 12.5.5).
fn say(headers: &mut HeaderMap, coding: Coding) {
    headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(coding));
    vary_by(headers, "Accept-Encoding");
}

/// Adds that name to `Vary`, if it is not listed.
pub(crate) fn vary_by(headers: &mut HeaderMap, name: &'static str) {
    let is_listed = preferences(headers, &header::VARY).iter().any(|listed| listed.is(name) || listed.is("*"));
    if !is_listed {
        headers.append(header::VARY, HeaderValue::from_static(name));
    }
}

/// The bytes, compressed.
pub fn gzip(bytes: &[u8]) -> io::Result<Vec<u8>> {
    // gzip's header could hold a time and a name; without them the same bytes give the same bytes.
    let mut packer = GzEncoder::new(Vec::with_capacity(bytes.len() / 4), Compression::new(GZIP_LEVEL));
    packer.write_all(bytes)?;
    packer.finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::HttpResponse;
    use actix_web::body::to_bytes;
    use actix_web::test::TestRequest;
    use std::io::Read;

    #[test]
    fn compressed_bodies_decompress_to_the_same() {
        let bytes = "{\"amount\":129900,\"currency\":\"EUR\"},".repeat(1_000).into_bytes();
        let mut unpacked = Vec::new();
        let compress = gzip(&bytes).unwrap();
        flate2::read::GzDecoder::new(compress.as_slice()).read_to_end(&mut unpacked).unwrap();
        assert!(unpacked == bytes && compress.len() < bytes.len() / 50);
    }

    #[test]
    fn large_responses_are_compressed() {
        let compress = |line: &str, bytes| {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT_ENCODING, HeaderValue::from_str(line).unwrap());
            coding(&headers, bytes)
        };
        let (small, large) = (COMPRESS_MIN_BYTES - 1, COMPRESS_MIN_BYTES);
        assert_eq!(coding(&HeaderMap::new(), large), None);
        assert_eq!(compress("gzip, deflate, br", large), Some(GZIP));
        assert_eq!(compress("gzip, deflate, br", small), None);
        assert_eq!(compress("br;q=0.5, x-gzip", large), Some(GZIP));
        assert_eq!(compress("*", large), Some(GZIP));
        assert_eq!(compress("br;q=0, *;q=0.1", large), Some(GZIP));
        assert_eq!(compress("deflate, zstd, br", large), None);
        assert_eq!(compress("identity;q=0, gzip", small), Some(GZIP), "plain is forbidden");
        assert_eq!(compress("identity;q=0, gzip", 0), None, "there is nothing to pack");
        assert_eq!(compress("gzip;q=0", large), None);
    }

    /// How a long response with that `Vary` is sent to a client that accepts these codings: its bytes and headers.
    async fn sent(accepts: &str, text: &[(&'static str, &'static str)]) -> (usize, String, String) {
        let request = TestRequest::default().insert_header((header::ACCEPT_ENCODING, accepts));
        let mut answer = HttpResponse::Ok();
        text.iter().for_each(|header| _ = answer.append_header(*header));
        let response = compress(request.to_srv_response(answer.body("a".repeat(5_000))));
        let lines = |name| response.headers().get_all(name).map(|line| line.to_str().unwrap()).collect::<Vec<_>>();
        let (coding, vary) = (lines(header::CONTENT_ENCODING).join(", "), lines(header::VARY).join(", "));
        (to_bytes(response.into_body()).await.unwrap_or_else(|_| panic!("a body")).len(), coding, vary)
    }

    #[actix_web::test]
    async fn a_response_names_its_coding() {
        for (accepts, text, coding, vary) in [
            ("gzip", &[][..], "gzip", "Accept-Encoding"),
            ("gzip", &[("vary", "Accept")][..], "gzip", "Accept, Accept-Encoding"),
            ("gzip", &[("vary", "Accept, accept-encoding")], "gzip", "Accept, accept-encoding"),
            ("gzip", &[("vary", "*")], "gzip", "*"),
            ("gzip", &[("etag", "\"7-gzip\"")], "gzip", "Accept-Encoding"),
        ] {
            let (bytes, by, varies) = sent(accepts, text).await;
            assert!(bytes < 100, "{bytes}");
            assert_eq!((by.as_str(), varies.as_str()), (coding, vary), "{accepts} {text:?}");
        }
    }

    #[actix_web::test]
    async fn what_is_compressed_or_has_a_validator_stays_as_it_is() {
        for (accepts, text, coding) in [
            ("deflate", &[][..], ""),
            ("gzip", &[("content-encoding", "gzip")][..], "gzip"),
            ("gzip", &[("etag", "\"7\"")], ""),
            ("gzip", &[("etag", "\"7-br\"")], ""),
            ("gzip", &[("etag", "\"7gzip\"")], ""),
        ] {
            assert_eq!(sent(accepts, text).await, (5_000, coding.to_owned(), String::new()), "{accepts} {text:?}");
        }
    }

    #[actix_web::test]
    async fn a_stream_goes_as_it_is() {
        let once = futures_util::stream::once(async { Ok::<_, io::Error>(Bytes::from(vec![b'a'; 5_000])) });
        let request = TestRequest::default().insert_header((header::ACCEPT_ENCODING, "gzip"));
        let response = compress(request.to_srv_response(HttpResponse::Ok().streaming(once)));
        assert!(
            !response.headers().contains_key(header::CONTENT_ENCODING)
                && !response.headers().contains_key(header::VARY)
        );
        assert_eq!(response.response().body().size(), BodySize::Stream);
    }
}
