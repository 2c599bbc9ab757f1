//! How much may a document ask? First its text is measured, so that the parser is not led astray; then the document with
//! its fragments spread, because a few lines of fragments in fragments can mean a billion fields.

use super::too_large;
use crate::errors::Refusal;
use async_graphql::parser::types::{ExecutableDocument, OperationDefinition, OperationType, Selection, SelectionSet};
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

/// Measures the text of a document.
pub fn check_text(query: &str) -> Result<(), Refusal> {
    if query.len() > DOCUMENT_BYTES_MAX {
        return Err(too_large("bytes", query.len(), DOCUMENT_BYTES_MAX));
    }
    let (mut tokens, mut depth) = (0, 0_usize);
    let mut rest = query.as_bytes();
    while let Some(first) = rest.first() {
        // GraphQL section 2.1: commas are white space, and a comment ends with its line.
        let length = match first {
            b' ' | b'\t' | b'\r' | b'\n' | b',' => 0,
            b'#' => rest.iter().position(|byte| matches!(byte, b'\r' | b'\n')).unwrap_or(rest.len()),
            b'"' => text_length(rest),
            _ => rest.iter().position(|byte| !is_of_word(*byte)).unwrap_or(rest.len()),
        };
        match first {
            b'{' | b'[' | b'(' => depth += 1,
            b'}' | b']' | b')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        tokens += usize::from(!matches!(first, b' ' | b'\t' | b'\r' | b'\n' | b',' | b'#'));
        if depth > BRACKETS_DEPTH_MAX {
            return Err(too_large("brackets inside each other", depth, BRACKETS_DEPTH_MAX));
        }
        rest = &rest[length.max(1)..];
    }
    if tokens > TOKENS_MAX { Err(too_large("tokens", tokens, TOKENS_MAX)) } else { Ok(()) }
}

fn is_of_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.')
}

/// GraphQL section 2.9.4: a text ends with its quote, or is broken and ends with its line; a block text has three of them.
fn text_length(text: &[u8]) -> usize {
    let is_block = text.starts_with(b"\"\"\"");
    let mut position = if is_block { 3 } else { 1 };
    while let Some(byte) = text.get(position) {
        match byte {
            b'\\' if !is_block || text[position..].starts_with(b"\\\"\"\"") => position += 1,
            b'"' if !is_block => return position + 1,
            b'"' if text[position..].starts_with(b"\"\"\"") => return position + 3,
            b'\r' | b'\n' if !is_block => return position,
            _ => {}
        }
        position += 1;
    }
    text.len()
}

/// Measures a document.
pub fn check(document: &ExecutableDocument) -> Result<(), Refusal> {
    let mut scale = Scale { document, known: HashMap::new() };
    let mut whole = Weight::default();
    for (_, operation) in document.operations.iter() {
        check_root(&operation.node)?;
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
    ] {
        if is > max {
            return Err(too_large(what, is, max));
        }
    }
    Ok(())
}

/// GraphQL section 5.2.3.1: a subscription has one root field. async-graphql would open a stream for each, and none for those
/// of a fragment.
fn check_root(operation: &OperationDefinition) -> Result<(), Refusal> {
    let selections = operation.selection_set.node.items.iter().map(|selection| &selection.node);
    let is_one = matches!(selections.collect::<Vec<_>>().as_slice(), [Selection::Field(_)]);
    if operation.ty != OperationType::Subscription || is_one {
        return Ok(());
    }
    let error = Error::new(Reason::UnknownOperation, "a subscription has one field, and not in a fragment");
    Err(Refusal::at(&error, vec![operation.selection_set.pos]))
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
}

impl Weight {
    /// Adds all but the roots.
    fn add(&mut self, other: &Weight) {
        self.depth = self.depth.max(other.depth);
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
        for (query, max) in [
            (&nested as &dyn Fn(usize) -> String, FIELDS_DEPTH_MAX),
            (&aliases, ALIASES_MAX),
            (&roots, ROOT_FIELDS_MAX),
            (&fields, FIELDS_MAX),
            (&directives, DIRECTIVES_MAX),
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
    fn a_subscription_has_one_field() {
        assert_eq!(refused("subscription { a }"), None);
        for bad in ["subscription { a b }", "subscription { ...f } fragment f on Subscription { a }"] {
            assert_eq!(refused(bad), Some(Kind::UnknownOperation), "{bad}");
        }
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
