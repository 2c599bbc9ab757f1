//! What are the parameters of a request? Those of a form, each at most once.

use std::collections::BTreeMap;

/// Parameters.
pub struct Form {
    values: BTreeMap<String, String>,
    repeated: Vec<String>,
}

impl Form {
    /// The parameters of a query or a body, in application/x-www-form-urlencoded. Everything can be read as such.
    pub fn read(encoded: &[u8]) -> Form {
        let mut form = Form { values: BTreeMap::new(), repeated: Vec::new() };
        for (name, value) in form_urlencoded::parse(encoded) {
            if form.values.insert(name.clone().into_owned(), value.into_owned()).is_some() {
                form.repeated.push(name.into_owned());
            }
        }
        form
    }

    /// A parameter. RFC 6749 section 3.1: one without a value is as good as none.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.values.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }

    /// Whether it is there more than once, which section 3.1 forbids.
    pub fn repeats(&self, name: &str) -> bool {
        self.repeated.iter().any(|repeated| repeated == name)
    }

    /// Whether any is there more than once.
    pub fn repeats_any(&self) -> bool {
        !self.repeated.is_empty()
    }
}

/// A text in application/x-www-form-urlencoded, read back (RFC 6749 section 2.3.1 has the client's name and secret so).
pub fn decoded(text: &str) -> String {
    let form = format!("x={}", text.replace('&', "%26"));
    Form::read(form.as_bytes()).values.remove("x").unwrap_or_default()
}
