//! The forms of a reply, and content negotiation by quality values (RFC 9110 section 12.5.1).

use crate::errors::Refusal;
use crate::routes::Route;
use actix_web::HttpRequest;
use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderMap, HeaderValue};
use domain::Error;
use wire::accept::{most_preferred, preferences, quality_of_type};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    Json,
    /// The same members as elements.
    Xml,
    /// A row for each item of a list.
    Csv,
}

impl Form {
    /// The forms of a resource, and of a list; the first is the default.
    pub fn of(is_list: bool) -> &'static [Form] {
        if is_list { &[Form::Json, Form::Xml, Form::Csv] } else { &[Form::Json, Form::Xml] }
    }

    /// The media type to request it.
    pub fn media_type(self) -> &'static str {
        match self {
            Form::Json => "application/json",
            Form::Xml => "application/xml",
            Form::Csv => "text/csv",
        }
    }

    /// The media type of the response. RFC 4180 section 3: its parameter says that there is a header row.
    pub fn content_type(self) -> HeaderValue {
        HeaderValue::from_static(match self {
            Form::Json | Form::Xml => self.media_type(),
            Form::Csv => "text/csv; charset=utf-8; header=present",
        })
    }
}

/// The form of a route's reply. RFC 9110 section 15.5.7: the call is not executed if the client accepts none.
pub fn wanted_form(request: &HttpRequest, route: &Route) -> Result<Form, Refusal> {
    if route.status() == StatusCode::NO_CONTENT {
        // A response without content has no form that a client could refuse.
        return Ok(Form::Json);
    }
    let offered = Form::of(route.resource().1);
    form(request.headers(), offered).ok_or_else(|| {
        let names: Vec<&str> = offered.iter().map(|form| form.media_type()).collect();
        let error = Error::unreadable(format!("the response can be {}; Accept allows none of them", names.join(", ")));
        Refusal::new(error, StatusCode::NOT_ACCEPTABLE).for_authorized()
    })
}

/// The form that the client prefers, of those offered; `None` if it accepts none.
fn form(headers: &HeaderMap, offered: &[Form]) -> Option<Form> {
    let wanted = preferences(headers, &header::ACCEPT);
    if wanted.is_empty() {
        return offered.first().copied();
    }
    // A browser names XML because of XHTML and means pages; it shows JSON as well, which is our default.
    let is_browser = wanted.iter().any(|preference| preference.is("text/html"));
    let weights = offered.iter().map(|form| {
        let weight = quality_of_type(&wanted, form.media_type());
        (*form, if is_browser { weight.min(1) } else { weight })
    });
    most_preferred(weights)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn accepting(lines: &[&str]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        lines.iter().for_each(|line| headers.append(header::ACCEPT, HeaderValue::from_str(line).unwrap()));
        headers
    }

    #[test]
    fn the_most_preferred_form_is_chosen() {
        let browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";
        for (lines, of_list) in [
            (&[][..], Some(Form::Json)),
            (&[""], Some(Form::Json)),
            (&["*/*"], Some(Form::Json)),
            (&["*/*", "text/csv, */*;q=0.1"], Some(Form::Json)),
            (&["application/json", "application/json;q=0, text/csv"], Some(Form::Json)),
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
            assert_eq!(form(&accepting(lines), Form::of(true)), of_list, "{lines:?}");
        }
        assert_eq!(form(&accepting(&["text/csv"]), Form::of(false)), None, "one thing is no table");
    }
}
