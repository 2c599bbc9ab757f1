//! The server's own pages: the styles with their addresses and examples, the API catalog, metrics and health.

mod browser;
mod plain;

use crate::connections::Connections;
use crate::explorers;
use crate::ports::Ports;
use crate::protocols::PROTOCOLS;
use crate::seed;
use actix_web::guard::{GuardContext, fn_guard};
use actix_web::http::{Method, StatusCode, header};
use actix_web::web::{self, Data, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};
use domain::{Shop, Value};
pub use plain::page;
use serde_json::json;
use wire::accept::wants_page;
use wire::refusal::{nothing_at, only};
use wire::shutdown::Shutdown;
use wire::{Address, CallRequest};

/// Adds the routes to the application.
pub fn mount(config: &mut ServiceConfig) {
    let at = |path| web::resource(path).default_service(only("GET, HEAD"));
    config
        .service(at("/").route(web::get().to(index)).route(web::head().to(index)))
        .service(web::scope("/lab").default_service(web::to(browser::file)))
        .service(at("/.well-known/api-catalog").route(web::get().to(catalog)).route(web::head().to(catalog)))
        .service(at("/metrics").route(web::get().to(metrics)).route(web::head().to(metrics)))
        .service(at("/livez").route(web::get().to(live)).route(web::head().to(live)))
        .service(at("/readyz").route(web::get().to(ready)).route(web::head().to(ready)));
}

/// Adds a page at the address of each style, for browsers. Before those of the protocols, whose routes take everything there.
pub fn mount_styles(config: &mut ServiceConfig) {
    for style in PROTOCOLS.iter() {
        let opens_page = |context: &GuardContext<'_>| {
            let head = context.head();
            matches!(head.method, Method::GET | Method::HEAD) && head.uri.query().is_none() && wants_page(&head.headers)
        };
        let show = move |request: HttpRequest| async move { browser::style_page(&request, style) };
        config.service(web::resource(style.path).guard(fn_guard(opens_page)).to(show));
    }
}

/// The answer where no route matches.
pub async fn nothing_here(request: HttpRequest) -> HttpResponse {
    nothing_at(&request, &PROTOCOLS.iter().map(|protocol| protocol.path).collect::<Vec<_>>())
}

/// `GET /`: the lab for a browser, the list of addresses for other clients.
async fn index(request: HttpRequest) -> HttpResponse {
    if wants_page(request.headers()) {
        return browser::browse(&request);
    }
    let mut response = HttpResponse::Ok();
    response.insert_header((header::VARY, "Accept")).content_type("text/plain; charset=utf-8");
    response.body(listing(&wire::base(&request)))
}

/// The address of each style, with an example to copy.
pub fn listing(address: &Address) -> String {
    let example = CallRequest::new("get_user", Value::object([("id", 1.into())]));
    let mut listing = format!("Parlance: one shop, served in {} styles at {address}\n", PROTOCOLS.len());
    for protocol in PROTOCOLS.iter() {
        listing.push_str(&format!("\n{:<24}{}\n", protocol.title, address.http(protocol.path)));
        for contract in protocol.contracts {
            listing.push_str(&format!("  {:<22}{}\n", contract.title, address.http(contract.path)));
        }
        for explorer in explorers::of(protocol.name) {
            listing.push_str(&format!("  {:<22}{}\n", explorer.title, address.http(explorer.path)));
        }
        listing.push_str(&format!("  {}\n", protocol.client.encode_by_hand(&example).command(address)));
    }
    listing.push_str("\nYou can call it without credentials, or as:\n");
    for lab::Person { user_id, role, email, api_key, .. } in seed::people() {
        listing.push_str(&format!("  user {user_id}, {role:<10}{email:<34}X-API-Key: {api_key}\n"));
    }
    listing.push_str(&format!("  The password of every user is {}\n", auth::demo::PASSWORD));
    listing.push_str(&format!(
        "\nTo get a private copy of the shop, put /sandboxes/{{name}} before any path, for example\n  {}\n",
        address.in_sandbox("alice").http("/rest/users/1")
    ));
    listing
}

/// The API catalog (RFC 9727): the APIs and their contracts as a link set (RFC 9264).
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
        // RFC 8631: `service-desc` is for programs, `service-doc` for people.
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

/// The metrics in the text format of Prometheus.
async fn metrics(shop: Data<Shop>, ports: Data<Ports>, connections: Data<Connections>) -> HttpResponse {
    HttpResponse::Ok().content_type("text/plain; version=0.0.4").body(ports.metrics.text(&shop, &connections))
}

async fn live() -> HttpResponse {
    HttpResponse::Ok().content_type("application/json").body(r#"{"live":true}"#)
}

async fn ready(shutdown: Data<Shutdown>) -> HttpResponse {
    let ready = !shutdown.has_started();
    let status = if ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    HttpResponse::build(status).content_type("application/json").body(json!({"ready": ready}).to_string())
}
