//! Administration of sandboxes: read, configure, reset and delete them, at addresses that belong to no style.

use crate::ports::Ports;
use actix_web::web::{self, Data, Path, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};
use domain::sandbox::{Exercises, Settings, SettingsUpdate};
use domain::{Error, RequestContext, Sandbox, Shop, operations};
use wire::refusal::{only, refusal, refused};
use wire::request::sandbox_named;

/// The protocol's name of these addresses, in logs and metrics.
const NAME: &str = "sandboxes";

/// Adds the routes to the application.
pub fn mount(config: &mut ServiceConfig) {
    config
        .service(
            web::resource("/sandboxes/{name}")
                .route(web::get().to(show))
                .route(web::head().to(show))
                .route(web::patch().to(configure))
                .route(web::delete().to(delete))
                .default_service(only("DELETE, GET, HEAD, PATCH")),
        )
        .service(web::resource("/sandboxes/{name}/reset").route(web::post().to(reset)).default_service(only("POST")));
}

async fn show(name: Path<String>, shop: Data<Shop>) -> HttpResponse {
    sandbox_named(&name).map_or_else(|error| refusal(&error), |sandbox| describe(&sandbox, &shop))
}

async fn configure(request: HttpRequest, name: Path<String>, shop: Data<Shop>, ports: Data<Ports>) -> HttpResponse {
    manage(&request, &name, &shop, async |sandbox| {
        let update: SettingsUpdate = operations::parse(wire::json::read(&wire::body(&request)?)?)?;
        let settings = shop.store().settings(sandbox).with(&update);
        shop.store().configure(sandbox, settings).await?;
        ports.learners.iter().for_each(|learners| learners.switch(sandbox, settings.exercises));
        Ok(describe(sandbox, &shop))
    })
    .await
}

async fn reset(request: HttpRequest, name: Path<String>, shop: Data<Shop>, ports: Data<Ports>) -> HttpResponse {
    manage(&request, &name, &shop, async |sandbox| {
        shop.store().reset(sandbox).await?;
        ports.learners.iter().for_each(|learners| learners.forget(sandbox));
        Ok(describe(sandbox, &shop))
    })
    .await
}

async fn delete(request: HttpRequest, name: Path<String>, shop: Data<Shop>, ports: Data<Ports>) -> HttpResponse {
    manage(&request, &name, &shop, async |sandbox| {
        shop.store().delete(sandbox).await?;
        ports.learners.iter().for_each(|learners| learners.switch(sandbox, Exercises::Off));
        Ok(HttpResponse::NoContent().finish())
    })
    .await
}

/// Changes a sandbox, if the caller may.
async fn manage(
    request: &HttpRequest,
    name: &str,
    shop: &Shop,
    work: impl AsyncFnOnce(&Sandbox) -> Result<HttpResponse, Error>,
) -> HttpResponse {
    let context = match context_for(request, name) {
        Ok(context) => context,
        Err(error) => return refusal(&error),
    };
    let result = async {
        shop.authorize_admin(&context).await?;
        work(&context.sandbox).await
    };
    result.await.unwrap_or_else(|error| refused(&context, &error))
}

fn context_for(request: &HttpRequest, name: &str) -> Result<RequestContext, Error> {
    Ok(RequestContext { sandbox: sandbox_named(name)?, ..wire::request_context(request, NAME)? })
}

/// The document of a sandbox. One that no call has created yet is described with its defaults and `exists: false`.
fn describe(sandbox: &Sandbox, shop: &Shop) -> HttpResponse {
    let exists = shop.store().exists(sandbox);
    let Settings { access, rate_per_minute, rtt_ms, exercises } = shop.store().settings(sandbox);
    let document = serde_json::json!({
        "name": sandbox.as_str(),
        "access": access.word(),
        "rate_per_minute": rate_per_minute.unwrap_or(shop.config().rate_per_minute),
        "rtt_ms": rtt_ms,
        "exercises": exercises.word(),
        "exists": exists,
    });
    HttpResponse::Ok().content_type("application/json").body(document.to_string())
}
