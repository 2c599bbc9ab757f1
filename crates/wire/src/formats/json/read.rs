//! Reads JSON strictly: no duplicate member (RFC 8259 section 4 leaves it open), and within limits of depth and number of
//! values.

use crate::limits::{JSON_DEPTH_MAX, JSON_VALUES_MAX, REPLY_VALUES_MAX};
use domain::{Error, Value};
use serde::de::{self, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use std::cell::Cell;
use std::fmt;

/// Reads a text; the error says that it is not JSON.
pub fn read(text: &[u8]) -> Result<Value, Error> {
    read_up_to(text, JSON_VALUES_MAX)
}

/// The same for a client, with a higher limit of values.
pub fn read_reply(text: &[u8]) -> Result<Value, Error> {
    read_up_to(text, REPLY_VALUES_MAX)
}

/// The text without a byte order mark, which a reader may skip (RFC 8259 section 8.1).
pub fn unmarked(text: &[u8]) -> &[u8] {
    text.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(text)
}

fn read_up_to(text: &[u8], values_max: usize) -> Result<Value, Error> {
    let mut deserializer = serde_json::Deserializer::from_slice(unmarked(text));
    let value = Reader { depth: 0, values: &Cell::new(0), values_max }.deserialize(&mut deserializer);
    let whole = value.and_then(|value| deserializer.end().map(|()| value));
    whole.map_err(|error| unreadable(text, error))
}

/// Why a text is not JSON; a common reason is in plain words.
pub fn unreadable(text: &[u8], problem: impl fmt::Display) -> Error {
    let problem = match text.trim_ascii() {
        [] => "it is empty, and must be a value".to_owned(),
        [b'<', ..] => "it begins with \"<\": is it XML?".to_owned(),
        _ => problem.to_string(),
    };
    Error::unreadable(format!("can't read the JSON: {problem}"))
}

#[derive(Clone, Copy)]
struct Reader<'a> {
    depth: usize,
    /// The number of values so far, in all readers of the document.
    values: &'a Cell<usize>,
    values_max: usize,
}

impl Reader<'_> {
    /// The reader of a nested value.
    fn deeper<E: de::Error>(self) -> Result<Self, E> {
        if self.depth >= JSON_DEPTH_MAX {
            return Err(E::custom(format_args!("nested deeper than {JSON_DEPTH_MAX}")));
        }
        self.values.update(|values| values + 1);
        if self.values.get() > self.values_max {
            return Err(E::custom(format_args!("more than {} values", self.values_max)));
        }
        Ok(Reader { depth: self.depth + 1, ..self })
    }
}

impl<'de> DeserializeSeed<'de> for Reader<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Reader<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Value, E> {
        Ok(Value::Int(number))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Value, E> {
        Ok(i64::try_from(number).map_or_else(|_| Value::Fraction(number.to_string()), Value::Int))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Value, E> {
        // JSON Schema core, section 4.2.3: 1.0 and 1 are the same number. Below 2^53 a double is exact.
        let exact = number.fract() == 0.0 && number.abs() < 9_007_199_254_740_992.0;
        Ok(if exact { Value::Int(number as i64) } else { Value::Fraction(number.to_string()) })
    }

    fn visit_str<E>(self, text: &str) -> Result<Value, E> {
        Ok(Value::Text(text.to_owned()))
    }

    fn visit_string<E>(self, text: String) -> Result<Value, E> {
        Ok(Value::Text(text))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Value, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = list.next_element_seed(self.deeper()?)? {
            items.push(item);
        }
        Ok(Value::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let mut members: Vec<(String, Value)> = Vec::new();
        while let Some(name) = map.next_key::<String>()? {
            let value = map.next_value_seed(self.deeper()?)?;
            members.push((name, value));
        }
        if let Some(twice) = duplicate_member(&members) {
            let shown = domain::value::shown(twice);
            return Err(de::Error::custom(format_args!("member \"{shown}\" was given twice")));
        }
        Ok(Value::Object(members))
    }
}

/// The first duplicate name. Sorted, because there may be very many.
pub fn duplicate_member(members: &[(String, Value)]) -> Option<&str> {
    let mut names: Vec<&str> = members.iter().map(|(name, _)| name.as_str()).collect();
    names.sort_unstable();
    names.windows(2).find(|pair| pair[0] == pair[1]).map(|pair| pair[0])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_read_as_they_are() {
        let value = read(br#"{"a": [1, 2.0, 2.5, "x", null, true], "b": 18446744073709551615}"#).unwrap();
        let items = [Value::Int(1), Value::Int(2), Value::Fraction("2.5".into()), "x".into(), Value::Null];
        assert_eq!(value.at("a").unwrap().items()[..5], items);
        assert_eq!(value.get("b"), Some(&Value::Fraction("18446744073709551615".into())));
    }

    #[test]
    fn what_is_no_json_is_refused() {
        let deep = format!("{}{}", "[".repeat(65), "]".repeat(65));
        for bad in ["", "{", "{} {}", "{'a': 1}", r#"{"a": 1, "a": 2}"#, "\"\u{0}\"", "nul", deep.as_str()] {
            assert!(read(bad.as_bytes()).is_err(), "{bad}");
        }
        let wide = format!("[{}1]", "1,".repeat(JSON_VALUES_MAX));
        assert!(read(wide.as_bytes()).is_err() && read_reply(wide.as_bytes()).is_ok());
        assert!(read(b"\"\xff\"").is_err());
        assert!(read(b"\xEF\xBB\xBF 1").is_ok() && read(b"\xEF\xBB\xBF\xEF\xBB\xBF1").is_err());
        assert!(read(format!("{}{}", "[".repeat(64), "]".repeat(64)).as_bytes()).is_ok());
    }
}
