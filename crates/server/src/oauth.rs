//! How does a program get a token by OAuth 2.0? The HTTP of it: what stands where, and the document that says so.
//!
//! [`token`] is for programs (RFC 6749 section 3.2), [`authorize`] for people (section 3.1), whose [`pages`] are small. Who
//! the clients are, and what makes a code good, is told by [`auth::oauth`]. These addresses are no operations: they are not
//! counted, and who guesses passwords here is made to wait by the same guard as everywhere.

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

/// What these addresses are called where protocols have their names.
const NAME: &str = "oauth";

/// Adds the routes to the application. They need the shop ([`domain::Shop`]) and its door ([`crate::door::Door`]).
pub fn mount(config: &mut ServiceConfig) {
    let page = |path| web::resource(path).default_service(only("GET, HEAD"));
    let metadata = "/.well-known/oauth-authorization-server";
    config
        .service(web::resource("/oauth/token").route(web::post().to(token::token)).default_service(only("POST")))
        .service(
            web::resource("/oauth/authorize")
                .route(web::get().to(authorize::ask))
                .route(web::head().to(authorize::ask))
                .route(web::post().to(authorize::decide))
                .default_service(only("GET, HEAD, POST")),
        )
        .service(page("/oauth/done").route(web::get().to(pages::done)).route(web::head().to(pages::done)))
        .service(page(metadata).route(web::get().to(of_this)).route(web::head().to(of_this)))
        .service(
            // RFC 8414 section 3.1: the path of an issuer stands behind the well-known part, not before it.
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

/// RFC 8414 section 2: what this authorization server can do, and where. Each sandbox is one of its own.
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

/// Who issues the codes of a sandbox: its address.
fn issuer(base: &Address) -> String {
    base.http("")
}
