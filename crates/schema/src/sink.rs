//! Where is a thing written to? Each grammar is one [`Sink`].

use crate::time::Timestamp;

/// Where a thing is written to: each grammar is one, and all the calls that it gets are the shape of the thing.
pub trait Sink {
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
    fn open_record(&mut self);
    /// A member of the record begins; its value follows.
    fn member(&mut self, name: &'static str);
    /// The member has been written.
    fn end_member(&mut self, _name: &'static str) {}
    /// The record ends.
    fn close_record(&mut self);
    /// A list begins.
    fn open_list(&mut self);
    /// An item of the list begins; its value follows.
    fn item(&mut self) {}
    /// The item has been written.
    fn end_item(&mut self) {}
    /// The list ends.
    fn close_list(&mut self);
}
