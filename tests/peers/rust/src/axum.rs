//! REST over axum on one thread: reads run inline; orders one by one on a thread that may block, or in groups.

use crate::Served;
use crate::group_commit::Writer;
use crate::shop::{NewOrder, Order, OrderDetails, Problem, Shop, User, Users};
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, get, post};
use axum::{Json, Router};
use serde::Deserialize;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::net::TcpListener;
use tokio::task::spawn_blocking;

type SharedShop = Arc<Mutex<Shop>>;

#[derive(Deserialize)]
struct Page {
    #[serde(default = "page_size")]
    limit: usize,
}

fn page_size() -> usize {
    20
}

async fn get_user(State(shop): State<SharedShop>, Path(id): Path<i32>) -> Result<Json<User>, Problem> {
    lock(&shop).user(id).map(Json)
}

async fn list_users(State(shop): State<SharedShop>, Query(page): Query<Page>) -> Result<Json<Users>, Problem> {
    lock(&shop).users(page.limit).map(Json)
}

async fn get_order(State(shop): State<SharedShop>, Path(id): Path<i32>) -> Result<Json<OrderDetails>, Problem> {
    lock(&shop).order_details(id).map(Json)
}

type Placed = Result<(StatusCode, Json<Order>), Problem>;

async fn place_order(State(writer): State<SharedShop>, Json(new): Json<NewOrder>) -> Placed {
    let placed = spawn_blocking(move || lock(&writer).place_order(&new)).await;
    placed.expect("placing an order does not panic").map(|order| (StatusCode::CREATED, Json(order)))
}

async fn place_in_group(State(writer): State<Writer>, Json(new): Json<NewOrder>) -> Placed {
    writer.place(new).await.map(|order| (StatusCode::CREATED, Json(order)))
}

fn lock(shop: &Mutex<Shop>) -> MutexGuard<'_, Shop> {
    shop.lock().unwrap_or_else(PoisonError::into_inner)
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = match self {
            Problem::NotFound => StatusCode::NOT_FOUND,
            Problem::OutOfStock => StatusCode::CONFLICT,
            Problem::Database(_) => StatusCode::INTERNAL_SERVER_ERROR,
        };
        (status, format!("{self:?}")).into_response()
    }
}

/// Serves; each order has a commit of its own.
pub fn serve(file: &str, port: u16) -> Served {
    let writer = Arc::new(Mutex::new(Shop::open(file)?));
    serve_with(file, port, post(place_order).with_state(writer))
}

/// Serves; orders that wait at the same time share a commit.
pub fn serve_grouped(file: &str, port: u16) -> Served {
    let writer = Writer::start(Shop::open(file)?);
    serve_with(file, port, post(place_in_group).with_state(writer))
}

#[tokio::main(flavor = "current_thread")]
async fn serve_with(file: &str, port: u16, orders: MethodRouter<SharedShop>) -> Served {
    let app = Router::new()
        .route("/rest/users/{id}", get(get_user))
        .route("/rest/users", get(list_users))
        .route("/rest/orders/{id}", get(get_order))
        .route("/rest/orders", orders)
        .with_state(Arc::new(Mutex::new(Shop::open(file)?)));
    Ok(axum::serve(TcpListener::bind(("127.0.0.1", port)).await?, app).await?)
}
