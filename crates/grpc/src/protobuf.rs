//! Messages of Protocol Buffers, read and written by the schemas of the table (Protocol Buffers, "Encoding").
//!
//! A field's number is its position in its object, from 1; the tests compare the result with the committed `.proto` file, so that
//! a number never changes its meaning. A field is a key (number and wire type), then its value: a varint, or a length and so many bytes.
//!
//! In proto3 a number that is 0 and a list without items are not written, so a required one that is absent has that value. Optional
//! fields are declared `optional`: they are absent or present, whatever their value.

mod json;

pub use json::{from_json, input_to_json, to_json};

use bytes::Buf;
use domain::schema::{Encoder, Enum, Field, Object, Path, Schema};
use domain::time::Timestamp;
use domain::{Error, Operation, Value};
use prost::encoding::{DecodeContext, WireType, decode_key, decode_varint, encode_key, encode_varint, skip_field};
use prost::{DecodeError, Message};
use wire::limits::REPLY_VALUES_MAX;

/// Values of a message from a client: the largest sensible input, an order of twenty lines, has 62.
const VALUES_MAX: usize = 5_000;

/// ISO 4217 has more currencies than the shop, so theirs is a text in the `.proto` file.
pub const TEXT_ENUM: &str = "Currency";
/// The reply without content; its message has no field.
pub const NOTHING: &str = "nothing";

/// The number of the field at that position.
pub fn number(position: usize) -> u32 {
    u32::try_from(position + 1).unwrap_or(u32::MAX)
}

/// The field of an object with that number.
fn field(object: &Object, number: u32) -> Option<&'static Field> {
    object.members.get(usize::try_from(number).ok()?.checked_sub(1)?)
}

/// A field of the message that is written.
#[derive(Clone, Copy)]
struct Place {
    number: u32,
    schema: Schema,
    /// Whether a number that is 0 is written too.
    has_presence: bool,
}

/// A message that is not complete.
struct Open {
    object: &'static Object,
    /// Where its fields start.
    start: usize,
    /// Its place in the message around it; `None` if it is the outermost one.
    place: Option<Place>,
}

/// Writes a reply, as its response message: one field with the reply.
pub struct MessageEncoder {
    bytes: Vec<u8>,
    open: Vec<Open>,
    place: Option<Place>,
}

impl MessageEncoder {
    /// The response message of an operation.
    pub fn response(operation: &Operation) -> Self {
        let reply = Place { number: 1, schema: operation.reply, has_presence: true };
        let place = (operation.reply_name != NOTHING).then_some(reply);
        MessageEncoder { bytes: Vec::with_capacity(256), open: Vec::new(), place }
    }

    /// The bytes.
    pub fn finish(self) -> Vec<u8> {
        self.bytes
    }

    fn varint(&mut self, value: u64) {
        if let Some(place) = self.place
            && (place.has_presence || value != 0)
        {
            encode_key(place.number, WireType::Varint, &mut self.bytes);
            encode_varint(value, &mut self.bytes);
        }
    }

    fn delimited(&mut self, content: &[u8]) {
        let Some(place) = self.place else { return };
        encode_key(place.number, WireType::LengthDelimited, &mut self.bytes);
        encode_varint(content.len() as u64, &mut self.bytes);
        self.bytes.extend_from_slice(content);
    }
}

impl Encoder for MessageEncoder {
    fn int(&mut self, number: i32) {
        self.varint(i64::from(number) as u64);
    }

    fn text(&mut self, text: &str) {
        self.delimited(text.as_bytes());
    }

    fn word(&mut self, word: &'static str) {
        match self.place.map(|place| place.schema) {
            Some(Schema::Enum(words)) if words.name != TEXT_ENUM => self.varint(word_number(words, word)),
            _ => self.text(word),
        }
    }

    /// `google.protobuf.Timestamp`: its first field is the seconds.
    fn time(&mut self, time: Timestamp) {
        let mut message = Vec::with_capacity(8);
        if time.0 != 0 {
            encode_key(1, WireType::Varint, &mut message);
            encode_varint(time.0 as u64, &mut message);
        }
        self.delimited(&message);
    }

