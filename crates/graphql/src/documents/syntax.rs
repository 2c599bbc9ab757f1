//! Parses a document within limits, which apply before any work that is not linear in the text. Fragments are counted each time that
//! they are spread, because a few lines of nested fragments can mean a billion fields. The limits of async-graphql apply at execution,
//! which is too late for the validation.

use crate::errors::Refusal;
use apollo_compiler::Node;
use apollo_compiler::ast::{Definition, Document, Field, FragmentDefinition, OperationDefinition, Selection};
use apollo_compiler::parser::Parser;
use apollo_compiler::validation::DiagnosticList;
use async_graphql::{Pos, ServerError};
use domain::{Error, Reason};
use std::collections::{HashMap, HashSet};

/// Bytes of a document. The largest sensible one, a tool's introspection, needs about 2 KiB.
const DOCUMENT_BYTES_MAX: usize = 32 * 1024;
/// Tokens of a document: names, numbers, strings, punctuation and white space.
const TOKENS_MAX: usize = 4_000;
/// Nested brackets: the parser is recursive.
const BRACKETS_DEPTH_MAX: usize = 50;
/// Nested fields. A tool's introspection needs 15.
const FIELDS_DEPTH_MAX: usize = 15;
/// Fields, each time that they are selected.
const FIELDS_MAX: usize = 1_000;
/// Fields of the root: each is a call of its own. (There are no batches.)
const ROOT_FIELDS_MAX: usize = 20;
/// Aliases: they are how a document asks for the same field a hundred times.
const ALIASES_MAX: usize = 50;
/// Directives.
const DIRECTIVES_MAX: usize = 50;
/// Errors reported for a document, and locations of each.
const ERRORS_MAX: usize = 20;

/// The parsed document, within all limits. Its fields and types are checked by the validation.
pub fn parse(query: &str) -> Result<Document, Refusal> {
    at_most(DOCUMENT_BYTES_MAX, "bytes", query.len())?;
    let mut parser = Parser::new().token_limit(TOKENS_MAX).recursion_limit(BRACKETS_DEPTH_MAX);
    let parsed = parser.parse_ast(query, "");
    at_most(TOKENS_MAX, "tokens", parser.tokens_reached())?;
    at_most(BRACKETS_DEPTH_MAX, "brackets inside each other", parser.recursion_reached())?;
    let document = parsed.map_err(|with| refusal(Reason::Unreadable, &with.errors))?;
    if document.definitions.is_empty() {
        return Err(Error::unreadable("the document is empty").into());
    }
    check_size(&document)?;
    Ok(document)
}

/// GraphQL section 6.1, GetOperation: the operation with that name, or the only one.
pub fn operation<'d>(document: &'d Document, name: Option<&str>) -> Option<&'d OperationDefinition> {
    let operations = document.definitions.iter().filter_map(|definition| match definition {
        Definition::OperationDefinition(operation) => Some(&**operation),
        _ => None,
    });
    let mut fitting =
        operations.filter(|operation| name.is_none() || operation.name.as_ref().map(|own| own.as_str()) == name);
    fitting.next().filter(|_| fitting.next().is_none())
}

/// The errors of a document: the same message at several locations is one error.
pub fn refusal(reason: Reason, errors: &DiagnosticList) -> Refusal {
    let mut merged: Vec<ServerError> = Vec::new();
    for diagnostic in errors.iter() {
        let error = diagnostic.to_json();
        let mut places = error.locations.iter().map(|at| Pos { line: at.line, column: at.column });
        if let Some(earlier) = merged.iter_mut().find(|earlier| earlier.message == error.message) {
            earlier.locations.extend(places.next().filter(|_| earlier.locations.len() < ERRORS_MAX));
        } else if merged.len() < ERRORS_MAX {
            let mut error = ServerError::new(error.message, None);
            error.locations = places.collect();
            error.extensions = Some(crate::errors::extensions(&Error::new(reason, String::new())));
            merged.push(error);
        }
    }
    Refusal { kind: reason.kind(), errors: merged }
}

