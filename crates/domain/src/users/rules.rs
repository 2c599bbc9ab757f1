//! The rules of users.

use super::{CreateUser, DeleteUser, GetUser, ListUsers, Role, UpdateUser, User, UserFilter, UserId};
use crate::context::{Context, Nothing};
use crate::error::{Error, Reason};
use crate::page::{Ids, Page, PageRequest};
use crate::request::RequestContext;
use crate::services::Services;
use crate::store::{Records, Sequence, Transaction};
use crate::text::Email;
use crate::version::check_version;

/// list_users
pub fn list(shop: &dyn Records, _: &Context, input: ListUsers) -> Result<Page<User>, Error> {
    let filter = UserFilter { ids: input.ids.map(Ids::into_vec) };
    let slice = PageRequest::of(&format!("users {filter:?}"), input.after, input.limit)?;
    Ok(Page::cut(shop.users(&filter, &slice)?, &slice, |user| user.id.0))
}

/// get_user
pub fn get(shop: &dyn Records, context: &Context, input: GetUser) -> Result<User, Error> {
    context.caller.require_owner_or_staff(input.id)?;
    existing(shop, input.id)
}

/// get_user, for several users in one query.
pub fn get_each(shop: &dyn Records, context: &Context, ids: &[UserId]) -> Result<Vec<Result<User, Error>>, Error> {
    let filter = UserFilter { ids: Some(ids.to_vec()) };
    let found = shop.users(&filter, &PageRequest::all_of(ids.len()))?;
    let get = |id: &UserId| {
        context.caller.require_owner_or_staff(*id)?;
        let place = found.binary_search_by_key(id, |user| user.id);
        place.ok().and_then(|place| found.get(place)).cloned().ok_or_else(|| no_user(*id))
    };
    Ok(ids.iter().map(get).collect())
}

/// create_user: the password is hashed before the transaction, because hashing is slow.
pub async fn create(
    services: &Services,
    request: &RequestContext,
    context: Context,
    input: CreateUser,
) -> Result<User, Error> {
    if input.role.is_some_and(|role| role > Role::Customer) {
        context.caller.require_role(Role::Admin)?;
    }
    let mut input = input;
    let hash = match input.password.take() {
        Some(password) => Some(services.authenticator.hash(password.into_secret()).await?),
        None => None,
    };
    let rule = move |changes: &mut dyn Transaction| {
        let user = insert(changes, &context, input)?;
        hash.map_or(Ok(()), |hash| changes.set_password(user.id, &hash))?;
        Ok(user)
    };
    services.transact(request, rule).await
}

fn insert(shop: &mut dyn Transaction, context: &Context, input: CreateUser) -> Result<User, Error> {
    ensure_email_is_free(shop, &input.email, None)?;
    let user = User {
        id: UserId(shop.next(Sequence::Users)?),
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
pub fn update(shop: &mut dyn Transaction, context: &Context, input: UpdateUser) -> Result<User, Error> {
    context.caller.require_owner_or_staff(input.id)?;
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
pub fn delete(shop: &mut dyn Transaction, context: &Context, input: DeleteUser) -> Result<Nothing, Error> {
    context.caller.require_owner_or_staff(input.id)?;
    let user = existing(shop, input.id)?;
    check_version("user", user.id.0, user.version, input.expected_version)?;
    if shop.has_orders(user.id)? {
        let message = format!("user {} has orders and can't be deleted", user.id.0);
        return Err(Error::new(Reason::UserHasOrders, message));
    }
    shop.delete_user(user.id)?;
    Ok(Nothing {})
}

/// The user, or `user_not_found`.
pub fn existing(shop: &dyn Records, id: UserId) -> Result<User, Error> {
    shop.user(id)?.ok_or_else(|| no_user(id))
}

fn no_user(id: UserId) -> Error {
    Error::new(Reason::UserNotFound, format!("there is no user {}", id.0))
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
