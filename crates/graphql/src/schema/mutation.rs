//! The mutations. GraphQL section 6.2.2: the fields of one mutation are executed one after the other.

use crate::errors::Maybe;
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

/// The commands of the shop.
#[Object]
impl Mutation {
    /// Creates a user.
    async fn create_user(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The new user.")] input: Given<CreateUser>,
    ) -> Maybe<CreateUserPayload> {
        let user = input.call(ctx).await;
        Some(user.map(|user| CreateUserPayload { user: Some(User(user)) }))
    }

    /// Updates a user's name or email.
    async fn update_user(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The members of a user to change; absent members stay as they are.")] input: Given<UpdateUser>,
    ) -> Maybe<UpdateUserPayload> {
        let user = input.call(ctx).await;
        Some(user.map(|user| UpdateUserPayload { user: Some(User(user)) }))
    }

    /// Deletes a user without orders, and the user's cart.
    async fn delete_user(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The user to delete.")] input: Given<DeleteUser>,
    ) -> Maybe<DeleteUserPayload> {
        let deleted_user_id = input.id();
        let done = input.call(ctx).await;
        Some(done.map(|_| DeleteUserPayload { deleted_user_id }))
    }

    /// Updates a product's price, stock or description.
    async fn update_product(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The members of a product to change; absent members stay as they are.")] input: Given<
            UpdateProduct,
        >,
    ) -> Maybe<UpdateProductPayload> {
        let product = input.call(ctx).await;
        Some(product.map(|product| UpdateProductPayload { product: Some(Product(product)) }))
    }

    /// Sets the quantity of a product in a user's cart; 0 removes the line.
    async fn set_cart_line(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The new quantity of a product in a cart.")] input: Given<SetCartLine>,
    ) -> Maybe<SetCartLinePayload> {
        let cart = input.call(ctx).await;
        Some(cart.map(|cart| SetCartLinePayload { cart: Some(Cart(cart)) }))
    }

    /// Places an order for everything in a user's cart, and empties the cart.
    async fn check_out(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The user whose cart becomes an order.")] input: Given<CheckOut>,
    ) -> Maybe<CheckOutPayload> {
        let order = input.call(ctx).await;
        Some(order.map(|order| CheckOutPayload { order: Some(order.into()) }))
    }

    /// Places an order. Stock is reserved and current prices are frozen.
    async fn place_order(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The buyer and the order lines.")] input: Given<PlaceOrder>,
    ) -> Maybe<PlaceOrderPayload> {
        let order = input.call(ctx).await;
        Some(order.map(|order| PlaceOrderPayload { order: Some(order.into()) }))
    }

    /// Changes an order's status along placed, paid, shipped, delivered, or cancels it.
    async fn set_order_status(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The new status of an order.")] input: Given<SetOrderStatus>,
    ) -> Maybe<SetOrderStatusPayload> {
        let order = input.call(ctx).await;
        Some(order.map(|order| SetOrderStatusPayload { order: Some(order.into()) }))
    }

    /// Cancels an order that has not been shipped; stock is returned.
    async fn cancel_order(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The order to cancel.")] input: Given<CancelOrder>,
    ) -> Maybe<CancelOrderPayload> {
        let order = input.call(ctx).await;
        Some(order.map(|order| CancelOrderPayload { order: Some(order.into()) }))
    }

    /// Issues a token for an email and a password.
    async fn log_in(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "An email and a password.")] input: Given<LogIn>,
    ) -> Maybe<LogInPayload> {
        let token = input.call(ctx).await;
        Some(token.map(|token| LogInPayload { token: Some(Token(token)) }))
    }

    /// Creates a webhook and returns its signing secret once.
    async fn create_webhook(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The URL to call.")] input: Given<CreateWebhook>,
    ) -> Maybe<CreateWebhookPayload> {
        let webhook = input.call(ctx).await;
        Some(webhook.map(|webhook| CreateWebhookPayload { webhook: Some(Webhook(webhook)) }))
    }

    /// Deletes a webhook and its deliveries.
    async fn delete_webhook(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The webhook to delete.")] input: Given<DeleteWebhook>,
    ) -> Maybe<DeleteWebhookPayload> {
        let deleted_webhook_id = input.id();
        let done = input.call(ctx).await;
        Some(done.map(|_| DeleteWebhookPayload { deleted_webhook_id }))
    }

    /// Replaces a webhook's signing secret and returns it once.
    async fn rotate_webhook_secret(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The webhook whose secret to replace.")] input: Given<RotateWebhookSecret>,
    ) -> Maybe<RotateWebhookSecretPayload> {
        let webhook = input.call(ctx).await;
        Some(webhook.map(|webhook| RotateWebhookSecretPayload { webhook: Some(Webhook(webhook)) }))
    }

    /// Sends a test delivery to a webhook.
    async fn test_webhook(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The webhook to test.")] input: Given<TestWebhook>,
    ) -> Maybe<TestWebhookPayload> {
        let delivery = input.call(ctx).await;
        Some(delivery.map(|delivery| TestWebhookPayload { delivery: Some(Delivery(delivery)) }))
    }
}
