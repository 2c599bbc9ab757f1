//! The limits of a document. Fragments are counted each time that they are spread, because a few lines of nested fragments can mean a
//! billion fields. The limits of async-graphql apply at execution, which is too late for the validation.

use crate::errors::Refusal;
use apollo_compiler::ast::{Definition, Document, FragmentDefinition, Selection};
use domain::{Error, Reason};
use std::collections::HashMap;

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

/// Refuses a document over a limit. Its operations count together, and a fragment by itself too, because it may be unused.
pub fn check(document: &Document) -> Result<(), Refusal> {
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

/// A document over a limit.
pub fn too_large(what: &str, is: usize, max: usize) -> Refusal {
    Error::new(Reason::TooLarge, format!("a document has at most {max} {what}, this one has {is}")).into()
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
        let limits = [
            ("levels of fields", self.depth, FIELDS_DEPTH_MAX),
            ("fields", self.fields, FIELDS_MAX),
            ("root fields", self.roots, ROOT_FIELDS_MAX),
            ("aliases", self.aliases, ALIASES_MAX),
            ("directives", self.directives, DIRECTIVES_MAX),
        ];
        let exceeded = limits.into_iter().find(|(_, is, max)| is > max);
        exceeded.map_or(Ok(()), |(what, is, max)| Err(too_large(what, is, max)))
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
    use crate::documents::syntax::parse;
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
