//! What is an operation given by the arguments of its field? Constants are read once, variables for each request.

use crate::messages::input::{member_of, read_shaped};
use async_graphql::parser::types::{Field, OperationDefinition};
use async_graphql::{Name, Value as GraphqlValue, Variables};
use domain::Value;
use domain::shape::{Member, Record};

/// An argument of a field: a member of the operation's input.
pub struct Argument {
    member: &'static Member,
    given: Given,
}

enum Given {
    Constant(Value),
    Variable { name: Name, default: Option<GraphqlValue> },
}

impl Argument {
    /// The arguments of a field, if each is a constant or a variable. A constant with variables in it is not plain.
    pub fn all(asking: &OperationDefinition, field: &Field, input: &'static Record) -> Option<Vec<Self>> {
        let arguments = field.arguments.iter().map(|(name, value)| {
            let member = input.member(&member_of(input, &name.node))?;
            let given = match value.node.clone().into_const_with(Err) {
                Ok(constant) => Given::Constant(read_shaped(&member.shape, constant)),
                Err(name) if value.node.to_string() == format!("${name}") => Given::variable(asking, name)?,
                Err(_) => return None,
            };
            Some(Argument { member, given })
        });
        arguments.collect()
    }

    /// What the member is given. GraphQL section 6.4.1: a variable that was not given has its default, and without one the argument was
    /// not given, as if it were null. Nothing, if that may not be.
    pub fn given(&self, variables: &Variables) -> Option<(String, Value)> {
        let value = match &self.given {
            Given::Constant(value) => value.clone(),
            Given::Variable { name, default } => match variables.get(name).or(default.as_ref()) {
                Some(value) => read_shaped(&self.member.shape, value.clone()),
                None => Value::Null,
            },
        };
        let may_be = value != Value::Null || !self.member.required;
        may_be.then(|| (self.member.name.to_owned(), value))
    }
}

impl Given {
    fn variable(asking: &OperationDefinition, name: Name) -> Option<Self> {
        let declared = asking.variable_definitions.iter().find(|one| one.node.name.node == name)?;
        let default = declared.node.default_value.as_ref().map(|value| value.node.clone());
        Some(Given::Variable { name, default })
    }
}
