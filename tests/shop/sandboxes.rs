//! Sandboxes are isolated, in every style.

use crate::trials::PerStyle;
use serde_json::json;
use std::sync::Arc;
use tests::{TestServer, ValueAccess, runtime};
use wire::connection::Connection;
use wire::{Adapter, Address, Outcome};

/// Tests over every protocol.
pub const TESTS: &[PerStyle] =
    &[("a sandbox keeps to itself", isolated), ("without a prefix it is the sandbox main", main_is_one)];

fn name_in(address: &Address, style: &'static Adapter, change: Option<&str>) -> String {
    let call_request = match change {
        None => tests::call_request("get_user", &json!({"id": 9})),
        Some(name) => tests::call_request("update_user", &json!({"id": 9, "name": name})),
    };
    let outgoing = style.client.encode(&call_request);
    let result = runtime().block_on(async {
        let mut line = Connection::open(address, &outgoing).await?;
        line.call(style.client, &call_request, &outgoing).await
    });
    match result.unwrap() {
        Outcome::Reply(user) => user.words("name").to_owned(),
        result => panic!("{result:?}"),
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
