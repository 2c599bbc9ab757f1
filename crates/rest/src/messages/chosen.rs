//! Which members of a thing does the client want? `?fields=name,email` leaves the others out.

use domain::Error;
use domain::shape::{Record, Sink};
use domain::time::Timestamp;

/// The parameter that says it.
pub const FIELDS: &str = "fields";

/// The members that a list of names means: some of the thing's, each at most once.
pub fn chosen(thing: &'static Record, list: &str) -> Result<Vec<&'static str>, Error> {
    let mut names: Vec<&'static str> = Vec::new();
    for word in list.split(',') {
        let Some(member) = thing.member(word) else {
            let known: Vec<&str> = thing.members.iter().map(|member| member.name).collect();
            let shown = domain::value::shown(word);
            let message =
                format!("must name members of {}, which has {}, was \"{shown}\"", thing.name, known.join(", "));
            return Err(Error::invalid("/fields", message));
        };
        if names.contains(&member.name) {
            return Err(Error::invalid("/fields", format!("names {} twice", member.name)));
        }
        names.push(member.name);
    }
    Ok(names)
}

/// A sink that hands on to another one only those members of a thing that were chosen.
pub struct Chosen<'c, S> {
    to: S,
    names: &'c [&'static str],
    /// How deep the things lie whose members were chosen: 1 if the reply is one, 2 if it is a page of them.
    level: usize,
    depth: usize,
    passes_over: bool,
}

impl<'c, S: Sink> Chosen<'c, S> {
    /// Hands on the members of those names, of a thing or of each thing of a list.
    pub fn new(to: S, names: &'c [&'static str], is_list: bool) -> Self {
        Chosen { to, names, level: if is_list { 2 } else { 1 }, depth: 0, passes_over: false }
    }

    /// The other sink.
    pub fn into_inner(self) -> S {
        self.to
    }

    fn hand_on(&mut self, what: impl FnOnce(&mut S)) {
        if !self.passes_over {
            what(&mut self.to);
        }
    }
}

impl<S: Sink> Sink for Chosen<'_, S> {
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
    fn open_record(&mut self) {
        self.depth += 1;
        self.hand_on(Sink::open_record);
    }
    fn member(&mut self, name: &'static str) {
        if self.depth == self.level && !self.names.contains(&name) {
            self.passes_over = true;
        }
        self.hand_on(|to| to.member(name));
    }
    fn end_member(&mut self, name: &'static str) {
        self.hand_on(|to| to.end_member(name));
        if self.depth == self.level {
            self.passes_over = false;
        }
    }
    fn close_record(&mut self) {
        self.depth -= 1;
        self.hand_on(Sink::close_record);
    }
    fn open_list(&mut self) {
        self.hand_on(Sink::open_list);
    }
    fn item(&mut self) {
        self.hand_on(Sink::item);
    }
    fn end_item(&mut self) {
        self.hand_on(Sink::end_item);
    }
    fn close_list(&mut self) {
        self.hand_on(Sink::close_list);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::orders::OrderDetails;
    use domain::users::User;
    use wire::json::JsonSink;
    use wire::testing::replies;

    fn told(reply_name: &str, names: &[&'static str], is_list: bool) -> String {
        let mut sink = Chosen::new(JsonSink::default(), names, is_list);
        replies(reply_name).pop().unwrap().write(&mut sink);
        sink.into_inner().finish()
    }

    #[test]
    fn what_was_not_chosen_is_left_out_with_all_that_is_in_it() {
        assert_eq!(told("user", &["version", "id"], false), r#"{"id":1,"version":1}"#);
        assert_eq!(told("users", &["id"], true), r#"{"items":[{"id":1}],"next":"9e7a4f3400000001"}"#);
        let details = told("order_details", &["id", "total"], false);
        assert_eq!(details, r#"{"id":1,"total":{"amount":10,"currency":"EUR"}}"#);
        assert_eq!(told("order", &["version"], false), r#"{"version":3}"#);
    }

    #[test]
    fn only_members_of_the_thing_can_be_chosen() {
        assert_eq!(chosen(User::RECORD, "name,email").unwrap(), ["name", "email"]);
        assert_eq!(chosen(OrderDetails::RECORD, "user").unwrap(), ["user"]);
        for bad in ["", "nick_name", "name,", "name,name", "Name"] {
            let error = chosen(User::RECORD, bad).unwrap_err();
            assert_eq!(error.errors[0].pointer, "/fields", "{bad}");
        }
    }
}
