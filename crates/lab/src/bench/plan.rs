//! What is to be measured: operations, styles, sizes, connections and versions of HTTP, which make the cells of a table.

use domain::access::Credentials;
use domain::operations::{OPERATIONS, Operation, OperationKind};
use domain::schema::{Field, Schema};
use domain::{Value, limits};
use http::Version;
use serde::Serialize;
use wire::client::{CallOptions, WireRequest};
use wire::{Adapter, CallRequest};

/// Calls before those that are measured, as a part of them.
const WARM_UP_SHARE: f64 = 0.1;

/// A benchmark.
#[derive(Clone)]
pub struct Plan {
    /// The operations: each is [`measurable`].
    pub operations: Vec<&'static Operation>,
    /// The styles.
    pub styles: Vec<&'static Adapter>,
    /// Items of a page and lines of an order; at most [`size_max`].
    pub sizes: Vec<u32>,
    /// Connections that are open at the same time.
    pub connections: Vec<u32>,
    /// The versions of HTTP, for the styles that have both.
    pub versions: Vec<Version>,
    /// How often each cell is measured.
    pub rounds: u32,
    /// Measured calls of a cell in a round.
    pub calls: u32,
    /// Calls a second of all connections together, whether earlier calls are answered or not (open loop); `None` for as many as the
    /// answers allow (closed loop).
    pub rate: Option<u32>,
    /// Whether each call opens a connection of its own.
    pub cold: bool,
    /// The seed of the random order.
    pub seed: u64,
    /// The options of each call.
    pub options: CallOptions,
    /// Credentials that may manage temporary sandboxes and their stock.
    pub admin: Credentials,
}

/// What is measured once in each round.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Cell {
    /// The operation.
    pub operation: &'static str,
    /// Items of a page, or lines of an order.
    pub size: Option<u32>,
    /// The first word of the style's title.
    pub style: &'static str,
    /// The version of HTTP, or the one that a WebSocket begins with.
    pub http: &'static str,
    /// Connections.
    pub connections: u32,
    /// Whether this is the first cell for the second time, for the noise floor.
    pub again: bool,
}

/// A cell with the call that it makes.
#[derive(Clone)]
pub(super) struct CellCall {
    pub cell: Cell,
    pub style: &'static Adapter,
    pub request: CallRequest,
    pub encoded: WireRequest,
}

impl Plan {
    /// Calls of a cell in a round before those that are measured.
    pub fn warm_up(&self) -> u32 {
        (f64::from(self.calls) * WARM_UP_SHARE).ceil() as u32
    }
}

impl Cell {
    /// The operation with its size and connections: cells with the same are compared.
    pub fn task(&self) -> String {
        let size = self.size.map(|size| format!(" {size}")).unwrap_or_default();
        let plural = if self.connections == 1 { "" } else { "s" };
        format!("{}{size}, {} connection{plural}", self.operation, self.connections)
    }

    /// The style, with the version of HTTP if that is not 1.1.
    pub fn name(&self) -> String {
        let version = if self.http == "1.1" { String::new() } else { format!(" (HTTP/{})", self.http) };
        format!("{}{version}{}", self.style, if self.again { ", again" } else { "" })
    }
}

/// Whether an operation can be measured: it needs no other input than an id, and changes nothing; or it places an order.
fn can_measure(operation: &Operation) -> bool {
    let needs_id_at_most = || operation.input.members.iter().all(|field| !field.required || field.name == "id");
    is_order(operation) || operation.kind == OperationKind::Query && needs_id_at_most()
}

/// The names of the operations that can be measured.
pub fn measurable() -> impl Iterator<Item = &'static str> {
    OPERATIONS.iter().filter(|operation| can_measure(operation)).map(|operation| operation.name)
}

/// The largest size of an operation; `None` if it has no size.
pub fn size_max(operation: &Operation) -> Option<u32> {
    match operation.input.members.iter().find(|field| is_size(field))?.schema {
        Schema::List { max, .. } => Some(max),
        _ => Some(limits::PAGE_ITEMS_MAX),
    }
}

/// The cells of a plan: the first is measured twice.
pub(super) fn cell_calls(plan: &Plan) -> Vec<CellCall> {
    let mut all: Vec<CellCall> = Vec::new();
    for operation in &plan.operations {
        let sizes = match size_max(operation) {
            Some(_) => plan.sizes.iter().copied().map(Some).collect(),
            None => vec![None],
        };
        for (size, connections) in sizes.iter().flat_map(|size| plan.connections.iter().map(move |count| (size, count)))
        {
            let request = CallRequest::with_options(operation.name, input(operation, *size), plan.options.clone());
            for (style, version) in
                plan.styles.iter().flat_map(|style| plan.versions.iter().map(move |one| (style, one)))
            {
                let encoded = style.client.encode(&request);
                let encoded = if *version == Version::HTTP_2 { encoded.over_http2() } else { encoded };
                let http = if encoded.version() == Version::HTTP_2 { "2" } else { "1.1" };
                let (operation, size, connections) = (operation.name, *size, *connections);
                let title = style.title.split(' ').next().unwrap_or_default();
                let cell = Cell { operation, size, style: title, http, connections, again: false };
                // A WebSocket has no other version than 1.1, and gRPC none but 2.
                if all.iter().all(|other| other.cell != cell) {
                    all.push(CellCall { cell, style, request: request.clone(), encoded });
                }
            }
        }
    }
    let again = all.first().cloned().map(|first| CellCall { cell: Cell { again: true, ..first.cell }, ..first });
    all.splice(1.min(all.len())..1.min(all.len()), again);
    all
}

pub(super) fn is_order(operation: &Operation) -> bool {
    operation.name == "place_order"
}

fn is_size(field: &Field) -> bool {
    ["limit", "lines"].contains(&field.name)
}

/// The input: its required members, and a size if the operation has one.
fn input(operation: &Operation, size: Option<u32>) -> Value {
    let size = i64::from(size.unwrap_or(1));
    let line = |product: i64| Value::object([("product_id", product.into()), ("quantity", 1.into())]);
    let value = |field: &Field| match field.name {
        "limit" => Value::Int(size),
        "lines" => Value::List((1..=size).map(line).collect()),
        _ => Value::Int(1),
    };
    let members = operation.input.members.iter().filter(|field| field.required || is_size(field));
    Value::object(members.map(|field| (field.name, value(field))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_and_orders_can_be_measured_with_inputs_that_the_shop_accepts() {
        let names: Vec<&str> = measurable().collect();
        for expected in ["get_user", "list_users", "search_products", "get_order_details", "place_order"] {
            assert!(names.contains(&expected), "{names:?}");
        }
        assert!(!names.contains(&"delete_user") && !names.contains(&"watch_events") && !names.contains(&"get_cart"));
        for operation in names.iter().filter_map(|name| Operation::find(name)) {
            let largest = size_max(operation);
            let settled = (operation.settle)(input(operation, largest), &domain::spelling::PLAIN);
            assert!(settled.is_ok(), "{}: {settled:?}", operation.name);
            let too_large =
                (operation.settle)(input(operation, largest.map(|size| size + 1)), &domain::spelling::PLAIN);
            assert!(largest.is_none() || too_large.is_err(), "{}", operation.name);
        }
    }
}
