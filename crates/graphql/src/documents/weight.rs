//! How much may a document ask? First its text is measured, so that the parser is not led astray; then the document with
//! its fragments spread, because a few lines of fragments in fragments can mean a billion fields.

use super::tokens::tokens;
use super::too_large;
use crate::errors::Refusal;
use async_graphql::parser::types::{ExecutableDocument, Selection, SelectionSet};
use domain::{Error, Reason};
use std::collections::HashMap;

/// Bytes of a document. The largest sensible one, a tool's introspection, needs about 2 KiB.
const DOCUMENT_BYTES_MAX: usize = 32 * 1024;
/// Words, numbers, texts and signs of a document.
const TOKENS_MAX: usize = 2_000;
/// Brackets inside each other: the parser goes down with each.
const BRACKETS_DEPTH_MAX: usize = 50;
/// Fields inside each other. A tool's introspection needs 15.
const FIELDS_DEPTH_MAX: usize = 15;
/// Fields, each time that they are selected.
const FIELDS_MAX: usize = 1_000;
/// Fields of the root: each is a call of its own. (There is no batch either.)
const ROOT_FIELDS_MAX: usize = 20;
/// Fields with another name than their own: an alias is how the same is asked a hundred times.
const ALIASES_MAX: usize = 50;
/// Directives.
const DIRECTIVES_MAX: usize = 50;
/// Lists of the schema inside each other. A tool's introspection asks for the fields of the types; the fields of the types of
/// the fields of the types, and so on, are millions.
const SCHEMA_LISTS_MAX: usize = 2;

/// Which lists of the schema (GraphQL section 4.1) have things in them that have such lists again.
const SCHEMA_LISTS: &[&str] = &["fields", "inputFields", "interfaces", "possibleTypes"];

/// Measures the text of a document.
pub fn check_text(query: &str) -> Result<(), Refusal> {
    if query.len() > DOCUMENT_BYTES_MAX {
        return Err(too_large("bytes", query.len(), DOCUMENT_BYTES_MAX));
    }
    let (mut count, mut depth) = (0, 0_usize);
    for token in tokens(query) {
        match query.as_bytes()[token.start] {
            b'{' | b'[' | b'(' => depth += 1,
            b'}' | b']' | b')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        count += 1;
        if depth > BRACKETS_DEPTH_MAX {
            return Err(too_large("brackets inside each other", depth, BRACKETS_DEPTH_MAX));
        }
    }
    if count > TOKENS_MAX { Err(too_large("tokens", count, TOKENS_MAX)) } else { Ok(()) }
}

/// Measures a document.
pub fn check(document: &ExecutableDocument) -> Result<(), Refusal> {
    let mut scale = Scale { document, known: HashMap::new() };
    let mut whole = Weight::default();
    for (_, operation) in document.operations.iter() {
        let mut weight = scale.weigh(&operation.node.selection_set.node)?;
        weight.directives += operation.node.directives.len();
        whole.roots = whole.roots.max(weight.roots);
        whole.add(&weight);
    }
    for name in document.fragments.keys() {
        scale.weigh_fragment(name)?;
    }
    for (what, is, max) in [
        ("levels of fields", whole.depth, FIELDS_DEPTH_MAX),
        ("fields", whole.fields, FIELDS_MAX),
        ("root fields", whole.roots, ROOT_FIELDS_MAX),
        ("aliases", whole.aliases, ALIASES_MAX),
        ("directives", whole.directives, DIRECTIVES_MAX),
        ("lists of the schema inside each other", whole.schema_lists, SCHEMA_LISTS_MAX),
    ] {
        if is > max {
            return Err(too_large(what, is, max));
        }
    }
    Ok(())
}

/// What a selection weighs, with its fragments spread.
#[derive(Clone, Copy, Default)]
struct Weight {
    depth: usize,
    fields: usize,
    /// Fields of the selection itself, without those below.
    roots: usize,
    aliases: usize,
    directives: usize,
    schema_lists: usize,
}

impl Weight {
    /// Adds all but the roots.
    fn add(&mut self, other: &Weight) {
        self.depth = self.depth.max(other.depth);
        self.schema_lists = self.schema_lists.max(other.schema_lists);
        self.fields = self.fields.saturating_add(other.fields);
        self.aliases = self.aliases.saturating_add(other.aliases);
        self.directives = self.directives.saturating_add(other.directives);
    }
}

struct Scale<'d> {
    document: &'d ExecutableDocument,
    /// Fragments that were weighed; nothing for those that are being weighed.
    known: HashMap<&'d str, Option<Weight>>,
}

