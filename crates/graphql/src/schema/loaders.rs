//! How are a hundred users looked up at once, though each order asks for its own? By waiting for a moment: who asks for something
//! of a kind joins a batch, and the first who goes on asks the shop for all of it.
//!
//! That is a dataloader. Without it, a page of 20 orders with the user of each takes 21 look-ups: the N+1 problem. The header
//! `X-Dataloader: off` of a request shows it, and `extensions.lookups` of the answer counts.
//!
//! Nothing is remembered beyond a batch: after a mutation's next field the same question has another answer.

use crate::errors::of_field;
use crate::locked;
use async_graphql::Context;
use domain::orders::{ListOrders, Order};
use domain::page::Page;
use domain::products::{Product, ProductId};
use domain::shop::Several;
use domain::users::{User, UserId};
use domain::{Error, Meta, Shop};
use std::sync::{Arc, Mutex};
use tokio::sync::OnceCell;
use tokio::task::yield_now;

/// The loaders of one request.
#[derive(Default)]
pub struct Loaders {
    users: Loader<UserId, User>,
    products: Loader<ProductId, Product>,
    orders: Loader<ListOrders, Page<Order>>,
    /// Whether each asks for itself.
    one_by_one: bool,
}

impl Loaders {
    /// Loaders that are switched off.
    pub fn one_by_one() -> Self {
        Loaders { one_by_one: true, ..Loaders::default() }
    }

    async fn load<K, V, F: Future<Output = Several<V>>>(
        &self,
        loader: &Loader<K, V>,
        key: K,
        look: impl FnOnce(Vec<K>) -> F,
    ) -> Result<V, Error> {
        let (batch, place) = loader.join(key);
        if !self.one_by_one {
            // All fields of an answer that are ready to ask do so before this one goes on.
            yield_now().await;
        }
        let found = batch.found.get_or_init(|| async { look(loader.close(&batch)).await.map(Found::new) });
        match found.await {
            Ok(found) => found.take(place),
            Err(error) => Err(error.clone()),
        }
    }
}

/// The user, as get_user tells it.
pub async fn user(ctx: &Context<'_>, id: UserId) -> Result<User, async_graphql::Error> {
    let (shop, meta, loaders) = asking(ctx)?;
    let look = |ids| async { shop.get_users(&meta.within(), ids).await };
    loaders.load(&loaders.users, id, look).await.map_err(|error| of_field(&error))
}

/// The product, as get_product tells it.
pub async fn product(ctx: &Context<'_>, id: ProductId) -> Result<Product, async_graphql::Error> {
    let (shop, meta, loaders) = asking(ctx)?;
    let look = |ids| async { shop.get_products(&meta.within(), ids).await };
    loaders.load(&loaders.products, id, look).await.map_err(|error| of_field(&error))
}

/// A page of orders, as list_orders tells it.
pub async fn orders(ctx: &Context<'_>, list: ListOrders) -> Result<Page<Order>, async_graphql::Error> {
    let (shop, meta, loaders) = asking(ctx)?;
    let look = |lists| async { shop.list_orders(&meta.within(), lists).await };
    loaders.load(&loaders.orders, list, look).await.map_err(|error| of_field(&error))
}

fn asking<'c>(ctx: &Context<'c>) -> Result<(&'c Shop, &'c Meta, &'c Loaders), async_graphql::Error> {
    Ok((ctx.data::<Shop>()?, ctx.data::<Meta>()?, ctx.data::<Arc<Loaders>>()?))
}

/// One kind of thing: the batch that is still joined.
struct Loader<K, V>(Mutex<Arc<Batch<K, V>>>);

impl<K, V> Default for Loader<K, V> {
    fn default() -> Self {
        Loader(Mutex::default())
    }
}

impl<K, V> Loader<K, V> {
    /// Joins the batch, and tells at which place.
    fn join(&self, key: K) -> (Arc<Batch<K, V>>, usize) {
        let batch = locked(&self.0).clone();
        let mut wanted = locked(&batch.wanted);
        wanted.push(key);
        let place = wanted.len() - 1;
        drop(wanted);
        (batch, place)
    }

    /// What a batch wants. Nobody joins it any more.
    fn close(&self, batch: &Arc<Batch<K, V>>) -> Vec<K> {
        let mut open = locked(&self.0);
        if Arc::ptr_eq(&open, batch) {
            *open = Arc::default();
        }
        std::mem::take(&mut *locked(&batch.wanted))
    }
}

/// What is asked for together, and what came of it.
struct Batch<K, V> {
    wanted: Mutex<Vec<K>>,
    found: OnceCell<Result<Found<V>, Error>>,
}

impl<K, V> Default for Batch<K, V> {
    fn default() -> Self {
        Batch { wanted: Mutex::default(), found: OnceCell::new() }
    }
}

/// What was found, at the places of those who want it. Each takes its own.
struct Found<V>(Mutex<Vec<Option<Result<V, Error>>>>);

impl<V> Found<V> {
    fn new(found: Vec<Result<V, Error>>) -> Self {
        Found(Mutex::new(found.into_iter().map(Some).collect()))
    }

    fn take(&self, place: usize) -> Result<V, Error> {
        locked(&self.0).get_mut(place).and_then(Option::take).unwrap_or_else(|| Err(Error::internal()))
    }
}
