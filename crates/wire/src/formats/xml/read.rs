//! Reads XML by quick-xml, and refuses what it accepts but a message must not contain.

use super::{Attribute, Element};
use crate::limits::{REPLY_ELEMENTS_MAX, XML_ATTRIBUTES_MAX, XML_DEPTH_MAX, XML_ELEMENTS_MAX, XML_NAMESPACES_MAX};
use domain::Error;
use domain::text::is_xml_char;
use quick_xml::XmlVersion;
use quick_xml::events::{BytesDecl, BytesRef, BytesStart, Event};
use quick_xml::name::{NamespaceResolver, ResolveResult};
use quick_xml::reader::NsReader;
use std::sync::Arc;

/// The root element of a document.
pub fn read(document: &[u8]) -> Result<Element, Error> {
    read_up_to(document, XML_ELEMENTS_MAX)
}

/// The same for a client, with a higher limit of elements.
pub fn read_reply(document: &[u8]) -> Result<Element, Error> {
    read_up_to(document, REPLY_ELEMENTS_MAX)
}

fn read_up_to(document: &[u8], elements_max: usize) -> Result<Element, Error> {
    let text = std::str::from_utf8(document).map_err(|_| bad("not UTF-8"))?;
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
    if let Some(c) = first_unsayable(text) {
        return Err(bad(format!("U+{:04X} is no character of XML 1.0", c as u32)));
    }
    match text.trim_ascii_start().chars().next() {
        None => return Err(bad("it is empty, and must be an element")),
        Some(c @ ('{' | '[')) => return Err(bad(format!("it begins with \"{c}\": is it JSON?"))),
        Some(_) => {}
    }
    let mut reader = NsReader::from_str(text);
    reader.config_mut().check_comments = true;
    reader.resolver_mut().set_max_namespace_bindings(XML_NAMESPACES_MAX);
    let mut tree = Tree { elements_max, ..Tree::default() };
    loop {
        let start = reader.buffer_position();
        match reader.read_event().map_err(bad)? {
            Event::Start(tag) => tree.open(&tag, reader.resolver())?,
            Event::Empty(tag) => {
                tree.open(&tag, reader.resolver())?;
                tree.close();
            }
            Event::End(_) => tree.close(),
            Event::Text(text) if text.contains("]]>") => return Err(bad("\"]]>\" stands in text")),
            Event::Text(text) => tree.text(&text.xml10_content())?,
            Event::CData(text) => {
                if tree.open.is_empty() {
                    return Err(bad("CDATA stands outside of the root element"));
                }
                tree.text(&text.xml10_content())?;
            }
            Event::GeneralRef(reference) => tree.character(resolve(&reference)?)?,
            Event::Decl(declaration) if start == 0 => check_declaration(&declaration)?,
            Event::Decl(_) => return Err(bad("the XML declaration does not stand at the start")),
            Event::Comment(_) => {}
            Event::DocType(_) => return Err(bad("a document type (DOCTYPE) is not read")),
            Event::PI(_) => return Err(bad("a processing instruction is not read")),
            Event::Eof => return tree.finish(),
        }
    }
}

/// The first character outside XML 1.0 Char. Found by its bytes, because there may be very many: of the characters
/// of UTF-8, it excludes most controls, all of one byte, and U+FFFE and U+FFFF, `EF BF BE` and `EF BF BF`.
fn first_unsayable(text: &str) -> Option<char> {
    let bytes = text.as_bytes();
    let is_unsayable = |position: usize| match bytes[position] {
        b'\t' | b'\n' | b'\r' | b' '..=0xEE | 0xF0.. => false,
        0xEF => matches!(bytes[position + 1..], [0xBF, 0xBE | 0xBF, ..]),
        _ => true,
    };
    let position = (0..bytes.len()).find(|position| is_unsayable(*position))?;
    text[position..].chars().next()
}

fn bad(problem: impl std::fmt::Display) -> Error {
    Error::unreadable(format!("can't read the XML: {problem}"))
}

fn check_declaration(declaration: &BytesDecl) -> Result<(), Error> {
    let version = declaration.version().map_err(bad)?;
    if version.as_ref() != "1.0" {
        return Err(bad("only version 1.0 is read"));
    }
    match declaration.encoding() {
        None => Ok(()),
        Some(encoding) if encoding.as_ref().map_err(bad)?.eq_ignore_ascii_case("utf-8") => Ok(()),
        Some(_) => Err(bad("the declared encoding is not UTF-8")),
    }
}

