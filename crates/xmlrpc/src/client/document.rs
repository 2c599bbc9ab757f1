//! How does the client read a response? Into the same tree as the server reads a request, but without its bound.
//!
//! The largest page, a hundred orders of twenty lines, has more than 70,000 elements in XML-RPC: four for each member of a
//! struct. A server must not read so many from strangers; a client asked for them. How many bytes they may be is bounded
//! where they are received.

use quick_xml::events::{BytesStart, Event};
use quick_xml::reader::Reader;
use wire::Garbled;
use wire::limits::XML_DEPTH_MAX;
use wire::xml::{Attribute, Element};

/// The root element.
pub fn read(document: &[u8]) -> Result<Element, Garbled> {
    let text = std::str::from_utf8(document).map_err(garbled)?;
    let mut reader = Reader::from_str(text);
    let (mut open, mut root): (Vec<Element>, Option<Element>) = (Vec::new(), None);
    loop {
        match reader.read_event().map_err(garbled)? {
            Event::Start(tag) if open.len() < XML_DEPTH_MAX && root.is_none() => open.push(element(&tag)?),
            Event::Empty(tag) if root.is_none() => {
                open.push(element(&tag)?);
                close(&mut open, &mut root);
            }
            Event::Start(_) | Event::Empty(_) => return Err(garbled("too deep, or a second root element")),
            Event::End(_) => close(&mut open, &mut root),
            Event::Text(text) => push(&mut open, &text.xml10_content()),
            Event::CData(text) => push(&mut open, &text.xml10_content()),
            Event::GeneralRef(reference) => match reference.resolve_char_ref().map_err(garbled)? {
                Some(c) => push(&mut open, c.encode_utf8(&mut [0; 4])),
                None => match quick_xml::escape::resolve_xml_entity(&reference) {
                    Some(text) => push(&mut open, text),
                    None => return Err(garbled(format!("there is no entity {}", &*reference))),
                },
            },
            Event::Decl(_) | Event::Comment(_) => {}
            Event::DocType(_) | Event::PI(_) => return Err(garbled("it has what XML-RPC has no use for")),
            Event::Eof if open.is_empty() => return root.ok_or_else(|| garbled("there is no element")),
            Event::Eof => return Err(garbled("it ends too early")),
        }
    }
}

fn garbled(problem: impl std::fmt::Display) -> Garbled {
    Garbled(format!("not XML: {problem}"))
}

/// The element without what is in it. XML-RPC has no namespaces, so a prefix is a part of the name.
fn element(tag: &BytesStart) -> Result<Element, Garbled> {
    let mut attributes = Vec::new();
    for attribute in tag.attributes() {
        let attribute = attribute.map_err(garbled)?;
        let (name, value) = (attribute.key.as_ref().to_owned(), attribute.value.to_string());
        attributes.push(Attribute { namespace: None, name, value });
    }
    Ok(Element { name: tag.name().as_ref().to_owned(), attributes, ..Element::default() })
}

fn close(open: &mut Vec<Element>, root: &mut Option<Element>) {
    if let Some(element) = open.pop() {
        match open.last_mut() {
            Some(parent) => parent.children.push(element),
            None => *root = Some(element),
        }
    }
}

/// Text outside of the root element is passed over: nobody asked for it.
fn push(open: &mut [Element], text: &str) {
    if let Some(element) = open.last_mut() {
        element.text.push_str(text);
    }
}
