//! How are the private copies of the shop managed? By addresses that belong to no protocol.

use actix_web::http::{StatusCode, header};
use actix_web::web::{self, Data, Path, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};
use domain::sandbox::{SetUp, Settings};
use domain::{Error, Meta, Reason, Sandbox, Shop, operations};
use wire::meta::sandbox_named;

/// What these addresses are called where protocols have their names.
const NAME: &str = "sandboxes";

/// Adds the routes to the application.
pub fn mount(config: &mut ServiceConfig) {
    config
        .service(
            web::resource("/sandboxes/{name}")
                .route(web::get().to(tell))
                .route(web::head().to(tell))
                .route(web::patch().to(set_up))
                .route(web::delete().to(forget))
                .default_service(web::to(|| async { not_so("DELETE, GET, HEAD, PATCH") })),
        )
        .service(
            web::resource("/sandboxes/{name}/reset")
                .route(web::post().to(reset))
                .default_service(web::to(|| async { not_so("POST") })),
        );
}

async fn tell(name: Path<String>, shop: Data<Shop>) -> HttpResponse {
    sandbox_named(&name).map_or_else(|error| refusal(&error), |sandbox| describe(&sandbox, &shop))
}

async fn set_up(request: HttpRequest, name: Path<String>, shop: Data<Shop>) -> HttpResponse {
    manage(&request, &name, &shop, async |sandbox| {
        let set_up: SetUp = operations::parse(wire::json::read(&wire::body(&request)?)?)?;
        let settings = shop.store().settings(sandbox).with(&set_up);
        shop.store().set_up(sandbox, settings).await?;
        Ok(describe(sandbox, &shop))
    })
    .await
}

async fn reset(request: HttpRequest, name: Path<String>, shop: Data<Shop>) -> HttpResponse {
    manage(&request, &name, &shop, async |sandbox| {
        shop.store().reset(sandbox).await?;
        Ok(describe(sandbox, &shop))
    })
    .await
}

async fn forget(request: HttpRequest, name: Path<String>, shop: Data<Shop>) -> HttpResponse {
    manage(&request, &name, &shop, async |sandbox| {
        shop.store().forget(sandbox).await?;
        Ok(HttpResponse::NoContent().finish())
    })
    .await
}

/// Does something to a sandbox, for who may.
async fn manage(
    request: &HttpRequest,
    name: &str,
    shop: &Shop,
    work: impl AsyncFnOnce(&Sandbox) -> Result<HttpResponse, Error>,
) -> HttpResponse {
    let meta = match meta_for(request, name) {
        Ok(meta) => meta,
        Err(error) => return refusal(&error),
    };
    let done = async {
        shop.may_manage(&meta).await?;
        work(&meta.sandbox).await
    };
    done.await.unwrap_or_else(|error| refused(&meta, &error))
}

fn meta_for(request: &HttpRequest, name: &str) -> Result<Meta, Error> {
    Ok(Meta { sandbox: sandbox_named(name)?, ..wire::meta(request, NAME)? })
}

/// A sandbox that no call has made yet is told as it will be, and that it is not there.
fn describe(sandbox: &Sandbox, shop: &Shop) -> HttpResponse {
    let exists = shop.store().holds(sandbox);
    let Settings { access, rate_per_minute, rtt_ms } = shop.store().settings(sandbox);
    let document = serde_json::json!({
        "name": sandbox.as_str(),
        "access": access.word(),
        "rate_per_minute": rate_per_minute.unwrap_or(shop.house().rate_per_minute),
        "rtt_ms": rtt_ms,
        "exists": exists,
    });
    HttpResponse::Ok().content_type("application/json").body(document.to_string())
}

/// A refusal with the status that REST has for it.
pub fn refusal(error: &Error) -> HttpResponse {
    let mut response = refuse(rest::status(error.reason), error);
    if let Some(retry_after_ms) = error.retry_after_ms {
        // RFC 9110 section 10.2.3: whole seconds, so rounded up.
        response.headers_mut().insert(header::RETRY_AFTER, retry_after_ms.div_ceil(1_000).into());
    }
    response
}

/// The same; and who has shown nothing good is told what to show (RFC 9110 section 15.5.2).
pub fn refused(meta: &Meta, error: &Error) -> HttpResponse {
    let mut response = refusal(error);
    rest::add_challenges(&mut response, meta, error);
    response
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