    fn begin_object(&mut self) {
        let place = self.place.take();
        if let Some(Place { number, schema: Schema::Object(object), .. }) = place {
            encode_key(number, WireType::LengthDelimited, &mut self.bytes);
            self.open.push(Open { object, start: self.bytes.len(), place });
        }
    }

    fn field(&mut self, name: &'static str) {
        let object = self.open.last().map(|open| open.object);
        let found = object.and_then(|object| {
            let position = object.members.iter().position(|field| field.name == name)?;
            Some((position, &object.members[position]))
        });
        self.place = found.map(|(position, field)| Place {
            number: number(position),
            schema: field.schema,
            has_presence: !field.required,
        });
    }

    /// The length of a message stands before it, and is known only now.
    fn end_object(&mut self) {
        let Some(Open { start, place, .. }) = self.open.pop() else { return };
        let mut length = Vec::with_capacity(5);
        encode_varint((self.bytes.len() - start) as u64, &mut length);
        self.bytes.splice(start..start, length);
        self.place = place;
    }

    /// Each item is written as a field of its own, all with the same number.
    fn begin_list(&mut self) {
        if let Some(place) = &mut self.place
            && let Schema::List { item, .. } = place.schema
        {
            (place.schema, place.has_presence) = (*item, true);
        }
    }

    fn end_list(&mut self) {}
}

fn word_number(words: &Enum, word: &str) -> u64 {
    // 0 is the value of an absent field.
    words.words.iter().position(|known| *known == word).map_or(0, |position| number(position).into())
}

/// Writes an input that need not be valid: a value of another type than its field's is written by its own type, and what has no
/// number is left out.
pub fn write(input: &Value, object: &Object) -> Vec<u8> {
    let mut bytes = Vec::new();
    let Value::Object(members) = input else { return bytes };
    for (position, field) in object.members.iter().enumerate() {
        for (_, value) in members.iter().filter(|(name, _)| name == field.name) {
            write_value(number(position), value, &field.schema, &mut bytes);
        }
    }
    bytes
}

fn write_value(number: u32, value: &Value, schema: &Schema, bytes: &mut Vec<u8>) {
    let mut delimited = |content: &[u8]| {
        encode_key(number, WireType::LengthDelimited, bytes);
        encode_varint(content.len() as u64, bytes);
        bytes.extend_from_slice(content);
    };
    match (value, schema) {
        (Value::Null, _) => {}
        (Value::List(items), Schema::List { item: Schema::Int { .. } | Schema::Id { .. }, .. })
            if items.iter().all(|item| item.int().is_some()) =>
        {
            // "Packed": numbers of one list without their keys.
            let mut packed = Vec::new();
            items.iter().filter_map(Value::int).for_each(|item| encode_varint(item as u64, &mut packed));
            if !packed.is_empty() {
                delimited(&packed);
            }
        }
        (Value::List(items), Schema::List { item, .. }) => {
            items.iter().for_each(|value| write_value(number, value, item, bytes));
        }
        (Value::List(items), _) => items.iter().for_each(|value| write_value(number, value, schema, bytes)),
        (Value::Object(_), Schema::Object(object)) => delimited(&write(value, object)),
        (Value::Object(_), _) => delimited(&[]),
        (Value::Text(word) | Value::RawText(word), Schema::Enum(words))
            if word_number(words, word) > 0 && words.name != TEXT_ENUM =>
        {
            encode_key(number, WireType::Varint, bytes);
            encode_varint(word_number(words, word), bytes);
        }
        (Value::Text(text) | Value::RawText(text), _) => delimited(text.as_bytes()),
        (Value::Int(value), _) => {
            encode_key(number, WireType::Varint, bytes);
            encode_varint(*value as u64, bytes);
        }
        (Value::Bool(value), _) => {
            encode_key(number, WireType::Varint, bytes);
            encode_varint((*value).into(), bytes);
        }
        (Value::Fraction(value), _) => {
            encode_key(number, WireType::SixtyFourBit, bytes);
            bytes.extend_from_slice(&value.parse::<f64>().unwrap_or_default().to_le_bytes());
        }
    }
}

