//! What is there to be compared? Every style, every operation with a form for its input, the people one may be, and the scenarios.

use super::{Lab, NAME, Person, answer};
use crate::scenarios::{SCENARIOS, Scenario};
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use domain::access::Who;
use domain::operations::{OPERATIONS, OperationKind};
use domain::shape::{Member, Record, Shape};
use domain::{Error, Operation, Shop, Value};
use wire::json::schema;
use wire::{Adapter, examples};

/// `GET /lab/table`
pub async fn tell(request: HttpRequest, lab: Data<Lab>, shop: Data<Shop>) -> HttpResponse {
    answer(&request, told(&request, &lab, &shop))
}

fn told(request: &HttpRequest, lab: &Lab, shop: &Shop) -> Result<Value, Error> {
    let scenario = |scenario: &Scenario| {
        Value::record([
            ("name", scenario.name.into()),
            ("title", scenario.title.into()),
            ("doc", scenario.doc.into()),
            ("takes_faults", Value::Bool(scenario.takes_faults)),
        ])
    };
    let setting = &lab.setting;
    let styles = setting.styles.iter().map(|one| style(one, (setting.explorer)(one.name)));
    Ok(Value::record([
        ("styles", Value::List(styles.collect())),
        ("operations", Value::List(OPERATIONS.iter().map(|row| operation(row)).collect())),
        ("people", Value::List(setting.people.iter().map(person).collect())),
        ("scenarios", Value::List(SCENARIOS.iter().map(scenario).collect())),
        ("sandbox", wire::meta(request, NAME)?.sandbox.as_str().into()),
        ("faults", Value::Bool(shop.house().grants_faults)),
        ("webhooks", Value::Bool(shop.couriers().ready().is_ok())),
        ("version", env!("CARGO_PKG_VERSION").into()),
    ]))
}

fn style(style: &Adapter, explorer: Option<&str>) -> Value {
    let contract = |contract: &wire::Contract| {
        let wire::Contract { title, path, media_type, .. } = *contract;
        Value::record([("title", title.into()), ("path", path.into()), ("media_type", media_type.into())])
    };
    Value::record([
        ("name", style.name.into()),
        ("title", style.title.into()),
        ("path", style.path.into()),
        ("streams", Value::Bool(style.streams)),
        ("contracts", Value::List(style.contracts.iter().map(contract).collect())),
        ("explorer", explorer.map_or(Value::Null, Value::text)),
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

fn person(person: &Person) -> Value {
    let Person { user_id, name, role, email, password, api_key } = person;
    Value::record([
        ("user_id", i64::from(*user_id).into()),
        ("name", Value::text(name)),
        ("role", (*role).into()),
        ("email", Value::text(email)),
        ("password", (*password).into()),
        ("api_key", Value::text(api_key)),
    ])
}
