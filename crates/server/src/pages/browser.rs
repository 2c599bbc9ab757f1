//! The page at `/`: the lab, and for browsers without scripts a list of every endpoint with its examples.

use crate::explorers::{self, send, with_headers};
use crate::html::escaped;
use crate::protocols::PROTOCOLS;
use crate::seed;
use actix_web::http::header::{self, Accept, Header, Quality};
use actix_web::{HttpRequest, HttpResponse};
use domain::operations::{OPERATIONS, OperationKind};
use std::fmt::Write;
use std::sync::OnceLock;
use wire::{Adapter, Address, CallRequest, examples};

/// What the page's Content-Security-Policy allows in addition: its own style sheet and icon.
const POLICY: &str = "style-src 'self'; img-src 'self' data:";
/// The place of the listing in the page.
const MARK: &str = "<!-- listing -->";

/// Whether the request prefers HTML by name (RFC 9110 section 12.5.1), as that of a browser does.
pub fn is_wanted(request: &HttpRequest) -> bool {
    let Ok(accepted) = Accept::parse(request) else { return false };
    let weight = |media_type: &str| {
        let weights = accepted.iter().filter(|item| item.item.essence_str() == media_type).map(|item| item.quality);
        weights.max().unwrap_or(Quality::ZERO)
    };
    weight("text/html") > Quality::ZERO && weight("text/html") >= weight("text/plain")
}

/// The page, for a browser.
pub fn browse(request: &HttpRequest) -> HttpResponse {
    let page = whole(frame(), &wire::base(request));
    let mut response = with_headers(HttpResponse::Ok(), POLICY);
    response
        .insert_header((header::VARY, "Accept, Accept-Encoding"))
        .content_type("text/html; charset=utf-8")
        .body(page)
}

/// `GET /lab/{file}`: a file of the page.
pub async fn file(request: HttpRequest) -> HttpResponse {
    // The page itself is served at `/` alone, with its listing.
    let path = request.path().trim_start_matches('/');
    send(&request, POLICY, if path.ends_with(".html") { "" } else { path })
}

/// The page without its listing, decompressed once; a plain one if this build has none.
fn frame() -> &'static str {
    static FRAME: OnceLock<String> = OnceLock::new();
    FRAME.get_or_init(|| {
        let built = web::find("lab/index.html").and_then(|file| file.decompressed().ok());
        built.and_then(|page| String::from_utf8(page).ok()).unwrap_or_else(plain)
    })
}

fn plain() -> String {
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n<title>Parlance</title>\n</head>\n<body>\n<main>\n\
         <h1>Parlance</h1>\n<p>One shop, served in every API style at once. This build was made without the page that \
         compares them.</p>\n{MARK}\n</main>\n</body>\n</html>\n"
    )
}

/// The page with the listing in it.
fn whole(frame: &str, address: &Address) -> String {
    frame.replacen(MARK, &listing(address), 1)
}

/// Every endpoint with its examples, as HTML. Writing to a String never fails, so the results are ignored.
fn listing(address: &Address) -> String {
    let mut html = String::new();
    for style in PROTOCOLS.iter() {
        describe(&mut html, style, address);
    }
    html.push_str("<h2>Callers</h2>\n<p>You can call the shop without credentials, or as:</p>\n<ul>\n");
    for lab::Person { user_id, role, email, api_key, .. } in seed::people() {
        let (email, key) = (escaped(&email), escaped(&api_key));
        let _ = writeln!(html, "<li>user {user_id}, {role}: {email}, <code>X-API-Key: {key}</code></li>");
    }
    let (password, alice) = (auth::demo::PASSWORD, address.in_sandbox("alice").http("/rest/users/1"));
    let _ = writeln!(html, "</ul>\n<p>The password of every user is <code>{}</code>.</p>", escaped(password));
    let _ = writeln!(
        html,
        "<p>To get a private copy of the shop, put <code>/sandboxes/{{name}}</code> before any path, for example <a href=\"{0}\">{0}</a></p>",
        escaped(&alice)
    );
    html
}

/// The addresses of a style, and an example of each operation.
fn describe(html: &mut String, style: &Adapter, address: &Address) {
    let _ = writeln!(html, "<h2>{}</h2>\n<ul>", escaped(style.title));
    let contracts = style.contracts.iter().map(|contract| (contract.title, contract.path));
    let explorers = explorers::of(style.name).map(|explorer| (explorer.title, explorer.path));
    for (title, path) in [("Endpoint", style.path)].into_iter().chain(contracts).chain(explorers) {
        let url = escaped(&address.http(path));
        let _ = writeln!(html, "<li>{}: <a href=\"{url}\">{url}</a></li>", escaped(title));
    }
    html.push_str("</ul>\n<details><summary>Every operation, with an example</summary>\n<dl>\n");
    for row in OPERATIONS.iter().filter(|row| style.streams || row.kind != OperationKind::Stream) {
        let example = CallRequest::new(row.name, examples::input(row));
        let command = escaped(&style.client.encode(&example).command(address));
        let doc = escaped(row.doc);
        let _ = writeln!(html, "<dt>{}</dt><dd>{doc}<pre><code>{command}</code></pre></dd>", row.name);
    }
    html.push_str("</dl></details>\n");
}
