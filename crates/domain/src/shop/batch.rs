//! How are several things of one kind asked for at once? Each is answered as it would be alone, with the same rights and in the same
//! words; but the store is asked once.
//!
//! It is for parts of an operation ([`RequestContext::within`]): who tells a page of orders with the user of each need not ask for each.

use super::Shop;
use crate::error::Error;
use crate::operations::Input;
use crate::orders::{self, ListOrders, Order};
use crate::page::Page;
use crate::products::{self, GetProduct, Product, ProductId};
use crate::request::RequestContext;
use crate::users::{self, GetUser, User, UserId};

/// What came of several: as many as were asked for, in the same order. Or what was wrong with all of them.
pub type Batch<T> = Result<Vec<Result<T, Error>>, Error>;

impl Shop {
    /// get_user, for each of these.
    pub async fn get_users(&self, meta: &RequestContext, ids: Vec<UserId>) -> Batch<User> {
        let look = |context| self.services.query(meta, move |records| users::get_each(records, &context, &ids));
        self.run(meta, Some(GetUser::OPERATION), look).await
    }

    /// get_product, for each of these.
    pub async fn get_products(&self, meta: &RequestContext, ids: Vec<ProductId>) -> Batch<Product> {
        let look = |_| self.services.query(meta, move |records| products::get_each(records, &ids));
        self.run(meta, Some(GetProduct::OPERATION), look).await
    }

    /// list_orders, for each of these: one job in the store, which reads a page for each.
    pub async fn list_orders(&self, meta: &RequestContext, lists: Vec<ListOrders>) -> Batch<Page<Order>> {
        let look = |context| {
            self.services.query(meta, move |records| {
                Ok(lists.into_iter().map(|list| orders::list(records, &context, list)).collect())
            })
        };
        self.run(meta, Some(ListOrders::OPERATION), look).await
    }
}
