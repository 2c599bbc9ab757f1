//! A text comes back as it was sent, whatever characters it has.

use crate::trials::{Scenario, scenario};
use serde_json::json;
use tests::{Conversation, ValueAccess};

pub const SCENARIOS: &[Scenario] = &[
    scenario("texts come back as they were", round_trip),
    scenario("texts with what XML can't say are refused", unsayable),
];

/// Characters with a meaning in some grammar, and characters that careless grammars change.
const TEXTS: &[&str] = &[
    "<&>\"'",
    "a & b < c > d",
    "&amp;&lt;&#10;&unknown;",
    "<![CDATA[x]]>",
    "]]>",
    "<!-- x --><?php?>",
    "</name></User>",
    "\\ \\n \\u0041 \\\"",
    "{\"id\": 1}",
    "$name ${name} {{name}} %s %00 %41 a+b",
    "null",
    "true",
    "007",
    "1e3",
    "-",
    "/",
    "../..",
    "a/b?c=d#e",
    // XML 1.0 section 2.11 turns these line ends into a line feed, unless they are written as references.
    "one\r\ntwo\rthree\nfour",
    "\r",
    "\n",
    "\t",
    "a\tb",
    // White space at the ends, and only white space.
    "  both ends  ",
    " ",
    "   ",
    "two  spaces",
    "\n lead",
    // Control characters that XML 1.0 allows, and line ends of XML 1.1.
    "\u{7f}\u{80}\u{85}\u{9f}\u{2028}\u{2029}",
    // No-break and zero-width characters, a byte order mark, a soft hyphen, directions.
    "\u{a0}\u{200b}\u{200d}\u{feff}\u{ad}\u{202e}",
    "é e\u{301} ﬁ İ ß ẞ ς",
    "😀 👩‍👩‍👧‍👦 🇪🇺 𝒳 \u{10ffff}",
    "\u{e000}\u{f8ff}\u{fffd}",
    "שלום عربي 日本語 हिन्दी ไทย",
];

fn round_trip(client: &mut Conversation) {
    for text in TEXTS {
        let user = client.ok("update_user", json!({"id": 1, "name": text}));
        assert_eq!(user.words("name"), *text);
        assert_eq!(client.ok("get_user", json!({"id": 1})).words("name"), *text);
        let product = client.ok("update_product", json!({"id": 90, "description": text}));
        assert_eq!(product.words("description"), *text);
        let found = client.ok("search_products", json!({"query": text, "limit": 100})).column("id");
        assert!(found.contains(&90), "{text:?}");
    }
    let email = "\"<o'neill>&+%\"@example.com";
    assert_eq!(client.ok("update_user", json!({"id": 1, "email": email})).words("email"), email);
    client.refused("create_user", json!({"name": "]]>", "email": email.to_uppercase()}), "email_taken");
}

/// Only what every grammar can transport; the rest is in the tests of errors.
fn unsayable(client: &mut Conversation) {
    client.invalid("update_user", json!({"id": 1, "email": "a b@example.com"}), "/email");
    client.invalid("update_user", json!({"id": 1, "email": "a\u{85}b@example.com"}), "/email");
    client.invalid("update_user", json!({"id": 1, "email": "<&>"}), "/email");
}
