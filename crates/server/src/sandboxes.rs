//! How are the private copies of the shop managed? By addresses that belong to no protocol.

use actix_web::web::{self, Data, Path, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};
use domain::sandbox::{Settings, SettingsUpdate};
use domain::{Error, RequestContext, Sandbox, Shop, operations};
use wire::refusal::{only, refusal, refused};
use wire::request::sandbox_named;

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
                .default_service(only("DELETE, GET, HEAD, PATCH")),
        )
        .service(web::resource("/sandboxes/{name}/reset").route(web::post().to(reset)).default_service(only("POST")));
}

async fn tell(name: Path<String>, shop: Data<Shop>) -> HttpResponse {
    sandbox_named(&name).map_or_else(|error| refusal(&error), |sandbox| describe(&sandbox, &shop))
}

async fn set_up(request: HttpRequest, name: Path<String>, shop: Data<Shop>) -> HttpResponse {
    manage(&request, &name, &shop, async |sandbox| {
        let set_up: SettingsUpdate = operations::parse(wire::json::read(&wire::body(&request)?)?)?;
        let settings = shop.store().settings(sandbox).with(&set_up);
        shop.store().configure(sandbox, settings).await?;
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
        shop.store().delete(sandbox).await?;
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
        shop.authorize_admin(&meta).await?;
        work(&meta.sandbox).await
    };
    done.await.unwrap_or_else(|error| refused(&meta, &error))
}

fn meta_for(request: &HttpRequest, name: &str) -> Result<RequestContext, Error> {
    Ok(RequestContext { sandbox: sandbox_named(name)?, ..wire::request_context(request, NAME)? })
}

/// A sandbox that no call has made yet is told as it will be, and that it is not there.
fn describe(sandbox: &Sandbox, shop: &Shop) -> HttpResponse {
    let exists = shop.store().exists(sandbox);
    let Settings { access, rate_per_minute, rtt_ms } = shop.store().settings(sandbox);
    let document = serde_json::json!({
        "name": sandbox.as_str(),
        "access": access.word(),
        "rate_per_minute": rate_per_minute.unwrap_or(shop.config().rate_per_minute),
        "rtt_ms": rtt_ms,
        "exists": exists,
    });
    HttpResponse::Ok().content_type("application/json").body(document.to_string())
}
