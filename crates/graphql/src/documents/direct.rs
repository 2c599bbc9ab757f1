//! How is a question answered that has come before? By a plan: what it asks is known to be valid, so it is looked up once in what
//! the shop's replies are made of, and then each request only asks the shop and writes down what was asked for.
//!
//! A plan is for what is plain: fields that are operations, and below them what the replies hold. All else has none, and is executed
//! by async-graphql, as is each question when it comes for the first time: what needs a look-up of its own within a thing (the
//! orders of a user), directives, introspection, mutations and subscriptions. Both answer alike, to the byte.

use crate::errors::of_root;
use crate::schema::operations_of;
use arguments::Argument;
use async_graphql::parser::types::{ExecutableDocument, Field, OperationDefinition, OperationType};
use async_graphql::{Name, Pos, Positioned, ServerError, Variables};
use domain::{Error, Meta, Operation, Reply, Shop, Value};
use futures_util::future::join_all;
use kinds::Kind;
use selection::{Asked, Selected};
use tape::Tape;

mod arguments;
mod kinds;
mod selection;
mod tape;

/// How a query is answered: what the shop is asked, and what of its replies is said.
pub struct Plan(Vec<Root>);

/// What was answered.
pub struct Answer {
    /// What went wrong, in the order of the question.
    pub errors: Vec<ServerError>,
    /// The data, as JSON.
    pub data: String,
}

/// A field of the root: it is an operation.
struct Root {
    selected: Selected,
    /// What it is called in the answer, and where it stands in the question.
    name: Name,
    pos: Pos,
    operation: &'static Operation,
    arguments: Vec<Argument>,
}

impl Plan {
    /// The plan of a valid operation, if all of it is plain.
    pub fn of(document: &ExecutableDocument, operation: &OperationDefinition) -> Option<Plan> {
        if operation.ty != OperationType::Query {
            return None;
        }
        let asked = Asked::collect(document, [&operation.selection_set.node])?;
        let roots = asked.fields.iter().map(|same| match same.as_slice() {
            [field] => Root::of(document, operation, field),
            // They come of fragments, and async-graphql asks for each.
            _ => None,
        });
        roots.collect::<Option<_>>().map(Plan)
    }

    /// Asks the shop and writes its replies. Nothing, if a variable is null where it may not be: async-graphql words that.
    pub async fn answer(&self, shop: &Shop, meta: &Meta, variables: &Variables) -> Option<Answer> {
        let inputs = self.0.iter().map(|root| root.input(variables)).collect::<Option<Vec<_>>>()?;
        let resumed: Vec<bool> = inputs.iter().map(|input| is_given(input, "after")).collect();
        // GraphQL section 6.2.1: the fields of a query may be executed at once.
        let replies = self.0.iter().zip(inputs).map(|(root, input)| shop.answer(meta, root.operation, input));
        let replies = join_all(replies).await;
        let (mut errors, mut tape, mut data) = (Vec::new(), Tape::default(), String::with_capacity(256));
        for ((root, resumed), reply) in self.0.iter().zip(resumed).zip(&replies) {
            data.push(if data.is_empty() { '{' } else { ',' });
            data.push_str(root.selected.key());
            errors.extend(root.write(reply, resumed, &mut tape, &mut data));
        }
        data.push('}');
        Some(Answer { errors, data })
    }
}

impl Root {
    fn of(document: &ExecutableDocument, asking: &OperationDefinition, field: &Positioned<Field>) -> Option<Root> {
        let (operation, selected) = told_by(document, asking.ty, field)?;
        let arguments = Argument::all(asking, &field.node, operation.input)?;
        let name = field.node.response_key().node.clone();
        Some(Root { selected, name, pos: field.pos, operation, arguments })
    }

    fn input(&self, variables: &Variables) -> Option<Value> {
        self.arguments.iter().map(|argument| argument.given(variables)).collect::<Option<_>>().map(Value::Record)
    }

    /// GraphQL section 6.4.4: a failed field is null, and its error says which field.
    fn write(
        &self,
        reply: &Result<Reply, Error>,
        resumed: bool,
        tape: &mut Tape,
        data: &mut String,
    ) -> Option<ServerError> {
        match reply {
            Ok(reply) => {
                tape.clear();
                kinds::tell(reply, resumed, &self.selected, tape);
                tape.write(&self.selected, data);
                None
            }
            Err(error) => {
                data.push_str("null");
                Some(of_root(error, &self.name, self.pos))
            }
        }
    }
}

/// The operation that a field of the root is, if all that is selected below it is plain.
pub fn plain_operation(
    document: &ExecutableDocument,
    root: OperationType,
    field: &Positioned<Field>,
) -> Option<&'static Operation> {
    told_by(document, root, field).map(|(operation, _)| operation)
}

/// The operation whose reply holds what is selected: an order with its user is not told by get_order.
fn told_by(
    document: &ExecutableDocument,
    root: OperationType,
    field: &Positioned<Field>,
) -> Option<(&'static Operation, Selected)> {
    operations_of(root, &field.node.name.node).find_map(|operation| {
        let selected = Selected::of_root(document, Kind::of(&operation.reply)?, field)?;
        Some((operation, selected))
    })
}

fn is_given(input: &Value, member: &str) -> bool {
    input.get(member).is_some_and(|value| *value != Value::Null)
}
