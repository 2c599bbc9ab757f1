//! What does the server say of itself? Which protocols it serves where, with an example of each, and whether it runs.

mod browser;

use crate::door::Door;
use crate::explorers;
use crate::lines::Lines;
use crate::protocols::PROTOCOLS;
use crate::seed;
use actix_web::http::{StatusCode, header};
use actix_web::web::{self, Data, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};
use domain::{Shop, Value};
use serde_json::json;
use wire::refusal::{nothing_at, only};
use wire::shutdown::Shutdown;
use wire::{Address, CallRequest};

/// Adds the routes to the application.
pub fn mount(config: &mut ServiceConfig) {
    let page = |path| web::resource(path).default_service(only("GET, HEAD"));
    config
        .service(page("/").route(web::get().to(index)).route(web::head().to(index)))
        .service(web::scope("/lab").default_service(web::to(browser::file)))
        .service(page("/.well-known/api-catalog").route(web::get().to(catalog)).route(web::head().to(catalog)))
        .service(page("/metrics").route(web::get().to(metrics)).route(web::head().to(metrics)))
        .service(page("/livez").route(web::get().to(live)).route(web::head().to(live)))
        .service(page("/readyz").route(web::get().to(ready)).route(web::head().to(ready)));
}

/// Where nothing else is.
pub async fn nothing_here(request: HttpRequest) -> HttpResponse {
    nothing_at(&request)
}

/// The page, for a browser; for everybody else what is served where.
async fn index(request: HttpRequest) -> HttpResponse {
    if browser::is_wanted(&request) {
        return browser::browse(&request);
    }
    let mut response = HttpResponse::Ok();
    response.insert_header((header::VARY, "Accept")).content_type("text/plain; charset=utf-8");
    response.body(listing(&wire::base(&request)))
}

/// What is served where, with one example for each protocol, to copy and paste.
pub fn listing(address: &Address) -> String {
    let ask = CallRequest::new("get_user", Value::object([("id", 1.into())]));
    let mut listing = format!("Parlance: one shop, served in {} styles at {address}\n", PROTOCOLS.len());
    for protocol in PROTOCOLS.iter() {
        listing.push_str(&format!("\n{:<24}{}\n", protocol.title, address.http(protocol.path)));
        for contract in protocol.contracts {
            listing.push_str(&format!("  {:<22}{}\n", contract.title, address.http(contract.path)));
        }
        for explorer in explorers::of(protocol.name) {
            listing.push_str(&format!("  {:<22}{}\n", explorer.title, address.http(explorer.path)));
        }
        listing.push_str(&format!("  {}\n", protocol.client.encode(&ask).command(address)));
    }
    listing.push_str("\nOne may be nobody in particular, or:\n");
    for lab::Person { user_id, role, email, api_key, .. } in seed::people() {
        listing.push_str(&format!("  user {user_id}, {role:<10}{email:<34}X-API-Key: {api_key}\n"));
    }
    listing.push_str(&format!("  the password of every user is {}\n", auth::demo::PASSWORD));
    listing.push_str(&format!(
        "\nA private copy of the shop: put /sandboxes/{{name}} before any path, as in {}\n",
        address.in_sandbox("alice").http("/rest/users/1")
    ));
    listing
}

/// RFC 9727: where the APIs are, and where their contracts, as a set of links (RFC 9264).
async fn catalog(request: HttpRequest) -> HttpResponse {
    let address = wire::base(&request);
    let links = PROTOCOLS.iter().map(|protocol| {
        let contracts = protocol.contracts.iter().map(|contract| {
            json!({"href": address.http(contract.path), "type": contract.media_type, "title": contract.title})
        });
        let mut links = json!({
            "anchor": address.http(protocol.path),
            "service-desc": contracts.collect::<Vec<_>>(),
        });
        // RFC 8631: `service-desc` is read by programs, `service-doc` by people.
        for explorer in explorers::of(protocol.name) {
            links["service-doc"] =
                json!([{"href": address.http(explorer.path), "type": "text/html", "title": explorer.title}]);
        }
        links
    });
    let document = json!({"linkset": links.collect::<Vec<_>>()});
    let profile = "application/linkset+json; profile=\"https://www.rfc-editor.org/info/rfc9727\"";
    HttpResponse::Ok().content_type(profile).body(format!("{document:#}\n"))
}

/// The numbers for a monitor, as Prometheus reads them.
async fn metrics(shop: Data<Shop>, door: Data<Door>, lines: Data<Lines>) -> HttpResponse {
    HttpResponse::Ok().content_type("text/plain; version=0.0.4").body(door.metrics.text(&shop, &lines))
}

async fn live() -> HttpResponse {
    HttpResponse::Ok().content_type("application/json").body(r#"{"live":true}"#)
}

async fn ready(drain: Data<Shutdown>) -> HttpResponse {
    let ready = !drain.has_started();
    let status = if ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    HttpResponse::build(status).content_type("application/json").body(json!({"ready": ready}).to_string())
}

/// A text as HTML has it, within an element or an attribute in double quotes.
pub(crate) fn escaped(text: &str) -> String {
    let mut html = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            '\'' => html.push_str("&#39;"),
            c => html.push(c),
        }
    }
    html
}
