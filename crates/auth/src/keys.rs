//! API keys: `parlance_`, eight characters that identify the key, `_`, and 256 random bits.
//!
//! There are too many values to try, so a fast hash (SHA-256) is enough. The prefix allows scanners for leaked secrets to recognize
//! our keys.

use crate::digest;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::access::Secret;
use domain::authenticator::StoredApiKey;
use subtle::ConstantTimeEq;

/// How every key begins.
pub const PREFIX: &str = "parlance_";
/// Characters of a key that it is found by.
const NAME_CHARS: usize = 8;
/// Characters of 256 bits in base64url, without padding.
const SECRET_CHARS: usize = 43;

/// The key of a name and 256 bits, and what to keep of it.
pub(crate) fn key_of(name: &str, bits: [u8; 32]) -> (Secret, StoredApiKey) {
    let key = format!("{PREFIX}{name}_{}", URL_SAFE_NO_PAD.encode(bits));
    let stored = StoredApiKey { name: name.to_owned(), digest: digest(key.as_bytes()) };
    (Secret::new(key), stored)
}

/// The part of a key that it is found by; nothing, if it is no key of ours.
pub fn name(key: &Secret) -> Option<&str> {
    let (name, rest) = key.reveal().strip_prefix(PREFIX)?.split_at_checked(NAME_CHARS)?;
    let secret = rest.strip_prefix('_')?;
    let is_name = name.bytes().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit());
    let is_secret = secret.bytes().all(|c| c.is_ascii_alphanumeric() || matches!(c, b'-' | b'_'));
    (is_name && is_secret && secret.len() == SECRET_CHARS).then_some(name)
}

/// Whether a key is the stored one. The time that it takes does not depend on where they differ.
pub fn is_key(key: &Secret, stored: &StoredApiKey) -> bool {
    digest(key.reveal().as_bytes()).ct_eq(&stored.digest).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_known_again() {
        let ((key, stored), (other, _)) = (key_of("abcd2345", [1; 32]), key_of("abcd2345", [2; 32]));
        assert_eq!(name(&key), Some(stored.name.as_str()));
        assert!(is_key(&key, &stored) && !is_key(&other, &stored));
        assert_eq!(key.reveal().len(), PREFIX.len() + NAME_CHARS + 1 + SECRET_CHARS);
    }

    #[test]
    fn what_is_no_key_has_no_name() {
        let secret = "x".repeat(43);
        let good = format!("parlance_abcd2345_{secret}");
        assert_eq!(name(&Secret::new(good.clone())), Some("abcd2345"));
        let long = format!("{good}x");
        let others =
            ["ABCD2345_", "abcd2345-", "äbcd234_", "abcd234ä_", "abcd_2345"].map(|n| format!("parlance_{n}{secret}"));
        let short =
            [String::new(), "parlance_".to_owned(), good[..60].to_owned(), long, good.replace("parlance", "other")];
        for bad in others.into_iter().chain(short).chain([good.replace("xx", "x=")]) {
            assert_eq!(name(&Secret::new(bad.clone())), None, "{bad}");
        }
    }
}
