//! Pages of long lists, and their cursors.

use crate::error::Error;
use crate::limits::{CURSOR_CHARS_MAX, PAGE_ITEMS_DEFAULT, PAGE_ITEMS_MAX};
use crate::schema::{
    Decode, Encode, Encoder, Field, HasSchema, Int, Items, Object, Path, Schema, Violations, encode_field,
};
use crate::value::Value;

/// The number of items of a page.
pub type Limit = Int<1, { PAGE_ITEMS_MAX as i32 }>;
/// Ids of the items to return.
pub type Ids<T> = Items<T, 0, PAGE_ITEMS_MAX>;

/// A page of a list, by ascending id.
#[derive(Clone, Debug, PartialEq)]
pub struct Page<T> {
    /// The items.
    pub items: Vec<T>,
    /// The cursor of the next page; absent on the last page.
    pub next: Option<Cursor>,
    /// The list that the page belongs to; it makes a cursor for any of the items.
    pub list: List,
}

impl<T> Page<T> {
    /// A page of items; the store reads one more than the limit, if there is one more.
    pub fn cut(mut items: Vec<T>, slice: &PageRequest, id: impl Fn(&T) -> i32) -> Self {
        let more = items.len() > slice.limit as usize;
        items.truncate(slice.limit as usize);
        let last = items.last().filter(|_| more);
        Page { next: last.map(|item| slice.list.cursor(id(item))), items, list: slice.list }
    }
}

/// An item type that is listed in pages.
pub trait Paged: Encode {
    /// The name of its page type.
    const PAGE: &'static str;
}

impl<T: Paged> HasSchema for Page<T> {
    const SCHEMA: Schema = Schema::Object(&Object {
        name: T::PAGE,
        doc: "A page of a list, by ascending id.",
        members: &[
            Field { name: "items", doc: "The items.", schema: <Vec<T>>::SCHEMA, required: true },
            Field {
                name: "next",
                doc: "The cursor of the next page: pass it as `after`. Absent on the last page.",
                schema: Schema::Cursor,
                required: false,
            },
        ],
    });
}

impl<T: Paged> Encode for Page<T> {
    fn write(&self, encoder: &mut impl Encoder) {
        encoder.begin_object();
        encode_field("items", &self.items, encoder);
        encode_field("next", &self.next, encoder);
        encoder.end_object();
    }
}

/// Which page of which list to read.
#[derive(Clone, Copy, Debug)]
pub struct PageRequest {
    /// The list with its filters; a cursor of another list doesn't fit.
    list: List,
    /// Only items with a greater id.
    pub after: i32,
    /// The maximum number of items.
    pub limit: u32,
}

impl PageRequest {
    /// The page that an input asks for. `list` names the list with all its filters.
    pub fn of(list: &str, after: Option<Cursor>, limit: Option<Limit>) -> Result<Self, Error> {
        let list = List::of(list);
        let after = match after {
            Some(cursor) => cursor.id_in(list)?,
            None => 0,
        };
        Ok(PageRequest { list, after, limit: limit.map_or(PAGE_ITEMS_DEFAULT, |limit| limit.get() as u32) })
    }

    /// All items with the ids that the caller named.
    pub fn all_of(count: usize) -> Self {
        PageRequest { list: List::of(""), after: 0, limit: u32::try_from(count).unwrap_or(u32::MAX) }
    }
}

/// A list with all its filters, as a number: FNV-1a, 32 bits. It protects from mistakes, not from forgery: a cursor only
/// opens what its list shows anyway.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct List(u32);

impl List {
    /// The list with that name, which includes its filters.
    pub fn of(name: &str) -> Self {
        List(name.bytes().fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)))
    }

    /// The cursor after the item with that id.
    pub fn cursor(self, id: i32) -> Cursor {
        Cursor(format!("{:08x}{id:08x}", self.0))
    }
}

/// A position in a list: opaque to callers, and valid for that list with the same filters only.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor(String);

impl Cursor {
    /// The cursor as callers see it.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    fn id_in(&self, list: List) -> Result<i32, Error> {
        let number = |range| self.0.get(range).and_then(|digits| u32::from_str_radix(digits, 16).ok());
        let fits = self.0.len() == 16 && number(0..8) == Some(list.0);
        let id = number(8..16).filter(|_| fits).and_then(|id| i32::try_from(id).ok());
        // The shop writes cursors in one way; another spelling (upper case, a sign) is no cursor of its own.
        id.filter(|id| *self == list.cursor(*id)).ok_or_else(|| {
            let shown = crate::value::shown(&self.0);
            Error::invalid("/after", format!("must be a cursor from a page of the same list, got \"{shown}\""))
        })
    }
}

impl HasSchema for Cursor {
    const SCHEMA: Schema = Schema::Cursor;
}

impl Decode for Cursor {
    fn read(value: Value, at: &Path, found: &mut Violations) -> Option<Self> {
        match value {
            Value::Text(text) | Value::RawText(text) if text.len() <= CURSOR_CHARS_MAX as usize => Some(Cursor(text)),
            other => found.add(at, format!("must be the `next` cursor of a page of the same list, got {other}")),
        }
    }
}

impl Encode for Cursor {
    fn write(&self, encoder: &mut impl Encoder) {
        encoder.text(&self.0);
    }
}
