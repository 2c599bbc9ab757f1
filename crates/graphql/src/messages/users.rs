//! Users in the graph.

use super::DateTime;
use super::input::{self, arguments, given};
use super::orders::{Order, OrderStatus};
use super::page::Connection;
use crate::errors::Maybe;
use crate::schema::loaders;
use async_graphql::{Context, Enum, ID, Object, SimpleObject};
use domain::{access, users};

/// The role of a user. Each role includes the rights of the one before.
#[derive(Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "access::Role")]
pub enum Role {
    /// Buys.
    Customer,
    /// Works in the shop.
    Staff,
    /// Administers the shop.
    Admin,
}

/// A person with an account.
pub struct User(pub users::User);

/// A person with an account.
#[Object]
impl User {
    /// The id: 1, 2, 3, ... in each sandbox; never used again.
    async fn id(&self) -> ID {
        self.0.id.0.into()
    }

    /// The name of the person.
    async fn name(&self) -> &str {
        self.0.name.as_str()
    }

    /// The email address; unique in the sandbox, ignoring case.
    async fn email(&self) -> &str {
        self.0.email.as_str()
    }

    /// The role.
    async fn role(&self) -> Role {
        self.0.role.into()
    }

    /// When the account was created.
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }

    /// The version: 1 at first, incremented by every change.
    async fn version(&self) -> i32 {
        self.0.version
    }

    /// The orders of the user.
    async fn orders(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The maximum number of items; 20 if absent.")] first: Option<i32>,
        #[graphql(desc = "A cursor: only items after it.")] after: Option<String>,
        #[graphql(desc = "Only orders with this status.")] status: Option<OrderStatus>,
    ) -> Maybe<Connection<Order>> {
        let resumed = after.is_some();
        let user_id = given(ID::from(self.0.id.0));
        let input = [("userId", user_id), ("status", given(status)), ("first", given(first)), ("after", given(after))];
        let page = async { loaders::orders(ctx, input::parsed(arguments(input))?).await }.await;
        Some(page.map(|page| Connection::new(page, resumed, |order| order.id.0, Order::from)))
    }
}

/// The result.
#[derive(SimpleObject)]
pub struct CreateUserPayload {
    /// The new user.
    pub user: Option<User>,
}

/// The result.
#[derive(SimpleObject)]
pub struct UpdateUserPayload {
    /// The updated user.
    pub user: Option<User>,
}

/// The result.
#[derive(SimpleObject)]
pub struct DeleteUserPayload {
    /// The id of the deleted user.
    pub deleted_user_id: Option<ID>,
}
