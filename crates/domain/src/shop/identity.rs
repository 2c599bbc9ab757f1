//! Who calls? What the door makes of the credentials that a request claims.

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
    /// Who calls. That is looked up once a request, also in vain: a batch must not try a wrong password a hundred times.
    pub(super) async fn caller(&self, meta: &RequestContext, settings: Settings) -> Result<Caller, Error> {
        match meta.response.identified() {
            Some(identified) => identified.clone(),
            None => meta.response.set_identified(self.identify(meta, settings.access).await),
        }
    }

    /// Who are you? Wrong credentials are refused, also where none would do.
    pub(super) async fn identify(&self, meta: &RequestContext, access: Access) -> Result<Caller, Error> {
        let sandbox = meta.sandbox.clone();
        let (user, proof) = match &meta.credentials {
            Credentials::None if access == Access::Open => return Ok(Caller::visitor(sandbox)),
            Credentials::None => return Ok(Caller::anonymous(sandbox)),
            Credentials::Unusable(problem) => return Err(Error::new(Reason::CredentialsWrong, *problem)),
            Credentials::ApiKey(key) => (self.user_with_key(meta, key).await?, Proof::ApiKey),
            Credentials::Password { email, password } => {
                (self.user_with_password(meta, email, password.clone()).await?, Proof::Password)
            }
            Credentials::Token(token) => (self.user_with_token(meta, token).await?, Proof::Token),
        };
        Ok(Caller::user(user, proof, sandbox))
    }

    /// The user of that email, if the password is the right one. It takes as long to learn that there is none.
    pub async fn user_with_password(
        &self,
        meta: &RequestContext,
        email: &str,
        password: Secret,
    ) -> Result<User, Error> {
        logins::user_with_password(&self.services, meta, email, password).await
    }

    /// The user whom somebody may have a token for, as was proved otherwise than by the user's own credentials.
    pub async fn user_for_token(&self, meta: &RequestContext, id: UserId) -> Result<User, Error> {
        logins::user_for_token(&self.services, meta, id).await
    }

    /// A token for a user.
    pub fn token_for(&self, meta: &RequestContext, user: &User, now: Timestamp) -> Result<Token, Error> {
        logins::token_for(&self.services, meta, user, now)
    }

    async fn user_with_key(&self, meta: &RequestContext, key: &Secret) -> Result<User, Error> {
        let wrong = || Error::new(Reason::CredentialsWrong, "no user has that API key");
        let name = self.services.authenticator.key_name(key).ok_or_else(wrong)?.to_owned();
        let found = self.services.query(meta, move |records| {
            let Some((user, kept)) = records.key(&name)? else { return Ok(None) };
            Ok(records.user(user)?.map(|user| (user, kept)))
        });
        let (user, kept) = found.await?.ok_or_else(wrong)?;
        if self.services.authenticator.is_key(key, &kept) { Ok(user) } else { Err(wrong()) }
    }

    async fn user_with_token(&self, meta: &RequestContext, token: &Secret) -> Result<User, Error> {
        let bearer = self.services.authenticator.read(token, &meta.sandbox, (self.services.config.clock)())?;
        let TokenClaims { user, since, .. } = bearer;
        let user = self.services.query(meta, move |records| records.user(user)).await?;
        let same = user.filter(|user| user.created_at == since);
        same.ok_or_else(|| Error::new(Reason::CredentialsWrong, "the token's user is no longer there"))
    }
}
