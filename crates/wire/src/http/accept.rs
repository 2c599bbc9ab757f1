//! Preferences of a client by quality values (RFC 9110 section 12.4.2).

use actix_web::http::header::{self, HeaderMap, HeaderName};

/// The default quality, which is the highest (RFC 9110 section 12.4.2).
const WEIGHT_MAX: u16 = 1_000;

/// A named preference, with its quality in thousandths: 0 is "not acceptable".
pub struct Preference<'h> {
    name: &'h str,
    /// The quality.
    pub quality: u16,
}

impl Preference<'_> {
    /// Whether it has that name, ignoring case.
    pub fn is(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name)
    }

    /// Whether it is a range of media types, such as `text/*`.
    fn is_all_of(&self, kind: &str) -> bool {
        self.name.strip_suffix("/*").is_some_and(|named| named.eq_ignore_ascii_case(kind))
    }
}

/// The preferences of a header. What is malformed is skipped; other parameters are ignored.
pub fn preferences<'h>(headers: &'h HeaderMap, name: &HeaderName) -> Vec<Preference<'h>> {
    let lines = headers.get_all(name).filter_map(|line| line.to_str().ok());
    lines.flat_map(|line| line.split(',')).filter_map(preference).collect()
}

fn preference(text: &str) -> Option<Preference<'_>> {
    let mut parts = text.split(';').map(str::trim);
    let name = parts.next().filter(|name| !name.is_empty())?;
    let quality = parts.find_map(|part| part.strip_prefix("q=").or_else(|| part.strip_prefix("Q=")));
    Some(Preference { name, quality: quality.map_or(Some(WEIGHT_MAX), thousandths)? })
}

/// RFC 9110 section 12.4.2: 0 to 1, with at most three digits after the point.
fn thousandths(quality: &str) -> Option<u16> {
    let (whole, digits) = quality.split_once('.').unwrap_or((quality, ""));
    if digits.len() > 3 || !digits.bytes().all(|digit| digit.is_ascii_digit()) {
        return None;
    }
    let digits = digits.bytes().chain([b'0'; 3]).take(3);
    let fraction = digits.fold(0, |sum, digit| sum * 10 + u16::from(digit - b'0'));
    match whole {
        "0" => Some(fraction),
        "1" if fraction == 0 => Some(WEIGHT_MAX),
        _ => None,
    }
}

/// RFC 9110 section 12.5.1: of the ranges that match a media type, the most specific counts.
pub fn quality_of_type(wanted: &[Preference], media_type: &str) -> u16 {
    let kind = media_type.split('/').next().unwrap_or_default();
    let exact = wanted.iter().find(|preference| preference.is(media_type));
    let match_found = exact.or_else(|| wanted.iter().find(|preference| preference.is_all_of(kind)));
    let match_found = match_found.or_else(|| wanted.iter().find(|preference| preference.is("*/*")));
    match_found.map_or(0, |preference| preference.quality)
}

/// Whether the client prefers a page for people to data, as a browser does: it names HTML, and likes nothing better.
pub fn wants_page(headers: &HeaderMap) -> bool {
    let wanted = preferences(headers, &header::ACCEPT);
    let html = quality_of_type(&wanted, "text/html");
    let likes_more = |media_type| quality_of_type(&wanted, media_type) > html;
    names(headers, "text/html") && !likes_more("application/json") && !likes_more("text/plain")
}

/// Whether `Accept` names exactly that media type, with a quality above 0.
pub fn names(headers: &HeaderMap, media_type: &str) -> bool {
    headers.contains_key(header::ACCEPT)
        && preferences(headers, &header::ACCEPT)
            .iter()
            .any(|preference| preference.is(media_type) && preference.quality > 0)
}

/// The value with the highest quality: the first of several, `None` if all are 0.
pub fn most_preferred<T>(weights: impl Iterator<Item = (T, u16)>) -> Option<T> {
    let wanted = weights.filter(|(_, quality)| *quality > 0);
    wanted.reduce(|best, other| if other.1 > best.1 { other } else { best }).map(|(thing, _)| thing)
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::http::header::HeaderValue;

    fn headers_in(lines: &[&str]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        lines.iter().for_each(|line| headers.append(header::ACCEPT, HeaderValue::from_str(line).unwrap()));
        headers
    }

    #[test]
    fn the_range_that_says_most_counts() {
        for (lines, quality) in [
            (&["text/csv"][..], 1_000),
            (&["TEXT/*;q=0.25", "*/*"], 250),
            (&["*/*;q=0.5, text/*; Q=0.01, text/csv;charset=utf-8;q=0.001"], 1),
            (&["text/csv;q=0, */*"], 0),
            (&["text/csvx, application/*"], 0),
            (&["text/csv;q=2, text/csv;q=0.0001, text/csv;q=, ;q=1, text/csv;q=.5"], 0),
            (&["text/csv;q=1.000"], 1_000),
            (&["text/csv;q=0."], 0),
            (&[], 0),
        ] {
            assert_eq!(
                quality_of_type(&preferences(&headers_in(lines), &header::ACCEPT), "text/csv"),
                quality,
                "{lines:?}"
            );
        }
    }

    #[test]
    fn a_page_is_for_clients_that_name_html_and_like_nothing_better() {
        for (lines, wants) in [
            (&["text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"][..], true),
            (&["text/html;q=0.5"], true),
            (&["text/html;q=0.5, application/json"], false),
            (&["text/html;q=0.5, text/plain"], false),
            (&["text/html;q=0"], false),
            (&["*/*"], false),
            (&[], false),
        ] {
            assert_eq!(wants_page(&headers_in(lines)), wants, "{lines:?}");
        }
    }

    #[test]
    fn a_type_is_named_by_its_own_name_on_any_line() {
        for (lines, is_named) in [
            (&["application/json", "text/event-stream"][..], true),
            (&["Text/Event-Stream;q=0.1, */*"], true),
            (&["application/json, text/event-stream;q=0"], false),
            (&["text/event-streamer"], false),
            (&["*/*"], false),
            (&[], false),
        ] {
            assert_eq!(names(&headers_in(lines), "text/event-stream"), is_named, "{lines:?}");
        }
    }
}
