//! Patches are applied as RFC 6902 says, all operations or none.

use super::*;
use crate::routes::ROUTES;

fn json(text: &str) -> Json {
    serde_json::from_str(text).unwrap()
}

fn value(text: &str) -> Value {
    wire::json::read(text.as_bytes()).unwrap()
}

fn patched(thing: &str, patch: &str) -> Result<Json, Error> {
    apply(&read(value(patch))?, &json(thing))
}

/// RFC 6902 appendix A.
#[test]
fn the_standard_s_own_examples_end_as_it_says() {
    for (thing, patch, after) in [
        (r#"{"foo":"bar"}"#, r#"[{"op":"add","path":"/baz","value":"qux"}]"#, r#"{"foo":"bar","baz":"qux"}"#),
        (
            r#"{"foo":["bar","baz"]}"#,
            r#"[{"op":"add","path":"/foo/1","value":"qux"}]"#,
            r#"{"foo":["bar","qux","baz"]}"#,
        ),
        (r#"{"baz":"qux","foo":"bar"}"#, r#"[{"op":"remove","path":"/baz"}]"#, r#"{"foo":"bar"}"#),
        (r#"{"foo":["bar","qux","baz"]}"#, r#"[{"op":"remove","path":"/foo/1"}]"#, r#"{"foo":["bar","baz"]}"#),
        (
            r#"{"baz":"qux","foo":"bar"}"#,
            r#"[{"op":"replace","path":"/baz","value":"boo"}]"#,
            r#"{"baz":"boo","foo":"bar"}"#,
        ),
        (
            r#"{"foo":{"bar":"baz","waldo":"fred"},"qux":{"corge":"grault"}}"#,
            r#"[{"op":"move","from":"/foo/waldo","path":"/qux/thud"}]"#,
            r#"{"foo":{"bar":"baz"},"qux":{"corge":"grault","thud":"fred"}}"#,
        ),
        (
            r#"{"foo":["all","grass","cows","eat"]}"#,
            r#"[{"op":"move","from":"/foo/1","path":"/foo/3"}]"#,
            r#"{"foo":["all","cows","eat","grass"]}"#,
        ),
        (
            r#"{"baz":"qux","foo":["a",2,"c"]}"#,
            r#"[{"op":"test","path":"/baz","value":"qux"},{"op":"test","path":"/foo/1","value":2}]"#,
            r#"{"baz":"qux","foo":["a",2,"c"]}"#,
        ),
        (r#"{"foo":"bar"}"#, r#"[{"op":"add","path":"/baz","value":"qux","xyz":1}]"#, r#"{"foo":"bar","baz":"qux"}"#),
        (r#"{"/":9,"~1":10}"#, r#"[{"op":"test","path":"/~01","value":10}]"#, r#"{"/":9,"~1":10}"#),
        (
            r#"{"foo":["bar"]}"#,
            r#"[{"op":"add","path":"/foo/-","value":["abc","def"]}]"#,
            r#"{"foo":["bar",["abc","def"]]}"#,
        ),
    ] {
        let made = patched(thing, patch).unwrap_or_else(|error| panic!("{patch}: {error}"));
        assert_eq!(made, json(after), "{patch}");
    }
}

#[test]
fn a_step_that_can_t_be_done_ends_all() {
    for (patch, pointer) in [
        (r#"{"op":"add"}"#, ""),
        (r#"[1]"#, "/0"),
        (r#"[{"path":"/a"}]"#, "/0/op"),
        (r#"[{"op":"spread","path":"/a"}]"#, "/0/op"),
        (r#"[{"op":"add","path":"/a"}]"#, "/0/value"),
        (r#"[{"op":"remove"}]"#, "/0/path"),
        (r#"[{"op":"remove","path":"a"}]"#, "/0/path"),
        (r#"[{"op":"test","path":"/a","value":1},{"op":"remove","path":"/b"}]"#, "/1/path"),
        (r#"[{"op":"replace","path":"/b","value":1}]"#, "/0/path"),
        (r#"[{"op":"copy","from":"/b","path":"/c"}]"#, "/0/from"),
        (r#"[{"op":"move","from":"/l","path":"/l/0"}]"#, "/0/path"),
        (r#"[{"op":"add","path":"/l/2","value":1}]"#, "/0/path"),
        (r#"[{"op":"remove","path":""}]"#, "/0/path"),
    ] {
        let error = patched(r#"{"a":1,"l":[0]}"#, patch).unwrap_err();
        assert_eq!((error.reason, error.errors[0].pointer.as_str()), (Reason::InvalidInput, pointer), "{patch}");
    }
    let error = patched(r#"{"a":1}"#, r#"[{"op":"test","path":"/a","value":"1"}]"#).unwrap_err();
    assert_eq!((error.reason, error.message.as_str()), (Reason::StaleVersion, "step 0 expected \"1\" and found 1"));
    let many = format!("[{}]", vec![r#"{"op":"test","path":"/a","value":1}"#; STEPS_MAX + 1].join(","));
    assert!(patched(r#"{"a":1}"#, &many).is_err());
}

#[test]
fn copies_of_copies_are_stopped() {
    let double = r#"{"op":"copy","from":"/l","path":"/l/-"}"#;
    let error = patched(r#"{"l":[0]}"#, &format!("[{}]", vec![double; STEPS_MAX].join(","))).unwrap_err();
    assert_eq!(error.reason, Reason::TooLarge);
}

#[test]
fn moves_into_moves_are_stopped() {
    let deep = |depth: usize| "/0".repeat(depth);
    let steps = ["a", "b"]
        .repeat(20)
        .iter()
        .map(|from| {
            let to = if *from == "a" { "b" } else { "a" };
            let chain = format!("{}{}", "[".repeat(40), "]".repeat(40));
            let (add, to) =
                (format!(r#"{{"op":"add","path":"/{to}","value":{chain}}}"#), format!("/{to}{}/-", deep(39)));
            format!(r#"{add},{{"op":"move","from":"/{from}","path":"{to}"}}"#)
        })
        .collect::<Vec<_>>();
    let error = patched(r#"{"a":[]}"#, &format!("[{}]", steps.join(","))).unwrap_err();
    assert_eq!(error.reason, Reason::TooLarge, "{error}");
    assert!(error.message.contains("nested deeper"), "{error}");
}

#[test]
fn the_difference_is_the_input_of_the_operation() {
    let before = json(r#"{"id":1,"name":"A","price":{"amount":1,"currency":"EUR"},"stock":3,"version":2}"#);
    let route = ROUTES.iter().find(|route| route.operation.name == "update_product").unwrap();
    let changed = |patch| {
        let after = apply(&read(value(patch)).unwrap(), &before).unwrap();
        difference(&before, &after, route)
    };
    let price =
        changed(r#"[{"op":"replace","path":"/price/amount","value":2},{"op":"replace","path":"/stock","value":3}]"#);
    assert_eq!(price.unwrap(), [("price".to_owned(), value(r#"{"amount":2,"currency":"EUR"}"#))]);
    for (patch, pointer) in [
        (r#"[{"op":"replace","path":"/id","value":2}]"#, "/id"),
        (r#"[{"op":"replace","path":"/name","value":"B"}]"#, "/name"),
        (r#"[{"op":"add","path":"/a~1b","value":1}]"#, "/a~1b"),
        (r#"[{"op":"add","path":"/expected_version","value":2}]"#, "/expected_version"),
        (r#"[{"op":"remove","path":"/stock"}]"#, "/stock"),
        (r#"[{"op":"replace","path":"/stock","value":null}]"#, "/stock"),
        (r#"[{"op":"replace","path":"","value":3}]"#, ""),
    ] {
        assert_eq!(changed(patch).unwrap_err().errors[0].pointer, pointer, "{patch}");
    }
}
