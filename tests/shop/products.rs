//! Products are searched and changed alike in every style.

use crate::trials::{Scenario, scenario};
use serde_json::json;
use tests::{Conversation, ValueAccess};

pub const SCENARIOS: &[Scenario] = &[
    scenario("get_product tells one product", get),
    scenario("search_products finds in whatever case", search),
    scenario("search_products is paged to its end", page),
    scenario("search_products leaves out ids of nothing", by_ids),
    scenario("update_product changes what is given", update),
    scenario("update_product refuses a stale version", stale),
];

fn get(client: &mut Conversation) {
    let laptop = client.ok("get_product", json!({"id": 1}));
    assert_eq!((laptop.words("name"), laptop.number("price/amount")), ("Laptop Aurora 14", 129_900));
    assert_eq!((laptop.words("price/currency"), laptop.words("description").len() > 50), ("EUR", true));
    client.refused("get_product", json!({"id": 101}), "product_not_found");
}

fn search(client: &mut Conversation) {
    let found = client.ok("search_products", json!({"query": "laptop"})).column("id");
    assert!(found.len() > 3 && found.contains(&1), "{found:?}");
    for query in ["LAPTOP", "LapTop", "laptop"] {
        assert_eq!(client.ok("search_products", json!({"query": query})).column("id"), found);
    }
    let in_description = client.ok("search_products", json!({"query": "🎧"})).column("id");
    assert_eq!(in_description, [11]);
    assert_eq!(client.ok("search_products", json!({"query": "no such thing"})).column("id"), [0; 0]);
    // Characters with a meaning in an address, in XML, in JSON or in SQL have none here.
    for query in ["100%", "a_b", "%", "1.2 kg", "a+b&c=d", "<b>", "\"", "'", "\\", "#x?y", "ÖL", " "] {
        client.ok("search_products", json!({"query": query}));
    }
    let with_space = client.ok("search_products", json!({"query": "1.2 kg with a matte"})).column("id");
    assert_eq!(with_space, [1]);
}

fn page(client: &mut Conversation) {
    let mut page = client.ok("search_products", json!({"limit": 33}));
    let mut ids = page.column("id");
    while let Some(next) = page.get("next") {
        page = client.ok("search_products", json!({"limit": 33, "after": next.as_text()}));
        ids.extend(page.column("id"));
    }
    assert_eq!(ids, (1..=100).collect::<Vec<_>>());
    let page = client.ok("search_products", json!({"query": "laptop", "limit": 2}));
    let after = page.words("next");
    let rest = client.ok("search_products", json!({"query": "LAPTOP", "after": after})).column("id");
    assert!(rest.iter().all(|id| *id > page.column("id")[1]), "in another case it is the same list");
    client.invalid("search_products", json!({"query": "mouse", "after": after}), "/after");
    client.invalid("search_products", json!({"after": after}), "/after");
    client.invalid("search_products", json!({"after": "0000000000000001"}), "/after");
    client.invalid("list_users", json!({"after": "no cursor <&> at all"}), "/after");
}

fn by_ids(client: &mut Conversation) {
    assert_eq!(client.ok("search_products", json!({"ids": [100, 1, 101]})).column("id"), [1, 100]);
    assert_eq!(client.ok("search_products", json!({"ids": [1, 2], "query": "laptop"})).column("id"), [1]);
}

fn update(client: &mut Conversation) {
    let before = client.ok("get_product", json!({"id": 7}));
    let price = json!({"amount": 1, "currency": "EUR"});
    let cheap = client.ok("update_product", json!({"id": 7, "price": price}));
    assert_eq!((cheap.number("price/amount"), cheap.number("version")), (1, before.number("version") + 1));
    assert_eq!(cheap.number("stock"), before.number("stock"));
    let again = client.ok("update_product", json!({"id": 7, "price": price}));
    assert_eq!(again.number("version"), cheap.number("version"), "nothing visible has changed");
    let gone = client.ok("update_product", json!({"id": 7, "stock": 0, "description": "Sold out."}));
    assert_eq!((gone.number("stock"), gone.words("description")), (0, "Sold out."));
    assert_eq!(client.ok("get_product", json!({"id": 7})), gone);
    client.refused("update_product", json!({"id": 101, "stock": 1}), "product_not_found");
    assert_eq!(client.ok("search_products", json!({"query": "sold OUT."})).column("id"), [7]);
}

fn stale(client: &mut Conversation) {
    let version = client.ok("get_product", json!({"id": 2})).number("version");
    let input = json!({"id": 2, "stock": 5, "expected_version": version});
    assert_eq!(client.ok("update_product", input.clone()).number("version"), version + 1);
    client.refused("update_product", input, "stale_version");
    // An order takes stock, which is a visible change too.
    let place = json!({"user_id": 1, "lines": [{"product_id": 2, "quantity": 1}]});
    client.ok("place_order", place);
    client.refused("update_product", json!({"id": 2, "stock": 5, "expected_version": version + 1}), "stale_version");
}
