//! The scenarios show what the lessons are about, with measured numbers.

use super::{copies_in, each, post, post_ok, server};
use domain::Sandbox;
use domain::shop::ShopConfig;
use lab::scenarios;
use serde_json::{Value, json};
use server::protocols::PROTOCOLS;
use std::time::Duration;
use tests::test_server::{NOW, standard_seed};
use tests::{TestServer, runtime};
use wire::client::CallOptions;
use wire::socket::SocketConfig;

tests!(
    the_order_page_takes_the_expected_round_trips,
    selecting_fields_saves_bytes,
    one_missing_product_does_not_lose_the_others,
    twenty_reads_take_what_their_connections_take,
    twenty_one_queries_become_two,
    three_tries_are_three_orders_and_with_a_key_one,
    round_trips_are_delayed_when_the_setting_says_so,
    skipped_runs_are_named,
    refusals_are_reported,
    impossible_scenarios_are_refused,
);

/// The runs of a scenario. Each is checked: its totals are the sums of its steps, and its sandbox is gone.
fn play(name: &str) -> Vec<Value> {
    let played = post_ok(server(), "/lab/scenario", &json!({"name": name}));
    assert_eq!(played["name"], name);
    let copies = copies_in(&played, "scenario-");
    assert!(copies.iter().all(|name| played["sandbox_bytes"] == "/sandboxes/".len() + name.len()), "{copies:?}");
    assert_eq!(copies.len(), each(&played["styles"]).count(), "one for each variant");
    assert!(copies.iter().all(|name| !server().shop.store().exists(&Sandbox::parse(name).unwrap())));
    for variant in each(&played["styles"]) {
        let sum =
            |of: fn(&Value) -> &Value| each(&variant["steps"]).map(|step| of(step).as_u64().unwrap()).sum::<u64>();
        assert_eq!(variant["round_trips"], sum(|step| &step["round_trips"]), "{}", variant["title"]);
        assert_eq!(variant["bytes"]["sent"], sum(|step| &step["bytes"]["sent"]), "{}", variant["title"]);
        assert_eq!(variant["bytes"]["received"], sum(|step| &step["bytes"]["received"]), "{}", variant["title"]);
        assert!(variant["time_us"].as_f64().unwrap() > 0.0, "{}", variant["title"]);
        for step in each(&variant["steps"]) {
            assert!(step["why"].as_str().is_some_and(|why| !why.is_empty()), "{}: {step}", variant["title"]);
        }
    }
    each(&played["styles"]).cloned().collect()
}

/// A number of each run, in their order.
fn column(variants: &[Value], number: impl Fn(&Value) -> &Value) -> Vec<u64> {
    variants.iter().map(|variant| number(variant).as_u64().unwrap()).collect()
}

fn the_order_page_takes_the_expected_round_trips() {
    let variants = play("order-page");
    let titles: Vec<&str> = variants.iter().map(|variant| variant["title"].as_str().unwrap()).collect();
    // An order of three lines: itself, its customer and three products. One more is TCP's own, another a WebSocket's handshake.
    let expected = [
        ("REST, one request per resource", 6),
        ("REST, with ?include=", 2),
        ("SOAP, one coarse operation", 2),
        ("JSON-RPC, with a batch", 3),
        ("XML-RPC, with system.multicall", 3),
        ("WebSocket, without waiting", 4),
        ("GraphQL, one document", 2),
        ("gRPC, one coarse method", 2),
    ];
    assert_eq!(
        titles.into_iter().zip(column(&variants, |variant| &variant["round_trips"])).collect::<Vec<_>>(),
        expected
    );
    assert!(variants.iter().all(|variant| variant["connections"] == 1));
}

fn selecting_fields_saves_bytes() {
    let variants = play("names-only");
    let received = column(&variants, |variant| &variant["bytes"]["received"]);
    let of = |title: &str| received[variants.iter().position(|variant| variant["title"] == title).unwrap()];
    for selected in [of("REST, with ?fields="), of("GraphQL, a selection")] {
        assert!(selected * 4 < of("REST, whole"), "{received:?}");
    }
    for variant in variants.iter().filter(|variant| variant["title"].as_str().unwrap().ends_with("whole")) {
        let wire = variant["steps"][0]["wire"].to_string();
        // In binary content it is shown in hex.
        assert!(wire.contains("Laptop") || wire.contains("4c 61 70 74 6f 70"), "{}", variant["title"]);
    }
}

fn one_missing_product_does_not_lose_the_others() {
    for variant in play("twenty-at-once") {
        let by_ids = variant["title"].as_str().unwrap().contains("ids");
        let (refused, left_out) = if by_ids { (0, 1) } else { (1, 0) };
        let expected = json!({"answered": 19, "refused": refused, "left_out": left_out});
        assert_eq!(variant["tally"], expected, "{}", variant["title"]);
    }
}

