//! Credentials in HTTP headers, read by the server half and written by the client half.

use actix_web::http::header::{self, HeaderMap, HeaderName};
use base64::Engine;
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig, STANDARD};
use domain::access::{Credentials, Secret};

/// How credentials are sent, for messages.
pub const HOW: &str = "send an API key as X-API-Key, an email and a password as Authorization: Basic, or a token as \
                       Authorization: Bearer";

/// The header of an API key.
pub const API_KEY: &str = "x-api-key";
static API_KEY_NAME: HeaderName = HeaderName::from_static(API_KEY);

/// RFC 7617 says base64; the padding is optional here.
const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &base64::alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// The credentials in a request's headers.
pub fn read(headers: &HeaderMap) -> Credentials {
    let key = text(headers, &API_KEY_NAME).map(|key| Credentials::ApiKey(Secret::new(key)));
    let several = headers.get_all(header::AUTHORIZATION).count() + headers.get_all(&API_KEY_NAME).count() > 1;
    match (text(headers, &header::AUTHORIZATION), key) {
        _ if several => Credentials::Unusable("credentials were sent more than once; send one of them"),
        (None, key) => key.unwrap_or_default(),
        (Some(value), _) => authorization(value),
    }
}

/// The credentials in the value of an `Authorization`. RFC 9110 section 11.4: a scheme, in whatever case, and what it takes.
pub fn authorization(value: &str) -> Credentials {
    let (scheme, rest) = value.split_once(' ').unwrap_or((value, ""));
    match scheme.to_ascii_lowercase().as_str() {
        "bearer" => Credentials::Token(Secret::new(rest.trim())),
        "basic" => {
            basic(rest.trim()).unwrap_or(Credentials::Unusable("the value after Basic is not user:password in base64"))
        }
        _ => Credentials::Unusable("the schemes of Authorization are Basic and Bearer"),
    }
}

/// RFC 7617 section 2: the user name has no colon, the password may; both in UTF-8, as our challenge says.
pub fn basic(encoded: &str) -> Option<Credentials> {
    let text = String::from_utf8(LENIENT.decode(encoded).ok()?).ok()?;
    let (email, password) = text.split_once(':')?;
    Some(Credentials::Password { email: email.to_owned(), password: Secret::new(password) })
}

/// The header of these credentials: its name and its value.
pub fn header(credentials: &Credentials) -> Option<(&'static str, String)> {
    match credentials {
        Credentials::None | Credentials::Unusable(_) => None,
        Credentials::ApiKey(key) => Some((API_KEY, key.reveal().to_owned())),
        Credentials::Token(token) => Some(("authorization", format!("Bearer {}", token.reveal()))),
        Credentials::Password { email, password } => {
            let both = STANDARD.encode(format!("{email}:{}", password.reveal()));
            Some(("authorization", format!("Basic {both}")))
        }
    }
}

/// A header's text, without white space around it.
pub(crate) fn text<'h>(headers: &'h HeaderMap, name: &HeaderName) -> Option<&'h str> {
    headers.get(name).map(|value| value.to_str().unwrap_or_default().trim())
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::http::header::HeaderValue;

    fn read_one(name: &'static str, value: &str) -> Credentials {
        let mut headers = HeaderMap::new();
        headers.insert(HeaderName::from_static(name), HeaderValue::from_str(value).unwrap());
        read(&headers)
    }

    #[test]
    fn what_is_claimed_is_read_back() {
        let password = Credentials::Password { email: "ada@example.com".into(), password: Secret::new("pä:ss") };
        for credentials in [Credentials::ApiKey(Secret::new("k")), Credentials::Token(Secret::new("t")), password] {
            let (name, value) = header(&credentials).unwrap();
            assert_eq!(read_one(name, &value), credentials);
        }
        assert_eq!(read(&HeaderMap::new()), Credentials::None);
        assert_eq!(read_one("authorization", "bEaReR t"), Credentials::Token(Secret::new("t")));
    }

    #[test]
    fn what_can_t_be_credentials_is_not_taken_for_none() {
        for value in ["", "Basic", "Basic !", "Basic YQ==", "Digest a", "Bearer"] {
            assert_ne!(read_one("authorization", value), Credentials::None, "{value}");
        }
        let mut headers = HeaderMap::new();
        headers.insert(header::AUTHORIZATION, HeaderValue::from_static("Bearer t"));
        headers.insert(HeaderName::from_static(API_KEY), HeaderValue::from_static("k"));
        assert!(matches!(read(&headers), Credentials::Unusable(_)));
    }
}
