//! Callers and access: credentials as claimed, the caller as authenticated, and the required access of an operation.
//!
//! [`Credentials`] are what a request claims; a [`Caller`] is what the pipeline made of them. Rules only see callers, and
//! only the pipeline creates them from credentials.

use crate::error::{Error, Reason};
use crate::sandbox::{Access, Sandbox, Settings};
pub use crate::secret::Secret;
use crate::text::Name;
pub use crate::users::Role;
use crate::users::{User, UserId};
use crate::{enumeration, input, output};
use std::fmt;

enumeration! {
    /// How a caller was authenticated.
    Proof {
        /// Not authenticated: the request had no credentials.
        Nothing = "none",
        /// With an API key.
        ApiKey = "api_key",
        /// With an email and a password.
        Password = "password",
        /// With a token that `log_in` or OAuth issued.
        Token = "token",
    }
}

/// The access that an operation requires: a column of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RequiredAccess {
    /// Every caller, also an anonymous one.
    Anyone,
    /// The user named in the input or the owner of the order; staff may act for every user.
    SelfOrStaff,
    /// Staff and admins.
    Staff,
}

/// The credentials of a request, whatever header or field carried them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Credentials {
    /// No credentials.
    #[default]
    None,
    /// An API key.
    ApiKey(Secret),
    /// An email and a password.
    Password {
        /// The email.
        email: String,
        /// The password.
        password: Secret,
    },
    /// A token.
    Token(Secret),
    /// Credentials that can't be read; the text says why.
    Unusable(&'static str),
}

input! {
    /// Returns the authenticated caller; there are no members.
    pub struct WhoAmI {
    }
}

output! {
    /// The authenticated caller.
    pub struct Caller {
        /// The id of the user; absent for an anonymous caller.
        user_id: Option<UserId>,
        /// The name of the user.
        name: Option<Name>,
        /// The caller's role; absent for an anonymous caller of a locked sandbox.
        role: Option<Role>,
        /// How the caller was authenticated.
        proof: Proof,
        /// The sandbox that was called.
        sandbox: Sandbox,
    }
}

impl Caller {
    /// An anonymous caller of an open sandbox, who has the rights of staff.
    pub fn visitor(sandbox: Sandbox) -> Self {
        Caller { user_id: None, name: None, role: Some(Role::Staff), proof: Proof::Nothing, sandbox }
    }

    /// An anonymous caller of a locked sandbox, who has no rights.
    pub fn anonymous(sandbox: Sandbox) -> Self {
        Caller { user_id: None, name: None, role: None, proof: Proof::Nothing, sandbox }
    }

    /// An authenticated user.
    pub fn user(user: User, proof: Proof, sandbox: Sandbox) -> Self {
        Caller { user_id: Some(user.id), name: Some(user.name), role: Some(user.role), proof, sandbox }
    }

    /// Returns whether the caller has the rights of a role.
    pub fn has(&self, role: Role) -> bool {
        self.role.is_some_and(|own| own >= role)
    }

    /// Refuses a caller who is neither that user nor staff. The user need not exist.
    pub fn require_owner_or_staff(&self, user: UserId) -> Result<(), Error> {
        if self.has(Role::Staff) || self.user_id == Some(user) {
            return Ok(());
        }
        let message = format!("{self} may not act for user {id}: only user {id} or staff may", id = user.0);
        Err(Error::new(Reason::NotAllowed, message))
    }

    /// Refuses a caller without the rights of a role.
    pub fn require_role(&self, role: Role) -> Result<(), Error> {
        match self.role {
            Some(own) if own >= role => Ok(()),
            Some(own) => {
                let (own, role) = (own.word(), role.word());
                let message = format!("{self} has the role {own}; the operation requires {role}");
                Err(Error::new(Reason::NotAllowed, message))
            }
            None => Err(self.unknown()),
        }
    }

    /// Refuses an anonymous caller if the sandbox has been locked since the call was authorized.
    pub fn ensure_still_known(&self, settings: Settings) -> Result<(), Error> {
        if settings.access == Access::Locked && self.user_id.is_none() {
            return Err(self.unknown());
        }
        Ok(())
    }

    /// The user whose data the caller may see; `None` if the caller may see everybody's.
    pub fn only(&self) -> Option<UserId> {
        if self.has(Role::Staff) { None } else { self.user_id }
    }

    fn unknown(&self) -> Error {
        Error::new(Reason::CredentialsMissing, "credentials are required: the sandbox is locked")
    }
}

impl fmt::Display for Caller {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.user_id, self.role) {
            (Some(user), _) => write!(f, "user {}", user.0),
            (None, Some(_)) => f.write_str("anonymous caller"),
            (None, None) => f.write_str("anonymous caller"),
        }
    }
}

impl RequiredAccess {
    /// Refuses a caller without this access. Rules check further that customers act for themselves.
    pub fn check(self, caller: &Caller) -> Result<(), Error> {
        match self {
            RequiredAccess::Anyone => Ok(()),
            RequiredAccess::SelfOrStaff => caller.require_role(Role::Customer),
            RequiredAccess::Staff => caller.require_role(Role::Staff),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn caller(role: Option<Role>) -> Caller {
        Caller { user_id: role.map(|_| UserId(7)), role, ..Caller::anonymous(Sandbox::main()) }
    }

    #[test]
    fn roles_rise() {
        let reason = |who: RequiredAccess, role| who.check(&caller(role)).err().map(|error| error.reason);
        assert_eq!(reason(RequiredAccess::Staff, Some(Role::Admin)), None);
        assert_eq!(reason(RequiredAccess::Staff, Some(Role::Customer)), Some(Reason::NotAllowed));
        assert_eq!(reason(RequiredAccess::Staff, None), Some(Reason::CredentialsMissing));
        assert_eq!(reason(RequiredAccess::SelfOrStaff, None), Some(Reason::CredentialsMissing));
        assert_eq!(reason(RequiredAccess::SelfOrStaff, Some(Role::Customer)), None);
        assert_eq!(reason(RequiredAccess::Anyone, None), None);
        assert!(RequiredAccess::Staff.check(&Caller::visitor(Sandbox::main())).is_ok());
    }

    #[test]
    fn a_customer_is_one_user_and_staff_are_all() {
        assert!(caller(Some(Role::Customer)).require_owner_or_staff(UserId(7)).is_ok());
        assert!(caller(Some(Role::Customer)).require_owner_or_staff(UserId(8)).is_err());
        assert!(caller(Some(Role::Staff)).require_owner_or_staff(UserId(8)).is_ok());
        assert_eq!(caller(Some(Role::Customer)).only(), Some(UserId(7)));
        assert_eq!(caller(Some(Role::Staff)).only(), None);
    }

    #[test]
    fn a_secret_is_never_shown() {
        let key = Credentials::ApiKey(Secret::new("abc"));
        let password = Credentials::Password { email: "a@b".into(), password: Secret::new("abc") };
        assert!(!format!("{key:?} {password:?}").contains("abc"));
    }
}
