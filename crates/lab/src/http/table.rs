//! What is there to be compared? Every style, every operation with a form for its input, the people one may be, and the scenarios.

use super::{Lab, NAME, Person, answer};
use crate::report::JsonObject;
use crate::scenarios::{self, SCENARIOS};
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use domain::access::RequiredAccess;
use domain::operations::{self, OPERATIONS, OperationKind};
use domain::schema::{self, Object, Schema};
use domain::{Error, Shop, Value};
use serde::Serialize;
#[cfg(test)]
use ts_rs::TS;
use wire::json::schema;
use wire::{Adapter, examples};

/// All that the page need not ask again.
#[derive(Serialize)]
#[cfg_attr(test, derive(TS))]
pub struct Table<'l> {
    styles: Vec<Style>,
    operations: Vec<Operation>,
    people: &'l [Person],
    scenarios: Vec<ScenarioName>,
    sandbox: String,
    /// Whether the server lets requests fail that wish for it.
    faults: bool,
    webhooks: bool,
    version: &'static str,
}

/// A style.
#[derive(Serialize)]
#[cfg_attr(test, derive(TS))]
pub struct Style {
    name: &'static str,
    title: &'static str,
    path: &'static str,
    /// Whether news are pushed in it.
    streams: bool,
    contracts: Vec<Contract>,
    /// Where a browser tries it out.
    explorer: Option<&'static str>,
}

/// A document that describes a style.
#[derive(Serialize)]
#[cfg_attr(test, derive(TS))]
pub struct Contract {
    title: &'static str,
    path: &'static str,
    media_type: &'static str,
}

/// An operation.
#[derive(Serialize)]
#[cfg_attr(test, derive(TS))]
pub struct Operation {
    name: &'static str,
    doc: &'static str,
    /// `query`, `command` or `stream`.
    kind: &'static str,
    /// Who may: `anyone`, `self` or `staff`.
    who: &'static str,
    /// Whether it happens once under a key.
    is_once: bool,
    members: Vec<Member>,
    example: JsonObject,
}

/// A member of its input.
#[derive(Serialize)]
#[cfg_attr(test, derive(TS))]
pub struct Member {
    name: &'static str,
    doc: &'static str,
    required: bool,
    schema: JsonSchema,
}

/// A scenario that may be played.
#[derive(Serialize)]
#[cfg_attr(test, derive(TS))]
pub struct ScenarioName {
    name: &'static str,
    title: &'static str,
    doc: &'static str,
    /// Whether it takes a server that lets requests fail.
    takes_faults: bool,
}

/// As much of JSON Schema as a form needs.
#[derive(Serialize)]
#[cfg_attr(test, derive(TS), ts(type = "Schema"))]
pub struct JsonSchema(JsonObject);

/// `GET /lab/table`
pub async fn tell(request: HttpRequest, lab: Data<Lab>, shop: Data<Shop>) -> HttpResponse {
    answer(&request, table(&request, &lab, &shop))
}

fn table<'l>(request: &HttpRequest, lab: &'l Lab, shop: &Shop) -> Result<Table<'l>, Error> {
    let setting = &lab.setting;
    let scenario = |scenario: &scenarios::Scenario| {
        let scenarios::Scenario { name, title, doc, takes_faults, .. } = *scenario;
        ScenarioName { name, title, doc, takes_faults }
    };
    Ok(Table {
        styles: setting.styles.iter().map(|one| style(one, (setting.explorer)(one.name))).collect(),
        operations: OPERATIONS.iter().map(|row| operation(row)).collect(),
        people: &setting.people,
        scenarios: SCENARIOS.iter().map(scenario).collect(),
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

fn member(member: &schema::Field) -> Member {
    let schema = JsonSchema(JsonObject(whole(&member.schema)));
    Member { name: member.name, doc: member.doc, required: member.required, schema }
}

/// The JSON Schema of a shape, all in one: what the contracts refer to by name stands where it is meant, as a form needs it.
fn whole(shape: &Schema) -> Value {
    match shape {
        Schema::Enum(words) => Value::object([
            ("type", "string".into()),
            ("description", words.doc.into()),
            ("enum", Value::List(words.words.iter().map(|word| (*word).into()).collect())),
        ]),
        Schema::List { item, min, max } => Value::object([
            ("type", "array".into()),
            ("items", whole(item)),
            ("minItems", i64::from(*min).into()),
            ("maxItems", i64::from(*max).into()),
        ]),
        Schema::Object(record) => object(record),
        Schema::Int { .. } | Schema::Id { .. } | Schema::Text { .. } | Schema::Cursor | Schema::Time => {
            // What `serde_json` has written is JSON.
            wire::json::read(schema(shape, "").to_string().as_bytes()).unwrap_or(Value::Null)
        }
    }
}

fn object(record: &Object) -> Value {
    let described = |member: &schema::Field| {
        let mut schema = whole(&member.schema);
        if let Value::Object(members) = &mut schema {
            members.retain(|(name, _)| name != "description");
            members.push(("description".to_owned(), member.doc.into()));
        }
        (member.name, schema)
    };
    let required = record.members.iter().filter(|member| member.required).map(|member| member.name.into());
    Value::object([
        ("type", "object".into()),
        ("description", record.doc.into()),
        ("properties", Value::object(record.members.iter().map(described))),
        ("required", Value::List(required.collect())),
        ("additionalProperties", Value::Bool(false)),
    ])
}
