//! In which form, and how packed, does the client want the answer? By the weights that it gives (RFC 9110 section 12).

use actix_web::http::header::{self, HeaderMap, HeaderName};

/// A form in which a thing can be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// The shop's JSON.
    Json,
    /// The same members as elements.
    Xml,
    /// A table: a row for each thing of a list.
    Csv,
}

impl Form {
    /// The forms of a thing, and of a list; who does not care gets the first.
    pub fn of(is_list: bool) -> &'static [Form] {
        if is_list { &[Form::Json, Form::Xml, Form::Csv] } else { &[Form::Json, Form::Xml] }
    }

    /// The media type by which it is asked for.
    pub fn media_type(self) -> &'static str {
        match self {
            Form::Json => "application/json",
            Form::Xml => "application/xml",
            Form::Csv => "text/csv",
        }
    }

    /// The media type by which it is said. RFC 4180 section 3 has the parameter that says that there are names of columns.
    pub fn content_type(self) -> &'static str {
        match self {
            Form::Json | Form::Xml => self.media_type(),
            Form::Csv => "text/csv; charset=utf-8; header=present",
        }
    }
}

/// The form that the client wants most, of those that there are; nothing if it wants none of them.
pub fn form(headers: &HeaderMap, offered: &[Form]) -> Option<Form> {
    let wanted = wishes(headers, &header::ACCEPT);
    if wanted.is_empty() {
        return offered.first().copied();
    }
    // A browser names XML for the sake of XHTML and means pages by it; it shows JSON as well, and that is what we like best.
    let is_browser = wanted.iter().any(|wish| wish.is("text/html"));
    let weights = offered.iter().map(|form| {
        let weight = weight_of_type(&wanted, form.media_type());
        (*form, if is_browser { weight.min(1) } else { weight })
    });
    heaviest(weights)
}

/// Whether the client would rather have a page for people than JSON.
pub fn wants_page(headers: &HeaderMap) -> bool {
    let wanted = wishes(headers, &header::ACCEPT);
    let page = weight_of_type(&wanted, "text/html");
    wanted.iter().any(|wish| wish.is("text/html")) && page >= weight_of_type(&wanted, Form::Json.media_type())
}

/// A way to pack an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Coding {
    /// RFC 7932.
    Brotli,
    /// RFC 1952.
    Gzip,
}

impl Coding {
    /// The name in headers, which is also what a tag ends in.
    pub fn name(self) -> &'static str {
        match self {
            Coding::Brotli => "br",
            Coding::Gzip => "gzip",
        }
    }
}

/// How to pack the answer; nothing if it goes as it is. What is small goes as it is, unless the client forbids that.
pub fn coding(headers: &HeaderMap, is_small: bool) -> Option<Coding> {
    let wanted = wishes(headers, &header::ACCEPT_ENCODING);
    let weight = |name: &str| wanted.iter().find(|wish| wish.is(name)).map(|wish| wish.weight);
    // RFC 9110 section 12.5.3: what is not named is as `*` says, or not wanted; only "identity" is wanted then.
    let others = weight("*");
    let forbids_plain = weight("identity").or(others) == Some(0);
    if is_small && !forbids_plain {
        return None;
    }
    // RFC 9110 section 8.4.1.3: "x-gzip" is the same thing.
    let gzip = weight("gzip").or_else(|| weight("x-gzip"));
    let weights = [(Coding::Brotli, weight("br")), (Coding::Gzip, gzip)];
    heaviest(weights.into_iter().map(|(coding, weight)| (coding, weight.or(others).unwrap_or(0))))
}

/// Something that the client names, with its weight in thousandths: 0 is "not at all".
struct Wish<'h> {
    name: &'h str,
    weight: u16,
}

impl Wish<'_> {
    fn is(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name)
    }
}

/// What a header names. What is not of the grammar says nothing; parameters other than the weight make no difference to us.
fn wishes<'h>(headers: &'h HeaderMap, name: &HeaderName) -> Vec<Wish<'h>> {
    let lines = headers.get_all(name).filter_map(|line| line.to_str().ok());
    lines.flat_map(|line| line.split(',')).filter_map(wish).collect()
}

fn wish(text: &str) -> Option<Wish<'_>> {
    let mut parts = text.split(';').map(str::trim);
    let name = parts.next().filter(|name| !name.is_empty())?;
    let weight = parts.find_map(|part| part.strip_prefix("q=").or_else(|| part.strip_prefix("Q=")));
    Some(Wish { name, weight: weight.map_or(Some(WEIGHT_MAX), thousandths)? })
}

