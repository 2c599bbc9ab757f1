//! Every ordinary mistake, in every style: the answer says what was sent, where, what is expected there, and what to do, in the
//! caller's own spelling.

use domain::access::{Credentials, Secret};
use domain::sandbox::{Access, Settings};
use domain::users::UserId;
use serde_json::{Value, json};
use std::sync::Arc;
use tests::protocols::{Named, ProtocolFacts};
use tests::slips::{NAMES, Says};
use tests::{Conversation, TestServer, facts};
use wire::{Adapter, Outcome};

/// A mistake that every grammar can express. In what the answer must say, `<user_id>` is a member, `(list_users)` an operation and
/// `[paid]` a word, each as the style spells it; `{key}` is where an API key belongs.
pub struct Mistake {
    pub name: &'static str,
    before: fn(&mut Conversation),
    call_request: fn() -> (&'static str, Value),
    says: Says,
}

const fn mistake(
    name: &'static str,
    call_request: fn() -> (&'static str, Value),
    [sent, place, expected, advice]: [&'static str; 4],
) -> Mistake {
    Mistake { name, before: |_| (), call_request, says: Says { sent, place, expected, advice } }
}

impl Mistake {
    const fn after(self, before: fn(&mut Conversation)) -> Mistake {
        Mistake { before, ..self }
    }
}

#[rustfmt::skip]
pub const MISTAKES: &[Mistake] = &[
    mistake("a member with a typo", || ("place_order", json!({"user_ide": 1, "lines": [{"product_id": 1, "quantity": 1}]})), ["<user_ide>", "<user_ide> is not a member", "PlaceOrder, which has <user_id>, <lines>", "did you mean <user_id>?"]),
    mistake("a nested member with a typo", || ("place_order", json!({"user_id": 1, "lines": [{"product_id": 1, "quantty": 1}]})), ["<quantty>", "<lines>/0/<quantty> is not a member", "which has <product_id>, <quantity>", "did you mean <quantity>?"]),
    mistake("a parameter with a typo", || ("list_users", json!({"limt": 5})), ["limt", "limt is not a member", "which has <ids>, <limit>, <after>", "<limit>"]),
    mistake("a wrong type", || ("get_cart", json!({"user_id": "abc"})), ["got \"abc\"", "<user_id>", "an integer", "must be"]),
    mistake("a missing member", || ("place_order", json!({"user_id": 1})), ["required", "<lines>", "a list", "<lines> is required"]),
    mistake("an empty text", || ("create_user", json!({"name": "", "email": "x@y"})), ["got 0", "<name>", "1 to 100 characters", "must be"]),
    mistake("a blank text", || ("create_user", json!({"name": "x", "email": " "})), ["got \" \"", "<email>", "an email address", "must be"]),
    mistake("a text that is too long", || ("create_user", json!({"name": "x".repeat(101), "email": "x@y"})), ["got 101", "<name>", "1 to 100 characters", "must be"]),
    mistake("a number out of its range", || ("list_users", json!({"limit": 101})), ["got 101", "<limit>", "1 to 100", "must be"]),
    mistake("a word with a typo", || ("set_order_status", json!({"id": 1, "status": "shiped"})), ["\"shiped\"", "<status>", "[placed], [paid], [shipped]", "did you mean [shipped]?"]),
    mistake("an id of nothing", || ("get_user", json!({"id": 9999})), ["9999", "user", "no user 9999", "(list_users) lists"]),
    mistake("several mistakes at once", || ("create_user", json!({"name": "", "email": "nowhere"})), ["\"nowhere\"", "<name> must be 1 to 100 characters, got 0\n", "<email> must be an email address", "must be"]),
    mistake("wrong credentials", || ("get_user", json!({"id": 1})), ["API key", "key", "user", "{key}"])
        .after(|client| client.authenticate_as(Credentials::ApiKey(Secret::new("parlance")))),
    mistake("no credentials", || ("get_user", json!({"id": 1})), ["credentials", "sandbox", "required", "{key}"])
        .after(|client| client.set_up(Settings { access: Access::Locked, ..Settings::default() })),
    mistake("an operation of others", || ("get_user", json!({"id": 1})), ["user 20", "act for user 1", "user 1 or staff", "only"])
        .after(|client| client.authenticate_as(Credentials::ApiKey(auth::demo::api_key(UserId(20))))),
    mistake("a used-up rate limit", || ("who_am_i", json!({})), ["rate limit", "anonymous caller", "1 operation per minute", "try again in 6"])
        .after(|client| {
            client.set_up(Settings { rate_per_minute: Some(1), ..Settings::default() });
            client.ok("who_am_i", json!({}));
        }),
];

/// Makes the mistake, and judges the answer.
pub fn make(server: &Arc<TestServer>, style: &'static Adapter, mistake: &Mistake) {
    let mut client = Conversation::over(server, style);
    (mistake.before)(&mut client);
    let (operation, input) = (mistake.call_request)();
    if !(facts(style.name).can_express)(&tests::call_request(operation, &input)) {
        return;
    }
    let refused = match client.outcome(operation, input) {
        Outcome::Refused(refused) => refused,
        outcome => panic!("{outcome:?}"),
    };
    let (answer, facts) = (format!("{refused}\n"), facts(style.name));
    let missing = mistake.says.missing_in(&answer, |words| spelled(words, facts.spells));
    judge(&answer, facts, mistake.name, &missing);
}

/// Makes a mistake in the style's own grammar, and judges the answer.
pub fn slip(server: &Arc<TestServer>, facts: &ProtocolFacts, name: &str) {
    let slip = facts.slips.iter().find(|slip| slip.name == name).expect("a row for each mistake");
    if let Some(answer) = slip.made.make(&server.address()) {
        judge(&answer, facts, name, &slip.says.missing_in(&answer, str::to_owned));
    }
}

fn judge(answer: &str, facts: &ProtocolFacts, name: &str, missing: &[(&str, String)]) {
    if let Some(file) = std::env::var_os("HELPFUL") {
        use std::io::Write;
        let mut file = std::fs::OpenOptions::new().append(true).create(true).open(file).expect("a file");
        let row = json!({"mistake": name, "style": facts.name, "answer": answer, "missing": missing});
        writeln!(file, "{row}").expect("a row");
    }
    assert!(missing.is_empty(), "the answer does not say {missing:?}:\n{answer}");
}

/// The brackets around a name, and what it names.
type Bracketed = (char, char, fn(&str) -> Named);

/// The words with each name as the style spells it.
fn spelled(words: &str, spells: fn(Named) -> String) -> String {
    let kinds: [Bracketed; 3] = [
        ('<', '>', |name| Named::Member(name)),
        ('(', ')', |name| Named::Operation(name)),
        ('[', ']', |name| Named::Word(name)),
    ];
    let words = words.replace("{key}", &spells(Named::ApiKey));
    kinds.into_iter().fold(words, |words, (open, close, kind)| {
        let mut parts = words.split(open);
        let first = parts.next().unwrap_or_default().to_owned();
        parts.fold(first, |done, part| match part.split_once(close) {
            Some((name, rest)) if name.chars().all(|c| c == '_' || c.is_ascii_lowercase()) => {
                done + &spells(kind(name)) + rest
            }
            _ => format!("{done}{open}{part}"),
        })
    })
}

/// Every style has a row for every mistake.
pub fn no_style_is_spared() {
    for facts in tests::protocols::ALL {
        let names: Vec<_> = facts.slips.iter().map(|slip| slip.name).collect();
        assert_eq!(names, NAMES, "{}", facts.name);
    }
}
