//! How does who is called know that it was us? By a signature over all that is said, and a secret that only two know.
//!
//! Standard Webhooks 1.0.0, "Signature scheme": HMAC-SHA256 over `{id}.{timestamp}.{body}`.

use crate::policy::SECRET_PREFIX;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use domain::time::Timestamp;
use domain::webhooks::{Registration, SecretText};
use ring::hmac;

/// The header `webhook-signature`: by the secret, and by the former one for as long as it is good. Nothing, if a secret is none.
pub fn signatures(registration: &Registration, id: &str, now: Timestamp, body: &str) -> Option<String> {
    let former = registration.former.as_ref().filter(|(_, until)| now < *until);
    let secrets = std::iter::once(&registration.secret).chain(former.map(|(secret, _)| secret));
    let signed: Option<Vec<_>> = secrets.map(|secret| signature(secret, id, now, body)).collect();
    // "Webhook headers": a list with spaces between, of which one has to match.
    Some(signed?.join(" "))
}

fn signature(secret: &SecretText, id: &str, now: Timestamp, body: &str) -> Option<String> {
    let bytes = STANDARD.decode(secret.as_str().strip_prefix(SECRET_PREFIX)?).ok()?;
    let key = hmac::Key::new(hmac::HMAC_SHA256, &bytes);
    let tag = hmac::sign(&key, format!("{id}.{}.{body}", now.0).as_bytes());
    Some(format!("v1,{}", STANDARD.encode(tag)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::text::Name;
    use domain::webhooks::{UrlText, Webhook, WebhookId, WebhookStatus};

    const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    const OTHER: &str = "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

    fn registration(secret: &str, former: Option<(&str, i64)>) -> Registration {
        let text = |secret: &str| SecretText::parse(secret.to_owned()).unwrap();
        let url = UrlText::parse("https://example.com/".to_owned()).unwrap();
        let (id, status, created_at) = (WebhookId(1), WebhookStatus::Active, Timestamp(0));
        Registration {
            webhook: Webhook { id, url, status, secret: None, created_at },
            mark: Name::parse("mark".to_owned()).unwrap(),
            secret: text(secret),
            former: former.map(|(secret, until)| (text(secret), Timestamp(until))),
        }
    }

    fn signed(registration: &Registration) -> Option<String> {
        let (id, now) = ("msg_p5jXN8AQM9LWM0D4loKWxJek", Timestamp(1_614_265_330));
        signatures(registration, id, now, r#"{"test": 2432232314}"#)
    }

    /// The value is that of the specification's own libraries ("sign function works").
    const SIGNED: &str = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";

    #[test]
    fn a_signature_is_what_the_specifications_libraries_make_of_it() {
        assert_eq!(signed(&registration(SECRET, None)).as_deref(), Some(SIGNED));
    }

    #[test]
    fn a_former_secret_signs_too_until_it_is_no_longer_good() {
        let both = signed(&registration(OTHER, Some((SECRET, 1_614_265_331)))).unwrap();
        let (new, former) = both.split_once(' ').unwrap();
        assert_eq!(former, SIGNED);
        let alone = signed(&registration(OTHER, Some((SECRET, 1_614_265_330))));
        assert_eq!(alone.as_deref(), Some(new));
    }

    #[test]
    fn what_is_no_secret_signs_nothing() {
        for secret in ["MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_no base64"] {
            assert_eq!(signed(&registration(secret, None)), None, "{secret}");
        }
    }

    #[test]
    fn what_is_printed_tells_no_secret() {
        let printed = format!("{:?}", registration(SECRET, Some((OTHER, 1))));
        assert!(printed.contains("mark") && !printed.contains("whsec_"), "{printed}");
    }
}
