//! Decoding and encoding of integers, times, lists and optional fields.

use crate::encoder::Encoder;
use crate::limits::{INTEGER_MAX, ITEMS_MAX};
use crate::time::Timestamp;
use crate::traits::{Decode, Encode, HasSchema};
use crate::types::Schema;
use crate::value::Value;
use crate::violations::{Path, Violations};

/// Decodes an integer from `min` to `max`, both included.
pub fn read_int(value: Value, min: i32, max: i32, path: &Path, violations: &mut Violations) -> Option<i32> {
    let number = match &value {
        Value::Int(number) => Some(*number),
        // Formats without types allow white space around a number.
        Value::RawText(text) => text.trim_matches([' ', '\t', '\n', '\r']).parse().ok(),
        _ => None,
    };
    let Some(number) = number else {
        return violations.add(path, format!("must be an integer, got {value}"));
    };
    match i32::try_from(number) {
        Ok(number) if (min..=max).contains(&number) => Some(number),
        _ => violations.add(path, format!("must be {min} to {max}, got {number}")),
    }
}

impl<T: HasSchema> HasSchema for Option<T> {
    const SCHEMA: Schema = T::SCHEMA;
    const REQUIRED: bool = false;
}

/// In an optional field, null means absent.
impl<T: Decode> Decode for Option<T> {
    fn read(value: Value, path: &Path, violations: &mut Violations) -> Option<Self> {
        if value == Value::Null { Some(None) } else { T::read(value, path, violations).map(Some) }
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

/// An integer from `MIN` to `MAX`, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Int<const MIN: i32, const MAX: i32>(i32);

impl<const MIN: i32, const MAX: i32> Int<MIN, MAX> {
    /// Returns the integer, if it is within the bounds.
    pub fn new(number: i32) -> Option<Self> {
        (MIN..=MAX).contains(&number).then_some(Int(number))
    }

    /// Returns the integer.
    pub fn get(self) -> i32 {
        self.0
    }
}

impl<const MIN: i32, const MAX: i32> HasSchema for Int<MIN, MAX> {
    const SCHEMA: Schema = Schema::Int { min: MIN, max: MAX };
}

impl<const MIN: i32, const MAX: i32> Decode for Int<MIN, MAX> {
    fn read(value: Value, path: &Path, violations: &mut Violations) -> Option<Self> {
        read_int(value, MIN, MAX, path, violations).map(Int)
    }
}

impl<const MIN: i32, const MAX: i32> Encode for Int<MIN, MAX> {
    fn write(&self, encoder: &mut impl Encoder) {
        encoder.int(self.0);
    }
}

/// An integer of a reply: a version, a count, a sequence number.
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

/// A list of an input, with `MIN` to `MAX` items.
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
    fn read(value: Value, path: &Path, violations: &mut Violations) -> Option<Self> {
        let Value::List(values) = value else {
            return violations.add(path, format!("must be a list, got {value}"));
        };
        if values.len() < MIN as usize || values.len() > MAX as usize {
            return violations.add(path, format!("must have {MIN} to {MAX} items, got {}", values.len()));
        }
        let count = values.len();
        let read = values.into_iter().enumerate();
        let items: Vec<T> = read.filter_map(|(i, value)| T::read(value, &Path::Item(path, i), violations)).collect();
        (items.len() == count).then_some(Items(items))
    }
}

impl<T: Encode, const MIN: u32, const MAX: u32> Encode for Items<T, MIN, MAX> {
    fn write(&self, encoder: &mut impl Encoder) {
        self.0.write(encoder);
    }
}

impl<T: HasSchema> HasSchema for Vec<T> {
    const SCHEMA: Schema = Schema::List { item: &T::SCHEMA, min: 0, max: ITEMS_MAX };
}

impl<T: Encode> Encode for Vec<T> {
    fn write(&self, encoder: &mut impl Encoder) {
        encoder.begin_list();
        for item in self {
            encoder.item();
            item.write(encoder);
            encoder.end_item();
        }
        encoder.end_list();
    }
}
