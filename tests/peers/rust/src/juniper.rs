//! GraphQL over juniper and actix-web: the part of Parlance's schema that the three reads need.

use crate::Served;
use crate::shop::{Line, Money, Order, Product, Shop, User, Users};
use actix_web::{App, Error, HttpRequest, HttpResponse, HttpServer, web};
use jiff::Timestamp;
use juniper::{EmptyMutation, EmptySubscription, FieldError, FieldResult, ID, RootNode, graphql_object};
use juniper_actix::graphql_handler;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// The shop, for the resolvers.
pub struct Context(Mutex<Shop>);

impl juniper::Context for Context {}

impl Context {
    fn shop(&self) -> MutexGuard<'_, Shop> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[derive(juniper::GraphQLEnum)]
pub enum Role {
    Customer,
    Staff,
    Admin,
}

#[derive(juniper::GraphQLEnum)]
pub enum OrderStatus {
    Placed,
    Paid,
    Shipped,
    Delivered,
    Cancelled,
}

struct Query;

#[graphql_object(context = Context)]
impl Query {
    fn user(context: &Context, id: ID) -> FieldResult<User> {
        Ok(context.shop().user(number(&id)?)?)
    }

    fn users(context: &Context, first: i32) -> FieldResult<Users> {
        Ok(context.shop().users(first.try_into()?)?)
    }

    fn order(context: &Context, id: ID) -> FieldResult<Order> {
        Ok(context.shop().order(number(&id)?)?)
    }
}

#[graphql_object(context = Context)]
impl Users {
    fn nodes(&self) -> &[User] {
        &self.items
    }
}

#[graphql_object(context = Context)]
impl User {
    fn id(&self) -> ID {
        text(self.id)
    }
    fn name(&self) -> &str {
        &self.name
    }
    fn email(&self) -> &str {
        &self.email
    }
    fn role(&self) -> FieldResult<Role> {
        match self.role.as_str() {
            "customer" => Ok(Role::Customer),
            "staff" => Ok(Role::Staff),
            "admin" => Ok(Role::Admin),
            other => Err(FieldError::from(format!("unknown role {other}"))),
        }
    }
    fn created_at(&self) -> Timestamp {
        self.created_at
    }
    fn version(&self) -> i32 {
        self.version
    }
}

#[graphql_object(context = Context)]
impl Order {
    fn id(&self) -> ID {
        text(self.id)
    }
    fn user_id(&self) -> ID {
        text(self.user_id)
    }
    fn status(&self) -> FieldResult<OrderStatus> {
        match self.status.as_str() {
            "placed" => Ok(OrderStatus::Placed),
            "paid" => Ok(OrderStatus::Paid),
            "shipped" => Ok(OrderStatus::Shipped),
            "delivered" => Ok(OrderStatus::Delivered),
            "cancelled" => Ok(OrderStatus::Cancelled),
            other => Err(FieldError::from(format!("unknown status {other}"))),
        }
    }
    fn lines(&self) -> &[Line] {
        &self.lines
    }
    fn total(&self) -> Money {
        self.total
    }
    fn placed_at(&self) -> Timestamp {
        self.placed_at
    }
    fn updated_at(&self) -> Timestamp {
        self.updated_at
    }
    fn version(&self) -> i32 {
        self.version
    }
    fn user(&self, context: &Context) -> FieldResult<User> {
        Ok(context.shop().user(self.user_id)?)
    }
}

#[graphql_object(context = Context)]
impl Line {
    fn product_id(&self) -> ID {
        text(self.product_id)
    }
    fn quantity(&self) -> i32 {
        self.quantity
    }
    fn unit_price(&self) -> Money {
        self.unit_price
    }
    fn line_total(&self) -> Money {
        self.line_total
    }
    fn product(&self, context: &Context) -> FieldResult<Product> {
        Ok(context.shop().product(self.product_id)?)
    }
}

#[graphql_object(context = Context)]
impl Product {
    fn id(&self) -> ID {
        text(self.id)
    }
    fn name(&self) -> &str {
        &self.name
    }
    fn description(&self) -> &str {
        &self.description
    }
    fn price(&self) -> Money {
        self.price
    }
    fn stock(&self) -> i32 {
        self.stock
    }
    fn version(&self) -> i32 {
        self.version
    }
}

#[graphql_object(context = Context)]
impl Money {
    fn amount(&self) -> i32 {
        self.amount
    }
    fn currency(&self) -> &str {
        self.currency
    }
}

fn number(id: &ID) -> FieldResult<i32> {
    Ok(id.parse()?)
}

fn text(id: i32) -> ID {
    ID::from(id.to_string())
}

type Schema = RootNode<Query, EmptyMutation<Context>, EmptySubscription<Context>>;

async fn graphql(
    schema: web::Data<Schema>,
    context: web::Data<Context>,
    request: HttpRequest,
    body: web::Payload,
) -> Result<HttpResponse, Error> {
    graphql_handler(&schema, &context, request, body).await
}

#[actix_web::main]
pub async fn serve(file: &str, port: u16) -> Served {
    let schema = web::Data::new(Schema::new(Query, EmptyMutation::new(), EmptySubscription::new()));
    let context = web::Data::new(Context(Mutex::new(Shop::open(file)?)));
    let app = move || {
        App::new().app_data(schema.clone()).app_data(context.clone()).route("/graphql", web::post().to(graphql))
    };
    Ok(HttpServer::new(app).workers(1).bind(("127.0.0.1", port))?.run().await?)
}
