//! Users: the people with an account.

mod rules;

pub use rules::{create, delete, existing, get, get_each, list, update};

use crate::page::{Cursor, Ids, Limit, Paged};
use crate::secret::Password;
use crate::text::{Email, Name};
use crate::time::Timestamp;
use crate::version::ExpectedVersion;
use crate::{enumeration, id, input, output};

id! {
    /// The id of a user.
    UserId, "user"
}

enumeration! {
    /// The role of a user. Each role includes the rights of the one before.
    Role {
        /// Buys.
        Customer = "customer",
        /// Works in the shop.
        Staff = "staff",
        /// Administers the shop.
        Admin = "admin",
    }
}

output! {
    /// A person with an account.
    pub struct User {
        /// The id: 1, 2, 3, ... in each sandbox; never used again.
        id: UserId,
        /// The name of the person.
        name: Name,
        /// The email address; unique in the sandbox, ignoring case.
        email: Email,
        /// The role.
        role: Role,
        /// When the account was created.
        created_at: Timestamp,
        /// The version: 1 at first, incremented by every change.
        version: i32,
    }
}

impl Paged for User {
    const PAGE: &'static str = "UserPage";
}

/// A filter for users.
#[derive(Debug, Default)]
pub struct UserFilter {
    /// Only these users.
    pub ids: Option<Vec<UserId>>,
}

input! {
    /// A page of users, filtered.
    pub struct ListUsers {
        /// Only these users; unknown ids are ignored.
        ids: Option<Ids<UserId>>,
        /// The maximum number of items; 20 if absent.
        limit: Option<Limit>,
        /// The `next` cursor of the previous page.
        after: Option<Cursor>,
    }
}

input! {
    /// The user to return.
    pub struct GetUser {
        /// The id of the user.
        id: UserId,
    }
}

input! {
    /// The new user.
    pub struct CreateUser {
        /// The name of the person.
        name: Name,
        /// The email address; unique in the sandbox.
        email: Email,
        /// The password; without one the user can't log in.
        password: Option<Password>,
        /// The role; customer if absent. Only an admin may create staff and admins.
        role: Option<Role>,
    }
}

input! {
    /// The members of a user to change; absent members stay as they are.
    pub struct UpdateUser {
        /// The id of the user.
        id: UserId,
        /// The new name.
        name: Option<Name>,
        /// The new email address.
        email: Option<Email>,
        /// The version that the caller has read; if the user has another one, the call is refused with `stale_version`.
        expected_version: Option<ExpectedVersion>,
    }
}

input! {
    /// The user to delete.
    pub struct DeleteUser {
        /// The id of the user.
        id: UserId,
        /// The version that the caller has read; if the user has another one, the call is refused with `stale_version`.
        expected_version: Option<ExpectedVersion>,
    }
}