/// Reads a message: the input of an operation, or at the other end its response.
pub fn read(bytes: &[u8], object: &Object) -> Result<Value, Error> {
    let mut members = Vec::new();
    Reader { values_max: VALUES_MAX, values: 0 }.merge(bytes, object, &Path::Root, &mut members)?;
    Ok(Value::Object(members))
}

/// Reads the response message of an operation: the reply in its field.
pub fn read_response(bytes: &[u8], operation: &Operation) -> Result<Value, Error> {
    if operation.reply_name == NOTHING {
        return Ok(Value::Object(Vec::new()));
    }
    let mut buffer = bytes;
    let (key, wire_type) = decode_key(&mut buffer).map_err(unreadable)?;
    let Schema::Object(object) = operation.reply else { return Err(Error::unreadable("the reply is no message")) };
    if (key, wire_type) != (1, WireType::LengthDelimited) {
        return Err(Error::unreadable(format!("the response has no field 1, {}", operation.reply_name)));
    }
    let (mut reader, mut members) = (Reader { values_max: REPLY_VALUES_MAX, values: 0 }, Vec::new());
    reader.merge(delimited(&mut buffer)?, object, &Path::Root, &mut members)?;
    Ok(Value::Object(members))
}

fn unreadable(error: DecodeError) -> Error {
    Error::unreadable(format!("can't read the message: {error}"))
}

/// A length and so many bytes.
fn delimited<'a>(buffer: &mut &'a [u8]) -> Result<&'a [u8], Error> {
    let length = decode_varint(buffer).map_err(unreadable)?;
    let length = usize::try_from(length).unwrap_or(usize::MAX);
    if length > buffer.len() {
        return Err(Error::unreadable(format!(
            "can't read the message: a length of {length}, and {} bytes follow",
            buffer.len()
        )));
    }
    let (content, rest) = buffer.split_at(length);
    *buffer = rest;
    Ok(content)
}

/// Reads one message with those in it.
struct Reader {
    /// How many values it may have.
    values_max: usize,
    /// How many have been read.
    values: usize,
}

impl Reader {
    /// Reads the fields of a message into an object. Of a field that is given twice the last value counts, and messages are merged
    /// ("Last One Wins"). An unknown field is skipped ("Unknown Fields"): a newer client may have fields that this server lacks.
    fn merge(
        &mut self,
        mut bytes: &[u8],
        object: &Object,
        path: &Path<'_>,
        members: &mut Vec<(String, Value)>,
    ) -> Result<(), Error> {
        while bytes.has_remaining() {
            let (number, wire_type) = decode_key(&mut bytes).map_err(unreadable)?;
            match field(object, number) {
                Some(field) => self.field(&mut bytes, wire_type, field, path, members)?,
                None => skip_field(wire_type, number, &mut bytes, DecodeContext::default()).map_err(unreadable)?,
            }
        }
        for field in object.members.iter().filter(|field| field.required) {
            let zero = match field.schema {
                Schema::Int { min: ..=0, max: 0.. } => Value::Int(0),
                Schema::List { .. } => Value::List(Vec::new()),
                Schema::Int { .. }
                | Schema::Id { .. }
                | Schema::Text { .. }
                | Schema::Cursor
                | Schema::Enum(_)
                | Schema::Time
                | Schema::Object(_) => continue,
            };
            if !members.iter().any(|(name, _)| name == field.name) {
                members.push((field.name.to_owned(), zero));
            }
        }
        // Fields may come in any order ("Field Order").
        members.sort_by_key(|(name, _)| object.members.iter().position(|field| field.name == name));
        Ok(())
    }

