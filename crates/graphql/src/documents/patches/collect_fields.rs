//! The operation for async-graphql 7.2.1, with its fields collected (GraphQL section 6.3.2).
//!
//! async-graphql executes each selection separately (<https://github.com/async-graphql/async-graphql/issues/1840>): a mutation
//! in two fragments is executed twice, and a subscription in a fragment is not started. And its parser reads the grammar of 2021,
//! without descriptions of operations and without `\u{...}` in strings; this code does without it.

use crate::documents::values::{root_type, value};
use apollo_compiler::ast::{Argument, Directive, Value as ParsedValue};
use apollo_compiler::executable::{DirectiveList, SelectionSet as ParsedSet};
use apollo_compiler::executable::{ExecutableDocument, Field as ParsedField, Operation, Selection as Parsed};
use apollo_compiler::parser::SourceSpan;
use apollo_compiler::{Name as ParsedName, Node};
use async_graphql::indexmap::IndexMap;
use async_graphql::parser::types::{Field, OperationDefinition, Selection, SelectionSet};
use async_graphql::parser::types::{Type, VariableDefinition};
use async_graphql::{Name, Pos, Positioned, Value as Constant, Variables};
use async_graphql_value::Value;
use std::cell::Cell;
use std::collections::HashSet;

/// A field that is selected only where all others were left out: an object without members would be null. No client can
/// write this name.
pub const PLACEHOLDER: &str = "-";

/// The operation with its fields collected, and whether that depends on the values of its variables.
pub fn collect(
    document: &ExecutableDocument,
    operation: &Operation,
    variables: &Variables,
) -> (OperationDefinition, bool) {
    let collector = Collector { document, variables, uses_variables: Cell::new(false) };
    let collected = collector.operation(operation);
    (collected, collector.uses_variables.get())
}

/// The fields of a collected selection, which has nothing else.
pub fn fields(selection: &SelectionSet) -> impl Iterator<Item = &Field> {
    selection.items.iter().filter_map(|item| match &item.node {
        Selection::Field(field) => Some(&field.node),
        Selection::FragmentSpread(_) | Selection::InlineFragment(_) => None,
    })
}

struct Collector<'d> {
    document: &'d ExecutableDocument,
    variables: &'d Variables,
    /// Whether a directive depends on a variable.
    uses_variables: Cell<bool>,
}

/// Selections by response name, in the order of their first appearance.
type Found<'d> = IndexMap<&'d ParsedName, Vec<&'d Node<ParsedField>>>;

impl<'d> Collector<'d> {
    fn operation(&self, operation: &'d Operation) -> OperationDefinition {
        OperationDefinition {
            ty: root_type(operation.operation_type),
            variable_definitions: operation.variables.iter().map(|one| self.variable(one)).collect(),
            directives: Vec::new(),
            selection_set: self.at(None, self.merged(&[&operation.selection_set])),
        }
    }

    /// The fields of selections, those of one response name as one.
    fn merged(&self, sets: &[&'d ParsedSet]) -> SelectionSet {
        let (mut found, mut visited) = (Found::new(), HashSet::new());
        sets.iter().for_each(|set| self.add(set, &mut visited, &mut found));
        let items = found.values().filter_map(|same| self.field(same));
        SelectionSet { items: items.collect() }
    }

    fn add(&self, set: &'d ParsedSet, visited: &mut HashSet<&'d str>, found: &mut Found<'d>) {
        for selection in &set.selections {
            if !self.is_included(selection.directives()) {
                continue;
            }
            // The graph has neither interfaces nor unions, so in a valid document every fragment applies.
            match selection {
                Parsed::Field(field) => found.entry(field.response_name()).or_default().push(field),
                Parsed::InlineFragment(fragment) => self.add(&fragment.selection_set, visited, found),
                Parsed::FragmentSpread(spread) => {
                    let fragment = self.document.fragments.get(&spread.fragment_name);
                    if let Some(fragment) = fragment.filter(|fragment| visited.insert(fragment.name.as_str())) {
                        self.add(&fragment.selection_set, visited, found);
                    }
                }
            }
        }
    }

    /// GraphQL sections 3.13.1 and 3.13.2.
    fn is_included(&self, directives: &DirectiveList) -> bool {
        let says = |directive: &Node<Directive>| match directive.specified_argument_by_name("if").map(|value| &**value)
        {
            Some(ParsedValue::Boolean(is)) => *is,
            Some(ParsedValue::Variable(name)) => {
                self.uses_variables.set(true);
                self.variables.get(name.as_str()) == Some(&Constant::Boolean(true))
            }
            _ => false,
        };
        directives.iter().all(|directive| match directive.name.as_str() {
            "skip" => !says(directive),
            "include" => says(directive),
            _ => true,
        })
    }

    fn field(&self, same: &[&'d Node<ParsedField>]) -> Option<Positioned<Selection>> {
        let first = same.first()?;
        let sets: Vec<_> = same.iter().filter_map(|field| field.selection_set.as_ref()).collect();
        let mut below = self.merged(&sets);
        if below.items.is_empty() && !sets.is_empty() {
            below.items.push(placeholder());
        }
        let field = Field {
            alias: first.alias.as_ref().map(|alias| self.name(alias)),
            name: self.name(&first.name),
            arguments: first.arguments.iter().map(|argument| self.argument(argument)).collect(),
            directives: Vec::new(),
            selection_set: self.at(None, below),
        };
        Some(self.at(first.location(), Selection::Field(self.at(first.location(), field))))
    }

    fn argument(&self, argument: &Node<Argument>) -> (Positioned<Name>, Positioned<Value>) {
        let value = self.at(argument.value.location(), value(&argument.value));
        (self.name(&argument.name), value)
    }

    /// Defaults are already in the values, so only the name and the type matter.
    fn variable(
        &self,
        declared: &Node<apollo_compiler::executable::VariableDefinition>,
    ) -> Positioned<VariableDefinition> {
        let at = declared.location();
        let wanted = Type::new(&declared.ty.to_string());
        let wanted = wanted.unwrap_or_else(|| unreachable!("{} is a type in all grammars", declared.ty));
        let definition = VariableDefinition {
            name: self.name(&declared.name),
            var_type: self.at(at, wanted),
            directives: Vec::new(),
            default_value: None,
        };
        self.at(at, definition)
    }

    fn name(&self, name: &ParsedName) -> Positioned<Name> {
        self.at(name.location(), Name::new(name))
    }

    fn at<T>(&self, span: Option<SourceSpan>, node: T) -> Positioned<T> {
        let place = span.and_then(|span| span.line_column(&self.document.sources));
        Positioned::new(node, place.map_or(Pos::default(), |place| Pos { line: place.line, column: place.column }))
    }
}

fn placeholder() -> Positioned<Selection> {
    let here = |name| Positioned::new(Name::new(name), Pos::default());
    let field = Field {
        alias: Some(here(PLACEHOLDER)),
        name: here("__typename"),
        arguments: Vec::new(),
        directives: Vec::new(),
        selection_set: Positioned::default(),
    };
    Positioned::new(Selection::Field(Positioned::new(field, Pos::default())), Pos::default())
}
