//! Which fields change something? GraphQL section 6.2.2: those of one mutation are executed one after the other.

use super::{Maybe, call};
use crate::messages::carts::{Cart, CheckOutPayload, SetCartLinePayload};
use crate::messages::input::Given;
use crate::messages::logins::{LogInPayload, Token};
use crate::messages::orders::SetOrderStatusPayload;
use crate::messages::orders::{CancelOrderPayload, PlaceOrderPayload};
use crate::messages::products::{Product, UpdateProductPayload};
use crate::messages::users::{CreateUserPayload, DeleteUserPayload};
use crate::messages::users::{UpdateUserPayload, User};
use crate::messages::webhooks::RotateWebhookSecretPayload;
use crate::messages::webhooks::{CreateWebhookPayload, DeleteWebhookPayload};
use crate::messages::webhooks::{Delivery, TestWebhookPayload, Webhook};
use async_graphql::{Context, Object};
use domain::carts::{CheckOut, SetCartLine};
use domain::logins::LogIn;
use domain::orders::{CancelOrder, PlaceOrder, SetOrderStatus};
use domain::products::UpdateProduct;
use domain::users::{CreateUser, DeleteUser, UpdateUser};
use domain::webhooks::{CreateWebhook, DeleteWebhook, RotateWebhookSecret, TestWebhook};

/// The fields of a mutation.
pub struct Mutation;

/// What can be changed.
#[Object]
impl Mutation {
    /// Creates a user.
    async fn create_user(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Who the new user is.")] input: Given<CreateUser>,
    ) -> Maybe<CreateUserPayload> {
        let user = call(ctx, input).await;
        Some(user.map(|user| CreateUserPayload { user: Some(User(user)) }))
    }

    /// Updates a user's name or email.
    async fn update_user(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What changes about which user; what is absent stays.")] input: Given<UpdateUser>,
    ) -> Maybe<UpdateUserPayload> {
        let user = call(ctx, input).await;
        Some(user.map(|user| UpdateUserPayload { user: Some(User(user)) }))
    }

    /// Deletes a user without orders, and the user's cart.
    async fn delete_user(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which user goes.")] input: Given<DeleteUser>,
    ) -> Maybe<DeleteUserPayload> {
        let deleted_user_id = input.id();
        let done = call(ctx, input).await;
        Some(done.map(|_| DeleteUserPayload { deleted_user_id }))
    }

    /// Updates a product's price, stock or description.
    async fn update_product(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What changes about which product; what is absent stays.")] input: Given<UpdateProduct>,
    ) -> Maybe<UpdateProductPayload> {
        let product = call(ctx, input).await;
        Some(product.map(|product| UpdateProductPayload { product: Some(Product(product)) }))
    }

    /// Sets the quantity of a product in a user's cart; 0 removes the line.
    async fn set_cart_line(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many pieces of a product the cart is to hold.")] input: Given<SetCartLine>,
    ) -> Maybe<SetCartLinePayload> {
        let cart = call(ctx, input).await;
        Some(cart.map(|cart| SetCartLinePayload { cart: Some(Cart(cart)) }))
    }

    /// Places an order for all that is in a user's cart, and empties the cart.
    async fn check_out(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Whose cart becomes an order.")] input: Given<CheckOut>,
    ) -> Maybe<CheckOutPayload> {
        let order = call(ctx, input).await;
        Some(order.map(|order| CheckOutPayload { order: Some(order.into()) }))
    }

    /// Places an order: takes the stock and keeps today's prices.
    async fn place_order(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Who buys what.")] input: Given<PlaceOrder>,
    ) -> Maybe<PlaceOrderPayload> {
        let order = call(ctx, input).await;
        Some(order.map(|order| PlaceOrderPayload { order: Some(order.into()) }))
    }

    /// Moves an order to its next status (paid, shipped, delivered), or cancels it.
    async fn set_order_status(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How far which order has come.")] input: Given<SetOrderStatus>,
    ) -> Maybe<SetOrderStatusPayload> {
        let order = call(ctx, input).await;
        Some(order.map(|order| SetOrderStatusPayload { order: Some(order.into()) }))
    }

    /// Cancels an order that has not been shipped; the stock returns.
    async fn cancel_order(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which order is called off.")] input: Given<CancelOrder>,
    ) -> Maybe<CancelOrderPayload> {
        let order = call(ctx, input).await;
        Some(order.map(|order| CancelOrderPayload { order: Some(order.into()) }))
    }

    /// Issues a token for an email and a password.
    async fn log_in(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Who logs in.")] input: Given<LogIn>,
    ) -> Maybe<LogInPayload> {
        let token = call(ctx, input).await;
        Some(token.map(|token| LogInPayload { token: Some(Token(token)) }))
    }

    /// Creates a webhook, and returns its secret this once.
    async fn create_webhook(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is to be called.")] input: Given<CreateWebhook>,
    ) -> Maybe<CreateWebhookPayload> {
        let webhook = call(ctx, input).await;
        Some(webhook.map(|webhook| CreateWebhookPayload { webhook: Some(Webhook(webhook)) }))
    }

    /// Deletes a webhook and its deliveries.
    async fn delete_webhook(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which webhook goes.")] input: Given<DeleteWebhook>,
    ) -> Maybe<DeleteWebhookPayload> {
        let deleted_webhook_id = input.id();
        let done = call(ctx, input).await;
        Some(done.map(|_| DeleteWebhookPayload { deleted_webhook_id }))
    }

    /// Replaces a webhook's secret, and returns the new one this once.
    async fn rotate_webhook_secret(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which webhook gets a new secret.")] input: Given<RotateWebhookSecret>,
    ) -> Maybe<RotateWebhookSecretPayload> {
        let webhook = call(ctx, input).await;
        Some(webhook.map(|webhook| RotateWebhookSecretPayload { webhook: Some(Webhook(webhook)) }))
    }

    /// Sends a test delivery to a webhook.
    async fn test_webhook(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which webhook is tried.")] input: Given<TestWebhook>,
    ) -> Maybe<TestWebhookPayload> {
        let delivery = call(ctx, input).await;
        Some(delivery.map(|delivery| TestWebhookPayload { delivery: Some(Delivery(delivery)) }))
    }
}
