//! Is every type read and written as the specification has it?

use super::*;

fn value(inside: &str) -> Result<Value, Error> {
    let document = format!("<value xmlns:ex='{EXTENSIONS}'>{inside}</value>");
    read(xml::read(document.as_bytes()).unwrap())
}

#[test]
fn every_type_is_read() {
    let literal = |text: &str| Value::Fraction(text.to_owned());
    for (inside, expected) in [
        ("<int>1</int>", Value::Int(1)),
        ("<i4>-12</i4>", Value::Int(-12)),
        ("\n <int>+007</int>\r\n\t", Value::Int(7)),
        ("<int>2147483648</int>", Value::Int(2_147_483_648)),
        ("<int>99999999999999999999</int>", literal("99999999999999999999")),
        ("<int> 1</int>", literal(" 1")),
        ("<int></int>", literal("")),
        ("<int>1.0</int>", literal("1.0")),
        ("<boolean>1</boolean>", Value::Bool(true)),
        ("<boolean>0</boolean>", Value::Bool(false)),
        ("<boolean>true</boolean>", literal("true")),
        ("<double>1.0</double>", literal("1.0")),
        ("<double>-12.214</double>", literal("-12.214")),
        ("<string>1</string>", "1".into()),
        ("<string> a<![CDATA[<]]>&amp;&#10;</string>", " a<&\n".into()),
        ("<string/>", "".into()),
        ("hello world!", "hello world!".into()),
        (" ", " ".into()),
        ("", "".into()),
        ("<dateTime.iso8601>20261120T19:30:00</dateTime.iso8601>", "2026-11-20T19:30:00Z".into()),
        ("<dateTime.iso8601>2026-11-20T19:30</dateTime.iso8601>", literal("2026-11-20T19:30")),
        ("<dateTime.iso8601>20261120T19:30:0ü</dateTime.iso8601>", literal("20261120T19:30:0ü")),
        ("<base64>bGFwdG9w</base64>", "laptop".into()),
        ("<base64>/w==</base64>", literal("/w==")),
        ("<nil/>", Value::Null),
        ("<ex:nil></ex:nil>", Value::Null),
        ("<i8>-9000000000</i8>", Value::Int(-9_000_000_000)),
        ("<ex:i8>1</ex:i8>", Value::Int(1)),
        ("<ex:i1>7</ex:i1>", Value::Int(7)),
        ("<ex:bigdecimal>1.5</ex:bigdecimal>", Value::Fraction("1.5".into())),
        ("<ex:dateTime>2026-11-20T19:30:00Z</ex:dateTime>", "2026-11-20T19:30:00Z".into()),
        ("<array><data/></array>", Value::List(vec![])),
        ("<array><data> <value>a</value> <value><int>1</int></value></data></array>", vec_of(["a".into(), 1.into()])),
        ("<struct/>", Value::object([])),
        (
            "<struct> <member><name>id</name> <value><int>1</int></value></member><!-- twice -->\
             <member><name>id</name><value/></member></struct>",
            Value::object([("id", 1.into()), ("id", "".into())]),
        ),
    ] {
        assert_eq!(value(inside), Ok(expected), "{inside}");
    }
}

fn vec_of<const N: usize>(items: [Value; N]) -> Value {
    Value::List(items.to_vec())
}

#[test]
fn what_is_no_value_is_refused() {
    for inside in [
        "<int>1</int>text",
        "<int>1</int><int>2</int>",
        "<int><int>1</int></int>",
        "<int a='1'>1</int>",
        "<ex:int>1</ex:int>",
        "<Int>1</Int>",
        "<float>1</float>",
        "<nil>x</nil>",
        "<value>1</value>",
        "<array><value>1</value></array>",
        "<array/>",
        "<array><data/><data/></array>",
        "<array><data>text</data></array>",
        "<array><data><int>1</int></data></array>",
        "<struct><name>id</name></struct>",
        "<struct><member><name>id</name></member></struct>",
        "<struct><member><value>1</value><name>id</name></member></struct>",
        "<struct><member><name><b/></name><value/></member></struct>",
        "<struct>text</struct>",
    ] {
        let message = value(inside).expect_err(inside).message;
        assert!(message.starts_with("no XML-RPC: "), "{inside}: {message}");
    }
}

#[test]
fn what_is_written_is_read_as_it_was() {
    let all = Value::object([
        ("nothing", Value::Null),
        ("a <&> \"name\"", Value::Bool(true)),
        ("int", Value::Int(i64::MIN)),
        ("double", Value::Fraction("1.5".to_owned())),
        ("text", " <&> ]]> \r\n\t ü😀".into()),
        ("lists", vec_of([vec_of([]), Value::object([]), "".into()])),
    ]);
    let mut out = String::new();
    write(&mut out, &all);
    assert_eq!(xml::read(out.as_bytes()).and_then(read), Ok(all));
}

#[test]
fn times_are_written_without_hyphens() {
    let mut out = String::new();
    ValueSink::new(&mut out).time(Timestamp(1_795_203_000));
    assert_eq!(out, "<value><dateTime.iso8601>20261120T19:30:00</dateTime.iso8601></value>");
}
