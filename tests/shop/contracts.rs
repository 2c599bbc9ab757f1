//! Contracts: each is served as generated, has every operation, and is committed.

mod examples;
mod rest;

use crate::trials::Trials;
use bytes::Bytes;
use domain::operations::OPERATIONS;
use serde_json::Value;
use server::protocols::PROTOCOLS;
use std::collections::BTreeSet;
use tests::{TestServer, committed, runtime};
use wire::connection::Connection;
use wire::{Adapter, Address, Contract, WireRequest};

tests!(
    each_contract_is_served_as_generated,
    contracts_allow_get_and_head_only,
    reading_a_contract_creates_no_sandbox,
    every_operation_is_in_every_contract,
    committed_contracts_are_up_to_date,
    references_in_a_document_resolve,
);

pub fn tests(trials: &mut Trials) {
    for tests in [TESTS, examples::TESTS, rest::TESTS] {
        trials.plain(tests);
    }
}

/// The address in the committed copies.
const ADDRESS: &str = "http://localhost:8080";

/// The operations that a contract lacks: `soap watch_events` and the like. It may only shrink.
const EXCEPTIONS: &str = include_str!("contracts/exceptions.txt");

fn contracts() -> impl Iterator<Item = (&'static Adapter, &'static Contract)> {
    PROTOCOLS.iter().flat_map(|style| style.contracts.iter().map(move |contract| (style, contract)))
}

fn fetch(address: &Address, path: &str) -> http::Response<Bytes> {
    send_request(address, "GET", path)
}

fn send_request(address: &Address, method: &str, path: &str) -> http::Response<Bytes> {
    runtime().block_on(async {
        let mut line = Connection::open(address, &WireRequest::Http(http::Request::default())).await.unwrap();
        let request = http::Request::builder().method(method).uri(path).body(Bytes::new());
        line.fetch(request.unwrap()).await.unwrap()
    })
}

fn each_contract_is_served_as_generated() {
    let server = TestServer::open();
    for address in [server.address(), server.address().in_sandbox("alice")] {
        for (style, contract) in contracts() {
            let response = fetch(&address, contract.path);
            let shown = format!("{} at {}", contract.title, address.http(contract.path));
            assert_eq!(response.status(), 200, "{shown}");
            let media_type = response.headers()["content-type"].to_str().unwrap();
            let essence = |media_type: &str| media_type.split(';').next().unwrap_or_default().to_owned();
            assert_eq!(essence(media_type), essence(contract.media_type), "{shown}");
            assert!(response.body() == (contract.document)(&address).as_bytes(), "{shown} is another one");
            // The address of gRPC's service has a version, and its contract a name that is easy to type.
            let folder = if style.name == "grpc" { "/grpc/" } else { style.path };
            assert!(contract.path.starts_with(folder), "{shown}");
        }
    }
}

/// RFC 9110 section 9.1: GET and HEAD are always supported; section 15.5.6: 405 names what else is.
fn contracts_allow_get_and_head_only() {
    let server = TestServer::open();
    for (_, contract) in contracts() {
        let head = send_request(&server.address(), "HEAD", contract.path);
        assert_eq!((head.status().as_u16(), head.body().len()), (200, 0), "{}", contract.path);
        let refused = send_request(&server.address(), "DELETE", contract.path);
        assert_eq!(refused.status(), 405, "{}", contract.path);
        assert!(refused.headers()["allow"].to_str().unwrap().starts_with("GET, HEAD"), "{}", contract.path);
        assert!(!refused.body().is_empty(), "{}", contract.path);
    }
}

fn reading_a_contract_creates_no_sandbox() {
    let server = TestServer::open();
    let address = server.address().in_sandbox("never-called");
    contracts().for_each(|(_, contract)| drop(fetch(&address, contract.path)));
    let name = domain::Sandbox::parse("never-called").unwrap();
    assert!(!server.shop.store().exists(&name));
}

fn every_operation_is_in_every_contract() {
    let address = Address::parse(ADDRESS).unwrap();
    let mut absent = BTreeSet::new();
    for (style, contract) in contracts() {
        let document = (contract.document)(&address);
        let missing = OPERATIONS.iter().filter(|operation| !document.contains(&(contract.spelling)(operation)));
        absent.extend(missing.map(|operation| format!("{} {}", style.name, operation.name)));
    }
    let listed = EXCEPTIONS.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    let listed: BTreeSet<String> = listed.map(str::to_owned).collect();
    assert_eq!(absent, listed, "contracts/exceptions.txt lists what is absent, all of it and nothing else");
}

fn committed_contracts_are_up_to_date() {
    let address = Address::parse(ADDRESS).unwrap();
    // SOAP's documents are their own source, and GraphQL's is tested in its crate.
    for (style, contract) in contracts().filter(|(_, contract)| contract.path.ends_with(".json")) {
        let file = contract.path.rsplit('/').next().unwrap();
        let path = format!("crates/{}/{file}", style.name);
        committed::compare(&path, &(contract.document)(&address)).unwrap_or_else(|problem| panic!("{problem}"));
    }
}

fn references_in_a_document_resolve() {
    let address = Address::parse(ADDRESS).unwrap();
    for (_, contract) in contracts().filter(|(_, contract)| contract.path.ends_with(".json")) {
        let document: Value = serde_json::from_str(&(contract.document)(&address)).unwrap();
        let mut references = BTreeSet::new();
        collect_references(&document, &mut references);
        assert!(!references.is_empty(), "{}", contract.title);
        for reference in references {
            let pointer = reference.strip_prefix('#').unwrap_or_else(|| panic!("{reference} leads elsewhere"));
            assert!(document.pointer(pointer).is_some(), "{}: {reference} leads nowhere", contract.title);
        }
    }
}

fn collect_references(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| collect_references(item, found)),
        Value::Object(members) => {
            found.extend(members.get("$ref").and_then(Value::as_str).map(str::to_owned));
            members.values().for_each(|member| collect_references(member, found));
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}
