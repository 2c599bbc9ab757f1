//! Which options of a command matter, and which only take a word with them?

/// curl's short options that take a value (curl.se/docs/manpage.html).
const CURL_SHORT: &str = "AbcCdDeEFHKmoPQrtTuUwxXyYz";
/// curl's long options that take a value and say nothing of the question.
const CURL_LONG: &[&str] = &[
    "cacert",
    "cert",
    "connect-timeout",
    "cookie",
    "cookie-jar",
    "interface",
    "key",
    "limit-rate",
    "max-time",
    "output",
    "proxy",
    "referer",
    "resolve",
    "retry",
    "retry-delay",
    "user-agent",
    "write-out",
];
/// Those that say something of it, by their long names.
const CURL_MEANT: &[&str] =
    &["request", "header", "data", "data-raw", "data-binary", "data-ascii", "data-urlencode", "json", "user", "url"];
/// The long names of short options that matter.
const CURL_NAMES: [(char, &str); 6] =
    [('X', "request"), ('H', "header"), ('d', "data"), ('u', "user"), ('G', "get"), ('I', "head")];

/// A word of a command, as it is meant.
#[derive(Debug, PartialEq)]
pub enum Meant {
    /// An option by its long name, with what it was given.
    Option(String, String),
    /// A word that is no option.
    Word(String),
}

/// The words of a command of curl.
pub fn of_curl(words: &[String]) -> Vec<Meant> {
    let mut meant = Vec::new();
    let mut words = words.iter();
    while let Some(word) = words.next() {
        if let Some(long) = word.strip_prefix("--") {
            let takes = CURL_MEANT.contains(&long) || CURL_LONG.contains(&long);
            let value = if takes { words.next().cloned() } else { None };
            meant.push(Meant::Option(long.to_owned(), value.unwrap_or_default()));
        } else if let Some(letters) = word.strip_prefix('-').filter(|letters| !letters.is_empty()) {
            // Several short options may stand in one word; the value of one is the rest of the word, or the next word.
            for (place, letter) in letters.char_indices() {
                let rest = &letters[place + letter.len_utf8()..];
                let takes = CURL_SHORT.contains(letter);
                let value = match rest {
                    "" if takes => words.next().cloned(),
                    rest => takes.then(|| rest.to_owned()),
                };
                meant.push(Meant::Option(name_of(letter), value.unwrap_or_default()));
                if takes {
                    break;
                }
            }
        } else {
            meant.push(Meant::Word(word.clone()));
        }
    }
    meant
}

fn name_of(letter: char) -> String {
    let known = CURL_NAMES.iter().find(|(short, _)| *short == letter);
    known.map_or_else(|| letter.to_string(), |(_, name)| (*name).to_owned())
}

/// The words of a command that speaks over a WebSocket: `-H=value`, as websocat wants it, or `-H value`.
pub fn of_socket(words: &[String]) -> Vec<Meant> {
    const TAKES: &[&str] =
        &["-H", "--header", "--protocol", "-s", "--subprotocol", "-x", "--execute", "-o", "--origin"];
    let mut meant = Vec::new();
    let mut words = words.iter();
    while let Some(word) = words.next() {
        let (name, value) = word.split_once('=').unwrap_or((word, ""));
        match name {
            name if !name.starts_with('-') => meant.push(Meant::Word(word.clone())),
            name if word.contains('=') => meant.push(Meant::Option(name.to_owned(), value.to_owned())),
            name if TAKES.contains(&name) => {
                meant.push(Meant::Option(name.to_owned(), words.next().cloned().unwrap_or_default()));
            }
            // wscat's `-c` connects to the address that is the next word.
            name => meant.push(Meant::Option(name.to_owned(), String::new())),
        }
    }
    meant
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_option_takes_the_rest_of_its_word_or_the_next() {
        let words = ["-sSXPOST", "-d", "a", "--max-time", "3", "--compressed", "-Hb: c", "-", "u"].map(str::to_owned);
        let option = |name: &str, value: &str| Meant::Option(name.to_owned(), value.to_owned());
        let expected = [
            option("s", ""),
            option("S", ""),
            option("request", "POST"),
            option("data", "a"),
            option("max-time", "3"),
            option("compressed", ""),
            option("header", "b: c"),
            Meant::Word("-".to_owned()),
            Meant::Word("u".to_owned()),
        ];
        assert_eq!(of_curl(&words), expected);
    }
}
