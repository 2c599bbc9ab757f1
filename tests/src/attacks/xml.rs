//! Attacks on readers of XML, in SOAP of both versions and in XML-RPC.

use super::{Attack, FILL_BYTES, Grammar, Mistake, ORDER, fill, pieces};

const fn attack(name: &'static str, body: fn(&Grammar, &str) -> Vec<u8>) -> Attack {
    Attack { name, body, mistake: Mistake::Unreadable }
}

/// Attacks on one request.
pub const ATTACKS: &[Attack] = &[
    attack("a DOCTYPE", |grammar, _| after("<!DOCTYPE a>", grammar, &fill())),
    attack("internal entities", |grammar, _| {
        let entities = pieces(|number| format!("<!ENTITY e{number} \"x\">"));
        after(&format!("<!DOCTYPE a [{entities}]>"), grammar, "&e0;")
    }),
    attack("an external entity, a file", |grammar, _| {
        let doctype =
            concat!("<!DOCTYPE a [<!ENTITY e SYSTEM \"file://", env!("CARGO_MANIFEST_DIR"), "/Cargo.toml\">]>");
        after(doctype, grammar, &("&e;".to_owned() + &fill()))
    }),
    attack("an external entity, elsewhere", |grammar, elsewhere| {
        let doctype = format!("<!DOCTYPE a [<!ENTITY e SYSTEM \"http://{elsewhere}/e\">]>");
        after(&doctype, grammar, &("&e;".to_owned() + &fill()))
    }),
    attack("an external parameter entity", |grammar, elsewhere| {
        let doctype = format!("<!DOCTYPE a [<!ENTITY % e SYSTEM \"http://{elsewhere}/e\"> %e;]>");
        after(&doctype, grammar, &fill())
    }),
    attack("an external DTD", |grammar, elsewhere| {
        after(&format!("<!DOCTYPE a SYSTEM \"http://{elsewhere}/a.dtd\">"), grammar, &fill())
    }),
    attack("a schema elsewhere", |grammar, elsewhere| {
        let schema = "<p:a xmlns:i='http://www.w3.org/2001/XMLSchema-instance' i:schemaLocation";
        grammar.around(&format!("{schema}='urn:a http://{elsewhere}/a.xsd'>{}</p:a>", fill()))
    }),
    attack("billion laughs", |grammar, _| {
        let first = "<!ENTITY a0 \"ha\">".to_owned();
        let rest = (1..10).map(|level| format!("<!ENTITY a{level} \"{}\">", format!("&a{};", level - 1).repeat(10)));
        let entities: String = std::iter::once(first).chain(rest).collect();
        after(&format!("<!DOCTYPE a [{entities}]>"), grammar, &pieces(|_| "&a9;".to_owned()))
    }),
    attack("quadratic blow-up", |grammar, _| {
        let half = FILL_BYTES / 2;
        let doctype = format!("<!DOCTYPE a [<!ENTITY a \"{}\">]>", "x".repeat(half));
        after(&doctype, grammar, &"&a;".repeat(half / 3))
    }),
    attack("an unknown entity at the end", |grammar, _| grammar.around(&(fill() + "&a;"))),
    attack("100,000 attributes", |grammar, _| {
        let attributes: String = (0..100_000).map(|number| format!(" a{number}=''")).collect();
        grammar.around(&format!("<a{attributes}/>"))
    }),
    attack("20,000 namespace declarations", |grammar, _| {
        let declarations: String = (0..20_000).map(|number| format!(" xmlns:n{number}='u'")).collect();
        grammar.around(&format!("<a{declarations}>{}</a>", "x".repeat(FILL_BYTES - declarations.len())))
    }),
    attack("namespace declarations at every depth", |grammar, _| {
        let level = |depth| {
            let declarations: String = (0..60).map(|number| format!(" xmlns:n{depth}-{number}='u'")).collect();
            format!("<a{declarations}>")
        };
        let levels: String = (0..50).map(level).collect();
        grammar.around(&(levels + &"<a>x</a>".repeat(19_000) + &"</a>".repeat(50)))
    }),
    attack("a namespace for each element", |grammar, _| {
        grammar.around(&pieces(|number| format!("<a xmlns='urn:a-namespace-with-the-number:{number:020}'/>")))
    }),
    attack("more elements than are read", |grammar, _| grammar.around(&pieces(|_| "<a/>".to_owned()))),
    attack("depth 10,000", |grammar, _| {
        let depth = 10_000;
        grammar.around(&format!("{}{}{}", "<a>".repeat(depth), "x".repeat(930_000), "</a>".repeat(depth)))
    }),
    attack("two roots", |grammar, _| [grammar.around(&fill()), b"<a/>".to_vec()].concat()),
    attack("an unclosed root", |grammar, _| [grammar.around.0, &fill()].concat().into_bytes()),
    attack("an unbound prefix", |grammar, _| grammar.around(&(fill() + "<p:a/>"))),
    attack("half a pair of surrogates, in UTF-16", |grammar, _| {
        let (before, behind) = grammar.around;
        let text = [before, &fill()[..FILL_BYTES / 2], behind].concat();
        let units = text.encode_utf16().chain([0xD800]);
        [b"\xff\xfe".to_vec(), units.flat_map(u16::to_le_bytes).collect()].concat()
    }),
];

/// Several calls in one, of which none must be executed.
pub const SEVERAL: &[Attack] = &[Attack {
    name: "a multicall of 1,000",
    body: |_, _| {
        let call = format!(
            "<value><struct><member><name>methodName</name><value>cancel_order</value></member><member>\
             <name>params</name><value><array><data><value><int>{ORDER}</int></value></data></array></value></member>\
             </struct></value>"
        );
        format!(
            "<methodCall><methodName>system.multicall</methodName><params><param><value><array><data>{}</data></array>\
             </value></param></params></methodCall>",
            call.repeat(1_000)
        )
        .into_bytes()
    },
    mistake: Mistake::TooMuch,
}];

/// A document with a prolog before it.
fn after(prolog: &str, grammar: &Grammar, text: &str) -> Vec<u8> {
    [prolog.as_bytes(), &grammar.around(text)].concat()
}
