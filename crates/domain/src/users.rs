//! Users: who buys here, and what can be done with them.

use crate::access::Role;
use crate::error::{Error, Reason};
use crate::logins::Password;
use crate::operations::Nothing;
use crate::page::{Cursor, Ids, Limit, Page, Paged, Slice};
use crate::shape::Int;
use crate::shop::{Context, Meta, Shop};
use crate::store::{Changes, Numbered, Records};
use crate::text::{Email, Name};
use crate::time::Timestamp;
use crate::{id, input, output};

id! {
    /// The id of a user.
    UserId, "user"
}

/// The version that a caller believes a thing to have.
pub type ExpectedVersion = Int<1, { crate::limits::INTEGER_MAX }>;

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

/// list_users
pub fn list(shop: &dyn Records, _: &Context, input: ListUsers) -> Result<Page<User>, Error> {
    let filter = UserFilter { ids: input.ids.map(Ids::into_vec) };
    let slice = Slice::of(&format!("users {filter:?}"), input.after, input.limit)?;
    Ok(Page::cut(shop.users(&filter, &slice)?, &slice, |user| user.id.0))
}

/// get_user
pub fn get(shop: &dyn Records, context: &Context, input: GetUser) -> Result<User, Error> {
    context.caller.must_be(input.id)?;
    existing(shop, input.id)
}

/// get_user, for each of several: the store is asked once.
pub fn get_each(shop: &dyn Records, context: &Context, ids: &[UserId]) -> Result<Vec<Result<User, Error>>, Error> {
    let filter = UserFilter { ids: Some(ids.to_vec()) };
    let found = shop.users(&filter, &Slice::all_of(ids.len()))?;
    let get = |id: &UserId| {
        context.caller.must_be(*id)?;
        let place = found.binary_search_by_key(id, |user| user.id);
        place.ok().and_then(|place| found.get(place)).cloned().ok_or_else(|| no_user(*id))
    };
    Ok(ids.iter().map(get).collect())
}

/// create_user: the password is hashed before the transaction, as that takes its time.
pub async fn create(shop: &Shop, meta: &Meta, context: Context, input: CreateUser) -> Result<User, Error> {
    if input.role.is_some_and(|role| role > Role::Customer) {
        context.caller.must_have(Role::Admin)?;
    }
    let mut input = input;
    let hash = match input.password.take() {
        Some(password) => Some(shop.guard().hash(password.into_secret()).await?),
        None => None,
    };
    let rule = move |changes: &mut dyn Changes| {
        let user = insert(changes, &context, input)?;
        hash.map_or(Ok(()), |hash| changes.set_password(user.id, &hash))?;
        Ok(user)
    };
    shop.change(meta, rule).await
}

fn insert(shop: &mut dyn Changes, context: &Context, input: CreateUser) -> Result<User, Error> {
    ensure_email_is_free(shop, &input.email, None)?;
    let user = User {
        id: UserId(shop.next(Numbered::Users)?),
        name: input.name,
        email: input.email,
        role: input.role.unwrap_or(Role::Customer),
        created_at: context.now,
        version: 1,
    };
    shop.insert_user(&user)?;
    Ok(user)
}

/// update_user
pub fn update(shop: &mut dyn Changes, context: &Context, input: UpdateUser) -> Result<User, Error> {
    context.caller.must_be(input.id)?;
    let before = existing(shop, input.id)?;
    check_version("user", before.id.0, before.version, input.expected_version)?;
    let mut after = before.clone();
    if let Some(name) = input.name {
        after.name = name;
    }
    if let Some(email) = input.email {
        ensure_email_is_free(shop, &email, Some(before.id))?;
        after.email = email;
    }
    if after != before {
        after.version += 1;
        shop.update_user(&after)?;
    }
    Ok(after)
}

/// delete_user
pub fn delete(shop: &mut dyn Changes, context: &Context, input: DeleteUser) -> Result<Nothing, Error> {
    context.caller.must_be(input.id)?;
    let user = existing(shop, input.id)?;
    check_version("user", user.id.0, user.version, input.expected_version)?;
    if shop.has_orders(user.id)? {
        let message = format!("user {} has orders and can't be deleted", user.id.0);
        return Err(Error::new(Reason::UserHasOrders, message));
    }
    shop.delete_user(user.id)?;
    Ok(Nothing {})
}

/// The user, or that there is none.
pub fn existing(shop: &dyn Records, id: UserId) -> Result<User, Error> {
    shop.user(id)?.ok_or_else(|| no_user(id))
}

fn no_user(id: UserId) -> Error {
    Error::new(Reason::UserNotFound, format!("there is no user {}", id.0))
}

/// Refuses a caller who has seen another version.
pub fn check_version(thing: &str, id: i32, is: i32, expected: Option<ExpectedVersion>) -> Result<(), Error> {
    match expected.map(Int::get) {
        Some(expected) if expected != is => {
            let message = format!("{thing} {id} is at version {is}, expected was {expected}");
            Err(Error::new(Reason::StaleVersion, message))
        }
        _ => Ok(()),
    }
}

fn ensure_email_is_free(shop: &dyn Records, email: &Email, owner: Option<UserId>) -> Result<(), Error> {
    match shop.user_with_email(&email.folded())? {
        Some(other) if Some(other) != owner => {
            let message = format!("another user has the email \"{}\"", email.as_str());
            Err(Error::new(Reason::EmailTaken, message))
        }
        _ => Ok(()),
    }
}