    fn field(
        &mut self,
        bytes: &mut &[u8],
        wire_type: WireType,
        field: &Field,
        path: &Path<'_>,
        members: &mut Vec<(String, Value)>,
    ) -> Result<(), Error> {
        let position = members.iter().position(|(name, _)| name == field.name);
        let old = position.map(|position| members.swap_remove(position).1);
        let path = &Path::Field(path, field.name);
        let value = match (field.schema, old) {
            (Schema::List { item, .. }, old) => {
                let mut items = if let Some(Value::List(items)) = old { items } else { Vec::new() };
                self.items(bytes, wire_type, path, item, &mut items)?;
                Some(Value::List(items))
            }
            (schema, old) => self.value(bytes, wire_type, path, &schema, old)?,
        };
        members.extend(value.map(|value| (field.name.to_owned(), value)));
        Ok(())
    }

    /// One item, or all of them ("Packed Repeated Fields").
    fn items(
        &mut self,
        bytes: &mut &[u8],
        wire_type: WireType,
        path: &Path<'_>,
        item: &Schema,
        items: &mut Vec<Value>,
    ) -> Result<(), Error> {
        let is_number = matches!(item, Schema::Int { .. } | Schema::Id { .. } | Schema::Enum(_));
        if is_number && wire_type == WireType::LengthDelimited {
            let mut packed = delimited(bytes)?;
            while packed.has_remaining() {
                let path = Path::Item(path, items.len());
                items.extend(self.value(&mut packed, WireType::Varint, &path, item, None)?);
            }
            return Ok(());
        }
        let path = Path::Item(path, items.len());
        items.extend(self.value(bytes, wire_type, &path, item, None)?);
        Ok(())
    }

    /// A value; `None` for an enum's 0, which means that there is none.
    fn value(
        &mut self,
        bytes: &mut &[u8],
        wire_type: WireType,
        path: &Path<'_>,
        schema: &Schema,
        old: Option<Value>,
    ) -> Result<Option<Value>, Error> {
        self.values += 1;
        if self.values > self.values_max {
            return Err(Error::too_large("values of a message", self.values_max));
        }
        let is_text = match schema {
            Schema::Enum(words) => words.name == TEXT_ENUM,
            Schema::Text { .. } | Schema::Cursor => true,
            _ => false,
        };
        let expected = match schema {
            Schema::Int { .. } | Schema::Id { .. } => WireType::Varint,
            Schema::Enum(_) if !is_text => WireType::Varint,
            _ => WireType::LengthDelimited,
        };
        if wire_type != expected {
            let message = format!("has the wire type {}; {} has {}", kind(wire_type), schema.noun(), kind(expected));
            return Err(Error::invalid(&path.to_string(), message));
        }
        Ok(Some(match schema {
            Schema::Int { .. } | Schema::Id { .. } => Value::Int(decode_varint(bytes).map_err(unreadable)? as i64),
            Schema::Enum(words) if !is_text => {
                let value = decode_varint(bytes).map_err(unreadable)?;
                let position = usize::try_from(value).ok().and_then(|value| value.checked_sub(1));
                match position {
                    None => return Ok(None),
                    Some(position) => match words.words.get(position) {
                        Some(word) => Value::text(*word),
                        None => Value::Int(value as i64),
                    },
                }
            }
            Schema::Time => {
                let seconds = prost_types::Timestamp::decode(delimited(bytes)?).map_err(unreadable)?.seconds;
                Value::text(Timestamp(seconds).to_string())
            }
            Schema::Object(object) => {
                let mut members = if let Some(Value::Object(members)) = old { members } else { Vec::new() };
                self.merge(delimited(bytes)?, object, path, &mut members)?;
                Value::Object(members)
            }
            _ => {
                let text = std::str::from_utf8(delimited(bytes)?);
                Value::text(
                    text.map_err(|_| Error::unreadable(format!("can't read the message: {path} is not UTF-8")))?,
                )
            }
        }))
    }
}

/// A wire type, as the documentation calls it.
fn kind(wire_type: WireType) -> &'static str {
    match wire_type {
        WireType::Varint => "VARINT",
        WireType::SixtyFourBit => "I64",
        WireType::LengthDelimited => "LEN",
        WireType::StartGroup => "SGROUP",
        WireType::EndGroup => "EGROUP",
        WireType::ThirtyTwoBit => "I32",
    }
}

#[cfg(test)]
mod tests;
