//! Who calls, and what may they do?

use crate::error::{Error, Reason};
use crate::users::UserId;
use crate::words;

words! {
    /// What a user is in the shop. Roles rise: a higher one may what a lower may.
    Role {
        /// Buys.
        Customer = "customer",
        /// Works here.
        Staff = "staff",
        /// Runs the place.
        Admin = "admin",
    }
}

/// Who may call an operation: a column of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    /// Whoever comes.
    Anyone,
    /// The user whom the input names, or the owner of the order; and staff.
    SelfOrStaff,
    /// Staff.
    Staff,
}

/// Who it is that calls, once the door has looked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caller {
    /// The user, if the caller is one.
    pub user: Option<UserId>,
    /// What the caller may do.
    pub role: Role,
}

impl Caller {
    /// Somebody whose name was not asked for: an open sandbox gives everyone the rights of staff.
    pub const VISITOR: Caller = Caller { user: None, role: Role::Staff };
}

impl Who {
    /// Refuses a caller who is not among these. A customer's own things are told apart by the operation itself.
    pub fn check(self, caller: &Caller) -> Result<(), Error> {
        let allowed = match self {
            Who::Anyone => true,
            Who::SelfOrStaff => caller.user.is_some() || caller.role >= Role::Staff,
            Who::Staff => caller.role >= Role::Staff,
        };
        if allowed {
            return Ok(());
        }
        Err(Error::new(Reason::NotAllowed, format!("a {} may not do this", caller.role.word())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roles_rise() {
        let caller = |role| Caller { user: None, role };
        assert!(Who::Staff.check(&caller(Role::Admin)).is_ok());
        assert!(Who::Staff.check(&Caller::VISITOR).is_ok());
        assert_eq!(Who::Staff.check(&caller(Role::Customer)).map_err(|e| e.reason), Err(Reason::NotAllowed));
        assert!(Who::Anyone.check(&caller(Role::Customer)).is_ok());
    }
}
