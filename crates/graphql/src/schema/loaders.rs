//! The data loaders of a request: a hundred users in one query, although each order asks for its own.
//!
//! Without them a page of 20 orders with the user of each takes 21 queries: the N+1 problem. The header `X-Dataloader: off` of a
//! request shows it, and `extensions.lookups` of the response counts.
//!
//! Nothing is cached beyond a batch: after the next field of a mutation, the same query may have another result.

use crate::errors::of_field;
use async_graphql::Context;
use async_graphql::dataloader::{DataLoader, Loader};
use domain::orders::{ListOrders, Order};
use domain::page::Page;
use domain::products::{Product, ProductId};
use domain::shop::Batch;
use domain::users::{User, UserId};
use domain::{Error, RequestContext, Shop};
use std::collections::HashMap;
use std::hash::{Hash, Hasher};
use std::time::Duration;

/// The loaders of one request.
pub type Loaders = DataLoader<Lookups>;

/// What the loaders call.
pub struct Lookups {
    shop: Shop,
    /// Their queries are parts of a field, and no operations of their own.
    context: RequestContext,
}

/// The loaders of a request, or ones that load each item by itself. They collect the requests of all fields that are ready, so no
/// timer is needed.
pub fn loaders(shop: &Shop, context: &RequestContext, one_by_one: bool) -> Loaders {
    let loaders = DataLoader::new(Lookups { shop: shop.clone(), context: context.within() }, tokio::spawn);
    let loaders = loaders.delay(Duration::ZERO);
    if one_by_one { loaders.max_batch_size(1) } else { loaders }
}

/// A user, a product or a page of orders, as the operation for one of them returns it.
pub async fn load<K, T>(ctx: &Context<'_>, key: K) -> Result<T, async_graphql::Error>
where
    K: Clone + Eq + Hash + Send + Sync + 'static,
    T: Clone + Send + Sync + 'static,
    Lookups: Loader<K, Value = Result<T, Error>, Error = Error>,
{
    let loaded = ctx.data::<Loaders>()?.load_one(key).await;
    let loaded = loaded.and_then(|found| found.unwrap_or_else(|| Err(Error::internal())));
    loaded.map_err(of_field)
}

impl Loader<UserId> for Lookups {
    type Value = Result<User, Error>;
    type Error = Error;

    async fn load(&self, ids: &[UserId]) -> Result<HashMap<UserId, Self::Value>, Error> {
        by_key(ids, self.shop.get_users(&self.context, ids.to_vec()).await)
    }
}

impl Loader<ProductId> for Lookups {
    type Value = Result<Product, Error>;
    type Error = Error;

    async fn load(&self, ids: &[ProductId]) -> Result<HashMap<ProductId, Self::Value>, Error> {
        by_key(ids, self.shop.get_products(&self.context, ids.to_vec()).await)
    }
}

/// The orders of a field, as a key.
#[derive(Clone, PartialEq)]
pub struct List(pub ListOrders);

impl Eq for List {}

impl Hash for List {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.user_id.hash(state);
    }
}

impl Loader<List> for Lookups {
    type Value = Result<Page<Order>, Error>;
    type Error = Error;

    async fn load(&self, lists: &[List]) -> Result<HashMap<List, Self::Value>, Error> {
        let inputs = lists.iter().map(|list| list.0.clone()).collect();
        by_key(lists, self.shop.list_orders(&self.context, inputs).await)
    }
}

fn by_key<K: Clone + Eq + Hash, T>(keys: &[K], found: Batch<T>) -> Result<HashMap<K, Result<T, Error>>, Error> {
    Ok(keys.iter().cloned().zip(found?).collect())
}
