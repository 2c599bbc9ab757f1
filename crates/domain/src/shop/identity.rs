//! Authentication: from the credentials of a request to its caller.

use super::Shop;
use crate::access::{Caller, Credentials, Proof, Secret};
use crate::authenticator::TokenClaims;
use crate::error::{Error, Reason};
use crate::logins::{self, Token};
use crate::request::RequestContext;
use crate::sandbox::{Access, Settings};
use crate::time::Timestamp;
use crate::users::{User, UserId};

impl Shop {
    /// The caller of a request. Authenticated once per request, also if it fails: a batch must not try a hundred passwords.
    pub(super) async fn caller(&self, request: &RequestContext, settings: Settings) -> Result<Caller, Error> {
        match request.response.identified() {
            Some(identified) => identified.clone(),
            None => {
                let identified = self.identify(request, settings.access).await;
                let identified = identified.map_err(|error| error.with_credentials_hint(request.spelling));
                request.response.set_identified(identified)
            }
        }
    }

    /// Authenticates a request. Wrong credentials are refused, also where none are required.
    pub(super) async fn identify(&self, request: &RequestContext, access: Access) -> Result<Caller, Error> {
        let sandbox = request.sandbox.clone();
        let (user, proof) = match &request.credentials {
            Credentials::None if access == Access::Open => return Ok(Caller::visitor(sandbox)),
            Credentials::None => return Ok(Caller::anonymous(sandbox)),
            Credentials::Unusable(problem) => return Err(Error::new(Reason::CredentialsWrong, *problem)),
            Credentials::ApiKey(key) => (self.user_with_key(request, key).await?, Proof::ApiKey),
            Credentials::Password { email, password } => {
                (self.user_with_password(request, email, password.clone()).await?, Proof::Password)
            }
            Credentials::Token(token) => (self.user_with_token(request, token).await?, Proof::Token),
        };
        Ok(Caller::user(user, proof, sandbox))
    }

    /// The user with that email, if the password is right. An unknown email takes as long as a wrong password.
    pub async fn user_with_password(
        &self,
        request: &RequestContext,
        email: &str,
        password: Secret,
    ) -> Result<User, Error> {
        logins::user_with_password(&self.services, request, email, password).await
    }

    /// The user for whom OAuth asks for a token, which authenticated the user before.
    pub async fn user_for_token(&self, request: &RequestContext, id: UserId) -> Result<User, Error> {
        logins::user_for_token(&self.services, request, id).await
    }

    /// Issues a token for a user.
    pub fn token_for(&self, request: &RequestContext, user: &User, now: Timestamp) -> Result<Token, Error> {
        logins::token_for(&self.services, request, user, now)
    }

    async fn user_with_key(&self, request: &RequestContext, key: &Secret) -> Result<User, Error> {
        let wrong = || Error::new(Reason::CredentialsWrong, "no user has that API key");
        let name = self.services.authenticator.key_name(key).ok_or_else(wrong)?.to_owned();
        let found = self.services.query(request, move |records| {
            let Some((user, stored)) = records.key(&name)? else { return Ok(None) };
            Ok(records.user(user)?.map(|user| (user, stored)))
        });
        let (user, stored) = found.await?.ok_or_else(wrong)?;
        if self.services.authenticator.is_key(key, &stored) { Ok(user) } else { Err(wrong()) }
    }

    async fn user_with_token(&self, request: &RequestContext, token: &Secret) -> Result<User, Error> {
        let bearer = self.services.authenticator.read(token, &request.sandbox, (self.services.config.clock)())?;
        let TokenClaims { user, since, .. } = bearer;
        let user = self.services.query(request, move |records| records.user(user)).await?;
        let same = user.filter(|user| user.created_at == since);
        same.ok_or_else(|| Error::new(Reason::CredentialsWrong, "the token's user is no longer there"))
    }
}
