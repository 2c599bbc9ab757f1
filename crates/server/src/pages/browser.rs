//! The page at `/`: the lab, and for browsers without scripts a list of every endpoint with its examples. And the page at the
//! address of each style.

use crate::explorers::{self, send, with_headers};
use crate::protocols::PROTOCOLS;
use crate::seed;
use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse};
use domain::operations::{OPERATIONS, OperationKind};
use std::fmt::Write;
use std::sync::OnceLock;
use wire::xml::for_html;
use wire::{Adapter, Address, CallRequest, examples};

/// What the page's Content-Security-Policy allows in addition: its own style sheet and icon.
const POLICY: &str = "style-src 'self'; img-src 'self' data:";
/// The place of the listing in the page.
const MARK: &str = "<!-- listing -->";
/// The icon, style sheet and script of the page at the address of a style.
const FILES: &str = "<link rel=\"icon\" href=\"lab/icon.svg\">\n<link rel=\"stylesheet\" href=\"lab/style.css\">\n\
                     <script type=\"module\" src=\"lab/style.js\"></script>\n";

/// The page, for a browser.
pub fn browse(request: &HttpRequest) -> HttpResponse {
    send_page(whole(frame(), &wire::base(request)))
}

/// The page at the address of a style: what it is, an example to send, its contracts, its explorer, the callers. Where people
/// expect an explorer, they get that.
pub fn style_page(request: &HttpRequest, style: &Adapter) -> HttpResponse {
    let address = wire::base(request);
    if let Some(home) = explorers::of(style.name).find(|explorer| explorer.is_home) {
        let mut response = HttpResponse::Found();
        return response
            .insert_header((header::VARY, "Accept"))
            .insert_header((header::LOCATION, address.http(home.path)))
            .finish();
    }
    let (files, console) = if ::web::is_built() {
        (FILES, format!("<div id=\"console\" data-style=\"{}\"></div>\n", style.name))
    } else {
        Default::default()
    };
    let mut html = format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n<title>{title} · Parlance</title>\n{files}</head>\n<body>\n<main class=\"listing\">\n\
         <p><a href=\"{root}\">Parlance</a>: one shop in every API style</p>\n<h1>{title}</h1>\n<p>{about}</p>\n{console}",
        title = for_html(style.title),
        root = for_html(address.http("/")),
        about = for_html(style.about),
    );
    describe(&mut html, style, &address);
    describe_callers(&mut html, &address);
    html.push_str("<h2>The other styles</h2>\n<ul>\n");
    for other in PROTOCOLS.iter().filter(|other| other.name != style.name) {
        let _ =
            writeln!(html, "<li><a href=\"{}\">{}</a></li>", for_html(address.http(other.path)), for_html(other.title));
    }
    html.push_str("</ul>\n</main>\n</body>\n</html>\n");
    send_page(html)
}

fn send_page(page: String) -> HttpResponse {
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
        let _ = writeln!(html, "<h2>{}</h2>", for_html(style.title));
        describe(&mut html, style, address);
    }
    describe_callers(&mut html, address);
    html
}

/// The demo users with their keys and their password, and how to get a sandbox.
fn describe_callers(html: &mut String, address: &Address) {
    html.push_str("<h2>Callers</h2>\n<p>You can call the shop without credentials, or as:</p>\n<ul>\n");
    for lab::Person { user_id, role, email, api_key, .. } in seed::people() {
        let (email, key) = (for_html(email.as_str()), for_html(api_key.as_str()));
        let _ = writeln!(html, "<li>user {user_id}, {role}: {email}, <code>X-API-Key: {key}</code></li>");
    }
    let (password, alice) = (auth::demo::PASSWORD, address.in_sandbox("alice").http("/rest/users/1"));
    let _ = writeln!(html, "</ul>\n<p>The password of every user is <code>{}</code>.</p>", for_html(password));
    let _ = writeln!(
        html,
        "<p>To get a private copy of the shop, put <code>/sandboxes/{{name}}</code> before any path, for example <a href=\"{0}\">{0}</a></p>",
        for_html(alice.as_str())
    );
}

/// The addresses of a style, and an example of each operation.
fn describe(html: &mut String, style: &Adapter, address: &Address) {
    html.push_str("<ul>\n");
    let contracts = style.contracts.iter().map(|contract| (contract.title, contract.path));
    let explorers = explorers::of(style.name).map(|explorer| (explorer.title, explorer.path));
    for (title, path) in [("Endpoint", style.path)].into_iter().chain(contracts).chain(explorers) {
        let url = for_html(address.http(path));
        let _ = writeln!(html, "<li>{}: <a href=\"{url}\">{url}</a></li>", for_html(title));
    }
    html.push_str("</ul>\n<details><summary>Every operation, with an example</summary>\n<dl>\n");
    for row in OPERATIONS.iter().filter(|row| style.streams || row.kind != OperationKind::Stream) {
        let example = CallRequest::new(row.name, examples::input(row));
        let command = for_html(style.client.encode_by_hand(&example).command(address));
        let doc = for_html(row.doc);
        let _ = writeln!(html, "<dt>{}</dt><dd>{doc}<pre><code>{command}</code></pre></dd>", row.name);
    }
    html.push_str("</dl></details>\n");
}