impl<'d> Scale<'d> {
    fn weigh(&mut self, selections: &'d SelectionSet) -> Result<Weight, Refusal> {
        let mut weight = Weight::default();
        for selection in &selections.items {
            weight.directives = weight.directives.saturating_add(selection.node.directives().len());
            match &selection.node {
                Selection::Field(field) => {
                    let mut own = self.weigh(&field.node.selection_set.node)?;
                    own.depth += 1;
                    own.schema_lists += usize::from(SCHEMA_LISTS.contains(&field.node.name.node.as_str()));
                    own.fields = own.fields.saturating_add(1);
                    own.aliases = own.aliases.saturating_add(usize::from(field.node.alias.is_some()));
                    weight.add(&own);
                    weight.roots = weight.roots.saturating_add(1);
                }
                Selection::InlineFragment(fragment) => {
                    let within = self.weigh(&fragment.node.selection_set.node)?;
                    weight.add(&within);
                    weight.roots = weight.roots.saturating_add(within.roots);
                }
                Selection::FragmentSpread(spread) => {
                    let within = self.weigh_fragment(&spread.node.fragment_name.node)?;
                    weight.add(&within);
                    weight.roots = weight.roots.saturating_add(within.roots);
                }
            }
        }
        Ok(weight)
    }

    fn weigh_fragment(&mut self, name: &str) -> Result<Weight, Refusal> {
        // That a fragment is not there is for the validation to say.
        let Some((name, fragment)) = self.document.fragments.get_key_value(name) else {
            return Ok(Weight::default());
        };
        match self.known.get(name.as_str()) {
            Some(Some(weight)) => Ok(*weight),
            // GraphQL section 5.5.2.2: fragment spreads must not form cycles.
            Some(None) => {
                let error = Error::new(Reason::UnknownOperation, format!("fragment {name} spreads itself"));
                Err(Refusal::at(&error, vec![fragment.pos]))
            }
            None => {
                self.known.insert(name, None);
                let weight = self.weigh(&fragment.node.selection_set.node)?;
                self.known.insert(name, Some(weight));
                Ok(weight)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use async_graphql::parser::parse_query;
    use domain::Kind;

    fn refused(query: &str) -> Option<Kind> {
        check_text(query).and_then(|()| check(&parse_query(query).unwrap())).err().map(|refusal| refusal.kind)
    }

    #[test]
    fn every_bound_holds_at_its_edge() {
        let nested = |levels| format!("{}a{}", "{ a ".repeat(levels - 1) + "{ ", " }".repeat(levels));
        let aliases =
            |count: usize| format!("{{ a {{ {} }} }}", (0..count).map(|n| format!("x{n}: b ")).collect::<String>());
        let roots = |count| format!("{{ {} }}", "a ".repeat(count));
        let fields = |count| format!("{{ a {{ {} }} }}", "b ".repeat(count - 1));
        let directives = |count| format!("{{ a {} }}", "@b ".repeat(count));
        let lists = |count| {
            format!(
                "{{ __schema {{ types {} name {} }} }}",
                "{ fields { type ".repeat(count) + "{ ",
                "} ".repeat(2 * count + 1)
            )
        };
        for (query, max) in [
            (&nested as &dyn Fn(usize) -> String, FIELDS_DEPTH_MAX),
            (&aliases, ALIASES_MAX),
            (&roots, ROOT_FIELDS_MAX),
            (&fields, FIELDS_MAX),
            (&directives, DIRECTIVES_MAX),
            (&lists, SCHEMA_LISTS_MAX),
        ] {
            assert_eq!(refused(&query(max)), None, "{}", query(max));
            assert_eq!(refused(&query(max + 1)), Some(Kind::TooLarge), "{}", query(max + 1));
        }
        assert_eq!(check_text(&"a ".repeat(TOKENS_MAX)).err().map(|refusal| refusal.kind), None);
        assert!(check_text(&"a ".repeat(TOKENS_MAX + 1)).is_err());
        assert!(check_text(&"[".repeat(BRACKETS_DEPTH_MAX + 1)).is_err());
        assert!(check_text(&" ".repeat(DOCUMENT_BYTES_MAX + 1)).is_err());
    }

    #[test]
    fn fragments_weigh_what_they_spread() {
        let bomb: String =
            (0..30).map(|n| format!("fragment f{n} on Query {{ ...f{} ...f{} }} ", n + 1, n + 1)).collect();
        let bomb = format!("{{ ...f0 }} {bomb} fragment f30 on Query {{ a }}");
        assert_eq!(refused(&bomb), Some(Kind::TooLarge));
        let cycle = "{ ...a } fragment a on Query { ...b } fragment b on Query { c { ...a } }";
        assert_eq!(refused(cycle), Some(Kind::UnknownOperation));
        assert_eq!(refused("{ a } fragment b on Query { ...b }"), Some(Kind::UnknownOperation));
    }

    #[test]
    fn texts_and_comments_are_one_token_or_none() {
        let brackets = "[".repeat(100);
        for text in [
            format!("{{ a(b: \"{brackets}\\\"{brackets}\") }}"),
            format!("{{ a(b: \"\"\"{brackets}\\\"\"\"{brackets} \" \"\"\") }}"),
            format!("# {brackets}\n{{ a }}"),
        ] {
            assert!(check_text(&text).is_ok(), "{text}");
        }
        assert!(check_text(&format!("{{ a(b: \"broken\n{brackets}")).is_err());
    }
}
