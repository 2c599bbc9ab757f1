//! XML: read strictly into a small tree, written without a tree.
//!
//! Strictly means XML 1.0 (fifth edition) and Namespaces in XML 1.0, without document types (entities are how bombs are
//! built) and processing instructions.

pub mod encoding;
mod read;
mod write;

/// A text for HTML, in an element or in an attribute with quotes.
pub use quick_xml::escape::escape as for_html;
pub use read::{read, read_reply};
pub use write::{attribute, escaped, text};

use std::sync::Arc;

/// An element.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Element {
    /// The namespace's name; `None` without one.
    pub namespace: Option<Arc<str>>,
    /// The name without its prefix.
    pub name: String,
    /// The attributes, without the declarations of namespaces.
    pub attributes: Vec<Attribute>,
    /// The child elements.
    pub children: Vec<Element>,
    /// The text, joined, without that of the children.
    pub text: String,
}

/// An attribute.
#[derive(Clone, Debug, PartialEq)]
pub struct Attribute {
    /// The namespace's name; `None` without a prefix.
    pub namespace: Option<Arc<str>>,
    /// The name without its prefix.
    pub name: String,
    /// The value, normalized.
    pub value: String,
}

impl Attribute {
    /// The full name, see [`full_name`].
    pub fn full_name(&self) -> String {
        full_name(self.namespace.as_deref(), &self.name)
    }
}

/// A name with its namespace before it, as James Clark wrote them: `{namespace}name`.
fn full_name(namespace: Option<&str>, name: &str) -> String {
    format!("{{{}}}{name}", namespace.unwrap_or_default())
}

impl Element {
    /// The full name, see [`full_name`].
    pub fn full_name(&self) -> String {
        full_name(self.namespace.as_deref(), &self.name)
    }

    /// Whether it has that name in that namespace.
    pub fn is(&self, namespace: &str, name: &str) -> bool {
        self.name == name && self.namespace.as_deref() == Some(namespace)
    }

    /// The first child of that name, whatever its namespace.
    pub fn child(&self, name: &str) -> Option<&Element> {
        self.children.iter().find(|child| child.name == name)
    }

    /// The attribute of that name in that namespace (or in none).
    pub fn attribute(&self, namespace: Option<&str>, name: &str) -> Option<&str> {
        let mut attributes = self.attributes.iter();
        let found = attributes.find(|a| a.name == name && a.namespace.as_deref() == namespace);
        found.map(|attribute| attribute.value.as_str())
    }

    /// Whether there is more than white space between its children.
    pub fn has_text(&self) -> bool {
        !self.text.trim_matches([' ', '\t', '\n', '\r']).is_empty()
    }
}
