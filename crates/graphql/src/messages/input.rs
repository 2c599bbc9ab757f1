//! From an input of GraphQL to one of the shop, by the input's schema: names become snake_case, enum values
//! lower case, and an ID becomes what the member needs.

use super::GraphqlValue;
use crate::SPELLING;
use crate::errors::of_field;
use async_graphql::indexmap::IndexMap;
use async_graphql::registry::{Deprecation, MetaInputValue, MetaType, MetaTypeId, Registry};
use async_graphql::{Context, Error, ID, InputType, InputValueResult};
use domain::operations::{self, Input};
use domain::schema::{Enum, Field, Object, Schema};
use domain::{RequestContext, Shop, Value};
use std::borrow::Cow;
use std::marker::PhantomData;
use wire::names;

/// The input object of an operation, made from the row of the table.
pub struct Given<I> {
    /// The input for the shop.
    value: Value,
    of: PhantomData<fn() -> I>,
}

impl<I: Input> Given<I> {
    /// The given value.
    pub fn read(given: GraphqlValue) -> Self {
        Given { value: read(I::OPERATION.input, given), of: PhantomData }
    }

    /// The input as the shop has it, or all violations.
    pub fn decode(self) -> Result<I, Error> {
        operations::parse_spelled(self.value, &SPELLING).map_err(|error| of_field(error.spelled(&SPELLING)))
    }

    /// Calls the shop with it.
    pub async fn call(self, ctx: &Context<'_>) -> Result<I::Reply, Error> {
        let reply = ctx.data::<Shop>()?.decode_and_call::<I>(ctx.data::<RequestContext>()?, self.value).await;
        reply.map_err(of_field)
    }

    /// The id in the input, as the client wrote it.
    pub fn id(&self) -> Option<ID> {
        match self.value.get("id") {
            Some(Value::Int(id)) => Some(id.to_string().into()),
            Some(Value::RawText(id)) => Some(id.as_str().into()),
            _ => None,
        }
    }
}

impl<I: Input> InputType for Given<I> {
    type RawValueType = Self;

    fn type_name() -> Cow<'static, str> {
        input_name(I::OPERATION.input).into()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        registry
            .create_input_type::<Self, _>(MetaTypeId::InputObject, |registry| described(I::OPERATION.input, registry))
    }

    fn parse(value: Option<GraphqlValue>) -> InputValueResult<Self> {
        Ok(Given::read(value.unwrap_or_default()))
    }

    /// Only for default values, which no input has.
    fn to_value(&self) -> GraphqlValue {
        GraphqlValue::Null
    }

    fn as_raw_value(&self) -> Option<&Self> {
        Some(self)
    }
}

/// An input object, and those within it.
fn described(record: &'static Object, registry: &mut Registry) -> MetaType {
    let mut input_fields = IndexMap::new();
    for member in record.members {
        let item = match member.schema {
            Schema::List { item, .. } => *item,
            shape => shape,
        };
        if let Schema::Object(part) = item {
            let part_type = described(part, registry);
            registry.types.insert(input_name(part), part_type);
        }
        let name = names::camel(member.name);
        let field = MetaInputValue {
            name: name.clone(),
            description: Some(member.doc.to_owned()),
            ty: document_type(member),
            deprecation: Deprecation::NoDeprecated,
            default_value: None,
            visible: None,
            inaccessible: false,
            tags: Vec::new(),
            is_secret: false,
            directive_invocations: Vec::new(),
        };
        input_fields.insert(name, field);
    }
    MetaType::InputObject {
        name: input_name(record),
        description: Some(record.doc.to_owned()),
        input_fields,
        visible: None,
        inaccessible: false,
        tags: Vec::new(),
        rust_typename: None,
        oneof: false,
        directive_invocations: Vec::new(),
    }
}

/// The name of an input object; the lines of an order already end in `Input`.
fn input_name(record: &Object) -> String {
    format!("{}Input", record.name.trim_end_matches("Input"))
}

