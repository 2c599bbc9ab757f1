//! gRPC over tonic, by the contract of Parlance.

use crate::Served;
use crate::shop::{self, Problem, Shop};
use prost_types::Timestamp;
use proto::shop_service_server::{ShopService, ShopServiceServer};
use proto::{
    GetOrderDetailsRequest, GetOrderDetailsResponse, GetUserRequest, GetUserResponse, ListUsersRequest,
    ListUsersResponse,
};
use std::sync::{Mutex, MutexGuard, PoisonError};
use tonic::transport::Server;
use tonic::{Request, Response, Status};

/// Written from `shop.proto`.
#[allow(clippy::all, missing_docs, reason = "others write it")]
mod proto {
    tonic::include_proto!("parlance.shop.v1");
}

struct Service(Mutex<Shop>);

impl Service {
    fn shop(&self) -> MutexGuard<'_, Shop> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[tonic::async_trait]
impl ShopService for Service {
    async fn get_user(&self, request: Request<GetUserRequest>) -> Result<Response<GetUserResponse>, Status> {
        let user = self.shop().user(request.get_ref().id)?;
        Ok(Response::new(GetUserResponse { user: Some(user.into()) }))
    }

    async fn list_users(&self, request: Request<ListUsersRequest>) -> Result<Response<ListUsersResponse>, Status> {
        let limit = request.get_ref().limit.and_then(|limit| limit.try_into().ok()).unwrap_or(20);
        let page = self.shop().users(limit)?;
        let items = page.items.into_iter().map(proto::User::from).collect();
        Ok(Response::new(ListUsersResponse { users: Some(proto::UserPage { items, next: page.next }) }))
    }

    async fn get_order_details(
        &self,
        request: Request<GetOrderDetailsRequest>,
    ) -> Result<Response<GetOrderDetailsResponse>, Status> {
        let details = self.shop().order_details(request.get_ref().id)?;
        Ok(Response::new(GetOrderDetailsResponse { order_details: Some(details.into()) }))
    }
}

impl From<shop::User> for proto::User {
    fn from(user: shop::User) -> Self {
        proto::User {
            id: user.id,
            name: user.name,
            email: user.email,
            role: enum_value(&user.role, "ROLE_", proto::Role::from_str_name),
            created_at: Some(time(user.created_at)),
            version: user.version,
        }
    }
}

impl From<shop::OrderDetails> for proto::OrderDetails {
    fn from(details: shop::OrderDetails) -> Self {
        let order = details.order;
        proto::OrderDetails {
            id: order.id,
            user_id: order.user_id,
            status: enum_value(&order.status, "ORDER_STATUS_", proto::OrderStatus::from_str_name),
            lines: order.lines.into_iter().map(proto::OrderLine::from).collect(),
            total: Some(order.total.into()),
            placed_at: Some(time(order.placed_at)),
            updated_at: Some(time(order.updated_at)),
            version: order.version,
            user: Some(details.user.into()),
            products: details.products.into_iter().map(proto::Product::from).collect(),
        }
    }
}

impl From<shop::Line> for proto::OrderLine {
    fn from(line: shop::Line) -> Self {
        proto::OrderLine {
            product_id: line.product_id,
            quantity: line.quantity,
            unit_price: Some(line.unit_price.into()),
            line_total: Some(line.line_total.into()),
        }
    }
}

impl From<shop::Product> for proto::Product {
    fn from(product: shop::Product) -> Self {
        proto::Product {
            id: product.id,
            name: product.name,
            description: product.description,
            price: Some(product.price.into()),
            stock: product.stock,
            version: product.version,
        }
    }
}

impl From<shop::Money> for proto::Money {
    fn from(money: shop::Money) -> Self {
        proto::Money { amount: money.amount, currency: money.currency.to_owned() }
    }
}

impl From<Problem> for Status {
    fn from(problem: Problem) -> Self {
        match problem {
            Problem::NotFound => Status::not_found("there is no such thing"),
            Problem::OutOfStock => Status::failed_precondition("out of stock"),
            Problem::Database(error) => Status::internal(error.to_string()),
        }
    }
}

/// The number of a word of the shop, such as `paid`; 0, "unspecified", if it is unknown.
fn enum_value<T: Into<i32>>(word: &str, prefix: &str, from_name: fn(&str) -> Option<T>) -> i32 {
    from_name(&(prefix.to_owned() + &word.to_uppercase())).map_or(0, T::into)
}

fn time(time: jiff::Timestamp) -> Timestamp {
    Timestamp { seconds: time.as_second(), nanos: 0 }
}

#[tokio::main(flavor = "current_thread")]
pub async fn serve(file: &str, port: u16) -> Served {
    let service = ShopServiceServer::new(Service(Mutex::new(Shop::open(file)?)));
    Ok(Server::builder().add_service(service).serve(([127, 0, 0, 1], port).into()).await?)
}
