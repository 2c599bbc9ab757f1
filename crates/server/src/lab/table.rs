//! What is there to be compared? Every style, every operation with a form for its input, the people one may be, and the scenarios.

use super::{NAME, answer};
use crate::{explorers, pages, protocols::PROTOCOLS};
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use domain::access::Who;
use domain::operations::{OPERATIONS, OperationKind};
use domain::shape::{Member, Record, Shape};
use domain::users::UserId;
use domain::{Error, Operation, Shop, Value};
use wire::json::schema;
use wire::{Adapter, examples};

/// `GET /lab/table`
pub async fn tell(request: HttpRequest, shop: Data<Shop>) -> HttpResponse {
    answer(&request, told(&request, &shop))
}

fn told(request: &HttpRequest, shop: &Shop) -> Result<Value, Error> {
    let scenario = |scenario: &lab::scenarios::Scenario| {
        Value::record([
            ("name", scenario.name.into()),
            ("title", scenario.title.into()),
            ("doc", scenario.doc.into()),
            ("takes_faults", Value::Bool(scenario.takes_faults)),
        ])
    };
    let people = pages::PEOPLE.iter().map(|(id, role)| person(UserId(*id), role));
    Ok(Value::record([
        ("styles", Value::List(PROTOCOLS.iter().map(style).collect())),
        ("operations", Value::List(OPERATIONS.iter().map(|row| operation(row)).collect())),
        ("people", Value::List(people.collect())),
        ("scenarios", Value::List(lab::scenarios::SCENARIOS.iter().map(scenario).collect())),
        ("sandbox", wire::meta(request, NAME)?.sandbox.as_str().into()),
        ("faults", Value::Bool(shop.house().grants_faults)),
        ("webhooks", Value::Bool(shop.couriers().ready().is_ok())),
        ("version", env!("CARGO_PKG_VERSION").into()),
    ]))
}

fn style(style: &Adapter) -> Value {
    let contract = |contract: &wire::Contract| {
        let wire::Contract { title, path, media_type, .. } = *contract;
        Value::record([("title", title.into()), ("path", path.into()), ("media_type", media_type.into())])
    };
    let explorer = explorers::of(style.name).next();
    Value::record([
        ("name", style.name.into()),
        ("title", style.title.into()),
        ("path", style.path.into()),
        ("streams", Value::Bool(style.streams)),
        ("contracts", Value::List(style.contracts.iter().map(contract).collect())),
        ("explorer", explorer.map_or(Value::Null, |explorer| explorer.path.into())),
    ])
}

fn operation(row: &Operation) -> Value {
    let kind = match row.kind {
        OperationKind::Query => "query",
        OperationKind::Command => "command",
        OperationKind::Stream => "stream",
    };
    let who = match row.who {
        Who::Anyone => "anyone",
        Who::SelfOrStaff => "self",
        Who::Staff => "staff",
    };
    Value::record([
        ("name", row.name.into()),
        ("doc", row.doc.into()),
        ("kind", kind.into()),
        ("who", who.into()),
        ("is_once", Value::Bool(row.is_once)),
        ("members", Value::List(row.input.members.iter().map(member).collect())),
        ("example", examples::input(row)),
    ])
}

fn member(member: &Member) -> Value {
    Value::record([
        ("name", member.name.into()),
        ("doc", member.doc.into()),
        ("required", Value::Bool(member.required)),
        ("schema", whole(&member.shape)),
    ])
}

/// The JSON Schema of a shape, all in one: what the contracts refer to by name stands where it is meant, as a form needs it.
fn whole(shape: &Shape) -> Value {
    match shape {
        Shape::Word(words) => Value::record([
            ("type", "string".into()),
            ("description", words.doc.into()),
            ("enum", Value::List(words.words.iter().map(|word| (*word).into()).collect())),
        ]),
        Shape::List { item, min, max } => Value::record([
            ("type", "array".into()),
            ("items", whole(item)),
            ("minItems", i64::from(*min).into()),
            ("maxItems", i64::from(*max).into()),
        ]),
        Shape::Record(record) => object(record),
        Shape::Int { .. } | Shape::Id { .. } | Shape::Text { .. } | Shape::Cursor | Shape::Time => {
            // What `serde_json` has written is JSON.
            wire::json::read(schema(shape, "").to_string().as_bytes()).unwrap_or(Value::Null)
        }
    }
}

fn object(record: &Record) -> Value {
    let described = |member: &Member| {
        let mut schema = whole(&member.shape);
        if let Value::Record(members) = &mut schema {
            members.retain(|(name, _)| name != "description");
            members.push(("description".to_owned(), member.doc.into()));
        }
        (member.name, schema)
    };
    let required = record.members.iter().filter(|member| member.required).map(|member| member.name.into());
    Value::record([
        ("type", "object".into()),
        ("description", record.doc.into()),
        ("properties", Value::record(record.members.iter().map(described))),
        ("required", Value::List(required.collect())),
        ("additionalProperties", Value::Bool(false)),
    ])
}

fn person(id: UserId, role: &str) -> Value {
    let (name, email) = (crate::seed::name_of(id.0), crate::seed::email_of(id.0));
    Value::record([
        ("user_id", i64::from(id.0).into()),
        ("name", Value::text(name)),
        ("role", role.into()),
        ("email", Value::text(email)),
        ("password", auth::demo::PASSWORD.into()),
        ("api_key", auth::demo::api_key(id).reveal().into()),
    ])
}
