//! The page of deprecated addresses, to which their `Link` with relation `deprecation` leads (RFC 9745 section 3).

use crate::errors::pages::page_or_json;
use crate::routes::ROUTES;
use actix_web::{HttpRequest, HttpResponse};
use domain::time::Timestamp;
use serde_json::{Value, json};
use std::fmt::Write;

/// `GET /rest/changes`
pub async fn changes(request: HttpRequest) -> HttpResponse {
    let old = ROUTES.iter().filter_map(|route| Some((route, route.old.as_ref()?)));
    let rows: Vec<Value> = old
        .map(|(route, old)| {
            json!({
                "method": route.method.name(), "path": format!("/rest{}", route.path),
                "deprecated_at": Timestamp(old.since_seconds).to_string(), "sunset": old.until,
                "instead": format!("/rest{}", old.instead),
            })
        })
        .collect();
    page_or_json(&request, "Changes", || page(&rows), &json!({"items": rows}))
}

fn page(rows: &[Value]) -> String {
    let mut page = "<h1>Changes</h1>\n<p>An address that is no longer the best one is served on for a while. Each of its answers says so: \
                    <code>Deprecation</code> since when, <code>Sunset</code> how long still, <code>Link</code> what came \
                    instead.</p>\n<dl>\n"
        .to_owned();
    let text = |row: &Value, name: &str| row[name].as_str().unwrap_or_default().to_owned();
    for row in rows {
        let [method, path, since, until, instead] =
            ["method", "path", "deprecated_at", "sunset", "instead"].map(|name| text(row, name));
        // Writing to a String can't fail.
        let _ = writeln!(
            page,
            "<dt><code>{method} {path}</code></dt><dd>deprecated at {since}, served until {until}; instead: \
             <code>{method} {instead}</code></dd>"
        );
    }
    page.push_str("</dl>\n");
    page
}
