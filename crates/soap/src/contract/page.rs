//! The page at the address in a browser: the operations, each with a request to paste into a shell.
//!
//! The page is HTML and well-formed XML at once, so that a test reads it as it reads envelopes.

use crate::client::Client;
use crate::envelope::Version;
use crate::{NAMESPACE, PATH};
use domain::access::{Credentials, Secret};
use domain::operations::{OPERATIONS, OperationKind};
use domain::{Operation, Value};
use std::fmt::Write;
use wire::client::CallOptions;
use wire::names::{camel, pascal};
use wire::{Address, CallRequest, Client as _, WireRequest, examples, xml};

const STYLE: &str = include_str!("page.css");

/// The page, for a server at that address.
pub fn page(address: &Address) -> String {
    let url = address.http(PATH);
    let shown = escaped(&url);
    let (envelope, media_type) = (Version::V12.namespace(), Version::V12.media_type());
    let mut page = format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n\
         <meta name=\"viewport\" content=\"width=device-width\"/>\n<title>The shop in SOAP</title>\n\
         <style>\n{STYLE}</style>\n</head>\n<body>\n<h1>The shop in SOAP</h1>\n\
         <p>Envelopes are posted to <code>{shown}</code>. The element in the body says which operation is meant; its \
         namespace is <code>{NAMESPACE}</code>. The contract says what each element holds: \
         <a href=\"{shown}?wsdl\">WSDL</a> and <a href=\"{shown}?xsd=shop.xsd\">XML Schema</a>, or <a \
         href=\"{shown}?singlewsdl\">both in one document</a> for tools that follow no import.</p>\n\
         <p>The samples are in SOAP 1.1. In SOAP 1.2 the envelope's namespace is <code>{envelope}</code>, the Content-Type \
         is <code>{media_type}</code>, and there is no SOAPAction. A refusal is a <code>Fault</code> whose detail has the \
         shop's words, a <code>ShopFault</code>.</p>\n\
         <p>News are polled with <code>ListEvents</code>, for an envelope is only ever an answer to an envelope; with \
         <code>waitSeconds</code> the answer waits for the next event. Who can be called leaves an address with \
         <code>CreateWebhook</code>, where the server was started with <code>--webhooks</code>.</p>\n\
         <p>There is no MTOM, as the shop has nothing binary; no WS-Addressing, as an answer goes back where the question came \
         from; and no XML signature, as TLS does that for every style alike. A header block that must be understood and is \
         not is refused.</p>\n"
    );
    write_headers(&mut page, &url);
    page.push_str("<nav>\n");
    let offered = || OPERATIONS.iter().filter(|operation| operation.kind != OperationKind::Stream);
    for name in offered().map(|operation| pascal(operation.name)) {
        // Writing to a String can't fail, so its result is ignored in this file.
        let _ = writeln!(page, "<a href=\"#{name}\">{name}</a>");
    }
    page.push_str("</nav>\n");
    for operation in offered() {
        write_section(&mut page, operation, &url);
    }
    page.push_str("</body>\n</html>\n");
    page
}

/// What stands in an envelope's header, with samples.
fn write_headers(page: &mut String, url: &str) {
    let (email, password) = examples::ADA;
    let credentials = Credentials::Password { email: email.to_owned(), password: Secret::new(password) };
    let who = CallOptions { credentials, ..CallOptions::default() };
    let once = CallOptions { idempotency_key: Some("my-first-order".to_owned()), ..who.clone() };
    let sample = |name: &str, options: CallOptions| {
        let input = Operation::find(name).map_or(Value::Null, examples::input);
        escaped(&command(&CallRequest { options, ..CallRequest::new(name, input) }, url))
    };
    let _ = write!(
        page,
        "<h2>Who asks, and is it the second click?</h2>\n\
         <p>The caller's credentials are in the envelope's header, by WS-Security: a <code>UsernameToken</code> with the user's email \
         and a <code>PasswordText</code>. A digest can't be checked, for no password is kept. Headers of HTTP will do as \
         well, one of them at a time: <code>X-API-Key</code>, <code>Authorization: Basic</code>, or <code>Authorization: \
         Bearer</code> with the token of <code>LogIn</code>. <code>WhoAmI</code> tells what came of it.</p>\n\
         <pre><code>{}</code></pre>\n\
         <p>A <code>PlaceOrder</code> or <code>CheckOut</code> with an <code>IdempotencyKey</code> happens once: the \
         same again is answered with the same order. (The header <code>Idempotency-Key</code> of HTTP is the same key.)</p>\n\
         <pre><code>{}</code></pre>\n",
        sample("who_am_i", who),
        sample("place_order", once),
    );
}

