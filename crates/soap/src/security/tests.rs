//! Is what clients send understood, and what they must not send refused?

use super::*;
use crate::envelope::Version;

/// 2026-11-20T19:30:00Z
const NOW: Timestamp = Timestamp(1_795_203_000);

const ADA: &str = "<wsse:Username>ada@example.com</wsse:Username>";
const PASSWORD: &str = "<wsse:Password>parlance</wsse:Password>";

/// What a message claims whose header holds these blocks; it has been found to understand them.
fn claimed_by(blocks: &str, in_http: Credentials) -> Credentials {
    let soap = Version::V11.namespace();
    let document = format!(
        "<s:Envelope xmlns:s='{soap}' xmlns:wsse='{WSSE}' xmlns:wsu='{WSU}'><s:Header>{blocks}</s:Header>\
         <s:Body><WhoAmI xmlns='urn:parlance:shop:v1'/></s:Body></s:Envelope>"
    );
    let envelope = Envelope::read(document.as_bytes(), Version::V11).unwrap();
    assert!(envelope.check_headers().is_ok());
    credentials(&envelope, in_http, NOW)
}

fn security(inside: &str) -> String {
    format!("<wsse:Security s:mustUnderstand='1'>{inside}</wsse:Security>")
}

fn token(inside: &str) -> String {
    format!("<wsse:UsernameToken wsu:Id='t-1'>{inside}</wsse:UsernameToken>")
}

fn claimed(inside: &str) -> Credentials {
    claimed_by(&security(inside), Credentials::None)
}

fn ada() -> Credentials {
    Credentials::Password { email: "ada@example.com".into(), password: Secret::new("parlance") }
}

fn typed(password_type: &str) -> String {
    token(&format!("{ADA}<wsse:Password Type='{password_type}'>parlance</wsse:Password>"))
}

#[test]
fn a_name_and_a_password_are_claimed() {
    let fresh = "<wsse:Nonce>V1NjcWFuamNoRUFDNG1R</wsse:Nonce><wsu:Created>2003-07-16T01:24:32Z</wsu:Created>";
    for inside in [token(&format!("{ADA}{PASSWORD}")), typed(PASSWORD_TEXT), token(&format!("{ADA}{PASSWORD}{fresh}"))]
    {
        assert_eq!(claimed(&inside), ada(), "{inside}");
    }
    let block = block("ada@example.com", &Secret::new("parlance"));
    assert_eq!(claimed_by(&block.replace("soap:", "s:"), Credentials::None), ada());
}

/// As `UsernameToken('ada@example.com', 'parlance')` of zeep 4.3 sends it, and `WSSecurity` of node's soap 1.13.
#[test]
fn what_clients_send_is_understood() {
    let of_zeep = "<wsse:Security xmlns:wsse=\"http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-\
                   1.0.xsd\"><wsse:UsernameToken><wsse:Username>ada@example.com</wsse:Username><wsse:Password Type=\
                   \"http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-username-token-profile-1.0#PasswordText\">\
                   parlance</wsse:Password></wsse:UsernameToken></wsse:Security>";
    assert_eq!(claimed_by(of_zeep, Credentials::None), ada());
    let times = |of: &str, others: &str| {
        format!("<wsu:{of} wsu:Id='x'><wsu:Created>2026-11-20T19:30:00Z</wsu:Created>{others}</wsu:{of}>")
    };
    let created = "<wsu:Created>2026-11-20T19:30:00Z</wsu:Created>";
    let timestamp = times("Timestamp", "<wsu:Expires>2026-11-20T19:40:00Z</wsu:Expires>");
    assert_eq!(claimed(&(timestamp + &token(&format!("{ADA}{PASSWORD}{created}")))), ada());
}

#[test]
fn what_proves_nothing_is_refused_and_never_repeated() {
    let good = token(&format!("{ADA}{PASSWORD}"));
    for inside in [
        String::new(),
        token(""),
        token(ADA),
        token(PASSWORD),
        token(&format!("{ADA}{ADA}{PASSWORD}")),
        token(&format!("{ADA}{PASSWORD}{PASSWORD}")),
        token(&format!("{ADA}{PASSWORD}<wsse:Role>admin</wsse:Role>")),
        token(&format!("{ADA}<wsse:Password>parl<b/>ance</wsse:Password>")),
        typed(PASSWORD_DIGEST),
        typed("PasswordText"),
        format!("{good}<ds:Signature xmlns:ds='http://www.w3.org/2000/09/xmldsig#'/>"),
        good.repeat(2),
    ] {
        match claimed(&inside) {
            Credentials::Unusable(problem) => assert!(!problem.contains("parlance"), "{problem}"),
            other => panic!("{inside}: {other:?}"),
        }
    }
    let Credentials::Unusable(why) = claimed(&typed(PASSWORD_DIGEST)) else { panic!("a digest is refused") };
    assert!(why.contains("hash"), "{why}");
}

#[test]
fn credentials_come_once() {
    let http = || Credentials::ApiKey(Secret::new("k"));
    let good = security(&token(&format!("{ADA}{PASSWORD}")));
    assert_eq!(claimed_by("", http()), http());
    assert_eq!(claimed_by(&good, http()), Credentials::Unusable(SEVERAL));
    assert_eq!(claimed_by(&good.repeat(2), Credentials::None), Credentials::Unusable(SEVERAL));
    // A block for another receiver is ignored (SOAP 1.1 section 4.2.2).
    let elsewhere = good.replace("<wsse:Security", "<wsse:Security s:actor='urn:other'");
    assert_eq!(claimed_by(&elsewhere, http()), http());
    // A timestamp alone claims nothing.
    let timestamp = security("<wsu:Timestamp><wsu:Created>2026-11-20T19:30:00Z</wsu:Created></wsu:Timestamp>");
    assert_eq!(claimed_by(&timestamp, http()), http());
}

#[test]
fn a_message_has_its_time() {
    let good = token(&format!("{ADA}{PASSWORD}"));
    for (part, moment, is_fine) in [
        ("Expires", "2026-11-20T19:30:00Z", true),
        ("Expires", "2026-11-20T19:29:31Z", true),
        ("Expires", "2026-11-20T19:29:29Z", false),
        ("Expires", "2026-11-20T19:29:29.999Z", false),
        ("Expires", "2026-11-20T19:35:00+00:00", true),
        ("Expires", " 2026-11-20T19:35:00.5Z\n", true),
        ("Expires", "2026-11-20T19:35:00+02:00", false),
        ("Expires", "2026-11-20T19:35:00", false),
        ("Expires", "tomorrow", false),
        ("Expires", "9999-12-31T23:59:59.xZ", false),
        ("Created", "2003-07-16T01:24:32Z", true),
        ("Created", "2026-11-20T19:30:30Z", true),
        ("Created", "2026-11-20T19:30:31Z", false),
    ] {
        let timestamp = format!("<wsu:Timestamp><wsu:{part}>{moment}</wsu:{part}></wsu:Timestamp>");
        let claimed = claimed(&format!("{timestamp}{good}"));
        assert_eq!(claimed == ada(), is_fine, "{part} {moment}: {claimed:?}");
        assert_eq!(matches!(claimed, Credentials::Unusable(_)), !is_fine);
    }
}
