//! The parameters of a request, from its query or from a form.

use std::collections::BTreeMap;

/// Parameters.
pub struct Form {
    values: BTreeMap<String, String>,
    repeated: Vec<String>,
}

impl Form {
    /// Parses application/x-www-form-urlencoded. Any bytes are valid.
    pub fn parse(encoded: &[u8]) -> Form {
        let mut form = Form { values: BTreeMap::new(), repeated: Vec::new() };
        for (name, value) in form_urlencoded::parse(encoded) {
            if form.values.insert(name.clone().into_owned(), value.into_owned()).is_some() {
                form.repeated.push(name.into_owned());
            }
        }
        form
    }

    /// A parameter. RFC 6749 section 3.1: an empty value counts as absent.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.values.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }

    /// Whether the parameter is repeated, which section 3.1 forbids.
    pub fn repeats(&self, name: &str) -> bool {
        self.repeated.iter().any(|repeated| repeated == name)
    }

    /// Whether any parameter is repeated.
    pub fn repeats_any(&self) -> bool {
        !self.repeated.is_empty()
    }
}

/// Decodes a text in application/x-www-form-urlencoded, as RFC 6749 section 2.3.1 encodes a client's id and secret.
pub fn decoded(text: &str) -> String {
    let form = format!("x={}", text.replace('&', "%26"));
    Form::parse(form.as_bytes()).values.remove("x").unwrap_or_default()
}
