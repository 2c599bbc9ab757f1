//! The names of learners as names of sandboxes: `Ada Löwe` is `ada-loewe`.

use domain::Sandbox;
use std::collections::HashSet;

/// Characters of a learner's name.
pub const NAME_CHARS_MAX: usize = 80;
/// The sandbox of a name without any Latin letter or digit.
const NAMELESS: &str = "learner";

/// Letters of Latin-1 and Latin Extended-A, in lower case, and how they are written in ASCII.
const LETTERS: &[(&str, &str)] = &[
    ("àáâãåāăą", "a"),
    ("äæ", "ae"),
    ("çćĉċč", "c"),
    ("ďđð", "d"),
    ("èéêëēĕėęě", "e"),
    ("ĝğġģ", "g"),
    ("ĥħ", "h"),
    ("ìíîïĩīĭįı", "i"),
    ("ĳ", "ij"),
    ("ĵ", "j"),
    ("ķĸ", "k"),
    ("ĺļľŀł", "l"),
    ("ñńņňŉŋ", "n"),
    ("òóôõōŏő", "o"),
    ("öøœ", "oe"),
    ("ŕŗř", "r"),
    ("śŝşšșſ", "s"),
    ("ß", "ss"),
    ("ţťŧț", "t"),
    ("þ", "th"),
    ("ùúûũūŭůűų", "u"),
    ("ü", "ue"),
    ("ŵ", "w"),
    ("ýÿŷ", "y"),
    ("źżž", "z"),
];

/// The name of a learner's sandbox; `None` if the name has no letter for it, or is too long.
pub fn slug(name: &str) -> Option<String> {
    let mut slug = String::new();
    for letter in name.chars().flat_map(char::to_lowercase) {
        match ascii(letter) {
            Some(text) => slug.push_str(&text),
            // An accent that is a character of its own, and an apostrophe, part no words.
            None if matches!(letter, '\u{300}'..='\u{36f}' | '\'' | '’') => {}
            None if slug.is_empty() || slug.ends_with('-') => {}
            None => slug.push('-'),
        }
    }
    slug.truncate(Sandbox::CHARS_MAX);
    slug.truncate(slug.trim_end_matches('-').len());
    (!slug.is_empty() && name.chars().count() <= NAME_CHARS_MAX).then_some(slug)
}

/// The sandboxes of the learners. Those whose name would be the same have a number from the second one on.
pub fn sandboxes(names: &[String]) -> Vec<Sandbox> {
    let mut taken = HashSet::from([Sandbox::main()]);
    let mut free = |name: &String| {
        let slug = slug(name).unwrap_or_else(|| NAMELESS.to_owned());
        let numbered = (2..).map(|number| with_number(&slug, number));
        let all = std::iter::once(slug.clone()).chain(numbered).filter_map(|slug| Sandbox::parse(&slug));
        all.into_iter().find(|sandbox| taken.insert(sandbox.clone()))
    };
    names.iter().filter_map(&mut free).collect()
}

fn with_number(slug: &str, number: usize) -> String {
    let number = format!("-{number}");
    let room = slug.len().min(Sandbox::CHARS_MAX - number.len());
    format!("{}{number}", slug[..room].trim_end_matches('-'))
}

fn ascii(letter: char) -> Option<String> {
    if letter.is_ascii_alphanumeric() {
        return Some(letter.to_string());
    }
    LETTERS.iter().find(|(letters, _)| letters.contains(letter)).map(|(_, text)| (*text).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_becomes_readable_ascii() {
        for (name, expected) in [
            ("Ada L.", "ada-l"),
            ("Jürgen Groß", "juergen-gross"),
            ("  Zoë O'Neill-Łukasz ", "zoe-oneill-lukasz"),
            ("Ju\u{308}rgen", "jurgen"),
            ("İpek Ğ", "ipek-g"),
            ("李 2", "2"),
            (&"x".repeat(60), &"x".repeat(40)),
        ] {
            assert_eq!(slug(name).as_deref(), Some(expected), "{name}");
        }
        for name in ["", " - ", "李", &"x".repeat(81)] {
            assert_eq!(slug(name), None, "{name}");
        }
    }

    #[test]
    fn every_learner_of_a_list_has_a_sandbox_of_their_own() {
        let long = "x".repeat(50);
        let names = ["Ada", "ada!", "Ada 2", "ADA", "main", "李", "王", &long, &long].map(str::to_owned);
        let sandboxes: Vec<_> = sandboxes(&names).iter().map(ToString::to_string).collect();
        let cut = format!("{}-2", "x".repeat(38));
        let expected = ["ada", "ada-2", "ada-2-2", "ada-3", "main-2", "learner", "learner-2", &"x".repeat(40), &cut];
        assert_eq!(sandboxes, expected);
    }
}
