//! JSON-RPC over jsonrpsee: behind its own server, and its methods alone behind actix-web.

use crate::Served;
use crate::shop::{Problem, Shop};
use actix_web::{App, HttpResponse, HttpServer, web};
use jsonrpsee::RpcModule;
use jsonrpsee::server::Server;
use jsonrpsee::types::ErrorObjectOwned;
use serde::Deserialize;
use std::sync::{Mutex, MutexGuard, PoisonError};

#[derive(Deserialize)]
struct ById {
    id: i32,
}

#[derive(Deserialize)]
struct Page {
    limit: usize,
}

fn methods(file: &str) -> Result<RpcModule<Mutex<Shop>>, Box<dyn std::error::Error>> {
    let mut module = RpcModule::new(Mutex::new(Shop::open(file)?));
    module.register_method("get_user", |params, shop, _| lock(shop).user(params.parse::<ById>()?.id).map_err(error))?;
    module.register_method("list_users", |params, shop, _| {
        lock(shop).users(params.parse::<Page>()?.limit).map_err(error)
    })?;
    module.register_method("get_order_details", |params, shop, _| {
        lock(shop).order_details(params.parse::<ById>()?.id).map_err(error)
    })?;
    Ok(module)
}

fn lock(shop: &Mutex<Shop>) -> MutexGuard<'_, Shop> {
    shop.lock().unwrap_or_else(PoisonError::into_inner)
}

fn error(problem: Problem) -> ErrorObjectOwned {
    ErrorObjectOwned::owned(-32004, format!("{problem:?}"), None::<()>)
}

#[tokio::main(flavor = "current_thread")]
pub async fn serve(file: &str, port: u16) -> Served {
    let server = Server::builder().build(("127.0.0.1", port)).await?;
    server.start(methods(file)?).stopped().await;
    Ok(())
}

async fn call(methods: web::Data<RpcModule<Mutex<Shop>>>, body: String) -> HttpResponse {
    match methods.raw_json_request(&body, 1).await {
        Ok((answer, _)) => HttpResponse::Ok().content_type("application/json").body(answer.get().to_owned()),
        Err(problem) => HttpResponse::BadRequest().body(problem.to_string()),
    }
}

/// Serves the same methods through actix-web instead of jsonrpsee's server.
#[actix_web::main]
pub async fn serve_over_actix(file: &str, port: u16) -> Served {
    let methods = web::Data::new(methods(file)?);
    let app = move || App::new().app_data(methods.clone()).route("/jsonrpc", web::post().to(call));
    Ok(HttpServer::new(app).workers(1).bind(("127.0.0.1", port))?.run().await?)
}
