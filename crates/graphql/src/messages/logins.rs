//! Callers and tokens in the graph.

use super::DateTime;
use super::users::Role;
use async_graphql::{Enum, ID, Object, SimpleObject};
use domain::{access, logins};

/// How a caller was authenticated.
#[derive(Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "access::Proof")]
pub enum Proof {
    /// Not authenticated: the request had no credentials.
    #[graphql(name = "NONE")]
    Nothing,
    /// With an API key.
    ApiKey,
    /// With an email and a password.
    Password,
    /// With a token that `log_in` or OAuth issued.
    Token,
}

/// The authenticated caller.
pub struct Caller(pub access::Caller);

/// The authenticated caller.
#[Object]
impl Caller {
    /// The id of the user; absent for an anonymous caller.
    async fn user_id(&self) -> Option<ID> {
        self.0.user_id.map(|user| user.0.into())
    }

    /// The name of the user.
    async fn name(&self) -> Option<&str> {
        self.0.name.as_ref().map(|name| name.as_str())
    }

    /// The caller's role; absent for an anonymous caller of a locked sandbox.
    async fn role(&self) -> Option<Role> {
        self.0.role.map(Role::from)
    }

    /// How the caller was authenticated.
    async fn proof(&self) -> Proof {
        self.0.proof.into()
    }

    /// The sandbox that was called.
    async fn sandbox(&self) -> &str {
        self.0.sandbox.as_str()
    }
}

/// A token that authenticates its user until it expires.
pub struct Token(pub logins::Token);

/// A token that authenticates its user until it expires.
#[Object]
impl Token {
    /// The token, to be sent as `Authorization: Bearer` or in the protocol's own field.
    async fn token(&self) -> &str {
        self.0.token.as_str()
    }

    /// When the token expires.
    async fn expires_at(&self) -> DateTime {
        DateTime(self.0.expires_at)
    }
}

/// The result.
#[derive(SimpleObject)]
pub struct LogInPayload {
    /// The token.
    pub token: Option<Token>,
}
