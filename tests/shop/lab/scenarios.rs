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
    assert_eq!(copies.len(), each(&played["styles"]).count(), "one for each lane");
    assert!(copies.iter().all(|name| !server().shop.store().exists(&Sandbox::parse(name).unwrap())));
    for lane in each(&played["styles"]) {
        let sum = |of: fn(&Value) -> &Value| each(&lane["steps"]).map(|step| of(step).as_u64().unwrap()).sum::<u64>();
        assert_eq!(lane["round_trips"], sum(|step| &step["round_trips"]), "{}", lane["title"]);
        assert_eq!(lane["bytes"]["sent"], sum(|step| &step["bytes"]["sent"]), "{}", lane["title"]);
        assert_eq!(lane["bytes"]["received"], sum(|step| &step["bytes"]["received"]), "{}", lane["title"]);
        assert!(lane["time_us"].as_f64().unwrap() > 0.0, "{}", lane["title"]);
        for step in each(&lane["steps"]) {
            assert!(step["why"].as_str().is_some_and(|why| !why.is_empty()), "{}: {step}", lane["title"]);
        }
    }
    each(&played["styles"]).cloned().collect()
}

/// A number of each run, in their order.
fn column(lanes: &[Value], number: impl Fn(&Value) -> &Value) -> Vec<u64> {
    lanes.iter().map(|lane| number(lane).as_u64().unwrap()).collect()
}

fn the_order_page_takes_the_expected_round_trips() {
    let lanes = play("order-page");
    let titles: Vec<&str> = lanes.iter().map(|lane| lane["title"].as_str().unwrap()).collect();
    // An order of three lines: itself, its customer and three products. One more is TCP's own, another a WebSocket's handshake.
    let expected = [
        ("REST, one request per resource", 6),
        ("REST, with ?include=", 2),
        ("SOAP, one coarse operation", 2),
        ("JSON-RPC, with a batch", 3),
        ("XML-RPC, with system.multicall", 3),
        ("WebSocket, without waiting", 4),
        ("GraphQL, one document", 2),
    ];
    assert_eq!(titles.into_iter().zip(column(&lanes, |lane| &lane["round_trips"])).collect::<Vec<_>>(), expected);
    assert!(lanes.iter().all(|lane| lane["connections"] == 1));
}

fn selecting_fields_saves_bytes() {
    let lanes = play("names-only");
    let received = column(&lanes, |lane| &lane["bytes"]["received"]);
    let of = |title: &str| received[lanes.iter().position(|lane| lane["title"] == title).unwrap()];
    for selected in [of("REST, with ?fields="), of("GraphQL, a selection")] {
        assert!(selected * 4 < of("REST, whole"), "{received:?}");
    }
    for lane in lanes.iter().filter(|lane| lane["title"].as_str().unwrap().ends_with("whole")) {
        assert!(lane["steps"][0]["wire"].to_string().contains("Laptop"), "{}", lane["title"]);
    }
}

fn one_missing_product_does_not_lose_the_others() {
    for lane in play("twenty-at-once") {
        let by_ids = lane["title"].as_str().unwrap().contains("ids");
        let (refused, left_out) = if by_ids { (0, 1) } else { (1, 0) };
        let expected = json!({"answered": 19, "refused": refused, "left_out": left_out});
        assert_eq!(lane["tally"], expected, "{}", lane["title"]);
    }
}

fn twenty_one_queries_become_two() {
    let lanes = play("n-plus-one");
    assert_eq!(column(&lanes, |lane| &lane["round_trips"]), [22, 3, 2, 2]);
    assert_eq!(column(&lanes[2..], |lane| &lane["lookups"]), [21, 2]);
}

fn three_tries_are_three_orders_and_with_a_key_one() {
    let lanes = play("retry");
    assert_eq!(column(&lanes, |lane| &lane["made"]), [3, 1, 1].repeat(PROTOCOLS.len()));
    for lane in &lanes {
        let steps: Vec<&Value> = each(&lane["steps"]).collect();
        assert_eq!((steps.len(), &lane["connections"]), (3, &3.into()), "{}", lane["title"]);
        // Of the first two nothing arrived except a WebSocket's handshake; the third says that it is a stored result.
        let came: Vec<String> = steps.iter().map(|step| step["wire"]["received"].to_string()).collect();
        let last = 200 + lane["made"].as_u64().unwrap();
        assert!(came[..2].iter().all(|came| !came.contains("placed")), "{}", lane["title"]);
        assert!(came[2].contains("placed") && came[2].contains(&last.to_string()), "{}", lane["title"]);
        let is_again = came[2].to_lowercase().contains("replayed");
        assert_eq!(is_again, lane["made"] == 1, "{}", lane["title"]);
    }
}

fn round_trips_are_delayed_when_the_setting_says_so() {
    let played = post_ok(server(), "/lab/scenario", &json!({"name": "order-page", "rtt_ms": 10}));
    for lane in each(&played["styles"]) {
        let least = lane["round_trips"].as_f64().unwrap() * 10_000.0;
        assert!(lane["time_us"].as_f64().unwrap() >= least, "{}", lane["title"]);
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
