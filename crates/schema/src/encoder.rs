//! The trait that every wire format implements to write values.

use crate::time::Timestamp;

/// Receives a value piece by piece and writes it in one format. [`Encode::write`](crate::Encode::write) makes the calls.
pub trait Encoder {
    /// Writes an integer.
    fn int(&mut self, number: i32);
    /// Writes a text.
    fn text(&mut self, text: &str);
    /// Writes a word of an enum.
    fn word(&mut self, word: &'static str) {
        self.text(word);
    }
    /// Writes a point in time.
    fn time(&mut self, time: Timestamp);
    /// Begins an object.
    fn begin_object(&mut self);
    /// Begins a field of the object; its value follows.
    fn field(&mut self, name: &'static str);
    /// Ends the field.
    fn end_field(&mut self, _name: &'static str) {}
    /// Ends the object.
    fn end_object(&mut self);
    /// Begins a list.
    fn begin_list(&mut self);
    /// Begins an item of the list; its value follows.
    fn item(&mut self) {}
    /// Ends the item.
    fn end_item(&mut self) {}
    /// Ends the list.
    fn end_list(&mut self);
}
