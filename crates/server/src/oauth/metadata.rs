//! The metadata document of OAuth, with the addresses of this authorization server.

use actix_web::http::StatusCode;
use actix_web::web::Path;
use actix_web::{HttpRequest, HttpResponse};
use serde_json::json;
use wire::Address;
use wire::refusal::refuse;
use wire::request::sandbox_named;

/// The protocol's name of these addresses, in logs and metrics.
pub const NAME: &str = "oauth";

/// `GET /.well-known/oauth-authorization-server`
pub async fn of_this(request: HttpRequest) -> HttpResponse {
    metadata(&wire::base(&request))
}

/// The same of a sandbox.
pub async fn of_sandbox(request: HttpRequest, name: Path<String>) -> HttpResponse {
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
pub fn issuer(base: &Address) -> String {
    base.http("")
}