/// XML 1.0 section 4.6: five entities need no document type; section 4.1: a reference is to a Char.
fn resolve(reference: &BytesRef) -> Result<char, Error> {
    if let Some(c) = reference.resolve_char_ref().map_err(bad)? {
        return if is_xml_char(c) { Ok(c) } else { Err(bad("a character reference to no character of XML 1.0")) };
    }
    match &**reference {
        "lt" => Ok('<'),
        "gt" => Ok('>'),
        "amp" => Ok('&'),
        "apos" => Ok('\''),
        "quot" => Ok('"'),
        other => Err(bad(format!("there is no entity \"{}\"", domain::value::shown(other)))),
    }
}

#[derive(Default)]
struct Tree {
    open: Vec<Element>,
    root: Option<Element>,
    elements: usize,
    elements_max: usize,
    /// Namespace names so far: most elements share one or two.
    namespaces: Vec<Arc<str>>,
}

impl Tree {
    fn open(&mut self, tag: &BytesStart, resolver: &NamespaceResolver) -> Result<(), Error> {
        if self.root.is_some() {
            return Err(bad("a second root element"));
        }
        if self.open.len() >= XML_DEPTH_MAX {
            return Err(bad(format!("elements are nested deeper than {XML_DEPTH_MAX}")));
        }
        self.elements += 1;
        if self.elements > self.elements_max {
            return Err(bad(format!("more than {} elements", self.elements_max)));
        }
        let (namespace, name) = resolver.resolve_element(tag.name());
        let namespace = self.namespace(namespace)?;
        let name = checked_name(name.as_ref())?;
        let attributes = self.attributes(tag, resolver)?;
        self.open.push(Element { namespace, name, attributes, children: Vec::new(), text: String::new() });
        Ok(())
    }

    fn attributes(&mut self, tag: &BytesStart, resolver: &NamespaceResolver) -> Result<Vec<Attribute>, Error> {
        let mut attributes: Vec<Attribute> = Vec::new();
        // The iterator refuses an attribute that is written twice.
        for (position, attribute) in tag.attributes().enumerate() {
            let attribute = attribute.map_err(bad)?;
            if position >= XML_ATTRIBUTES_MAX {
                return Err(bad(format!("more than {XML_ATTRIBUTES_MAX} attributes")));
            }
            if attribute.value.contains('<') {
                return Err(bad("\"<\" stands in an attribute"));
            }
            let value = attribute.normalized_value(XmlVersion::Implicit1_0).map_err(bad)?;
            if !value.chars().all(is_xml_char) {
                return Err(bad("a character reference to no character of XML 1.0"));
            }
            if attribute.key.as_namespace_binding().is_some() {
                continue;
            }
            let (namespace, name) = resolver.resolve_attribute(attribute.key);
            let namespace = self.namespace(namespace)?;
            let name = checked_name(name.as_ref())?;
            // Namespaces in XML 1.0 section 6.3: two prefixes of one namespace are duplicates too.
            if attributes.iter().any(|earlier| earlier.name == name && earlier.namespace == namespace) {
                return Err(bad(format!("the attribute {name} stands twice")));
            }
            attributes.push(Attribute { namespace, name, value: value.into_owned() });
        }
        Ok(attributes)
    }

    fn namespace(&mut self, resolved: ResolveResult) -> Result<Option<Arc<str>>, Error> {
        let name = match resolved {
            ResolveResult::Unbound => return Ok(None),
            ResolveResult::Unknown(prefix) => {
                return Err(bad(format!("the prefix \"{}\" is bound to no namespace", domain::value::shown(&prefix))));
            }
            ResolveResult::Bound(namespace) => namespace,
        };
        let name: &str = name.as_ref();
        if let Some(known) = self.namespaces.iter().find(|known| ***known == *name) {
            return Ok(Some(known.clone()));
        }
        if self.namespaces.len() >= XML_NAMESPACES_MAX {
            return Err(bad(format!("more than {XML_NAMESPACES_MAX} namespaces")));
        }
        let new: Arc<str> = name.into();
        self.namespaces.push(new.clone());
        Ok(Some(new))
    }

    fn close(&mut self) {
        if let Some(element) = self.open.pop() {
            match self.open.last_mut() {
                Some(parent) => parent.children.push(element),
                None => self.root = Some(element),
            }
        }
    }

