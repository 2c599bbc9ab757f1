//! The page at the address in a browser: the operations, each with a request to paste into a shell.
//!
//! The page is HTML and well-formed XML at once, so that a test reads it as it reads envelopes.

use crate::client::Client;
use crate::envelope::Version;
use crate::{NAMESPACE, PATH};
use domain::Operation;
use domain::access::{Credentials, Secret};
use domain::operations::{OPERATIONS, OperationKind};
use wire::client::CallOptions;
use wire::names::{camel, pascal};
use wire::{Address, CallRequest, Client as _, WireRequest, examples, xml};

/// The page, for a server at that address.
pub fn page(address: &Address) -> String {
    let url = address.http(PATH);
    let offered = || OPERATIONS.iter().copied().filter(|operation| operation.kind != OperationKind::Stream);
    let link = |operation: &Operation| format!("<a href=\"#{0}\">{0}</a>\n", pascal(operation.name));
    let (email, password) = examples::ADA;
    let credentials = Credentials::Password { email: email.to_owned(), password: Secret::new(password) };
    let by_ada = CallOptions { credentials, ..CallOptions::default() };
    let by_ada_once = CallOptions { idempotency_key: Some("my-first-order".to_owned()), ..by_ada.clone() };
    let sample_of = |name, options| Operation::find(name).map(|row| sample(row, options, &url)).unwrap_or_default();
    format!(
        include_str!("page.html"),
        style = include_str!("page.css"),
        url = escaped(&url),
        namespace = NAMESPACE,
        envelope = Version::V12.namespace(),
        media_type = Version::V12.media_type(),
        who_am_i = sample_of("who_am_i", by_ada),
        place_order = sample_of("place_order", by_ada_once),
        links = offered().map(link).collect::<String>(),
        sections = offered().map(|operation| section(operation, &url)).collect::<String>(),
    )
}

fn section(operation: &Operation, url: &str) -> String {
    let reply = match operation.reply_name {
        "nothing" => "which is empty".to_owned(),
        reply_name => format!("with <code>{}</code>", camel(reply_name)),
    };
    format!(
        "<section id=\"{name}\">\n<h2><code>{name}</code></h2>\n<p>{doc}</p>\n<pre><code>{sample}</code></pre>\n\
         <p class=\"reply\">Reply: <code>{name}Response</code>, {reply}.</p>\n</section>\n",
        name = pascal(operation.name),
        doc = escaped(operation.doc),
        sample = sample(operation, CallOptions::default(), url),
    )
}

/// A call of the operation as our own client would send it, as a command for a shell.
fn sample(operation: &Operation, options: CallOptions, url: &str) -> String {
    let call = CallRequest::with_options(operation.name, examples::input(operation), options);
    let WireRequest::Http(request) = Client.encode(&call) else { return String::new() };
    let headers = request.headers().iter().map(|(name, value)| {
        let header = format!("{name}: {}", String::from_utf8_lossy(value.as_bytes()));
        format!(" \\\n  --header {}", quoted(&header))
    });
    let (headers, envelope) = (headers.collect::<String>(), indented(&String::from_utf8_lossy(request.body())));
    escaped(&format!("curl {}{headers} \\\n  --data-binary {}", quoted(url), quoted(&envelope)))
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
            out.push_str(&format!(">\n{:1$}<", "", 2 * depth));
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
    xml::escaped(text).replace('"', "&quot;")
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
