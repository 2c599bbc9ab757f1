//! Products: what is sold here, and how many are left.

use crate::error::{Error, Reason};
use crate::limits::STOCK_MAX;
use crate::money::{Money, Price};
use crate::page::{Cursor, Ids, Limit, Page, Paged, Slice};
use crate::shape::Int;
use crate::shop::Context;
use crate::store::{Changes, Records};
use crate::text::{Description, Name};
use crate::users::{ExpectedVersion, check_version};
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

/// search_products
pub fn search(shop: &dyn Records, _: &Context, input: SearchProducts) -> Result<Page<Product>, Error> {
    let filter = ProductFilter {
        query: input.query.map(|query| query.as_str().to_lowercase()),
        ids: input.ids.map(Ids::into_vec),
    };
    let slice = Slice::of(&format!("products {filter:?}"), input.after, input.limit)?;
    Ok(Page::cut(shop.products(&filter, &slice)?, &slice, |product| product.id.0))
}

/// get_product
pub fn get(shop: &dyn Records, _: &Context, input: GetProduct) -> Result<Product, Error> {
    existing(shop, input.id)
}

/// get_product, for each of several: the store is asked once.
pub fn get_each(shop: &dyn Records, ids: &[ProductId]) -> Result<Vec<Result<Product, Error>>, Error> {
    let filter = ProductFilter { ids: Some(ids.to_vec()), ..ProductFilter::default() };
    let found = shop.products(&filter, &Slice::all_of(ids.len()))?;
    let get = |id: &ProductId| {
        let place = found.binary_search_by_key(id, |product| product.id);
        place.ok().and_then(|place| found.get(place)).cloned().ok_or_else(|| no_product(*id))
    };
    Ok(ids.iter().map(get).collect())
}

/// update_product
pub fn update(shop: &mut dyn Changes, _: &Context, input: UpdateProduct) -> Result<Product, Error> {
    let before = existing(shop, input.id)?;
    check_version("product", before.id.0, before.version, input.expected_version)?;
    let mut after = before.clone();
    if let Some(price) = input.price {
        after.price = price.into();
    }
    if let Some(stock) = input.stock {
        after.stock = stock.get();
    }
    if let Some(description) = input.description {
        after.description = description;
    }
    if after != before {
        after.version += 1;
        shop.update_product(&after)?;
    }
    Ok(after)
}

/// The product, or that there is none.
pub fn existing(shop: &dyn Records, id: ProductId) -> Result<Product, Error> {
    shop.product(id)?.ok_or_else(|| no_product(id))
}

fn no_product(id: ProductId) -> Error {
    Error::new(Reason::ProductNotFound, format!("there is no product {}", id.0))
}
