//! REST over actix-web: reads run inline, each worker with a connection of its own; orders on a thread that may block.

use crate::Served;
use crate::shop::{NewOrder, Problem, Shop};
use actix_web::http::StatusCode;
use actix_web::{App, HttpResponse, HttpServer, ResponseError, get, post, web};
use serde::Deserialize;
use std::sync::{Mutex, PoisonError};

#[derive(Deserialize)]
struct Page {
    #[serde(default = "page_size")]
    limit: usize,
}

fn page_size() -> usize {
    20
}

#[get("/rest/users/{id}")]
async fn get_user(shop: web::Data<Shop>, id: web::Path<i32>) -> Result<HttpResponse, Problem> {
    Ok(HttpResponse::Ok().json(shop.user(*id)?))
}

#[get("/rest/users")]
async fn list_users(shop: web::Data<Shop>, page: web::Query<Page>) -> Result<HttpResponse, Problem> {
    Ok(HttpResponse::Ok().json(shop.users(page.limit)?))
}

#[get("/rest/orders/{id}")]
async fn get_order(shop: web::Data<Shop>, id: web::Path<i32>) -> Result<HttpResponse, Problem> {
    Ok(HttpResponse::Ok().json(shop.order_details(*id)?))
}

#[post("/rest/orders")]
async fn place_order(
    writer: web::Data<Mutex<Shop>>,
    new: web::Json<NewOrder>,
) -> Result<HttpResponse, actix_web::Error> {
    let place = move || writer.lock().unwrap_or_else(PoisonError::into_inner).place_order(&new);
    Ok(HttpResponse::Created().json(web::block(place).await??))
}

impl ResponseError for Problem {
    fn status_code(&self) -> StatusCode {
        match self {
            Problem::NotFound => StatusCode::NOT_FOUND,
            Problem::OutOfStock => StatusCode::CONFLICT,
            Problem::Database(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}

#[actix_web::main]
pub async fn serve(file: &str, port: u16) -> Served {
    let writer = web::Data::new(Mutex::new(Shop::open(file)?));
    let file = file.to_owned();
    let app = move || {
        let reader = Shop::open(&file).expect("the file opens");
        App::new().app_data(web::Data::new(reader)).app_data(writer.clone()).service((
            get_user,
            list_users,
            get_order,
            place_order,
        ))
    };
    Ok(HttpServer::new(app).workers(1).bind(("127.0.0.1", port))?.run().await?)
}
