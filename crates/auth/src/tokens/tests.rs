//! Which tokens are refused? A table of attacks, each with its signature.

use super::*;
use crate::clock::tests::Hand;
use ed25519_dalek::{Signer, SigningKey};
use serde_json::json;
use sha2::{Digest, Sha256};

const SEED: [u8; 32] = [7; 32];
const NOW: i64 = 1_795_203_000;

fn tokens() -> Tokens {
    Tokens::new(&SEED, Hand::clock().0)
}

fn bearer() -> TokenClaims {
    TokenClaims { sandbox: Sandbox::main(), user: UserId(1), since: Timestamp(NOW - 5) }
}

/// What an honest token says.
fn header() -> Value {
    json!({"alg": "EdDSA", "typ": "JWT", "kid": tokens().key.id()})
}

fn claims() -> Value {
    json!({
        "iss": ISSUER, "aud": "urn:parlance:shop:main", "sub": "1", "exp": NOW + 3_600, "nbf": NOW, "iat": NOW,
        "jti": "x", "since": NOW - 5
    })
}

/// The same with one member otherwise; null takes it away.
fn but(mut what: Value, name: &str, value: Value) -> Value {
    let members = what.as_object_mut().unwrap();
    if value.is_null() {
        members.remove(name)
    } else {
        members.insert(name.to_owned(), value)
    };
    what
}

fn unsigned(header: &Value, claims: &Value) -> String {
    let encoded = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    format!("{}.{}", encoded(header), encoded(claims))
}

fn with(message: String, signature: &[u8]) -> String {
    format!("{message}.{}", URL_SAFE_NO_PAD.encode(signature))
}

fn signed(header: &Value, claims: &Value, seed: [u8; 32]) -> String {
    let message = unsigned(header, claims);
    let signature = SigningKey::from_bytes(&seed).sign(message.as_bytes()).to_bytes();
    with(message, &signature)
}

/// RFC 2104, for a key of up to 64 bytes.
fn hmac(key: &[u8], message: &[u8]) -> Vec<u8> {
    let pad = |with: u8| {
        let mut block = [with; 64];
        block.iter_mut().zip(key).for_each(|(byte, key)| *byte ^= key);
        block
    };
    let inner = Sha256::new().chain_update(pad(0x36)).chain_update(message).finalize();
    Sha256::new().chain_update(pad(0x5c)).chain_update(inner).finalize().to_vec()
}

fn refused(token: &str) -> (Reason, String) {
    let error = tokens().read(&Secret::new(token), &Sandbox::main(), Timestamp(NOW)).unwrap_err();
    assert!(error.message.len() < 100 && !token.split('.').any(|part| part.len() > 3 && error.message.contains(part)));
    (error.reason, error.message)
}

#[test]
fn an_honest_token_is_read() {
    let (token, expires_at) = tokens().issue(&bearer(), Timestamp(NOW)).unwrap();
    assert_eq!(expires_at, Timestamp(NOW + 3_600));
    for token in [
        token.as_str(),
        &signed(&header(), &claims(), SEED),
        &signed(&but(header(), "typ", Value::Null), &claims(), SEED),
    ] {
        assert_eq!(tokens().read(&Secret::new(token), &Sandbox::main(), Timestamp(NOW)), Ok(bearer()));
    }
}

#[test]
fn two_tokens_are_never_the_same() {
    let issue = || tokens().issue(&bearer(), Timestamp(NOW)).unwrap().0;
    assert_ne!(issue(), issue());
}

#[test]
fn a_signature_of_another_kind_is_refused() {
    let public = SigningKey::from_bytes(&SEED).verifying_key().to_bytes();
    let honest = signed(&header(), &claims(), SEED);
    let alg = |alg: &str| but(header(), "alg", json!(alg));
    let confused = unsigned(&alg("HS256"), &claims());
    let mac = hmac(&public, confused.as_bytes());
    let (rest, signature) = honest.rsplit_once('.').unwrap();
    let flipped = if signature.starts_with('A') { "B" } else { "A" };
    for (attack, token, problem) in [
        ("HS256 with the public key", with(confused, &mac), "algorithm"),
        ("none", with(unsigned(&alg("none"), &claims()), b""), "algorithm"),
        ("None", with(unsigned(&alg("None"), &claims()), b""), "algorithm"),
        ("no algorithm", signed(&but(header(), "alg", Value::Null), &claims(), SEED), "no alg"),
        ("HS256 in the header, signed with EdDSA", signed(&alg("HS256"), &claims(), SEED), "algorithm"),
        (
            "EdDSA in the header, signed with HS256",
            with(unsigned(&header(), &claims()), &hmac(&public, unsigned(&header(), &claims()).as_bytes())),
            "signature",
        ),
        ("another key", signed(&header(), &claims(), [8; 32]), "signature"),
        ("no signature", format!("{rest}."), "signature"),
        ("two parts", rest.to_owned(), "form"),
        ("cut off", honest[..honest.len() - 2].to_owned(), ""),
        ("changed signature", format!("{rest}.{flipped}{}", &signature[1..]), "signature"),
        ("four parts", format!("{honest}.{signature}"), ""),
        (
            "changed claims",
            honest.replace(&unsigned(&header(), &claims()), &unsigned(&header(), &but(claims(), "sub", json!("3")))),
            "signature",
        ),
        ("nothing", String::new(), "header"),
        ("no token", "a.b.c".to_owned(), "header"),
        ("too long", "a".repeat(TOKEN_CHARS_MAX as usize + 1), "at most 2000"),
    ] {
        let (reason, message) = refused(&token);
        assert_eq!(reason, Reason::CredentialsWrong, "{attack}");
        assert!(message.contains(problem), "{attack}: {message}");
    }
}

