//! The cost of a document, known before it is executed: no field is resolved more often than the lists above it have
//! items. async-graphql's complexity is not reported to the client; this one is, in every response.
//!
//! A field costs 1. A field below a page counts as often as the page may have items (its `first`), and a field below the lines
//! of an order as often as there may be lines.

use super::patches::collect_fields::fields;
use crate::errors::Refusal;
use async_graphql::parser::types::{Field, OperationDefinition, SelectionSet};
use async_graphql::{Value, Variables};
use domain::limits::{LINES_MAX, PAGE_ITEMS_DEFAULT, PAGE_ITEMS_MAX};
use domain::{Error, Reason};

/// The maximum cost. A page of a hundred orders with all their fields costs about 17,000; a page of users with a page
/// of orders each, and the names of the products, about 25,000.
pub const COST_MAX: usize = 50_000;

/// The fields that are pages.
const PAGES: &[&str] = &["users", "products", "orders", "events", "webhooks", "deliveries"];
/// The fields of a page that are its items.
const ITEMS: &[&str] = &["nodes", "edges"];
/// The field of an order or a cart with its lines.
const LINES: &str = "lines";

/// The cost of an operation, or an error if it is too high.
pub fn of(operation: &OperationDefinition, variables: &Variables) -> Result<usize, Refusal> {
    let cost = Pricing(variables).selections(&operation.selection_set.node, 1);
    if cost <= COST_MAX {
        return Ok(cost);
    }
    let message = format!("a document may cost at most {COST_MAX}, this one costs {cost}");
    Err(Error::new(Reason::TooLarge, message).into())
}

/// Adds up the cost of a document; holds the values of its variables.
struct Pricing<'d>(&'d Variables);

impl Pricing<'_> {
    /// The cost of selections, once. `items` is the size of the page that they are in.
    fn selections(&self, selections: &SelectionSet, items: usize) -> usize {
        fields(selections).map(|field| self.field(field, items)).fold(0, usize::saturating_add)
    }

    fn field(&self, field: &Field, items: usize) -> usize {
        let below = &field.selection_set.node;
        let cost = match field.name.node.as_str() {
            _ if below.items.is_empty() => 0,
            page if PAGES.contains(&page) => self.selections(below, self.items_of(field)),
            list if ITEMS.contains(&list) => self.selections(below, 1).saturating_mul(items),
            LINES => self.selections(below, 1).saturating_mul(LINES_MAX as usize),
            _ => self.selections(below, items),
        };
        cost.saturating_add(1)
    }

    /// The size of a page. The shop refuses impossible sizes.
    fn items_of(&self, page: &Field) -> usize {
        let given = page.get_argument("first").and_then(|first| {
            let known = first.node.clone().into_const_with(|name| self.0.get(&name).cloned().ok_or(()));
            known.ok()
        });
        match given {
            Some(Value::Number(first)) => {
                let first = first.as_i64().unwrap_or_default().clamp(0, PAGE_ITEMS_MAX as i64);
                usize::try_from(first).unwrap_or_default()
            }
            _ => PAGE_ITEMS_DEFAULT as usize,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::field_of;
    use crate::documents::prepare;
    use crate::messages::RequestParams;
    use domain::operations::{OPERATIONS, OperationKind};
    use domain::schema::Schema;
    use domain::{Kind, Operation, RequestContext, Sandbox};
    use serde_json::json;

    fn cost(query: &str, variables: serde_json::Value) -> Result<usize, Kind> {
        let variables = serde_json::from_value(variables).unwrap();
        let params = RequestParams { query: query.to_owned(), variables, ..RequestParams::default() };
        let shop = testing::shop(Err(Error::overloaded("later")));
        let prepared = prepare(&params, &shop, &RequestContext::new("graphql", Sandbox::main()));
        prepared.map(|prepared| prepared.cost).map_err(|refusal| refusal.kind)
    }

    #[test]
    fn lists_multiply_what_is_below_them() {
        for (query, costs) in [
            ("{ me { proof } }", 2),
            ("{ user(id: 1) { id name } order(id: 1) { id } }", 5),
            ("{ order(id: 1) { lines { quantity total: lineTotal { amount } } } }", 2 + 20 * 3),
            ("{ users { nodes { id } } }", 2 + 20),
            ("{ users(first: 5) { nodes { id } edges { cursor } pageInfo { endCursor } } }", 1 + 6 + 6 + 2),
            (
                "{ users(first: 5) { nodes { orders(first: 3) { nodes { id total { amount } } } } } }",
                2 + 5 * (2 + 3 * 3),
            ),
            ("{ users(first: 5) { ...f } } fragment f on UserConnection { ... { nodes { id name } } }", 2 + 10),
            ("{ users(first: 1000000) { nodes { id } } }", 2 + 100),
            ("{ users(first: -1) { nodes { id } } }", 2),
        ] {
            assert_eq!(cost(query, json!({})), Ok(costs), "{query}");
        }
    }

    #[test]
    fn every_list_is_a_page() {
        let has_items = |operation: &&&Operation| match operation.reply {
            Schema::Object(reply) => reply.member("items").is_some(),
            _ => false,
        };
        let lists = OPERATIONS.iter().filter(|operation| operation.kind == OperationKind::Query).filter(has_items);
        let mut fields: Vec<String> = lists.map(|operation| field_of(operation)).collect();
        fields.sort();
        let mut pages = PAGES.to_vec();
        pages.sort_unstable();
        assert_eq!(fields, pages);
        assert_eq!(cost("{ deliveries(first: 100) { nodes { id } } }", json!({})), Ok(102));
    }

    #[test]
    fn variables_count_as_what_they_stand_for() {
        let query = "query($n: Int = 7) { users(first: $n) { nodes { id } } }";
        assert_eq!(cost(query, json!({})), Ok(9));
        assert_eq!(cost(query, json!({"n": 3})), Ok(5));
        assert_eq!(cost(query, json!({"n": null})), Ok(22));
    }

    #[test]
    fn what_costs_too_much_is_refused_and_what_people_ask_for_is_not() {
        let nested =
            "{ users { nodes { name orders { nodes { total { amount } lines { quantity product { name } } } } } } }";
        assert_eq!(cost(nested, json!({})), Ok(25_262));
        let everything = nested.replace("users", "users(first: 100)").replace("orders", "orders(first: 100)");
        assert_eq!(cost(&everything, json!({})), Err(Kind::TooLarge));
    }
}