/// The fields of selections, including those of their fragments.
pub fn fields<'d>(document: &'d Document, selections: &'d [Selection]) -> Vec<&'d Node<Field>> {
    let (mut found, mut visited) = (Vec::new(), HashSet::new());
    collect(document, selections, &mut visited, &mut found);
    found
}

fn collect<'d>(
    document: &'d Document,
    selections: &'d [Selection],
    visited: &mut HashSet<&'d str>,
    found: &mut Vec<&'d Node<Field>>,
) {
    for selection in selections {
        match selection {
            Selection::Field(field) => found.push(field),
            Selection::InlineFragment(fragment) => collect(document, &fragment.selection_set, visited, found),
            Selection::FragmentSpread(spread) => {
                let mut fragments = document.definitions.iter().filter_map(Definition::as_fragment_definition);
                let fragment = fragments.find(|fragment| fragment.name == spread.fragment_name);
                if let Some(fragment) = fragment.filter(|fragment| visited.insert(fragment.name.as_str())) {
                    collect(document, &fragment.selection_set, visited, found);
                }
            }
        }
    }
}

/// Refuses a document over a limit. Its operations count together, and a fragment by itself too, because it may be unused.
fn check_size(document: &Document) -> Result<(), Refusal> {
    let mut scale = Scale::of(document);
    let mut operations = Size::default();
    for definition in &document.definitions {
        match definition {
            Definition::OperationDefinition(operation) => {
                let mut size = scale.measure(&operation.selection_set);
                size.directives = size.directives.saturating_add(operation.directives.len());
                size.check()?;
                operations.add(&size);
            }
            Definition::FragmentDefinition(fragment) => {
                Size { roots: 0, ..scale.measure_fragment(&fragment.name) }.check()?;
            }
            _ => {}
        }
    }
    // Only one of them is executed, so each has root fields of its own.
    Size { roots: 0, ..operations }.check()
}

fn at_most(max: usize, what: &str, is: usize) -> Result<(), Refusal> {
    if is <= max {
        return Ok(());
    }
    Err(Error::new(Reason::TooLarge, format!("a document has at most {max} {what}, this one has {is}")).into())
}

/// The size of a selection, with its fragments spread.
#[derive(Clone, Copy, Default)]
struct Size {
    depth: usize,
    fields: usize,
    /// Fields of the selection itself, without those below.
    roots: usize,
    aliases: usize,
    directives: usize,
}

impl Size {
    fn check(&self) -> Result<(), Refusal> {
        at_most(FIELDS_DEPTH_MAX, "levels of fields", self.depth)?;
        at_most(FIELDS_MAX, "fields", self.fields)?;
        at_most(ROOT_FIELDS_MAX, "root fields", self.roots)?;
        at_most(ALIASES_MAX, "aliases", self.aliases)?;
        at_most(DIRECTIVES_MAX, "directives", self.directives)
    }

    fn add(&mut self, other: &Size) {
        self.depth = self.depth.max(other.depth);
        self.fields = self.fields.saturating_add(other.fields);
        self.roots = self.roots.saturating_add(other.roots);
        self.aliases = self.aliases.saturating_add(other.aliases);
        self.directives = self.directives.saturating_add(other.directives);
    }
}

struct Scale<'d> {
    fragments: HashMap<&'d str, &'d FragmentDefinition>,
    /// Fragments that were measured. One that is being measured counts as nothing: cycles of fragments are
    /// reported by the validation (GraphQL section 5.5.2.2).
    known: HashMap<&'d str, Size>,
}

impl<'d> Scale<'d> {
    fn of(document: &'d Document) -> Self {
        let fragments = document.definitions.iter().filter_map(Definition::as_fragment_definition);
        Scale { fragments: fragments.map(|one| (one.name.as_str(), &**one)).collect(), known: HashMap::new() }
    }

