//! What a browser gets at `/`, and what other clients get.

use super::{get, server};
use server::protocols::PROTOCOLS;
use tests::raw::Response;

tests!(
    other_clients_get_the_listing,
    without_scripts_every_endpoint_is_there_with_its_examples,
    every_style_has_a_page_at_its_address,
    only_browsers_get_pages_and_indented_json,
    the_page_runs_only_its_own_scripts,
    the_page_is_compressed_on_request,
    its_files_are_served,
);

/// The `Accept` of browsers.
const BROWSER: &[(&str, &str)] = &[("accept", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8")];

fn other_clients_get_the_listing() {
    for accept in ["*/*", "text/plain", "application/json", "text/html;q=0", "text/html;q=0.5, text/plain"] {
        let listing = get(server(), "/", &[("accept", accept)]);
        assert_eq!(listing.header("content-type"), "text/plain; charset=utf-8", "{accept}");
        assert_eq!(listing.header("vary"), "Accept");
        assert!(listing.text().starts_with("Parlance: "));
    }
}

fn without_scripts_every_endpoint_is_there_with_its_examples() {
    for prefix in ["", "/sandboxes/alice"] {
        let page = get(server(), &format!("{prefix}/"), BROWSER);
        assert_eq!((page.status, page.header("content-type")), (200, "text/html; charset=utf-8"));
        assert!(page.header("vary").contains("Accept") && !page.text().contains("<!-- listing -->"));
        for style in PROTOCOLS.iter() {
            let paths = style.contracts.iter().map(|contract| contract.path).chain([style.path]);
            for path in paths {
                let link = format!("<a href=\"http://localhost{prefix}{path}\">");
                assert!(page.text().contains(&link), "{link}");
            }
        }
        // One for each operation of each style; a style that can't stream has one less.
        let streams = PROTOCOLS.iter().filter(|style| style.streams).count();
        let operations = domain::operations::OPERATIONS.len() - 1;
        let examples = page.text().matches("<dt>").count();
        assert_eq!(examples, PROTOCOLS.len() * operations + streams);
        assert!(page.text().contains("&lt;soap:Body&gt;"), "examples are text");
    }
}

fn every_style_has_a_page_at_its_address() {
    for style in PROTOCOLS.iter() {
        let page = get(server(), &format!("/sandboxes/alice{}", style.path), BROWSER);
        if let Some(home) = server::explorers::of(style.name).find(|explorer| explorer.is_home) {
            let location = format!("http://localhost/sandboxes/alice{}", home.path);
            assert_eq!((page.status, page.header("location")), (302, location.as_str()), "{}", style.name);
            continue;
        }
        assert_eq!((page.status, page.header("content-type")), (200, "text/html; charset=utf-8"), "{}", style.name);
        let text = page.text();
        assert!(text.contains(&format!("<h1>{}</h1>", style.title)) && text.contains(&style.about[..20]), "{text}");
        assert!(text.contains("The password of every user is"), "{text}");
        for path in style.contracts.iter().map(|contract| contract.path) {
            assert!(text.contains(&format!("<a href=\"http://localhost/sandboxes/alice{path}\">")), "{path}: {text}");
        }
        for other in PROTOCOLS.iter() {
            assert!(text.contains(&format!("<a href=\"http://localhost/sandboxes/alice{}\">", other.path)), "{text}");
        }
        assert_eq!(text.contains(&format!("<div id=\"console\" data-style=\"{}\">", style.name)), web::is_built());
    }
}

fn only_browsers_get_pages_and_indented_json() {
    for style in PROTOCOLS.iter() {
        let plain = get(server(), style.path, &[("accept", "*/*")]);
        assert!(!plain.header("content-type").starts_with("text/html"), "{}: {plain:?}", style.name);
    }
    let (plain, indented) = (get(server(), "/rest/users/1", &[]), get(server(), "/rest/users/1", BROWSER));
    assert!(indented.text().starts_with("{\n  \"id\": 1,\n") && !plain.text().contains('\n'), "{indented:?}");
    let document = |response: &Response| -> serde_json::Value { serde_json::from_slice(&response.body).unwrap() };
    assert_eq!(document(&plain), document(&indented));
    assert_eq!(indented.header("etag"), format!("W/{}", plain.header("etag")));
    let again = get(server(), "/rest/users/1", &[BROWSER[0], ("if-none-match", indented.header("etag"))]);
    assert_eq!(again.status, 304);
}

fn the_page_runs_only_its_own_scripts() {
    ["/", "/soap", "/ws"].into_iter().for_each(runs_only_its_own_scripts);
}

fn runs_only_its_own_scripts(path: &str) {
    let page = get(server(), path, BROWSER);
    let policy = page.header("content-security-policy");
    assert!(policy.contains("default-src 'none'") && policy.contains("script-src 'self';"), "{policy}");
    assert!(!policy.contains("unsafe") && !policy.contains("http") && !policy.contains('*'), "{policy}");
    assert_eq!(page.header("x-content-type-options"), "nosniff");
    let text = page.text();
    assert!(!text.contains("<style") && !text.contains(" style=") && !text.contains(" onclick"), "nothing inline");
    let scripts = text.matches("<script").count();
    assert_eq!(scripts, text.matches("<script type=\"module\" src=\"lab/").count(), "every script is a file");
}

fn the_page_is_compressed_on_request() {
    let compressed = get(server(), "/", &[BROWSER[0], ("accept-encoding", "gzip")]);
    assert_eq!(compressed.header("content-encoding"), "gzip");
    assert!(compressed.body.starts_with(&[0x1f, 0x8b]), "RFC 1952 section 2.3.1");
    assert!(compressed.body.len() * 4 < get(server(), "/", BROWSER).body.len());
}

fn its_files_are_served() {
    let file = |name: &str| -> Response { get(server(), &format!("/sandboxes/alice/lab/{name}"), &[]) };
    assert_eq!(file("nothing.js").status, 404);
    assert_eq!(file("index.html").status, 404, "the page has its listing only at its own address");
    if web::is_built() {
        let page = String::from_utf8(get(server(), "/", BROWSER).body).unwrap();
        let files: Vec<&str> = page.split("\"lab/").skip(1).filter_map(|rest| rest.split('"').next()).collect();
        assert!(files.len() >= 3, "{files:?}");
        for name in files {
            assert_eq!(file(name).status, 200, "{name}");
        }
    } else {
        assert!(file("main.js").text().contains("without the explorers"));
    }
}
