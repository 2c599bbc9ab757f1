//! Where is a thing written to? Each grammar is one [`Encoder`].

use crate::time::Timestamp;

/// Where a thing is written to: each grammar is one, and all the calls that it gets are the shape of the thing.
pub trait Encoder {
    /// A whole number.
    fn int(&mut self, number: i32);
    /// A text.
    fn text(&mut self, text: &str);
    /// One word of a closed set.
    fn word(&mut self, word: &'static str) {
        self.text(word);
    }
    /// A moment.
    fn time(&mut self, time: Timestamp);
    /// A record begins.
    fn begin_object(&mut self);
    /// A member of the record begins; its value follows.
    fn field(&mut self, name: &'static str);
    /// The member has been written.
    fn end_field(&mut self, _name: &'static str) {}
    /// The record ends.
    fn end_object(&mut self);
    /// A list begins.
    fn begin_list(&mut self);
    /// An item of the list begins; its value follows.
    fn item(&mut self) {}
    /// The item has been written.
    fn end_item(&mut self) {}
    /// The list ends.
    fn end_list(&mut self);
}
