//! Logging in: how does somebody with a password get a token, and learn who the server takes them for?

use crate::access::{Caller, Secret, WhoAmI};
use crate::error::{Error, Reason};
use crate::guard::{Attempt, Bearer};
use crate::shape::{Path, Readable, Shape, Shaped, Sink, Violations, Writable};
use crate::shop::{Context, Meta, Shop};
use crate::text::{Email, Name, TokenText};
use crate::time::Timestamp;
use crate::users::{self, User, UserId};
use crate::value::Value;
use crate::{input, output};

/// A password, as it is typed in: 1 to 100 characters. No message repeats it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Password(Secret);

impl Password {
    /// The password, for the guard.
    pub fn into_secret(self) -> Secret {
        self.0
    }
}

impl Shaped for Password {
    const SHAPE: Shape = Name::SHAPE;
}

impl Readable for Password {
    fn read(value: Value, at: &Path, found: &mut Violations) -> Option<Self> {
        match value {
            Value::Text(text) | Value::Untyped(text) => match Name::parse(text) {
                Ok(text) => Some(Password(Secret::new(text.as_str()))),
                Err(problem) => found.add(at, problem),
            },
            _ => found.add(at, "must be a text"),
        }
    }
}

/// What is written of a password is never read: it stands in no reply, and no key makes a command with one happen once.
impl Writable for Password {
    fn write(&self, sink: &mut impl Sink) {
        sink.text("…");
    }
}

input! {
    /// Who logs in.
    pub struct LogIn {
        /// The user's address.
        email: Email,
        /// The user's password.
        password: Password,
    }
}

output! {
    /// What proves for a while who one is.
    pub struct Token {
        /// What to send as `Authorization: Bearer`, or where the protocol has a place of its own for it.
        token: TokenText,
        /// Until when it is good.
        expires_at: Timestamp,
    }
}

/// log_in
pub async fn log_in(shop: &Shop, meta: &Meta, context: Context, input: LogIn) -> Result<Token, Error> {
    let email = input.email.as_str().to_owned();
    let user = shop.user_with_password(meta, &email, input.password.into_secret()).await?;
    shop.token_for(meta, &user, context.now)
}

/// who_am_i
pub async fn who_am_i(_: &Shop, _: &Meta, context: Context, _: WhoAmI) -> Result<Caller, Error> {
    Ok(context.caller)
}

impl Shop {
    /// The user of that email, if the password is the right one. It takes as long to learn that there is none.
    pub async fn user_with_password(&self, meta: &Meta, email: &str, password: Secret) -> Result<User, Error> {
        let account = email.to_lowercase();
        let folded = account.clone();
        let known = self
            .look(meta, move |records| {
                let Some(id) = records.user_with_email(&folded)? else { return Ok(None) };
                Ok(records.user(id)?.zip(records.password(id)?))
            })
            .await?;
        let (user, kept) = known.unzip();
        let attempt = Attempt { sandbox: meta.sandbox.clone(), account, password, kept, from: meta.peer };
        match (self.guard().is_password(attempt).await?, user) {
            (true, Some(user)) => Ok(user),
            _ => Err(Error::new(Reason::CredentialsWrong, "no user has that email and that password")),
        }
    }

    /// The user whom somebody may have a token for, as was proved otherwise than by the user's own credentials.
    pub async fn user_for_token(&self, meta: &Meta, id: UserId) -> Result<User, Error> {
        self.look(meta, move |records| users::existing(records, id)).await
    }

    /// A token for a user.
    pub fn token_for(&self, meta: &Meta, user: &User, now: Timestamp) -> Result<Token, Error> {
        let bearer = Bearer { sandbox: meta.sandbox.clone(), user: user.id, since: user.created_at };
        let (token, expires_at) = self.guard().issue(&bearer, now)?;
        Ok(Token { token, expires_at })
    }
}
