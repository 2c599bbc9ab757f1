//! How are users said?

use super::DateTime;
use super::input::{self, arguments, given};
use super::orders::{Order, OrderStatus};
use super::page::Connection;
use crate::schema::{Maybe, loaders};
use async_graphql::{Context, Enum, ID, Object, SimpleObject};
use domain::{access, users};

/// What a user is in the shop. Roles rise: a higher one may what a lower may.
#[derive(Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "access::Role")]
pub enum Role {
    /// Buys.
    Customer,
    /// Works here.
    Staff,
    /// Runs the place.
    Admin,
}

/// A person with an account.
pub struct User(pub users::User);

/// A person with an account.
#[Object]
impl User {
    /// Counts from 1 in each sandbox and is never used again.
    async fn id(&self) -> ID {
        self.0.id.0.into()
    }

    /// What to call the person.
    async fn name(&self) -> &str {
        self.0.name.as_str()
    }

    /// The address; no two users of a sandbox have the same, upper and lower case aside.
    async fn email(&self) -> &str {
        self.0.email.as_str()
    }

    /// What the person is in the shop.
    async fn role(&self) -> Role {
        self.0.role.into()
    }

    /// When the account was made.
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }

    /// Starts at 1 and grows with every visible change.
    async fn version(&self) -> i32 {
        self.0.version
    }

    /// What the person has bought.
    async fn orders(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The most items of the page; 20 if absent.")] first: Option<i32>,
        #[graphql(desc = "A cursor: only what comes after it.")] after: Option<String>,
        #[graphql(desc = "Only orders that have come just this far.")] status: Option<OrderStatus>,
    ) -> Maybe<Connection<Order>> {
        let resumed = after.is_some();
        let user_id = given(ID::from(self.0.id.0));
        let input = [("userId", user_id), ("status", given(status)), ("first", given(first)), ("after", given(after))];
        let page = async { loaders::orders(ctx, input::parsed(arguments(input))?).await }.await;
        Some(page.map(|page| Connection::new(page, resumed, |order| order.id.0, Order::from)))
    }
}

/// What came of it.
#[derive(SimpleObject)]
pub struct CreateUserPayload {
    /// The new user.
    pub user: Option<User>,
}

/// What came of it.
#[derive(SimpleObject)]
pub struct UpdateUserPayload {
    /// The user as changed.
    pub user: Option<User>,
}

/// What came of it.
#[derive(SimpleObject)]
pub struct DeleteUserPayload {
    /// The id of the user who is gone.
    pub deleted_user_id: Option<ID>,
}