/// RFC 9110 section 12.4.2: the weight of what has none said.
const WEIGHT_MAX: u16 = 1_000;

/// RFC 9110 section 12.4.2: 0 to 1, with at most three digits after the point.
fn thousandths(weight: &str) -> Option<u16> {
    let (whole, digits) = weight.split_once('.').unwrap_or((weight, ""));
    let sound = digits.len() <= 3 && digits.bytes().all(|digit| digit.is_ascii_digit());
    let fraction: u16 = format!("{digits:0<3}").parse().ok().filter(|_| sound)?;
    match whole {
        "0" => Some(fraction),
        "1" if fraction == 0 => Some(WEIGHT_MAX),
        _ => None,
    }
}

/// RFC 9110 section 12.5.1: of the ranges that fit, the one that says most counts.
fn weight_of_type(wanted: &[Wish], media_type: &str) -> u16 {
    let kind = media_type.split('/').next().unwrap_or_default();
    let range = format!("{kind}/*");
    let said = [media_type, &range, "*/*"].into_iter().find_map(|name| wanted.iter().find(|wish| wish.is(name)));
    said.map_or(0, |wish| wish.weight)
}

/// What has the most weight: the first of several, and nothing if none has any.
fn heaviest<T>(weights: impl Iterator<Item = (T, u16)>) -> Option<T> {
    let wanted = weights.filter(|(_, weight)| *weight > 0);
    wanted.reduce(|best, other| if other.1 > best.1 { other } else { best }).map(|(thing, _)| thing)
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::http::header::HeaderValue;

    fn told(name: HeaderName, lines: &[&str]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        lines.iter().for_each(|line| headers.append(name.clone(), HeaderValue::from_str(line).unwrap()));
        headers
    }

    #[test]
    fn the_heaviest_form_is_told() {
        let browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";
        for (lines, of_list) in [
            (&[][..], Some(Form::Json)),
            (&[""], Some(Form::Json)),
            (&["*/*"], Some(Form::Json)),
            (&["application/*"], Some(Form::Json)),
            (&["text/*"], Some(Form::Csv)),
            (&["Application/XML"], Some(Form::Xml)),
            (&["application/json;q=0.5, application/xml;q=0.501"], Some(Form::Xml)),
            (&["application/json;q=0.5", "text/csv"], Some(Form::Csv)),
            (&["application/json;q=0, */*"], Some(Form::Xml)),
            (&["*/*;q=0.1, application/xml;q=0"], Some(Form::Json)),
            (&["application/json; charset=utf-8"], Some(Form::Json)),
            (&["application/json;q=2"], Some(Form::Json)),
            (&[browser], Some(Form::Json)),
            (&["text/html"], None),
            (&["image/png, */*;q=0"], None),
        ] {
            assert_eq!(form(&told(header::ACCEPT, lines), Form::of(true)), of_list, "{lines:?}");
        }
        assert_eq!(form(&told(header::ACCEPT, &["text/csv"]), Form::of(false)), None, "one thing is no table");
        assert!(wants_page(&told(header::ACCEPT, &[browser])) && !wants_page(&told(header::ACCEPT, &["*/*"])));
        assert!(!wants_page(&told(header::ACCEPT, &["text/html;q=0.5, application/json"])));
    }

    #[test]
    fn what_is_worth_it_is_packed() {
        let packed = |line, is_small| coding(&told(header::ACCEPT_ENCODING, &[line]), is_small);
        assert_eq!(coding(&HeaderMap::new(), false), None);
        assert_eq!(packed("gzip, deflate, br", false), Some(Coding::Brotli));
        assert_eq!(packed("gzip, deflate, br", true), None);
        assert_eq!(packed("br;q=0.5, x-gzip", false), Some(Coding::Gzip));
        assert_eq!(packed("*", false), Some(Coding::Brotli));
        assert_eq!(packed("br;q=0, *;q=0.1", false), Some(Coding::Gzip));
        assert_eq!(packed("deflate, zstd", false), None);
        assert_eq!(packed("identity;q=0, gzip", true), Some(Coding::Gzip), "plain is forbidden");
        assert_eq!(packed("gzip;q=0", false), None);
    }
}
