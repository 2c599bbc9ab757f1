//! Selection of members: `?fields=name,email` leaves the others out, `?include=user` adds to an order.

use crate::routes::Route;
use domain::Error;
use domain::schema::Encoder;
use domain::time::Timestamp;

/// The parameter with the members of the reply.
pub const FIELDS: &str = "fields";
/// Words of such a list, duplicates included: more than any resource has members.
pub const WORDS_MAX: usize = 100;

/// The selected members, if any are left out. An empty list counts as absent.
pub fn chosen(route: &Route, include: Option<&str>, fields: Option<&str>) -> Result<Option<Vec<&'static str>>, Error> {
    let all = route.resource().0.members;
    let mut members: Vec<&'static str> = all.iter().map(|member| member.name).collect();
    if let Some((name, words)) = route.only_with {
        let optional: Vec<&'static str> = words.split(',').collect();
        let included = listed(name, include.unwrap_or_default(), &optional)?;
        members.retain(|member| included.contains(member) || !optional.contains(member));
    }
    let fields = listed(FIELDS, fields.unwrap_or_default(), &members)?;
    let named = if fields.is_empty() { members } else { fields };
    Ok((named.len() < all.len()).then_some(named))
}

/// The words of a parameter, in any order. Duplicates count once.
fn listed(name: &str, list: &str, allowed: &[&'static str]) -> Result<Vec<&'static str>, Error> {
    let mut words: Vec<&'static str> = Vec::new();
    let count = list.split(',').count();
    if count > WORDS_MAX {
        return Err(Error::invalid(&format!("/{name}"), format!("must have at most {WORDS_MAX} words, got {count}")));
    }
    for word in list.split(',').map(str::trim).filter(|word| !word.is_empty()) {
        let Some(known) = allowed.iter().find(|known| **known == word) else {
            let (shown, allowed) = (domain::value::shown(word), allowed.join(", "));
            return Err(Error::invalid(&format!("/{name}"), format!("must name some of {allowed}, got \"{shown}\"")));
        };
        if !words.contains(known) {
            words.push(known);
        }
    }
    Ok(words)
}

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
    use crate::routes::ROUTES;
    use domain::orders::OrderDetails;
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

    #[test]
    fn any_of_the_members_can_be_chosen_and_no_other() {
        let route = |operation: &str| ROUTES.iter().find(|route| route.operation.name == operation).unwrap();
        let names = |list: &str| chosen(route("get_user"), None, Some(list)).unwrap();
        assert_eq!(names("name,email"), Some(vec!["name", "email"]));
        assert_eq!(names("email, name,email,"), Some(vec!["email", "name"]));
        assert_eq!(names(""), None);
        assert_eq!(names("version,created_at,role,email,name,id"), None, "these are all of them");
        for bad in ["nick_name", "name,nick", "Name", "name;email", "name email"] {
            let error = chosen(route("get_user"), None, Some(bad)).unwrap_err();
            assert_eq!(error.errors[0].pointer, "/fields", "{bad}");
            assert!(error.errors[0].message.contains("id, name, email, role, created_at, version"), "{bad}");
        }
    }

    #[test]
    fn an_order_includes_what_is_named_in_any_order() {
        let route = ROUTES.iter().find(|route| route.operation.name == "get_order_details").unwrap();
        let has = |include: &str, fields: Option<&str>| {
            let chosen = chosen(route, Some(include), fields)?;
            let of_all = || OrderDetails::OBJECT.members.iter().map(|member| member.name).collect::<Vec<_>>();
            let names = chosen.unwrap_or_else(of_all);
            Ok::<_, Error>((names.len(), names.contains(&"user"), names.contains(&"products")))
        };
        let whole = OrderDetails::OBJECT.members.len();
        for both in ["user,products", "products,user", "products, user,products,"] {
            assert_eq!(has(both, None).unwrap(), (whole, true, true), "{both}");
        }
        assert_eq!(has("user", None).unwrap(), (whole - 1, true, false));
        assert_eq!(has("products", None).unwrap(), (whole - 1, false, true));
        assert_eq!(has("", None).unwrap(), (whole - 2, false, false));
        assert_eq!(has("user", Some("user,id")).unwrap(), (2, true, false));
        assert_eq!(
            has("user,everything", None).unwrap_err().errors[0].message,
            "must name some of user, products, got \"everything\""
        );
        assert_eq!(has("user", Some("products")).unwrap_err().errors[0].pointer, "/fields", "it is not included");
    }
}
