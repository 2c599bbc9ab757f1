//! Several calls of one operation in one query. Each has the result that it would have alone, with the same rights and the
//! same errors.
//!
//! For parts of an operation ([`RequestContext::within`]): a page of orders with the user of each needs one query for the users.

use super::Shop;
use crate::error::Error;
use crate::operations::Input;
use crate::orders::{self, ListOrders, Order};
use crate::page::Page;
use crate::products::{self, GetProduct, Product, ProductId};
use crate::request::RequestContext;
use crate::users::{self, GetUser, User, UserId};
use crate::value::Value;

/// The results of a batch, in the order of the calls; or the error of all of them.
pub type Batch<T> = Result<Vec<Result<T, Error>>, Error>;

impl Shop {
    /// get_user, for several users.
    pub async fn get_users(&self, request: &RequestContext, ids: Vec<UserId>) -> Batch<User> {
        let rule = |context| self.services.query(request, move |records| users::get_each(records, &context, &ids));
        self.run(request, self.begin(request, Some(GetUser::OPERATION), None), |_| Value::Null, rule).await
    }

    /// get_product, for several products.
    pub async fn get_products(&self, request: &RequestContext, ids: Vec<ProductId>) -> Batch<Product> {
        let rule = |_| self.services.query(request, move |records| products::get_each(records, &ids));
        self.run(request, self.begin(request, Some(GetProduct::OPERATION), None), |_| Value::Null, rule).await
    }

    /// list_orders, for several users in one job of the store.
    pub async fn list_orders(&self, request: &RequestContext, lists: Vec<ListOrders>) -> Batch<Page<Order>> {
        let rule = |context| {
            self.services.query(request, move |records| {
                Ok(lists.into_iter().map(|list| orders::list(records, &context, list)).collect())
            })
        };
        self.run(request, self.begin(request, Some(ListOrders::OPERATION), None), |_| Value::Null, rule).await
    }
}
