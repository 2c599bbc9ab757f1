//! What of a thing was asked for, in which order and under which names? GraphQL section 6.3.2, done once for a document: fragments
//! are spread, and what is selected several times under one name is one member.

use super::kinds::{Holds, Kind};
use async_graphql::parser::types::{ExecutableDocument, Field, Selection, SelectionSet};
use async_graphql::{Name, Positioned};

/// A member of an answer.
pub struct Selected {
    /// Its name, as JSON with the colon.
    key: String,
    what: What,
}

/// What a member is.
pub enum What {
    /// The name of the type that it stands in.
    TypeName(&'static str, &'static str),
    /// What a member of the thing holds, and what is asked of that.
    Member(&'static str, Holds, Vec<Selected>),
}

impl Selected {
    /// A field of the root, whose operation replies with that.
    pub fn of_root(document: &ExecutableDocument, kind: Kind, field: &Positioned<Field>) -> Option<Self> {
        let below = below(document, kind, &[field])?;
        Some(Selected { key: key(field), what: What::Member("", Holds::Things(kind), below) })
    }

    /// Its name, as JSON with the colon.
    pub fn key(&self) -> &str {
        &self.key
    }

    /// What it is.
    pub fn what(&self) -> &What {
        &self.what
    }

    /// Whether the thing that it holds was asked for that member.
    pub fn has(&self, member: &str) -> bool {
        let What::Member(_, _, below) = &self.what else { return false };
        below.iter().any(|one| matches!(one.what, What::Member(name, ..) if name == member))
    }
}

fn name(field: &Positioned<Field>) -> &Name {
    &field.node.response_key().node
}

/// A name of GraphQL (section 2.1.9) needs no escapes.
fn key(field: &Positioned<Field>) -> String {
    format!("\"{}\":", name(field))
}

/// What is asked of a thing of that kind by fields of one name, or nothing, if some of it is not plain.
fn below(document: &ExecutableDocument, kind: Kind, same: &[&Positioned<Field>]) -> Option<Vec<Selected>> {
    let asked = Asked::collect(document, same.iter().map(|field| &field.node.selection_set.node))?;
    asked.fields.iter().map(|same| selected(document, kind, same)).collect()
}

fn selected(document: &ExecutableDocument, kind: Kind, same: &[&Positioned<Field>]) -> Option<Selected> {
    let field = same.first()?;
    let what = match field.node.name.node.as_str() {
        "__typename" => {
            let (name, suffix) = kind.type_name();
            What::TypeName(name, suffix)
        }
        name if field.node.arguments.is_empty() => {
            let (member, holds) = kind.member(name)?;
            let below = match &holds {
                Holds::Things(kind) => below(document, *kind, same)?,
                Holds::Leaf | Holds::Id => Vec::new(),
            };
            What::Member(member, holds, below)
        }
        _ => return None,
    };
    Some(Selected { key: key(field), what })
}

/// The fields of selections, those of one name together, in the order in which the names came first.
#[derive(Default)]
pub struct Asked<'d> {
    /// The fields.
    pub fields: Vec<Vec<&'d Positioned<Field>>>,
}

impl<'d> Asked<'d> {
    /// The fields, or nothing, if a directive says when they are there.
    pub fn collect(
        document: &'d ExecutableDocument,
        sets: impl IntoIterator<Item = &'d SelectionSet>,
    ) -> Option<Asked<'d>> {
        let mut asked = Asked::default();
        sets.into_iter().try_for_each(|set| asked.add(document, set))?;
        Some(asked)
    }

    /// The graph has neither interfaces nor unions, so in a valid document a fragment's type is that of where it is spread.
    fn add(&mut self, document: &'d ExecutableDocument, set: &'d SelectionSet) -> Option<()> {
        set.items.iter().try_for_each(|selection| match &selection.node {
            plain if !plain.directives().is_empty() => None,
            Selection::Field(field) => {
                self.join(field);
                Some(())
            }
            Selection::InlineFragment(fragment) => self.add(document, &fragment.node.selection_set.node),
            Selection::FragmentSpread(spread) => {
                let fragment = document.fragments.get(&spread.node.fragment_name.node)?;
                self.add(document, &fragment.node.selection_set.node)
            }
        })
    }

    fn join(&mut self, field: &'d Positioned<Field>) {
        let same = self.fields.iter_mut().find(|same| same.first().is_some_and(|first| name(first) == name(field)));
        match same {
            Some(same) => same.push(field),
            None => self.fields.push(vec![field]),
        }
    }
}
