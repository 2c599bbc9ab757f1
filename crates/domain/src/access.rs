//! Who calls, and what may they do?
//!
//! [`Credentials`] are what a request claims; a [`Caller`] is what the door has made of them. No rule ever sees the first,
//! and nobody but the door makes the second.

use crate::error::{Error, Reason};
use crate::sandbox::{Access, Sandbox, Settings};
pub use crate::secret::Secret;
use crate::text::Name;
pub use crate::users::Role;
use crate::users::{User, UserId};
use crate::{enumeration, input, output};
use std::fmt;

enumeration! {
    /// By what the door knew who called.
    Proof {
        /// By nothing: no credentials came.
        Nothing = "none",
        /// By an API key.
        ApiKey = "api_key",
        /// By email and password.
        Password = "password",
        /// By a token that was given out for them.
        Token = "token",
    }
}

/// Who may call an operation: a column of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RequiredAccess {
    /// Whoever comes.
    Anyone,
    /// The user whom the input names, or the owner of the order; and staff.
    SelfOrStaff,
    /// Staff.
    Staff,
}

/// What a request claims of its sender, by whatever carrier.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Credentials {
    /// Nothing.
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
    /// Something that was meant as credentials and can't be any; it says what is wrong with it.
    Unusable(&'static str),
}

input! {
    /// Nothing to say.
    pub struct WhoAmI {
    }
}

output! {
    /// Who it is that calls, as the door saw it.
    pub struct Caller {
        /// The user; absent if the caller is none.
        user_id: Option<UserId>,
        /// What the user is called.
        name: Option<Name>,
        /// Whose rights the caller has; absent if none: a stranger to a locked sandbox.
        role: Option<Role>,
        /// By what the door knew.
        proof: Proof,
        /// The private copy of the shop that was asked.
        sandbox: Sandbox,
    }
}

impl Caller {
    /// Somebody whose name was not asked for: an open sandbox gives everyone the rights of staff.
    pub fn visitor(sandbox: Sandbox) -> Self {
        Caller { user_id: None, name: None, role: Some(Role::Staff), proof: Proof::Nothing, sandbox }
    }

    /// Somebody of whom a locked sandbox knows nothing.
    pub fn anonymous(sandbox: Sandbox) -> Self {
        Caller { user_id: None, name: None, role: None, proof: Proof::Nothing, sandbox }
    }

    /// A user who has proved to be that one.
    pub fn user(user: User, proof: Proof, sandbox: Sandbox) -> Self {
        Caller { user_id: Some(user.id), name: Some(user.name), role: Some(user.role), proof, sandbox }
    }

    /// Whether the caller has the rights of a role.
    pub fn has(&self, role: Role) -> bool {
        self.role.is_some_and(|own| own >= role)
    }

    /// Refuses a caller who is neither the user nor staff. Whether there is such a user makes no difference.
    pub fn require_owner_or_staff(&self, user: UserId) -> Result<(), Error> {
        if self.has(Role::Staff) || self.user_id == Some(user) {
            return Ok(());
        }
        let message = format!("{self} may do this for that user only, not for user {}", user.0);
        Err(Error::new(Reason::NotAllowed, message))
    }

    /// Refuses a caller without the rights of a role.
    pub fn require_role(&self, role: Role) -> Result<(), Error> {
        match self.role {
            Some(own) if own >= role => Ok(()),
            Some(own) => {
                let (own, role) = (own.word(), role.word());
                let message = format!("{self} has the rights of {own}, and this takes those of {role}");
                Err(Error::new(Reason::NotAllowed, message))
            }
            None => Err(self.unknown()),
        }
    }

    /// Refuses a caller whom the sandbox does not know and has been locked against, since the door let it in.
    pub fn ensure_still_known(&self, settings: Settings) -> Result<(), Error> {
        if settings.access == Access::Locked && self.user_id.is_none() {
            return Err(self.unknown());
        }
        Ok(())
    }

    /// The user whose things are all that the caller sees; none, if the caller sees everybody's.
    pub fn only(&self) -> Option<UserId> {
        if self.has(Role::Staff) { None } else { self.user_id }
    }

    fn unknown(&self) -> Error {
        Error::new(Reason::CredentialsMissing, "the sandbox is locked: say who you are")
    }
}

impl fmt::Display for Caller {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.user_id, self.role) {
            (Some(user), _) => write!(f, "user {}", user.0),
            (None, Some(_)) => f.write_str("visitor"),
            (None, None) => f.write_str("nobody"),
        }
    }
}

impl RequiredAccess {
    /// Refuses a caller who is not among these. A customer's own things are told apart by the operation's rule.
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
