//! Who does an envelope say it is from? A name and a password in its header, as WS-Security has them.
//!
//! The block and its timestamp are of Web Services Security: SOAP Message Security 1.1, the token in it is of its
//! UsernameToken Profile 1.1 (both OASIS, 2006):
//!
//! ```text
//! <soap:Header>
//!   <wsse:Security soap:mustUnderstand="1">
//!     <wsu:Timestamp><wsu:Created>…</wsu:Created><wsu:Expires>…</wsu:Expires></wsu:Timestamp>
//!     <wsse:UsernameToken>
//!       <wsse:Username>ada@example.com</wsse:Username>
//!       <wsse:Password Type="…#PasswordText">parlance</wsse:Password>
//!     </wsse:UsernameToken>
//!   </wsse:Security>
//! </soap:Header>
//! ```
//!
//! What is not understood in the block is refused and not passed over, as the specification advises (section 5): it was
//! meant to prove something. Whether the password is the right one is not decided here but at the shop's door.

use crate::envelope::{Envelope, SECURITY, WSSE};
use domain::access::{Credentials, Secret};
use domain::time::Timestamp;
use wire::xml::{self, Element};

/// The namespace of times.
const WSU: &str = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd";

/// The types of a password (UsernameToken Profile 1.1 section 3.1).
const PASSWORD_TEXT: &str =
    "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-username-token-profile-1.0#PasswordText";
const PASSWORD_DIGEST: &str =
    "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-username-token-profile-1.0#PasswordDigest";

/// By how much the clocks of two machines may differ. Section 10 leaves it to the recipient.
const LEEWAY_SECONDS: i64 = 30;

/// What is wrong with credentials. It never repeats them.
type Problem = &'static str;

const SEVERAL: Problem = "credentials were sent more than once; send one of them";

/// What a message claims of its sender: in its envelope, or in the headers of HTTP, but not in both.
pub fn credentials(envelope: &Envelope, in_http: Credentials, now: Timestamp) -> Credentials {
    match (in_envelope(envelope, now), in_http) {
        (Err(problem), _) => Credentials::Unusable(problem),
        (Ok(Credentials::None), in_http) => in_http,
        (Ok(claimed), Credentials::None) => claimed,
        (Ok(_), _) => Credentials::Unusable(SEVERAL),
    }
}

/// The block that claims to be from a user.
pub fn block(email: &str, password: &Secret) -> String {
    let (email, password) = (xml::escaped(email), xml::escaped(password.reveal()));
    format!(
        "<wsse:Security xmlns:wsse=\"{WSSE}\" soap:mustUnderstand=\"1\"><wsse:UsernameToken>\
         <wsse:Username>{email}</wsse:Username>\
         <wsse:Password Type=\"{PASSWORD_TEXT}\">{password}</wsse:Password></wsse:UsernameToken></wsse:Security>"
    )
}

/// What the blocks that are for us claim together. There may be several, for they may name several roles (section 5).
fn in_envelope(envelope: &Envelope, now: Timestamp) -> Result<Credentials, Problem> {
    let mut claimed = Credentials::None;
    for block in envelope.blocks(WSSE, SECURITY) {
        if block.children.is_empty() {
            return Err("wsse:Security is empty: a wsse:UsernameToken is missing");
        }
        for part in &block.children {
            if part.is(WSU, "Timestamp") {
                check_timestamp(part, now)?;
            } else if !part.is(WSSE, "UsernameToken") {
                return Err("only UsernameToken and Timestamp are supported in wsse:Security");
            } else if claimed != Credentials::None {
                return Err(SEVERAL);
            } else {
                claimed = read_token(part)?;
            }
        }
    }
    Ok(claimed)
}

/// A token's name and password. It may also have a nonce and a time of creation (section 3.1), which are ignored:
/// they keep a digest from being repeated by an eavesdropper, who needs no repetition of a password.
fn read_token(token: &Element) -> Result<Credentials, Problem> {
    let is_known = |part: &Element| {
        part.is(WSU, "Created") || ["Username", "Password", "Nonce"].iter().any(|name| part.is(WSSE, name))
    };
    if !token.children.iter().all(is_known) {
        return Err("a wsse:UsernameToken may only have Username, Password, Nonce and Created");
    }
    let email = only(token, "Username").ok_or("a wsse:UsernameToken must have one wsse:Username: the user's email")?;
    let password = only(token, "Password").ok_or("a wsse:UsernameToken must have one wsse:Password")?;
    match password.attribute(None, "Type").map(str::trim) {
        // Section 3.1: without a type it is a PasswordText.
        None | Some(PASSWORD_TEXT) => {
            Ok(Credentials::Password { email: email.text.clone(), password: Secret::new(password.text.as_str()) })
        }
        Some(PASSWORD_DIGEST) => {
            Err("a PasswordDigest can't be verified, because passwords are stored as hashes; send PasswordText")
        }
        Some(_) => Err("the Type of a wsse:Password must be the profile's #PasswordText"),
    }
}

/// The only child of that name, which holds text alone.
fn only<'e>(token: &'e Element, name: &str) -> Option<&'e Element> {
    let mut found = token.children.iter().filter(|child| child.is(WSSE, name));
    found.next().filter(|child| child.children.is_empty() && found.next().is_none())
}

/// Section 10: it is strongly recommended to discard a message that has expired. One that is not yet made is of a clock that
/// is wrong, and so are both its times.
fn check_timestamp(timestamp: &Element, now: Timestamp) -> Result<(), Problem> {
    // Moments in UTC of one form are in the order of their texts.
    let text = |seconds: i64| Timestamp(now.0 + seconds).to_string();
    let (earliest, latest) = (text(-LEEWAY_SECONDS), text(LEEWAY_SECONDS));
    for part in &timestamp.children {
        let moment = to_second(&part.text).ok_or("a time in wsu:Timestamp must be an xs:dateTime in UTC")?;
        if part.is(WSU, "Expires") && moment < earliest.as_str() {
            return Err("the message has expired, by its wsu:Timestamp");
        }
        if part.is(WSU, "Created") && moment > latest.as_str() {
            return Err("the message is from the future, by its wsu:Timestamp: are the clocks right?");
        }
    }
    Ok(())
}

/// A moment in UTC up to its second, without its zone: `2026-11-20T19:30:00`.
fn to_second(text: &str) -> Option<&str> {
    let text = text.trim();
    let local = text.strip_suffix('Z').or_else(|| text.strip_suffix("+00:00"))?;
    let (moment, fraction) = local.split_once('.').unwrap_or((local, "0"));
    let form = "0000-00-00T00:00:00";
    let fits = |(byte, form): (u8, u8)| if form == b'0' { byte.is_ascii_digit() } else { byte == form };
    let is_moment = moment.len() == form.len() && moment.bytes().zip(form.bytes()).all(fits);
    (is_moment && fraction.bytes().all(|byte| byte.is_ascii_digit())).then_some(moment)
}

#[cfg(test)]
mod tests;