    fn measure(&mut self, selections: &'d [Selection]) -> Size {
        let mut size = Size::default();
        for selection in selections {
            let (part, directives) = match selection {
                Selection::Field(field) => {
                    let below = self.measure(field.selection_set.as_deref().unwrap_or_default());
                    let (fields, aliases) = (below.fields.saturating_add(1), usize::from(field.alias.is_some()));
                    let aliases = below.aliases.saturating_add(aliases);
                    (Size { depth: below.depth + 1, fields, roots: 1, aliases, ..below }, &field.directives)
                }
                Selection::InlineFragment(fragment) => (self.measure(&fragment.selection_set), &fragment.directives),
                Selection::FragmentSpread(spread) => (self.measure_fragment(&spread.fragment_name), &spread.directives),
            };
            size.add(&part);
            size.directives = size.directives.saturating_add(directives.len());
        }
        size
    }

    fn measure_fragment(&mut self, name: &str) -> Size {
        // An unknown fragment is reported by the validation.
        let Some((name, fragment)) = self.fragments.get_key_value(name).map(|(name, one)| (*name, *one)) else {
            return Size::default();
        };
        if let Some(size) = self.known.get(name) {
            return *size;
        }
        self.known.insert(name, Size::default());
        let mut size = self.measure(&fragment.selection_set);
        size.directives = size.directives.saturating_add(fragment.directives.len());
        self.known.insert(name, size);
        size
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::Kind;

    fn refused(query: &str) -> Option<Kind> {
        parse(query).err().map(|refusal| refusal.kind)
    }

    #[test]
    fn every_limit_holds_at_its_edge() {
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
    }

    #[test]
    fn fragments_count_as_what_they_spread() {
        let bomb: String =
            (0..30).map(|n| format!("fragment f{n} on Query {{ ...f{} ...f{} }} ", n + 1, n + 1)).collect();
        let bomb = format!("{{ ...f0 }} {bomb} fragment f30 on Query {{ a }}");
        assert_eq!(refused(&bomb), Some(Kind::TooLarge));
        let cycle = "{ ...a } fragment a on Query { ...b } fragment b on Query { c { ...a } }";
        assert_eq!(refused(cycle), None, "that is for the validation");
    }

    #[test]
    fn hostile_texts_are_refused_before_they_cost_anything() {
        let deep = |open: &str| open.repeat(10_000);
        let started = std::time::Instant::now();
        for hostile in [
            " ".repeat(40_000),
            format!("{{ {} }}", "a ".repeat(10_000)),
            format!("{{ {} }}", (0..4_000).map(|n| format!("a{n}: b ")).collect::<String>()),
            deep("{a"),
            format!("{{ a(b: {} ) }}", deep("[")),
            format!("{{ a(b: {} ) }}", "{a:".repeat(5_000)),
            format!("query($a: {}", deep("[")),
            format!("{{ {}", "...{".repeat(6_000)),
            format!("{{ a {} }}", "@b(c:".repeat(5_000)),
        ] {
            assert_eq!(refused(&hostile), Some(Kind::TooLarge), "{}", &hostile[..40]);
        }
        for broken in [format!("{{ a(b: \"{}", deep("[")), deep("\""), deep("\"\"\""), deep("#"), deep("\u{feff}")] {
            assert!(refused(&broken).is_some(), "{}", &broken[..40]);
        }
        assert!(started.elapsed().as_secs() < 5, "{:?}", started.elapsed());
    }

    #[test]
    fn strings_and_comments_are_one_token() {
        let brackets = "[".repeat(100);
        for text in [
            format!("{{ a(b: \"{brackets}\\\"{brackets}\") }}"),
            format!("{{ a(b: \"\"\"{brackets}\\\"\"\"{brackets} \" \"\"\") }}"),
            format!("# {brackets}\n{{ a }}"),
        ] {
            assert_eq!(refused(&text), None, "{text}");
        }
    }
}
