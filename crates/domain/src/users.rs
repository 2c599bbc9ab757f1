//! Users: who buys here, and what can be done with them.

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

output! {
    /// A person with an account.
    pub struct User {
        /// Counts from 1 in each sandbox and is never used again.
        id: UserId,
        /// What to call the person.
        name: Name,
        /// The address; no two users of a sandbox have the same, upper and lower case aside.
        email: Email,
        /// What the person is in the shop.
        role: Role,
        /// When the account was made.
        created_at: Timestamp,
        /// Starts at 1 and grows with every visible change.
        version: i32,
    }
}

impl Paged for User {
    const PAGE: &'static str = "UserPage";
}

/// Which users of a list.
#[derive(Debug, Default)]
pub struct UserFilter {
    /// Only these.
    pub ids: Option<Vec<UserId>>,
}

input! {
    /// Which users, and how many.
    pub struct ListUsers {
        /// Only these users; ids of nobody are left out of the answer.
        ids: Option<Ids<UserId>>,
        /// The most items of the page; 20 if absent.
        limit: Option<Limit>,
        /// The `next` of the page before.
        after: Option<Cursor>,
    }
}

input! {
    /// Which user.
    pub struct GetUser {
        /// The user.
        id: UserId,
    }
}

input! {
    /// Who the new user is.
    pub struct CreateUser {
        /// What to call the person.
        name: Name,
        /// The address; nobody else in the sandbox may have it.
        email: Email,
        /// What to log in with; without one the user can't.
        password: Option<Password>,
        /// What the person is in the shop, a customer if absent; above that an admin must say it.
        role: Option<Role>,
    }
}

input! {
    /// What changes about which user; what is absent stays.
    pub struct UpdateUser {
        /// The user.
        id: UserId,
        /// The new name.
        name: Option<Name>,
        /// The new address.
        email: Option<Email>,
        /// The version that the caller has seen; another one is refused.
        expected_version: Option<ExpectedVersion>,
    }
}

input! {
    /// Which user goes.
    pub struct DeleteUser {
        /// The user.
        id: UserId,
        /// The version that the caller has seen; another one is refused.
        expected_version: Option<ExpectedVersion>,
    }
}
