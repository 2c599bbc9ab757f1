//! How are numbers, moments, lists and absent members read and written?

use crate::encoder::Encoder;
use crate::limits::{INTEGER_MAX, ITEMS_MAX};
use crate::time::Timestamp;
use crate::traits::{Decode, Encode, HasSchema};
use crate::types::Schema;
use crate::value::Value;
use crate::violations::{Path, Violations};

/// Reads a whole number within bounds.
pub fn read_int(value: Value, min: i32, max: i32, at: &Path, found: &mut Violations) -> Option<i32> {
    let number = match &value {
        Value::Int(number) => *number,
        // Grammars without types let white space stand around a number; it does not count.
        Value::RawText(text) => match text.trim_matches([' ', '\t', '\n', '\r']).parse::<i64>() {
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

impl<T: HasSchema> HasSchema for Option<T> {
    const SCHEMA: Schema = T::SCHEMA;
    const REQUIRED: bool = false;
}

/// Null means absent where absent is allowed.
impl<T: Decode> Decode for Option<T> {
    fn read(value: Value, at: &Path, found: &mut Violations) -> Option<Self> {
        if value == Value::Null { Some(None) } else { T::read(value, at, found).map(Some) }
    }
    fn absent(_: &Path, _: &mut Violations) -> Option<Self> {
        Some(None)
    }
}

impl<T: Encode> Encode for Option<T> {
    fn write(&self, encoder: &mut impl Encoder) {
        if let Some(value) = self {
            value.write(encoder);
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

impl<const MIN: i32, const MAX: i32> HasSchema for Int<MIN, MAX> {
    const SCHEMA: Schema = Schema::Int { min: MIN, max: MAX };
}

impl<const MIN: i32, const MAX: i32> Decode for Int<MIN, MAX> {
    fn read(value: Value, at: &Path, found: &mut Violations) -> Option<Self> {
        read_int(value, MIN, MAX, at, found).map(Int)
    }
}

impl<const MIN: i32, const MAX: i32> Encode for Int<MIN, MAX> {
    fn write(&self, encoder: &mut impl Encoder) {
        encoder.int(self.0);
    }
}

/// A whole number of a reply: a version, a count, a sequence number.
impl HasSchema for i32 {
    const SCHEMA: Schema = Schema::Int { min: 0, max: INTEGER_MAX };
}

impl Encode for i32 {
    fn write(&self, encoder: &mut impl Encoder) {
        encoder.int(*self);
    }
}

impl HasSchema for Timestamp {
    const SCHEMA: Schema = Schema::Time;
}

impl Encode for Timestamp {
    fn write(&self, encoder: &mut impl Encoder) {
        encoder.time(*self);
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

impl<T: HasSchema, const MIN: u32, const MAX: u32> HasSchema for Items<T, MIN, MAX> {
    const SCHEMA: Schema = Schema::List { item: &T::SCHEMA, min: MIN, max: MAX };
}

impl<T: Decode, const MIN: u32, const MAX: u32> Decode for Items<T, MIN, MAX> {
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

impl<T: Encode, const MIN: u32, const MAX: u32> Encode for Items<T, MIN, MAX> {
    fn write(&self, encoder: &mut impl Encoder) {
        write_list(&self.0, encoder);
    }
}

impl<T: HasSchema> HasSchema for Vec<T> {
    const SCHEMA: Schema = Schema::List { item: &T::SCHEMA, min: 0, max: ITEMS_MAX };
}

impl<T: Encode> Encode for Vec<T> {
    fn write(&self, encoder: &mut impl Encoder) {
        write_list(self, encoder);
    }
}

fn write_list(items: &[impl Encode], encoder: &mut impl Encoder) {
    encoder.begin_list();
    for item in items {
        encoder.item();
        item.write(encoder);
        encoder.end_item();
    }
    encoder.end_list();
}
