//! OAuth 2.0 over HTTP: its addresses.
//!
//! [`token`] is for programs (RFC 6749 section 3.2), [`authorize`] and its [`pages`] are for people (section 3.1). The clients and the
//! rules for codes are in [`auth::oauth`]. These addresses are not operations, so they have no metrics. The limit on wrong passwords is
//! the same as everywhere.

mod authorize;
mod form;
mod metadata;
mod pages;
mod request;
#[cfg(test)]
mod tests;
mod token;

pub use form::Form;

use actix_web::web::{self, ServiceConfig};
use wire::refusal::only;

/// Adds the routes to the application. They need the shop ([`domain::Shop`]) and its ports ([`crate::ports::Ports`]).
pub fn mount(config: &mut ServiceConfig) {
    let page = |path| web::resource(path).default_service(only("GET, HEAD"));
    let well_known = "/.well-known/oauth-authorization-server";
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
        .service(page(well_known).route(web::get().to(metadata::of_this)).route(web::head().to(metadata::of_this)))
        .service(
            // RFC 8414 section 3.1: the path of the issuer follows the well-known part.
            page("/.well-known/oauth-authorization-server/sandboxes/{name}")
                .route(web::get().to(metadata::of_sandbox))
                .route(web::head().to(metadata::of_sandbox)),
        );
}
