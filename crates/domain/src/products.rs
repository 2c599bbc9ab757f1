//! Products: what is sold here, and how many are left.

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
    /// A thing for sale.
    pub struct Product {
        /// Counts from 1 in each sandbox and is never used again.
        id: ProductId,
        /// What it is called.
        name: Name,
        /// What it is.
        description: Description,
        /// What one piece costs today.
        price: Money,
        /// How many pieces are left.
        stock: i32,
        /// Starts at 1 and grows with every visible change, also when an order takes stock.
        version: i32,
    }
}

impl Paged for Product {
    const PAGE: &'static str = "ProductPage";
}

/// Which products of a list.
#[derive(Debug, Default)]
pub struct ProductFilter {
    /// Only those with this in their name or description, in lower case.
    pub query: Option<String>,
    /// Only these.
    pub ids: Option<Vec<ProductId>>,
}

input! {
    /// Which products, and how many.
    pub struct SearchProducts {
        /// Only products with this in their name or description, in whatever case.
        query: Option<Name>,
        /// Only these products; ids of nothing are left out of the answer.
        ids: Option<Ids<ProductId>>,
        /// The most items of the page; 20 if absent.
        limit: Option<Limit>,
        /// The `next` of the page before.
        after: Option<Cursor>,
    }
}

input! {
    /// Which product.
    pub struct GetProduct {
        /// The product.
        id: ProductId,
    }
}

input! {
    /// What changes about which product; what is absent stays.
    pub struct UpdateProduct {
        /// The product.
        id: ProductId,
        /// The new price of one piece.
        price: Option<Price>,
        /// How many pieces there are now.
        stock: Option<Int<0, STOCK_MAX>>,
        /// The new description.
        description: Option<Description>,
        /// The version that the caller has seen; another one is refused.
        expected_version: Option<ExpectedVersion>,
    }
}
