//! The rules of logging in.

use super::{LogIn, Token};
use crate::access::{Caller, Secret, WhoAmI};
use crate::authenticator::{PasswordAttempt, TokenClaims};
use crate::context::Context;
use crate::error::{Error, Reason};
use crate::request::RequestContext;
use crate::services::Services;
use crate::time::Timestamp;
use crate::users::{self, User, UserId};

/// log_in
pub async fn log_in(
    services: &Services,
    request: &RequestContext,
    context: Context,
    input: LogIn,
) -> Result<Token, Error> {
    let email = input.email.as_str().to_owned();
    let user = user_with_password(services, request, &email, input.password.into_secret()).await?;
    token_for(services, request, &user, context.now)
}

/// who_am_i
pub async fn who_am_i(_: &Services, _: &RequestContext, context: Context, _: WhoAmI) -> Result<Caller, Error> {
    Ok(context.caller)
}

/// The user with that email, if the password is right. An unknown email takes as long as a wrong password.
pub(crate) async fn user_with_password(
    services: &Services,
    request: &RequestContext,
    email: &str,
    password: Secret,
) -> Result<User, Error> {
    let account = email.to_lowercase();
    let folded = account.clone();
    let known = services
        .query(request, move |records| {
            let Some(id) = records.user_with_email(&folded)? else { return Ok(None) };
            Ok(records.user(id)?.zip(records.password(id)?))
        })
        .await?;
    let (user, stored) = known.unzip();
    let attempt = PasswordAttempt { sandbox: request.sandbox.clone(), account, password, stored, from: request.peer };
    match (services.authenticator.is_password(attempt).await?, user) {
        (true, Some(user)) => Ok(user),
        _ => Err(Error::new(Reason::CredentialsWrong, "no user has that email and that password")),
    }
}

/// The user for whom OAuth asks for a token, which authenticated the user before.
pub(crate) async fn user_for_token(services: &Services, request: &RequestContext, id: UserId) -> Result<User, Error> {
    services.query(request, move |records| users::existing(records, id)).await
}

/// Issues a token for a user.
pub(crate) fn token_for(
    services: &Services,
    request: &RequestContext,
    user: &User,
    now: Timestamp,
) -> Result<Token, Error> {
    let bearer = TokenClaims { sandbox: request.sandbox.clone(), user: user.id, since: user.created_at };
    let (token, expires_at) = services.authenticator.issue(&bearer, now)?;
    Ok(Token { token, expires_at })
}
