//! OAuth 2.0 over HTTP: its addresses, and the metadata document that lists them.
//!
//! [`token`] is for programs (RFC 6749 section 3.2), [`authorize`] and its [`pages`] are for people (section 3.1). The clients and the
//! rules for codes are in [`auth::oauth`]. These addresses are not operations, so they have no metrics. The limit on wrong passwords is
//! the same as everywhere.

mod authorize;
mod form;
mod pages;
#[cfg(test)]
mod tests;
mod token;

use actix_web::http::StatusCode;
use actix_web::web::{self, Path, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};
use serde_json::json;
use wire::Address;
use wire::refusal::{only, refuse};
use wire::request::sandbox_named;

/// The protocol's name of these addresses, in logs and metrics.
const NAME: &str = "oauth";

/// Adds the routes to the application. They need the shop ([`domain::Shop`]) and its ports ([`crate::ports::Ports`]).
pub fn mount(config: &mut ServiceConfig) {
    let page = |path| web::resource(path).default_service(only("GET, HEAD"));
    let metadata = "/.well-known/oauth-authorization-server";
    config
        .service(web::resource("/oauth/token").route(web::post().to(token::token)).default_service(only("POST")))
        .service(
            web::resource("/oauth/authorize")
                .route(web::get().to(authorize::show))
                .route(web::head().to(authorize::show))
                .route(web::post().to(authorize::decide))
                .default_service(only("GET, HEAD, POST")),
        )
        .service(page("/oauth/done").route(web::get().to(pages::done)).route(web::head().to(pages::done)))
        .service(page(metadata).route(web::get().to(of_this)).route(web::head().to(of_this)))
        .service(
            // RFC 8414 section 3.1: the path of the issuer follows the well-known part.
            page("/.well-known/oauth-authorization-server/sandboxes/{name}")
                .route(web::get().to(of_sandbox))
                .route(web::head().to(of_sandbox)),
        );
}

async fn of_this(request: HttpRequest) -> HttpResponse {
    metadata(&wire::base(&request))
}

async fn of_sandbox(request: HttpRequest, name: Path<String>) -> HttpResponse {
    match sandbox_named(&name) {
        Ok(sandbox) => metadata(&wire::base(&request).in_sandbox(sandbox.as_str())),
        Err(error) => refuse(StatusCode::NOT_FOUND, &error),
    }
}

/// The metadata (RFC 8414 section 2). Each sandbox is an authorization server of its own.
fn metadata(base: &Address) -> HttpResponse {
    let document = json!({
        "issuer": issuer(base),
        "authorization_endpoint": base.http("/oauth/authorize"),
        "token_endpoint": base.http("/oauth/token"),
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": ["authorization_code", "client_credentials"],
        "token_endpoint_auth_methods_supported": ["none", "client_secret_basic", "client_secret_post"],
        "code_challenge_methods_supported": ["S256"],
        "authorization_response_iss_parameter_supported": true,
    });
    HttpResponse::Ok().content_type("application/json").body(format!("{document:#}\n"))
}

/// The issuer of a sandbox: its address.
fn issuer(base: &Address) -> String {
    base.http("")
}
