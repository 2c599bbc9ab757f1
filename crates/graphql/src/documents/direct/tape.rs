//! How are the members of a thing said in the order of the question? A thing tells them in its own order; so what it tells is kept
//! for a moment, one value after the other in two buffers, and written from there.

use super::kinds::Holds;
use super::selection::{Selected, What};
use domain::shape::Sink;
use domain::time::Timestamp;
use std::fmt::{Display, Write};
use std::ops::Range;
use wire::json;
use wire::names::push_upper;

/// What a thing has told of itself.
#[derive(Default)]
pub struct Tape {
    told: Vec<Told>,
    texts: String,
    /// Where the records and lists begin that have not ended.
    open: Vec<usize>,
    /// The member that is told next.
    member: &'static str,
}

struct Told {
    member: &'static str,
    value: Value,
    /// Where what comes after it stands: a record's members and a list's items come right after it.
    end: usize,
}

enum Value {
    Int(i32),
    Flag(bool),
    Word(&'static str),
    /// Where it stands among the texts.
    Text(Range<usize>),
    Time(Timestamp),
    Record,
    List,
}

impl Tape {
    /// Forgets what was told.
    pub fn clear(&mut self) {
        self.told.clear();
        self.texts.clear();
    }

    /// A member that is true or false. The shop has none, but the graph's pages do.
    pub fn flag(&mut self, member: &'static str, is: bool) {
        self.member(member);
        self.keep(Value::Flag(is));
    }

    /// Writes what was asked for, as JSON.
    pub fn write(&self, asked: &Selected, out: &mut String) {
        match asked.what() {
            What::Member(_, holds, below) => self.value(Some(0), holds, below, out),
            What::TypeName(name, suffix) => put(out, format_args!("\"{name}{suffix}\"")),
        }
    }

    fn keep(&mut self, value: Value) {
        let end = self.told.len() + 1;
        self.told.push(Told { member: self.member, value, end });
    }

    fn open(&mut self, value: Value) {
        self.open.push(self.told.len());
        self.keep(value);
    }

    fn close(&mut self) {
        let (begin, end) = (self.open.pop(), self.told.len());
        begin.and_then(|begin| self.told.get_mut(begin)).into_iter().for_each(|told| told.end = end);
    }

    /// GraphQL section 6.4.3. What was not told is null.
    fn value(&self, at: Option<usize>, holds: &Holds, below: &[Selected], out: &mut String) {
        let Some((at, told)) = at.and_then(|at| Some((at, self.told.get(at)?))) else {
            return out.push_str("null");
        };
        match (&told.value, holds) {
            (Value::List, _) => self.list(at, holds, below, out),
            (Value::Record, _) => self.record(at, below, out),
            (Value::Int(number), Holds::Id) => put(out, format_args!("\"{number}\"")),
            (Value::Int(number), Holds::Leaf | Holds::Things(_)) => put(out, number),
            (Value::Flag(is), _) => put(out, is),
            (Value::Time(time), _) => put(out, format_args!("\"{time}\"")),
            (Value::Text(place), _) => json::text(out, &self.texts[place.clone()]),
            (Value::Word(word), _) => {
                out.push('"');
                push_upper(out, word);
                out.push('"');
            }
        }
    }

    fn list(&self, at: usize, holds: &Holds, below: &[Selected], out: &mut String) {
        out.push('[');
        for (position, item) in self.within(at).enumerate() {
            out.push_str(if position > 0 { "," } else { "" });
            self.value(Some(item), holds, below, out);
        }
        out.push(']');
    }

    fn record(&self, at: usize, asked: &[Selected], out: &mut String) {
        out.push('{');
        for (position, one) in asked.iter().enumerate() {
            out.push_str(if position > 0 { "," } else { "" });
            out.push_str(one.key());
            match one.what() {
                What::TypeName(name, suffix) => put(out, format_args!("\"{name}{suffix}\"")),
                What::Member(name, holds, below) => {
                    let member = self.within(at).find(|member| self.told[*member].member == *name);
                    self.value(member, holds, below, out);
                }
            }
        }
        out.push('}');
    }

    /// Where the members of a record or the items of a list stand.
    fn within(&self, at: usize) -> impl Iterator<Item = usize> {
        let end = self.told[at].end;
        let first = Some(at + 1).filter(|first| *first < end);
        std::iter::successors(first, move |last| Some(self.told[*last].end).filter(|next| *next < end))
    }
}

fn put(out: &mut String, what: impl Display) {
    // Writing to a String does not fail.
    let _ = write!(out, "{what}");
}

impl Sink for Tape {
    fn int(&mut self, number: i32) {
        self.keep(Value::Int(number));
    }
    fn text(&mut self, text: &str) {
        let begin = self.texts.len();
        self.texts.push_str(text);
        self.keep(Value::Text(begin..self.texts.len()));
    }
    fn word(&mut self, word: &'static str) {
        self.keep(Value::Word(word));
    }
    fn time(&mut self, time: Timestamp) {
        self.keep(Value::Time(time));
    }
    fn open_record(&mut self) {
        self.open(Value::Record);
    }
    fn member(&mut self, name: &'static str) {
        self.member = name;
    }
    fn close_record(&mut self) {
        self.close();
    }
    fn open_list(&mut self) {
        self.open(Value::List);
    }
    fn close_list(&mut self) {
        self.close();
    }
}