    fn text(&mut self, text: &str) -> Result<(), Error> {
        match self.open.last_mut() {
            Some(element) => element.text.push_str(text),
            None if text.trim_matches([' ', '\t', '\n', '\r']).is_empty() => {}
            None => return Err(bad("text stands outside of the root element")),
        }
        Ok(())
    }

    fn character(&mut self, c: char) -> Result<(), Error> {
        let element = self.open.last_mut();
        element.ok_or_else(|| bad("a reference stands outside of the root element"))?.text.push(c);
        Ok(())
    }

    fn finish(self) -> Result<Element, Error> {
        if !self.open.is_empty() {
            return Err(bad("it ends before the root element does"));
        }
        self.root.ok_or_else(|| bad("there is no root element"))
    }
}

/// Namespaces in XML 1.0 section 3: a local name has no colon, and begins like a name.
fn checked_name(name: &str) -> Result<String, Error> {
    let starts = |c: char| c == '_' || c.is_alphabetic();
    let goes_on = |c: char| c == '_' || c == '-' || c == '.' || c == '\u{B7}' || c.is_alphanumeric();
    let mut chars = name.chars();
    if chars.next().is_some_and(starts) && chars.all(goes_on) {
        return Ok(name.to_owned());
    }
    Err(bad(format!("\"{}\" is no name", domain::value::shown(name))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_is_read_into_its_elements() {
        let root = read(
            b"<?xml version=\"1.0\" encoding=\"UTF-8\"?><!-- c --><a:b xmlns:a='urn:x' k='1&#10;2'>\
              <c xmlns='urn:y'>1 &lt;<![CDATA[<&]]>&#x41;</c><d/></a:b> ",
        )
        .unwrap();
        assert!(root.is("urn:x", "b"));
        assert_eq!(root.attribute(None, "k"), Some("1\n2"));
        assert_eq!(root.child("c").unwrap().text, "1 <<&A");
        assert_eq!(root.child("c").unwrap().namespace.as_deref(), Some("urn:y"));
        assert_eq!(root.child("d").unwrap().namespace, None);
    }

    #[test]
    fn what_is_unsayable_is_found_by_its_bytes() {
        for c in '\0'..=char::MAX {
            let expected = (!is_xml_char(c)).then_some(c);
            assert_eq!(first_unsayable(c.encode_utf8(&mut [0; 4])), expected, "U+{:04X}", c as u32);
        }
        assert_eq!(first_unsayable("a\u{FEFF}\u{FFFD}\u{FFFE}\u{1}"), Some('\u{FFFE}'));
    }

    #[test]
    fn what_a_message_must_not_hold_is_refused() {
        let deep = format!("{}{}", "<a>".repeat(65), "</a>".repeat(65));
        let declared: String = (0..=XML_NAMESPACES_MAX).map(|n| format!("<a xmlns='urn:{n}'/>")).collect();
        let declared = format!("<a>{declared}</a>");
        let levels = |n| (0..50).map(|of| format!(" xmlns:n{n}-{of}='u'")).collect::<String>();
        let in_force = format!("<a{}><a{}><a{}/></a></a>", levels(1), levels(2), levels(3));
        let wide = format!("<a>{}</a>", "<b/>".repeat(XML_ELEMENTS_MAX));
        for bad in [
            "",
            "text",
            "<a>",
            "<a></b>",
            "<a/><b/>",
            "<a/>text",
            "text<a/>",
            "<a/><![CDATA[x]]>",
            "<!DOCTYPE a><a/>",
            "<!DOCTYPE a [<!ENTITY e 'x'>]><a>&e;</a>",
            "<a>&unknown;</a>",
            "<a>&#1;</a>",
            "<a>&#xFFFF;</a>",
            "<a>& b</a>",
            "<a b='1' b='2'/>",
            "<a xmlns:p='u' xmlns:q='u' p:b='1' q:b='2'/>",
            "<a b='<'/>",
            "<a b=1/>",
            "<p:a/>",
            "<a p:b='1'/>",
            "<a>]]></a>",
            "<1a/>",
            "<a><?pi x?></a>",
            " <?xml version='1.0'?><a/>",
            "<?xml version='1.1'?><a/>",
            "<?xml version='1.0' encoding='latin1'?><a/>",
            "<a>\u{1}</a>",
            "<a><!-- -- --></a>",
            deep.as_str(),
            wide.as_str(),
            declared.as_str(),
            in_force.as_str(),
        ] {
            assert!(read(bad.as_bytes()).is_err(), "{}", bad.chars().take(60).collect::<String>());
        }
        assert!(read(b"<a>\xff</a>").is_err());
    }
}