fn twenty_reads_take_what_their_connections_take() {
    let variants = play("twenty-reads");
    let numbers = |variant: &Value| {
        let steps = each(&variant["steps"]).count() as u64;
        (steps, variant["round_trips"].as_u64().unwrap(), variant["connections"].as_u64().unwrap())
    };
    let title = |variant: &Value| variant["title"].as_str().unwrap().to_owned();
    // One more round trip is TCP's own, for each connection; another a WebSocket's handshake.
    for variant in &variants {
        let expected = match title(variant).as_str() {
            title if title.ends_with("new connections") => (20, 40, 20),
            title if title.ends_with("all at once") => (1, 2, 1),
            "WebSocket" => (20, 22, 1),
            _ => (20, 21, 1),
        };
        assert_eq!(numbers(variant), expected, "{}", title(variant));
        // The parts are those of the messages, and all of them were read.
        for step in each(&variant["steps"]) {
            let totals = ["request", "response"].map(|direction| step["parts"][direction]["total"].clone());
            assert_eq!(totals, ["sent", "received"].map(|direction| step["bytes"][direction].clone()));
        }
        let wire = variant["steps"].to_string();
        assert_eq!(wire.contains("HTTP/1.1 200 OK"), title(variant).contains("HTTP/1.1"), "{}", title(variant));
        let is_json = !title(variant).starts_with("gRPC");
        assert_eq!(wire.contains("Ada Lovelace"), is_json, "{}", title(variant));
    }
    let all_headers = |name: &str| -> Vec<u64> {
        let variant = variants.iter().find(|variant| variant["title"] == name).unwrap();
        let count = |step: &Value| -> u64 {
            ["request", "response"].iter().map(|way| step["parts"][way]["headers"].as_u64().unwrap()).sum()
        };
        each(&variant["steps"]).map(count).collect()
    };
    for (name, saves) in [("REST, HTTP/1.1", false), ("REST, HTTP/2", true), ("gRPC, HTTP/2", true)] {
        let headers = all_headers(name);
        // A date is written anew once a second, and a path in each request of REST.
        let later = headers[1..].iter().copied().min().unwrap();
        assert_eq!(later * 2 < headers[0], saves, "{name}: {headers:?}");
    }
}

fn twenty_one_queries_become_two() {
    let variants = play("n-plus-one");
    assert_eq!(column(&variants, |variant| &variant["round_trips"]), [22, 3, 2, 2]);
    assert_eq!(column(&variants[2..], |variant| &variant["lookups"]), [21, 2]);
    // The lesson is about lookups: the variants fetch the same members.
    for variant in &variants {
        assert!(variant["steps"].to_string().contains("ada@example.com"), "{}", variant["title"]);
    }
}

fn three_tries_are_three_orders_and_with_a_key_one() {
    let variants = play("retry");
    assert_eq!(column(&variants, |variant| &variant["made"]), [3, 1, 1].repeat(PROTOCOLS.len()));
    for variant in &variants {
        let steps: Vec<&Value> = each(&variant["steps"]).collect();
        assert_eq!((steps.len(), &variant["connections"]), (3, &3.into()), "{}", variant["title"]);
        // Of the first two nothing arrived except a WebSocket's handshake; the third says that it is a stored result.
        let came: Vec<String> = steps.iter().map(|step| step["wire"]["received"].to_string()).collect();
        let last = 200 + variant["made"].as_u64().unwrap();
        assert!(came[..2].iter().all(|came| !came.contains("placed")), "{}", variant["title"]);
        // The content of gRPC is binary.
        let is_text = !came[2].contains("application/grpc");
        let has_order = came[2].contains("placed") && came[2].contains(&last.to_string());
        assert!(has_order || !is_text, "{}", variant["title"]);
        let is_again = came[2].to_lowercase().contains("replayed");
        assert_eq!(is_again, variant["made"] == 1, "{}", variant["title"]);
    }
}

fn round_trips_are_delayed_when_the_setting_says_so() {
    let played = post_ok(server(), "/lab/scenario", &json!({"name": "order-page", "rtt_ms": 10}));
    for variant in each(&played["styles"]) {
        let least = variant["round_trips"].as_f64().unwrap() * 10_000.0;
        assert!(variant["time_us"].as_f64().unwrap() >= least, "{}", variant["title"]);
    }
}

fn skipped_runs_are_named() {
    let scenario = scenarios::find("order-page").unwrap();
    let styles: Vec<_> = PROTOCOLS.iter().collect();
    let (address, options) = (server().address(), CallOptions::default());
    let play = scenario.run(&address, &styles, 0, Duration::ZERO, &options);
    let play = runtime().block_on(play).unwrap_or_else(|stop| panic!("{stop}"));
    assert_eq!((play.variants.len(), play.unplayed.len()), (1, PROTOCOLS.len()));
    let played: Value = serde_json::to_value(&play).unwrap();
    assert_eq!(
        (&played["styles"][0]["title"], &played["unplayed"][0]),
        (&json!("REST, one request per resource"), &json!("REST, with ?include="))
    );
}

fn refusals_are_reported() {
    for name in ["order-page", "retry"] {
        let (status, refusal) = post(server(), "/lab/scenario", &json!({"name": name, "api_key": "wrong"}));
        assert_eq!((status, &refusal["reason"]), (401, &json!("credentials_wrong")), "{name}: {refusal}");
    }
}

fn impossible_scenarios_are_refused() {
    let cases = [
        (json!({}), "/name"),
        (json!({"name": "order"}), "/name"),
        (json!({"name": "order-page", "rtt_ms": 501}), "/rtt_ms"),
        (json!({"name": "order-page", "speed": 2}), "/speed"),
    ];
    for (body, pointer) in cases {
        let (status, refusal) = post(server(), "/lab/scenario", &body);
        assert_eq!((status, &refusal["errors"][0]["pointer"]), (422, &pointer.into()), "{refusal}");
    }
    let without_faults = ShopConfig { clock: || NOW, allows_faults: false, rate_per_minute: 0 };
    let server = TestServer::with(standard_seed(), SocketConfig::default(), |shop| shop.with_config(without_faults));
    let (status, refusal) = post(&server, "/lab/scenario", &json!({"name": "retry"}));
    assert_eq!(status, 422);
    assert!(refusal["message"].as_str().unwrap().contains("--faults"), "{refusal}");
}