#[test]
fn a_header_is_compared_and_never_obeyed() {
    let own = SigningKey::from_bytes(&[8; 32]).verifying_key().to_bytes();
    let jwk = json!({"kty": "OKP", "crv": "Ed25519", "x": URL_SAFE_NO_PAD.encode(own)});
    for (name, value, problem) in [
        ("jwk", jwk, "has jwk"),
        ("jku", json!("https://attacker.example/keys"), "has jku"),
        ("x5u", json!("https://attacker.example/certificate"), "has x5u"),
        ("x5c", json!(["MIIB"]), "has x5c"),
        ("x5t#S256", json!("x"), "has x5t#S256"),
        ("crit", json!(["exp"]), "has crit"),
        ("crit", json!([]), "has crit"),
        ("b64", json!(false), "something"),
        ("kid", json!("../../dev/null"), "not ours"),
        ("kid", json!(7), "not ours"),
        ("kid", Value::Null, "no kid"),
        ("typ", json!("at+jwt"), "type"),
    ] {
        // Neither a key of the attacker's nor, for what would be heeded in passing, our own makes it right.
        for seed in [[8; 32], SEED] {
            let (reason, message) = refused(&signed(&but(header(), name, value.clone()), &claims(), seed));
            assert_eq!(reason, Reason::CredentialsWrong, "{name}");
            assert!(message.contains(problem), "{name}: {message}");
        }
    }
}

#[test]
fn claims_are_all_there_and_right() {
    for name in ["iss", "aud", "sub", "exp", "nbf", "iat", "jti", "since"] {
        let (reason, _) = refused(&signed(&header(), &but(claims(), name, Value::Null), SEED));
        assert_eq!(reason, Reason::CredentialsWrong, "without {name}");
    }
    for (name, value, reason) in [
        ("iss", json!("urn:other"), Reason::CredentialsWrong),
        ("aud", json!("urn:parlance:shop:alice"), Reason::CredentialsWrong),
        ("aud", json!("urn:other:shop:main"), Reason::CredentialsWrong),
        ("aud", json!(["urn:parlance:shop:main", "urn:other"]), Reason::CredentialsWrong),
        ("sub", json!("ada"), Reason::CredentialsWrong),
        ("sub", json!(1), Reason::CredentialsWrong),
        ("exp", json!("9999999999"), Reason::CredentialsWrong),
        ("exp", json!(NOW - 30), Reason::TokenExpired),
        ("nbf", json!(NOW + 31), Reason::CredentialsWrong),
        ("admin", json!(true), Reason::CredentialsWrong),
    ] {
        assert_eq!(refused(&signed(&header(), &but(claims(), name, value.clone()), SEED)).0, reason, "{name} {value}");
    }
}

#[test]
fn a_token_is_good_in_its_sandbox_and_its_hour_also_when_it_is_remembered() {
    let tokens = tokens();
    let token = Secret::new(tokens.issue(&bearer(), Timestamp(NOW)).unwrap().0.as_str());
    let read = |sandbox: &str, at: i64| {
        tokens.read(&token, &Sandbox::parse(sandbox).unwrap(), Timestamp(at)).map_err(|error| error.reason)
    };
    for _ in 0..2 {
        assert_eq!(read("main", NOW - 31), Err(Reason::CredentialsWrong));
        assert_eq!(read("main", NOW - 30), Ok(bearer()));
        assert_eq!(read("main", NOW + 3_629), Ok(bearer()));
        assert_eq!(read("main", NOW + 3_630), Err(Reason::TokenExpired));
        assert_eq!(read("alice", NOW), Err(Reason::CredentialsWrong));
        assert_eq!(tokens.known.lock().len(), 1);
    }
}
