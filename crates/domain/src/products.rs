//! Products: what the shop sells, and its stock.

mod rules;

pub use rules::{existing, get, get_each, search, update};

use crate::limits::STOCK_MAX;
use crate::money::{Money, Price};
use crate::page::{Cursor, Ids, Limit, Paged};
use crate::schema::Int;
use crate::text::{Description, Name};
use crate::version::ExpectedVersion;
use crate::{id, input, output};

id! {
    /// The id of a product.
    ProductId, "product"
}

output! {
    /// A product for sale.
    pub struct Product {
        /// The id: 1, 2, 3, ... in each sandbox; never used again.
        id: ProductId,
        /// The name.
        name: Name,
        /// The description.
        description: Description,
        /// The current price of one piece.
        price: Money,
        /// The number of pieces in stock.
        stock: i32,
        /// The version: 1 at first, incremented by every change, also when an order takes stock.
        version: i32,
    }
}

impl Paged for Product {
    const PAGE: &'static str = "ProductPage";
}

/// A filter for products.
#[derive(Debug, Default)]
pub struct ProductFilter {
    /// Only products with this text in their name or description, in lower case.
    pub query: Option<String>,
    /// Only these products.
    pub ids: Option<Vec<ProductId>>,
}

input! {
    /// A page of products, filtered.
    pub struct SearchProducts {
        /// Only products with this text in their name or description, in upper or lower case.
        query: Option<Name>,
        /// Only these products; unknown ids are ignored.
        ids: Option<Ids<ProductId>>,
        /// The maximum number of items; 20 if absent.
        limit: Option<Limit>,
        /// The `next` cursor of the previous page.
        after: Option<Cursor>,
    }
}

input! {
    /// The product to return.
    pub struct GetProduct {
        /// The id of the product.
        id: ProductId,
    }
}

input! {
    /// The members of a product to change; absent members stay as they are.
    pub struct UpdateProduct {
        /// The id of the product.
        id: ProductId,
        /// The new price of one piece.
        price: Option<Price>,
        /// The new number of pieces in stock.
        stock: Option<Int<0, STOCK_MAX>>,
        /// The new description.
        description: Option<Description>,
        /// The version that the caller has read; if the product has another one, the call is refused with `stale_version`.
        expected_version: Option<ExpectedVersion>,
    }
}
