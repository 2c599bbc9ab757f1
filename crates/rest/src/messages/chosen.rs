//! Selection of members: leaves out those that were not selected.

use domain::schema::Encoder;
use domain::time::Timestamp;

/// An encoder that passes only the selected members of a resource to another one.
pub struct Chosen<'c, S> {
    to: S,
    names: &'c [&'static str],
    /// The depth of the resource: 1 if the reply is one, 2 if it is a page of them.
    level: usize,
    depth: usize,
    passes_over: bool,
}

impl<'c, S: Encoder> Chosen<'c, S> {
    /// Passes the members with these names, of a resource or of each item of a page.
    pub fn new(to: S, names: &'c [&'static str], is_list: bool) -> Self {
        Chosen { to, names, level: if is_list { 2 } else { 1 }, depth: 0, passes_over: false }
    }

    /// The other encoder.
    pub fn into_inner(self) -> S {
        self.to
    }

    fn hand_on(&mut self, what: impl FnOnce(&mut S)) {
        if !self.passes_over {
            what(&mut self.to);
        }
    }
}

impl<S: Encoder> Encoder for Chosen<'_, S> {
    fn int(&mut self, number: i32) {
        self.hand_on(|to| to.int(number));
    }
    fn text(&mut self, text: &str) {
        self.hand_on(|to| to.text(text));
    }
    fn word(&mut self, word: &'static str) {
        self.hand_on(|to| to.word(word));
    }
    fn time(&mut self, time: Timestamp) {
        self.hand_on(|to| to.time(time));
    }
    fn begin_object(&mut self) {
        self.depth += 1;
        self.hand_on(Encoder::begin_object);
    }
    fn field(&mut self, name: &'static str) {
        if self.depth == self.level && !self.names.contains(&name) {
            self.passes_over = true;
        }
        self.hand_on(|to| to.field(name));
    }
    fn end_field(&mut self, name: &'static str) {
        self.hand_on(|to| to.end_field(name));
        if self.depth == self.level {
            self.passes_over = false;
        }
    }
    fn end_object(&mut self) {
        self.depth -= 1;
        self.hand_on(Encoder::end_object);
    }
    fn begin_list(&mut self) {
        self.hand_on(Encoder::begin_list);
    }
    fn item(&mut self) {
        self.hand_on(Encoder::item);
    }
    fn end_item(&mut self) {
        self.hand_on(Encoder::end_item);
    }
    fn end_list(&mut self) {
        self.hand_on(Encoder::end_list);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wire::json::JsonEncoder;
    use wire::testing::replies;

    fn chosen_of(reply_name: &str, names: &[&'static str], is_list: bool) -> String {
        let mut encoder = Chosen::new(JsonEncoder::default(), names, is_list);
        replies(reply_name).pop().unwrap().write(&mut encoder);
        encoder.into_inner().finish()
    }

    #[test]
    fn what_was_not_chosen_is_left_out_with_all_that_is_in_it() {
        assert_eq!(chosen_of("user", &["version", "id"], false), r#"{"id":1,"version":1}"#);
        assert_eq!(chosen_of("users", &["id"], true), r#"{"items":[{"id":1}],"next":"9e7a4f3400000001"}"#);
        let details = chosen_of("order_details", &["id", "total"], false);
        assert_eq!(details, r#"{"id":1,"total":{"amount":10,"currency":"EUR"}}"#);
        assert_eq!(chosen_of("order", &["version"], false), r#"{"version":3}"#);
    }
}
