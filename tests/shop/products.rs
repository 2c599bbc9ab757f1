//! Products are searched and changed alike in every style.

use crate::trials::{Scenario, scenario};
use serde_json::json;
use tests::{Conversation, Look};

pub const SCENARIOS: &[Scenario] = &[
    scenario("get_product tells one product", get),
    scenario("search_products finds in whatever case", search),
    scenario("search_products is paged to its end", page),
    scenario("search_products leaves out ids of nothing", by_ids),
    scenario("update_product changes what is given", update),
    scenario("update_product refuses a stale version", stale),
];

fn get(talk: &mut Conversation) {
    let laptop = talk.ok("get_product", json!({"id": 1}));
    assert_eq!((laptop.words("name"), laptop.number("price/amount")), ("Laptop Aurora 14", 129_900));
    assert_eq!((laptop.words("price/currency"), laptop.words("description").len() > 50), ("EUR", true));
    talk.refused("get_product", json!({"id": 101}), "product_not_found");
}

fn search(talk: &mut Conversation) {
    let found = talk.ok("search_products", json!({"query": "laptop"})).column("id");
    assert!(found.len() > 3 && found.contains(&1), "{found:?}");
    for query in ["LAPTOP", "LapTop", "laptop"] {
        assert_eq!(talk.ok("search_products", json!({"query": query})).column("id"), found);
    }
    let in_description = talk.ok("search_products", json!({"query": "🎧"})).column("id");
    assert_eq!(in_description, [11]);
    assert_eq!(talk.ok("search_products", json!({"query": "no such thing"})).column("id"), [0; 0]);
    // Characters with a meaning in an address, in XML, in JSON or in SQL have none here.
    for query in ["100%", "a_b", "%", "1.2 kg", "a+b&c=d", "<b>", "\"", "'", "\\", "#x?y", "ÖL", " "] {
        talk.ok("search_products", json!({"query": query}));
    }
    let with_space = talk.ok("search_products", json!({"query": "1.2 kg with a matte"})).column("id");
    assert_eq!(with_space, [1]);
}

fn page(talk: &mut Conversation) {
    let mut page = talk.ok("search_products", json!({"limit": 33}));
    let mut ids = page.column("id");
    while let Some(next) = page.get("next") {
        page = talk.ok("search_products", json!({"limit": 33, "after": next.as_text()}));
        ids.extend(page.column("id"));
    }
    assert_eq!(ids, (1..=100).collect::<Vec<_>>());
    let page = talk.ok("search_products", json!({"query": "laptop", "limit": 2}));
    let after = page.words("next");
    let rest = talk.ok("search_products", json!({"query": "LAPTOP", "after": after})).column("id");
    assert!(rest.iter().all(|id| *id > page.column("id")[1]), "in another case it is the same list");
    talk.invalid("search_products", json!({"query": "mouse", "after": after}), "/after");
    talk.invalid("search_products", json!({"after": after}), "/after");
    talk.invalid("search_products", json!({"after": "0000000000000001"}), "/after");
    talk.invalid("list_users", json!({"after": "no cursor <&> at all"}), "/after");
}

fn by_ids(talk: &mut Conversation) {
    assert_eq!(talk.ok("search_products", json!({"ids": [100, 1, 101]})).column("id"), [1, 100]);
    assert_eq!(talk.ok("search_products", json!({"ids": [1, 2], "query": "laptop"})).column("id"), [1]);
}

fn update(talk: &mut Conversation) {
    let before = talk.ok("get_product", json!({"id": 7}));
    let price = json!({"amount": 1, "currency": "EUR"});
    let cheap = talk.ok("update_product", json!({"id": 7, "price": price}));
    assert_eq!((cheap.number("price/amount"), cheap.number("version")), (1, before.number("version") + 1));
    assert_eq!(cheap.number("stock"), before.number("stock"));
    let again = talk.ok("update_product", json!({"id": 7, "price": price}));
    assert_eq!(again.number("version"), cheap.number("version"), "nothing visible has changed");
    let gone = talk.ok("update_product", json!({"id": 7, "stock": 0, "description": "Sold out."}));
    assert_eq!((gone.number("stock"), gone.words("description")), (0, "Sold out."));
    assert_eq!(talk.ok("get_product", json!({"id": 7})), gone);
    talk.refused("update_product", json!({"id": 101, "stock": 1}), "product_not_found");
    assert_eq!(talk.ok("search_products", json!({"query": "sold OUT."})).column("id"), [7]);
}

fn stale(talk: &mut Conversation) {
    let version = talk.ok("get_product", json!({"id": 2})).number("version");
    let input = json!({"id": 2, "stock": 5, "expected_version": version});
    assert_eq!(talk.ok("update_product", input.clone()).number("version"), version + 1);
    talk.refused("update_product", input, "stale_version");
    // An order takes stock, which is a visible change too.
    let place = json!({"user_id": 1, "lines": [{"product_id": 2, "quantity": 1}]});
    talk.ok("place_order", place);
    talk.refused("update_product", json!({"id": 2, "stock": 5, "expected_version": version + 1}), "stale_version");
}