/// The type of a member in the graph.
pub fn document_type(member: &Field) -> String {
    let mark = if member.required { "!" } else { "" };
    format!("{}{mark}", type_of(&member.schema))
}

fn type_of(shape: &Schema) -> String {
    match shape {
        Schema::Int { .. } => "Int".to_owned(),
        Schema::Id { .. } => "ID".to_owned(),
        Schema::Text { .. } | Schema::Cursor => "String".to_owned(),
        Schema::Time => "DateTime".to_owned(),
        Schema::Enum(words) => words.name.to_owned(),
        Schema::List { item, .. } => format!("[{}!]", type_of(item)),
        Schema::Object(record) => input_name(record),
    }
}

/// The arguments of a field as one value.
macro_rules! arguments {
    ($($argument:ident),*) => {{
        let members = [$((async_graphql::Name::new((crate::SPELLING.names.member)(stringify!($argument))), async_graphql::InputType::to_value(&$argument))),*];
        async_graphql::Value::Object(members.into_iter().collect())
    }};
}
pub(crate) use arguments;

/// An operation's input.
pub fn read(record: &Object, value: GraphqlValue) -> Value {
    let GraphqlValue::Object(members) = value else {
        return read_plain(value);
    };
    let members = members.into_iter().map(|(name, value)| {
        let member = if name == "first" { "limit".to_owned() } else { names::snake(&name) };
        match record.member(&member).filter(|_| (SPELLING.names.member)(&member) == *name) {
            Some(known) => (member, read_shaped(&known.schema, value)),
            None => (names::written(&name), read_plain(value)),
        }
    });
    Value::Object(members.collect())
}

/// A value of a member.
fn read_shaped(shape: &Schema, value: GraphqlValue) -> Value {
    match (shape, value) {
        (Schema::Id { .. }, GraphqlValue::String(text)) => Value::RawText(text),
        (Schema::Enum(words), GraphqlValue::Enum(name)) => read_word(words, &name).unwrap_or_else(|| literal(&name)),
        // A variable has an enum value as a text.
        (Schema::Enum(words), GraphqlValue::String(text)) => {
            read_word(words, &text).unwrap_or_else(|| literal(&format!("\"{text}\"")))
        }
        (Schema::List { item, .. }, GraphqlValue::List(items)) => {
            Value::List(items.into_iter().map(|value| read_shaped(item, value)).collect())
        }
        // GraphQL section 3.11: a single value stands for a list of one.
        (Schema::List { item, .. }, value) if value != GraphqlValue::Null => {
            Value::List(vec![read_shaped(item, value)])
        }
        (Schema::Object(record), value) => read(record, value),
        (_, value) => read_plain(value),
    }
}

/// `PLACED` as `placed`.
fn read_word(words: &Enum, text: &str) -> Option<Value> {
    words.words.iter().find(|word| names::upper(word) == text).map(|word| Value::from(*word))
}

/// What is no word. Every schema refuses a fraction and shows it as it was written.
fn literal(text: &str) -> Value {
    Value::Fraction(text.to_owned())
}

fn read_plain(value: GraphqlValue) -> Value {
    match value {
        GraphqlValue::Null | GraphqlValue::Binary(_) => Value::Null,
        GraphqlValue::Boolean(value) => Value::Bool(value),
        GraphqlValue::Number(number) => number.as_i64().map_or_else(|| Value::Fraction(number.to_string()), Value::Int),
        GraphqlValue::String(text) => Value::Text(text),
        GraphqlValue::Enum(name) => Value::text(name.as_str()),
        GraphqlValue::List(items) => Value::List(items.into_iter().map(read_plain).collect()),
        GraphqlValue::Object(members) => {
            Value::Object(members.into_iter().map(|(name, value)| (names::written(&name), read_plain(value))).collect())
        }
    }
}
