//! The rules of products.

use super::{GetProduct, Product, ProductFilter, ProductId, SearchProducts, UpdateProduct};
use crate::context::Context;
use crate::error::{Error, Reason};
use crate::page::{Ids, Page, PageRequest};
use crate::store::{Records, Transaction};
use crate::version::check_version;

/// search_products
pub fn search(shop: &dyn Records, _: &Context, input: SearchProducts) -> Result<Page<Product>, Error> {
    let filter = ProductFilter {
        query: input.query.map(|query| query.as_str().to_lowercase()),
        ids: input.ids.map(Ids::into_vec),
    };
    let slice = PageRequest::of(&format!("products {filter:?}"), input.after, input.limit)?;
    Ok(Page::cut(shop.products(&filter, &slice)?, &slice, |product| product.id.0))
}

/// get_product
pub fn get(shop: &dyn Records, _: &Context, input: GetProduct) -> Result<Product, Error> {
    existing(shop, input.id)
}

/// get_product, for several products in one query.
pub fn get_each(shop: &dyn Records, ids: &[ProductId]) -> Result<Vec<Result<Product, Error>>, Error> {
    let filter = ProductFilter { ids: Some(ids.to_vec()), ..ProductFilter::default() };
    let found = shop.products(&filter, &PageRequest::all_of(ids.len()))?;
    let get = |id: &ProductId| {
        let place = found.binary_search_by_key(id, |product| product.id);
        place.ok().and_then(|place| found.get(place)).cloned().ok_or_else(|| no_product(*id))
    };
    Ok(ids.iter().map(get).collect())
}

/// update_product
pub fn update(shop: &mut dyn Transaction, _: &Context, input: UpdateProduct) -> Result<Product, Error> {
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

/// The product, or `product_not_found`.
pub fn existing(shop: &dyn Records, id: ProductId) -> Result<Product, Error> {
    shop.product(id)?.ok_or_else(|| no_product(id))
}

fn no_product(id: ProductId) -> Error {
    Error::new(Reason::ProductNotFound, format!("there is no product {}", id.0))
}
