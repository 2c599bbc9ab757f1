//! Connect's GET: the message of a call without side effects is in the query of the address (Connect protocol, "Unary-Get-Request").

use super::{COMPRESSED, Codec, Form, Frame};
use crate::errors::{Code, Refusal};
use base64::Engine;
use base64::alphabet::URL_SAFE;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use bytes::Bytes;
use domain::Error;
use domain::value::shown;
use percent_encoding::percent_decode_str;
use wire::limits::BODY_BYTES_MAX;

/// base64 for addresses, where the padding may be left out.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &URL_SAFE,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// The parameters of a query.
#[derive(Default)]
struct Parameters {
    connect: Option<Vec<u8>>,
    encoding: Option<Vec<u8>>,
    message: Option<Vec<u8>>,
    base64: Option<Vec<u8>>,
    compression: Option<Vec<u8>>,
}

/// The form of a call, and its message.
pub fn read(query: &str) -> Result<(Form, Bytes), Refusal> {
    let Parameters { connect, encoding, message, base64, compression } = Parameters::read(query)?;
    only("connect", connect, "v1")?;
    let is_base64 = only("base64", base64, "1")?;
    let codec = match encoding.as_deref() {
        Some(b"json") => Codec::Json,
        Some(b"proto") => Codec::Proto,
        _ => {
            let refusal = Refusal::from(wrong("encoding", "json or proto", encoding.as_deref()));
            // As of a Content-Type that the server does not read.
            return Err(Refusal { code: Code { http: 415, ..refusal.code }, ..refusal });
        }
    };
    let written = message.ok_or_else(|| wrong("message", "the message of the request", None))?;
    let content = if is_base64 {
        let decoded = BASE64.decode(written);
        decoded.map_err(|error| Error::unreadable(format!("the message is not base64: {error}")))?
    } else {
        written
    };
    let coding = compression.map(|coding| String::from_utf8_lossy(&coding).into_owned());
    let is_packed = coding.as_deref().is_some_and(|coding| !matches!(coding, "" | "identity"));
    let (form, flags) = (Form::Connect(codec), if is_packed { COMPRESSED } else { 0 });
    let message = form.decompressed(Frame { flags, content: content.into() }, coding.as_deref(), BODY_BYTES_MAX)?;
    Ok((form, message))
}

impl Parameters {
    fn read(query: &str) -> Result<Parameters, Error> {
        let mut parameters = Parameters::default();
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let place = match name {
                "connect" => &mut parameters.connect,
                "encoding" => &mut parameters.encoding,
                "message" => &mut parameters.message,
                "base64" => &mut parameters.base64,
                "compression" => &mut parameters.compression,
                // A cache-buster, as jQuery adds one.
                _ if name.starts_with('_') => continue,
                _ => {
                    let shown = shown(name);
                    let known = "connect, encoding, message, base64 and compression";
                    return Err(Error::unreadable(format!("there is no parameter {shown}; there are {known}")));
                }
            };
            if place.replace(percent_decode_str(&value.replace('+', " ")).collect()).is_some() {
                return Err(Error::unreadable(format!("{name} was given twice")));
            }
        }
        Ok(parameters)
    }
}

/// Whether a parameter is there, which has only one value.
fn only(name: &str, value: Option<Vec<u8>>, expected: &str) -> Result<bool, Error> {
    match value.as_deref() {
        None => Ok(false),
        Some(value) if value == expected.as_bytes() => Ok(true),
        other => Err(wrong(name, expected, other)),
    }
}

fn wrong(name: &str, expected: &str, value: Option<&[u8]>) -> Error {
    let got = value.map_or("none".to_owned(), |value| format!("\"{}\"", shown(&String::from_utf8_lossy(value))));
    Error::unreadable(format!("the parameter {name} must be {expected}, got {got}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The message of a query, or the status and the text of its refusal.
    fn read_message(query: &str) -> Result<Bytes, (u16, String)> {
        let refused = |refusal: Refusal| (refusal.code.http, refusal.error.message);
        read(query).map(|(_, message)| message).map_err(refused)
    }

    #[test]
    fn messages_are_read_in_every_form() {
        let json = Ok(Bytes::from_static(b"{\"id\":1}"));
        assert_eq!(read_message("connect=v1&encoding=json&message=%7B%22id%22%3A1%7D"), json);
        assert_eq!(read_message("message={\"id\":1}&encoding=json&_=17"), json);
        assert_eq!(read_message("base64=1&encoding=json&message=eyJpZCI6MX0&connect=v1"), json);
        assert_eq!(read_message("base64=1&encoding=json&message=eyJpZCI6MX0%3D"), json);
        assert_eq!(read_message("encoding=json&message=").as_deref(), Ok(b"".as_slice()));
        assert_eq!(read_message("encoding=proto&message=%08%FF%01").as_deref(), Ok(b"\x08\xff\x01".as_slice()));
        let packed = BASE64.encode(wire::compression::gzip(b"{\"id\":1}").unwrap());
        assert_eq!(read_message(&format!("encoding=json&base64=1&compression=gzip&message={packed}")), json);
    }

    #[test]
    fn what_can_not_be_read_is_refused_by_its_name() {
        let bomb = BASE64.encode(wire::compression::gzip(&[b' '; BODY_BYTES_MAX + 1]).unwrap());
        for (query, status, message) in [
            ("", 415, "the parameter encoding must be json or proto, got none"),
            ("encoding=xml&message=1", 415, "the parameter encoding must be json or proto, got \"xml\""),
            ("encoding=json", 400, "the parameter message must be the message of the request, got none"),
            ("encoding=json&message=1&message=2", 400, "message was given twice"),
            ("encoding=json&message=1&connect=v2", 400, "the parameter connect must be v1, got \"v2\""),
            ("encoding=json&message=1&base64=yes", 400, "the parameter base64 must be 1, got \"yes\""),
            ("encoding=json&message=!&base64=1", 400, "the message is not base64: Invalid symbol 33, offset 0."),
            (
                "encoding=json&message=1&id=1",
                400,
                "there is no parameter id; there are connect, encoding, message, base64 and compression",
            ),
            ("encoding=json&message=1&compression=br", 501, "compression must be gzip or identity, got \"br\""),
            (
                &format!("encoding=json&base64=1&compression=gzip&message={bomb}"),
                429,
                "at most 1048576 bytes of a message are allowed",
            ),
        ] {
            assert_eq!(read_message(query), Err((status, message.to_owned())), "{query}");
        }
    }
}
