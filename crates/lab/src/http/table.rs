//! `GET /lab/table`: styles, operations with a form for their input, demo users and scenarios.

use super::lab::{Lab, NAME, Person, respond};
use crate::report::JsonObject;
use crate::scenarios::{SCENARIOS, Scenario};
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use domain::access::RequiredAccess;
use domain::operations::{self, OPERATIONS, OperationKind};
use domain::schema::{self, Object, Schema};
use domain::{Error, Shop, Value};
use serde::Serialize;
use wire::json::schema;
use wire::{Adapter, examples};

/// All that can be compared, which changes only with the server.
#[derive(Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Table<'l> {
    styles: Vec<Style>,
    operations: Vec<Operation>,
    people: &'l [Person],
    scenarios: &'static [Scenario],
    sandbox: String,
    /// Whether the server allows injected faults.
    faults: bool,
    webhooks: bool,
    version: &'static str,
}

/// A style.
#[derive(Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Style {
    name: &'static str,
    title: &'static str,
    path: &'static str,
    /// Whether it pushes events.
    streams: bool,
    contracts: Vec<Contract>,
    /// The page on which a browser tries it out.
    explorer: Option<&'static str>,
}

/// A document that describes a style.
#[derive(Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Contract {
    title: &'static str,
    path: &'static str,
    media_type: &'static str,
}

/// An operation.
#[derive(Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Operation {
    name: &'static str,
    doc: &'static str,
    /// `query`, `command` or `stream`.
    kind: &'static str,
    /// The required access: `anyone`, `self` or `staff`.
    who: &'static str,
    /// Whether it accepts an idempotency key.
    is_once: bool,
    members: Vec<Member>,
    example: JsonObject,
}

/// A field of the input.
#[derive(Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Member {
    name: &'static str,
    doc: &'static str,
    required: bool,
    /// As much of JSON Schema as a form needs.
    #[cfg_attr(test, ts(type = "Schema"))]
    schema: JsonObject,
}

pub async fn table(request: HttpRequest, lab: Data<Lab>, shop: Data<Shop>) -> HttpResponse {
    respond(&request, table_of(&request, &lab, &shop))
}

fn table_of<'l>(request: &HttpRequest, lab: &'l Lab, shop: &Shop) -> Result<Table<'l>, Error> {
    let config = &lab.config;
    Ok(Table {
        styles: config.styles.iter().map(|one| style(one, (config.explorer)(one.name))).collect(),
        operations: OPERATIONS.iter().map(|row| operation(row)).collect(),
        people: &config.people,
        scenarios: SCENARIOS,
        sandbox: wire::request_context(request, NAME)?.sandbox.as_str().to_owned(),
        faults: shop.config().allows_faults,
        webhooks: shop.dispatcher().ready().is_ok(),
        version: env!("CARGO_PKG_VERSION"),
    })
}

fn style(style: &Adapter, explorer: Option<&'static str>) -> Style {
    let contract = |contract: &wire::Contract| {
        let wire::Contract { title, path, media_type, .. } = *contract;
        Contract { title, path, media_type }
    };
    let Adapter { name, title, path, streams, .. } = *style;
    Style { name, title, path, streams, contracts: style.contracts.iter().map(contract).collect(), explorer }
}

fn operation(row: &operations::Operation) -> Operation {
    let kind = match row.kind {
        OperationKind::Query => "query",
        OperationKind::Command => "command",
        OperationKind::Stream => "stream",
    };
    let who = match row.who {
        RequiredAccess::Anyone => "anyone",
        RequiredAccess::SelfOrStaff => "self",
        RequiredAccess::Staff => "staff",
    };
    Operation {
        name: row.name,
        doc: row.doc,
        kind,
        who,
        is_once: row.is_once,
        members: row.input.members.iter().map(member).collect(),
        example: JsonObject(examples::input(row)),
    }
}

fn member(field: &schema::Field) -> Member {
    let schema = JsonObject(inlined(&field.schema));
    Member { name: field.name, doc: field.doc, required: field.required, schema }
}

/// The JSON Schema without references to definitions, as a form needs it.
fn inlined(shape: &Schema) -> Value {
    match shape {
        Schema::Enum(set) => Value::object([
            ("type", "string".into()),
            ("description", set.doc.into()),
            ("enum", Value::List(set.words.iter().map(|word| (*word).into()).collect())),
        ]),
        Schema::List { item, min, max } => Value::object([
            ("type", "array".into()),
            ("items", inlined(item)),
            ("minItems", i64::from(*min).into()),
            ("maxItems", i64::from(*max).into()),
        ]),
        Schema::Object(of) => object(of),
        Schema::Int { .. } | Schema::Id { .. } | Schema::Text { .. } | Schema::Cursor | Schema::Time => {
            // What `serde_json` has written is JSON.
            wire::json::read(schema(shape, "").to_string().as_bytes()).unwrap_or(Value::Null)
        }
    }
}

fn object(of: &Object) -> Value {
    let property = |field: &schema::Field| {
        let mut schema = inlined(&field.schema);
        if let Value::Object(members) = &mut schema {
            members.retain(|(name, _)| name != "description");
            members.push(("description".to_owned(), field.doc.into()));
        }
        (field.name, schema)
    };
    let required = of.members.iter().filter(|field| field.required).map(|field| field.name.into());
    Value::object([
        ("type", "object".into()),
        ("description", of.doc.into()),
        ("properties", Value::object(of.members.iter().map(property))),
        ("required", Value::List(required.collect())),
        ("additionalProperties", Value::Bool(false)),
    ])
}