fn write_section(page: &mut String, operation: &Operation, url: &str) {
    let name = pascal(operation.name);
    let _ = write!(
        page,
        "<section id=\"{name}\">\n<h2><code>{name}</code></h2>\n<p>{}</p>\n<pre><code>{}</code></pre>\n\
         <p class=\"reply\">Reply: <code>{name}Response</code>, ",
        escaped(operation.doc),
        escaped(&command(&CallRequest::new(operation.name, examples::input(operation)), url)),
    );
    let _ = match operation.reply_name {
        "nothing" => write!(page, "which is empty"),
        reply_name => write!(page, "with <code>{}</code>", camel(reply_name)),
    };
    page.push_str(".</p>\n</section>\n");
}

/// The question as our own client would send it, as a command for a shell.
fn command(call: &CallRequest, url: &str) -> String {
    let (WireRequest::Http(request) | WireRequest::EventStream(request)) = Client.encode(call) else {
        return String::new();
    };
    let mut command = format!("curl {}", quoted(url));
    for (name, value) in request.headers() {
        let header = format!("{name}: {}", String::from_utf8_lossy(value.as_bytes()));
        let _ = write!(command, " \\\n  --header {}", quoted(&header));
    }
    let envelope = indented(&String::from_utf8_lossy(request.body()));
    let _ = write!(command, " \\\n  --data-binary {}", quoted(&envelope));
    command
}

/// An envelope of our client, an element a line. Nothing but two tags can stand at `><`: in text, `>` is a reference.
fn indented(envelope: &str) -> String {
    let mut out = String::new();
    let mut depth = 0_usize;
    for (position, piece) in envelope.split("><").enumerate() {
        if piece.starts_with('/') {
            depth = depth.saturating_sub(1);
        }
        if position > 0 {
            let _ = write!(out, ">\n{:1$}<", "", 2 * depth);
        }
        out.push_str(piece);
        if !piece.contains("</") && !piece.starts_with('/') && !piece.ends_with('/') {
            depth += 1;
        }
    }
    out
}

/// A word for a shell. POSIX: between single quotes nothing means anything, and so a single quote stands outside of them.
fn quoted(word: &str) -> String {
    format!("'{}'", word.replace('\'', r"'\''"))
}

/// Characters as HTML shows them, also in an attribute.
fn escaped(text: &str) -> String {
    let mut out = String::new();
    xml::text(&mut out, text);
    out.replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_envelope_is_indented() {
        let envelope = "<a x=\"1\"><b><c>1 &lt;&gt;</c><d nil=\"true\"/></b><e></e></a>";
        let lines = "<a x=\"1\">\n  <b>\n    <c>1 &lt;&gt;</c>\n    <d nil=\"true\"/>\n  </b>\n  <e>\n  </e>\n</a>";
        assert_eq!(indented(envelope), lines);
    }

    #[test]
    fn what_is_shown_is_escaped() {
        assert_eq!(quoted("it's $HOME"), r"'it'\''s $HOME'");
        assert_eq!(escaped("<a b=\"c\">&"), "&lt;a b=&quot;c&quot;&gt;&amp;");
    }
}
