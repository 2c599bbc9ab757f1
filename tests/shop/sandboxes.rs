//! Sandboxes are isolated, in every style.

use crate::trials::PerStyle;
use serde_json::json;
use std::sync::Arc;
use tests::{Look, TestServer, runtime};
use wire::connection::Connection;
use wire::{Adapter, Address, Outcome};

/// Tests over every protocol.
pub const TESTS: &[PerStyle] =
    &[("a sandbox keeps to itself", isolated), ("without a prefix it is the sandbox main", main_is_one)];

fn name_in(address: &Address, style: &'static Adapter, change: Option<&str>) -> String {
    let ask = match change {
        None => tests::ask("get_user", &json!({"id": 9})),
        Some(name) => tests::ask("update_user", &json!({"id": 9, "name": name})),
    };
    let outgoing = style.client.encode(&ask);
    let heard = runtime().block_on(async {
        let mut line = Connection::open(address, &outgoing).await?;
        line.call(style.client, &ask, &outgoing).await
    });
    match heard.unwrap() {
        Outcome::Reply(user) => user.words("name").to_owned(),
        heard => panic!("{heard:?}"),
    }
}

fn isolated(server: &Arc<TestServer>, style: &'static Adapter) {
    let [one, other] = [server.new_name(), server.new_name()].map(|name| server.address().in_sandbox(&name));
    let seeded = name_in(&one, style, None);
    assert_eq!(name_in(&one, style, Some("changed")), "changed");
    assert_eq!(name_in(&other, style, None), seeded);
    assert_eq!(name_in(&one, style, None), "changed");
    assert_eq!(name_in(&server.address(), style, None), seeded);
}

fn main_is_one(server: &Arc<TestServer>, style: &'static Adapter) {
    let by_name = server.address().in_sandbox("main");
    assert_eq!(name_in(&by_name, style, None), name_in(&server.address(), style, None));
}
