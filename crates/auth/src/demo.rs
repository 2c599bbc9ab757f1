//! Which credentials does everybody know? Those of the made-up users of a new shop.
//!
//! **They are public**: they stand in this file, in `docs/authentication.md` and in what `GET /` answers. They are there so that a lesson
//! about credentials begins with right ones. A shop that holds anything of worth must not have them.

use crate::{digest, keys};
use domain::access::Secret;
use domain::authenticator::{PasswordHash, StoredApiKey};
use domain::users::UserId;

/// The password of every demo user.
pub const PASSWORD: &str = "parlance";

/// The salt of [`password_hash`], so that the hash can be reproduced.
#[cfg(test)]
const SALT: &[u8] = b"parlance is open";

/// The stored hash of [`PASSWORD`]. Its salt is fixed and public, so that seeding a shop does not hash.
pub fn password_hash() -> PasswordHash {
    let phc = "$argon2id$v=19$m=19456,t=2,p=1$cGFybGFuY2UgaXMgb3Blbg$DZtk28LVGdJc20l7oqzAkQBKWAI4BS7Qq1EnLRGU4WQ";
    PasswordHash(phc.to_owned())
}

/// The API key of a made-up user: always the same, and of the form of a real one, for users up to 9,999,999.
pub fn api_key(user: UserId) -> Secret {
    made_up(user).0
}

/// What is stored of the demo key.
pub fn stored_key(user: UserId) -> StoredApiKey {
    made_up(user).1
}

fn made_up(user: UserId) -> (Secret, StoredApiKey) {
    let sentence = format!("The API key of the made-up user {} is no secret.", user.0);
    keys::key_of(&format!("u{:07}", user.0), digest(sentence.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::passwords;

    #[test]
    fn the_hash_is_of_the_password() {
        assert_eq!(passwords::salted(&Secret::new(PASSWORD), SALT).unwrap(), password_hash());
    }

    #[test]
    fn a_made_up_key_is_a_key() {
        let key = api_key(UserId(1));
        assert_eq!(key.reveal(), "parlance_u0000001_oyfDM8Je_4usrAKEEkXSLu_cFKS0RqPBzBXpyhXMqck");
        assert_eq!(keys::name(&key), Some("u0000001"));
        assert!(keys::is_key(&key, &stored_key(UserId(1))) && !keys::is_key(&key, &stored_key(UserId(2))));
        assert!(keys::name(&api_key(UserId(9_999_999))).is_some());
    }
}
