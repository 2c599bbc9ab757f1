//! How are numbers, moments, lists and absent members read and written?

use crate::limits::{INTEGER_MAX, ITEMS_MAX};
use crate::shape::Shape;
use crate::sink::Sink;
use crate::time::Timestamp;
use crate::traits::{Readable, Shaped, Writable};
use crate::value::Value;
use crate::violations::{Path, Violations};

/// Reads a whole number within bounds.
pub fn read_int(value: Value, min: i32, max: i32, at: &Path, found: &mut Violations) -> Option<i32> {
    let number = match &value {
        Value::Int(number) => *number,
        // Grammars without types let white space stand around a number; it does not count.
        Value::Untyped(text) => match text.trim_matches([' ', '\t', '\n', '\r']).parse::<i64>() {
            Ok(number) => number,
            Err(_) => return found.add(at, format!("must be a whole number, was {value}")),
        },
        other => return found.add(at, format!("must be a whole number, was {other}")),
    };
    match i32::try_from(number) {
        Ok(number) if (min..=max).contains(&number) => Some(number),
        _ => found.add(at, format!("must be {min} to {max}, was {number}")),
    }
}

impl<T: Shaped> Shaped for Option<T> {
    const SHAPE: Shape = T::SHAPE;
    const REQUIRED: bool = false;
}

/// Null means absent where absent is allowed.
impl<T: Readable> Readable for Option<T> {
    fn read(value: Value, at: &Path, found: &mut Violations) -> Option<Self> {
        if value == Value::Null { Some(None) } else { T::read(value, at, found).map(Some) }
    }
    fn absent(_: &Path, _: &mut Violations) -> Option<Self> {
        Some(None)
    }
}

impl<T: Writable> Writable for Option<T> {
    fn write(&self, sink: &mut impl Sink) {
        if let Some(value) = self {
            value.write(sink);
        }
    }
    fn is_present(&self) -> bool {
        self.is_some()
    }
}

/// A whole number between two bounds, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Int<const MIN: i32, const MAX: i32>(i32);

impl<const MIN: i32, const MAX: i32> Int<MIN, MAX> {
    /// The number, if it is within the bounds.
    pub fn new(number: i32) -> Option<Self> {
        (MIN..=MAX).contains(&number).then_some(Int(number))
    }

    /// The number.
    pub fn get(self) -> i32 {
        self.0
    }
}

impl<const MIN: i32, const MAX: i32> Shaped for Int<MIN, MAX> {
    const SHAPE: Shape = Shape::Int { min: MIN, max: MAX };
}

impl<const MIN: i32, const MAX: i32> Readable for Int<MIN, MAX> {
    fn read(value: Value, at: &Path, found: &mut Violations) -> Option<Self> {
        read_int(value, MIN, MAX, at, found).map(Int)
    }
}

impl<const MIN: i32, const MAX: i32> Writable for Int<MIN, MAX> {
    fn write(&self, sink: &mut impl Sink) {
        sink.int(self.0);
    }
}

/// A whole number of a reply: a version, a count, a sequence number.
impl Shaped for i32 {
    const SHAPE: Shape = Shape::Int { min: 0, max: INTEGER_MAX };
}

impl Writable for i32 {
    fn write(&self, sink: &mut impl Sink) {
        sink.int(*self);
    }
}

impl Shaped for Timestamp {
    const SHAPE: Shape = Shape::Time;
}

impl Writable for Timestamp {
    fn write(&self, sink: &mut impl Sink) {
        sink.time(*self);
    }
}

/// A list of an input, with its fewest and most items.
#[derive(Clone, Debug, PartialEq)]
pub struct Items<T, const MIN: u32, const MAX: u32>(Vec<T>);

impl<T, const MIN: u32, const MAX: u32> Items<T, MIN, MAX> {
    /// The items.
    pub fn into_vec(self) -> Vec<T> {
        self.0
    }
}

impl<T: Shaped, const MIN: u32, const MAX: u32> Shaped for Items<T, MIN, MAX> {
    const SHAPE: Shape = Shape::List { item: &T::SHAPE, min: MIN, max: MAX };
}

impl<T: Readable, const MIN: u32, const MAX: u32> Readable for Items<T, MIN, MAX> {
    fn read(value: Value, at: &Path, found: &mut Violations) -> Option<Self> {
        let Value::List(values) = value else {
            return found.add(at, format!("must be a list, was {value}"));
        };
        if values.len() < MIN as usize || values.len() > MAX as usize {
            return found.add(at, format!("must hold {MIN} to {MAX} items, was {}", values.len()));
        }
        let count = values.len();
        let read = values.into_iter().enumerate();
        let items: Vec<T> = read.filter_map(|(i, value)| T::read(value, &Path::Item(at, i), found)).collect();
        (items.len() == count).then_some(Items(items))
    }
}

impl<T: Writable, const MIN: u32, const MAX: u32> Writable for Items<T, MIN, MAX> {
    fn write(&self, sink: &mut impl Sink) {
        write_list(&self.0, sink);
    }
}

impl<T: Shaped> Shaped for Vec<T> {
    const SHAPE: Shape = Shape::List { item: &T::SHAPE, min: 0, max: ITEMS_MAX };
}

impl<T: Writable> Writable for Vec<T> {
    fn write(&self, sink: &mut impl Sink) {
        write_list(self, sink);
    }
}

fn write_list(items: &[impl Writable], sink: &mut impl Sink) {
    sink.open_list();
    for item in items {
        sink.item();
        item.write(sink);
        sink.end_item();
    }
    sink.close_list();
}
