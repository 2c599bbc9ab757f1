//! How is it said who somebody is?

use super::DateTime;
use super::users::Role;
use async_graphql::{Enum, ID, Object, SimpleObject};
use domain::{access, logins};

/// By what the door knew who called.
#[derive(Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "access::Proof")]
pub enum Proof {
    /// By nothing: no credentials came.
    #[graphql(name = "NONE")]
    Nothing,
    /// By an API key.
    ApiKey,
    /// By email and password.
    Password,
    /// By a token that was given out for them.
    Token,
}

/// Who it is that calls, as the door saw it.
pub struct Caller(pub access::Caller);

/// Who it is that calls, as the door saw it.
#[Object]
impl Caller {
    /// The user; absent if the caller is none.
    async fn user_id(&self) -> Option<ID> {
        self.0.user_id.map(|user| user.0.into())
    }

    /// What the user is called.
    async fn name(&self) -> Option<&str> {
        self.0.name.as_ref().map(|name| name.as_str())
    }

    /// Whose rights the caller has; absent if none: a stranger to a locked sandbox.
    async fn role(&self) -> Option<Role> {
        self.0.role.map(Role::from)
    }

    /// By what the door knew.
    async fn proof(&self) -> Proof {
        self.0.proof.into()
    }

    /// The private copy of the shop that was asked.
    async fn sandbox(&self) -> &str {
        self.0.sandbox.as_str()
    }
}

/// What proves for a while who one is.
pub struct Token(pub logins::Token);

/// What proves for a while who one is.
#[Object]
impl Token {
    /// What to send as `Authorization: Bearer`, or where the protocol has a place of its own for it.
    async fn token(&self) -> &str {
        self.0.token.as_str()
    }

    /// Until when it is good.
    async fn expires_at(&self) -> DateTime {
        DateTime(self.0.expires_at)
    }
}

/// What came of it.
#[derive(SimpleObject)]
pub struct LogInPayload {
    /// The token.
    pub token: Option<Token>,
}
