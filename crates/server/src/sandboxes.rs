//! How are the private copies of the shop managed? By addresses that belong to no protocol.

use actix_web::http::{StatusCode, header};
use actix_web::web::{self, Data, Path, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};
use domain::{Error, Reason, Sandbox, Shop};
use wire::meta::sandbox_named;

/// Adds the routes to the application.
pub fn mount(config: &mut ServiceConfig) {
    config
        .service(
            web::resource("/sandboxes/{name}")
                .route(web::get().to(tell))
                .route(web::head().to(tell))
                .route(web::delete().to(forget))
                .default_service(web::to(|| async { not_so("DELETE, GET, HEAD") })),
        )
        .service(
            web::resource("/sandboxes/{name}/reset")
                .route(web::post().to(reset))
                .default_service(web::to(|| async { not_so("POST") })),
        );
}

async fn tell(name: Path<String>, shop: Data<Shop>) -> HttpResponse {
    match sandbox_named(&name) {
        Ok(sandbox) => describe(&sandbox, &shop),
        Err(error) => refuse(StatusCode::NOT_FOUND, &error),
    }
}

async fn reset(name: Path<String>, shop: Data<Shop>) -> HttpResponse {
    let sandbox = match sandbox_named(&name) {
        Ok(sandbox) => sandbox,
        Err(error) => return refuse(StatusCode::NOT_FOUND, &error),
    };
    match shop.store().reset(&sandbox).await {
        Ok(()) => describe(&sandbox, &shop),
        Err(error) => refuse(StatusCode::SERVICE_UNAVAILABLE, &error),
    }
}

async fn forget(name: Path<String>, shop: Data<Shop>) -> HttpResponse {
    let sandbox = match sandbox_named(&name) {
        Ok(sandbox) => sandbox,
        Err(error) => return refuse(StatusCode::NOT_FOUND, &error),
    };
    match shop.store().forget(&sandbox).await {
        Ok(()) => HttpResponse::NoContent().finish(),
        Err(error) => refuse(StatusCode::SERVICE_UNAVAILABLE, &error),
    }
}

/// A sandbox that no call has made yet is told as it will be: its name, and that it is not there.
fn describe(sandbox: &Sandbox, shop: &Shop) -> HttpResponse {
    let exists = shop.store().holds(sandbox);
    let document = serde_json::json!({"name": sandbox.as_str(), "access": "open", "exists": exists});
    HttpResponse::Ok().content_type("application/json").body(document.to_string())
}

/// A refusal of an address that belongs to no protocol: the error object, as JSON.
pub fn refuse(status: StatusCode, error: &Error) -> HttpResponse {
    HttpResponse::build(status).content_type("application/json").body(wire::json::error_object(error, true))
}

/// The refusal of a method that an address does not know.
pub fn not_so(allowed: &'static str) -> HttpResponse {
    let error = Error::new(Reason::UnknownOperation, format!("that is not done here, but {allowed}"));
    let mut response = refuse(StatusCode::METHOD_NOT_ALLOWED, &error);
    response.headers_mut().insert(header::ALLOW, header::HeaderValue::from_static(allowed));
    response
}

/// The refusal of an address at which there is nothing.
pub fn nothing_at(request: &HttpRequest) -> HttpResponse {
    let message = format!("there is nothing at {}; GET / lists what there is", domain::value::shown(request.path()));
    refuse(StatusCode::NOT_FOUND, &Error::new(Reason::UnknownOperation, message))
}
