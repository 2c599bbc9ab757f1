//! Which fields change something? GraphQL section 6.2.2: those of one mutation are executed one after the other.

use super::{Maybe, call};
use crate::messages::carts::{Cart, CheckOutInput, CheckOutPayload, SetCartLineInput, SetCartLinePayload};
use crate::messages::input::given;
use crate::messages::logins::{LogInInput, LogInPayload, Token};
use crate::messages::orders::{CancelOrderInput, CancelOrderPayload, PlaceOrderInput, PlaceOrderPayload};
use crate::messages::orders::{SetOrderStatusInput, SetOrderStatusPayload};
use crate::messages::products::{Product, UpdateProductInput, UpdateProductPayload};
use crate::messages::users::{CreateUserInput, CreateUserPayload, DeleteUserInput, DeleteUserPayload};
use crate::messages::users::{UpdateUserInput, UpdateUserPayload, User};
use crate::messages::webhooks::{CreateWebhookInput, CreateWebhookPayload, DeleteWebhookInput, DeleteWebhookPayload};
use crate::messages::webhooks::{Delivery, TestWebhookInput, TestWebhookPayload, Webhook};
use crate::messages::webhooks::{RotateWebhookSecretInput, RotateWebhookSecretPayload};
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
        #[graphql(desc = "Who the new user is.")] input: CreateUserInput,
    ) -> Maybe<CreateUserPayload> {
        let user = call::<CreateUser>(ctx, given(input)).await;
        Some(user.map(|user| CreateUserPayload { user: Some(User(user)) }))
    }

    /// Updates a user's name or email.
    async fn update_user(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What changes about which user; what is absent stays.")] input: UpdateUserInput,
    ) -> Maybe<UpdateUserPayload> {
        let user = call::<UpdateUser>(ctx, given(input)).await;
        Some(user.map(|user| UpdateUserPayload { user: Some(User(user)) }))
    }

    /// Deletes a user without orders, and the user's cart.
    async fn delete_user(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which user goes.")] input: DeleteUserInput,
    ) -> Maybe<DeleteUserPayload> {
        let deleted_user_id = Some(input.id.clone());
        let done = call::<DeleteUser>(ctx, given(input)).await;
        Some(done.map(|_| DeleteUserPayload { deleted_user_id }))
    }

    /// Updates a product's price, stock or description.
    async fn update_product(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What changes about which product; what is absent stays.")] input: UpdateProductInput,
    ) -> Maybe<UpdateProductPayload> {
        let product = call::<UpdateProduct>(ctx, given(input)).await;
        Some(product.map(|product| UpdateProductPayload { product: Some(Product(product)) }))
    }

    /// Sets the quantity of a product in a user's cart; 0 removes the line.
    async fn set_cart_line(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many pieces of a product the cart is to hold.")] input: SetCartLineInput,
    ) -> Maybe<SetCartLinePayload> {
        let cart = call::<SetCartLine>(ctx, given(input)).await;
        Some(cart.map(|cart| SetCartLinePayload { cart: Some(Cart(cart)) }))
    }

    /// Places an order for all that is in a user's cart, and empties the cart.
    async fn check_out(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Whose cart becomes an order.")] input: CheckOutInput,
    ) -> Maybe<CheckOutPayload> {
        let order = call::<CheckOut>(ctx, given(input)).await;
        Some(order.map(|order| CheckOutPayload { order: Some(order.into()) }))
    }

    /// Places an order: takes the stock and keeps today's prices.
    async fn place_order(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Who buys what.")] input: PlaceOrderInput,
    ) -> Maybe<PlaceOrderPayload> {
        let order = call::<PlaceOrder>(ctx, given(input)).await;
        Some(order.map(|order| PlaceOrderPayload { order: Some(order.into()) }))
    }

    /// Moves an order to its next status (paid, shipped, delivered), or cancels it.
    async fn set_order_status(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How far which order has come.")] input: SetOrderStatusInput,
    ) -> Maybe<SetOrderStatusPayload> {
        let order = call::<SetOrderStatus>(ctx, given(input)).await;
        Some(order.map(|order| SetOrderStatusPayload { order: Some(order.into()) }))
    }

    /// Cancels an order that has not been shipped; the stock returns.
    async fn cancel_order(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which order is called off.")] input: CancelOrderInput,
    ) -> Maybe<CancelOrderPayload> {
        let order = call::<CancelOrder>(ctx, given(input)).await;
        Some(order.map(|order| CancelOrderPayload { order: Some(order.into()) }))
    }

    /// Issues a token for an email and a password.
    async fn log_in(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Who logs in.")] input: LogInInput,
    ) -> Maybe<LogInPayload> {
        let token = call::<LogIn>(ctx, given(input)).await;
        Some(token.map(|token| LogInPayload { token: Some(Token(token)) }))
    }

    /// Creates a webhook, and returns its secret this once.
    async fn create_webhook(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is to be called.")] input: CreateWebhookInput,
    ) -> Maybe<CreateWebhookPayload> {
        let webhook = call::<CreateWebhook>(ctx, given(input)).await;
        Some(webhook.map(|webhook| CreateWebhookPayload { webhook: Some(Webhook(webhook)) }))
    }

    /// Deletes a webhook and its deliveries.
    async fn delete_webhook(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which webhook goes.")] input: DeleteWebhookInput,
    ) -> Maybe<DeleteWebhookPayload> {
        let deleted_webhook_id = Some(input.id.clone());
        let done = call::<DeleteWebhook>(ctx, given(input)).await;
        Some(done.map(|_| DeleteWebhookPayload { deleted_webhook_id }))
    }

    /// Replaces a webhook's secret, and returns the new one this once.
    async fn rotate_webhook_secret(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which webhook gets a new secret.")] input: RotateWebhookSecretInput,
    ) -> Maybe<RotateWebhookSecretPayload> {
        let webhook = call::<RotateWebhookSecret>(ctx, given(input)).await;
        Some(webhook.map(|webhook| RotateWebhookSecretPayload { webhook: Some(Webhook(webhook)) }))
    }

    /// Sends a test delivery to a webhook.
    async fn test_webhook(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which webhook is tried.")] input: TestWebhookInput,
    ) -> Maybe<TestWebhookPayload> {
        let delivery = call::<TestWebhook>(ctx, given(input)).await;
        Some(delivery.map(|delivery| TestWebhookPayload { delivery: Some(Delivery(delivery)) }))
    }
}
