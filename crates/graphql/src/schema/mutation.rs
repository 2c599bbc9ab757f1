//! The mutations, each with its payload. GraphQL section 6.2.2: the fields of one mutation are executed one after the other.

use crate::errors::Maybe;
use crate::messages::events::{Delivery, Webhook};
use crate::messages::input::Given;
use crate::messages::shop::{Cart, Order, Product, Token, User};
use async_graphql::{Context, ID, Object, SimpleObject};
use domain::carts::{CheckOut, SetCartLine};
use domain::logins::LogIn;
use domain::orders::{CancelOrder, PlaceOrder, SetOrderStatus};
use domain::products::UpdateProduct;
use domain::users::{CreateUser, DeleteUser, UpdateUser};
use domain::webhooks::{CreateWebhook, DeleteWebhook, RotateWebhookSecret, TestWebhook};

/// The root type, and a payload for each mutation: both are made of rows that give the operation's input and its description, and the
/// payload's field and how it is made from the reply, or from the input's id. A mutation has one argument and a payload of its
/// own, as is usual, so that both can grow.
macro_rules! mutations {
    ($(
        $(#[$about:meta])*
        $mutation:ident($input:ty, $about_input:tt) -> $payload:ident {
            $(#[$about_field:meta])*
            $field:ident: $kind:ty = $from_reply:expr
        }
    )*) => {
        /// The fields of a mutation.
        pub struct Mutation;

        /// The commands of the shop.
        #[Object]
        impl Mutation {
            $(
                $(#[$about])*
                async fn $mutation(
                    &self,
                    ctx: &Context<'_>,
                    #[graphql(desc = $about_input)] input: Given<$input>,
                ) -> Maybe<$payload> {
                    let id = input.id();
                    let reply = input.call(ctx).await;
                    Some(reply.map(|reply| $payload { $field: ($from_reply)(reply, id).into() }))
                }
            )*
        }

        $(
            /// The result.
            #[derive(SimpleObject)]
            pub struct $payload {
                $(#[$about_field])*
                $field: Option<$kind>,
            }
        )*
    };
}

mutations! {
    /// Creates a user.
    create_user(CreateUser, "The new user.") -> CreateUserPayload {
        /// The new user.
        user: User = |user, _| User(user)
    }

    /// Updates a user's name or email.
    update_user(UpdateUser, "The members of a user to change; absent members stay as they are.") -> UpdateUserPayload {
        /// The updated user.
        user: User = |user, _| User(user)
    }

    /// Deletes a user without orders, and the user's cart.
    delete_user(DeleteUser, "The user to delete.") -> DeleteUserPayload {
        /// The id of the deleted user.
        deleted_user_id: ID = |_, id| id
    }

    /// Updates a product's price, stock or description.
    update_product(UpdateProduct, "The members of a product to change; absent members stay as they are.") -> UpdateProductPayload {
        /// The updated product.
        product: Product = |product, _| Product(product)
    }

    /// Sets the quantity of a product in a user's cart; 0 removes the line.
    set_cart_line(SetCartLine, "The new quantity of a product in a cart.") -> SetCartLinePayload {
        /// The updated cart.
        cart: Cart = |cart, _| Cart(cart)
    }

    /// Places an order for everything in a user's cart, and empties the cart.
    check_out(CheckOut, "The user whose cart becomes an order.") -> CheckOutPayload {
        /// The new order.
        order: Order = |order, _| Order::from(order)
    }

    /// Places an order. Stock is reserved and current prices are frozen.
    place_order(PlaceOrder, "The buyer and the order lines.") -> PlaceOrderPayload {
        /// The new order.
        order: Order = |order, _| Order::from(order)
    }

    /// Changes an order's status along placed, paid, shipped, delivered, or cancels it.
    set_order_status(SetOrderStatus, "The new status of an order.") -> SetOrderStatusPayload {
        /// The updated order.
        order: Order = |order, _| Order::from(order)
    }

    /// Cancels an order that has not been shipped; stock is returned.
    cancel_order(CancelOrder, "The order to cancel.") -> CancelOrderPayload {
        /// The cancelled order.
        order: Order = |order, _| Order::from(order)
    }

    /// Issues a token for an email and a password.
    log_in(LogIn, "An email and a password.") -> LogInPayload {
        /// The token.
        token: Token = |token, _| Token(token)
    }

    /// Creates a webhook and returns its signing secret once.
    create_webhook(CreateWebhook, "The URL to call.") -> CreateWebhookPayload {
        /// The new webhook, with its secret.
        webhook: Webhook = |webhook, _| Webhook(webhook)
    }

    /// Deletes a webhook and its deliveries.
    delete_webhook(DeleteWebhook, "The webhook to delete.") -> DeleteWebhookPayload {
        /// The id of the deleted webhook.
        deleted_webhook_id: ID = |_, id| id
    }

    /// Replaces a webhook's signing secret and returns it once.
    rotate_webhook_secret(RotateWebhookSecret, "The webhook whose secret to replace.") -> RotateWebhookSecretPayload {
        /// The webhook, with its new secret.
        webhook: Webhook = |webhook, _| Webhook(webhook)
    }

    /// Sends a test delivery to a webhook.
    test_webhook(TestWebhook, "The webhook to test.") -> TestWebhookPayload {
        /// The new delivery.
        delivery: Delivery = |delivery, _| Delivery(delivery)
    }
}
