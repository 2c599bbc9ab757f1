//! What a style's grammar allows in several spellings: XML-RPC's values, and the ids of JSON-RPC.

use super::probe::{Probe, shown};
use serde_json::Value;
use tests::frames::{self, Frame, TEXT};
use tests::raw::request;
use tests::variants::Answer;

/// Those of the style.
pub fn of_the_style(probe: &Probe) {
    match probe.style.name {
        "xmlrpc" => {
            numbers(probe);
            method_names(probe);
        }
        "jsonrpc" => ids(probe),
        _ => {}
    }
}

/// The namespace of Apache's extensions, and `ex:` bound to it.
const EX: &str = "xmlns:ex=\"http://ws.apache.org/xmlrpc/namespaces/extensions\"";

/// Integers of every width are accepted, where the value is in the operation's range.
fn numbers(probe: &Probe) {
    let call = |around: &str, id: &str| {
        format!(
            "<methodCall {around}><methodName>get_user</methodName><params><param><value><struct><member><name>id</name>\
             <value>{id}</value></member></struct></value></param></params></methodCall>"
        )
    };
    for id in ["<i8>1</i8>", "<i1>1</i1>", "<i2>1</i2>", "<i4>+1</i4>", "<int>01</int>"] {
        expect(probe, id, &call("", id), |text| text.contains("<name>email</name>"));
    }
    for id in ["ex:i8", "ex:i1", "ex:i2", "ex:biginteger", "ex:bigdecimal", "ex:float"] {
        let here = format!("<{id} {EX}>1</{id}>");
        expect(probe, &here, &call("", &here), |text| text.contains("<name>email</name>"));
        let outside = format!("<{id}>1</{id}>");
        expect(probe, &outside, &call(EX, &outside), |text| text.contains("<name>email</name>"));
    }
    for id in [
        "<i8>9223372036854775807</i8>",
        "<i8>4294967297</i8>",
        "<i8>-1</i8>",
        "<i8>0</i8>",
        "<i8>1.5</i8>",
        "<i8>x</i8>",
        "<i8/>",
        "<ex:i8>4294967297</ex:i8>",
        "<ex:biginteger>99999999999999999999999999</ex:biginteger>",
        "<ex:bigdecimal>1.5</ex:bigdecimal>",
        "<ex:float>1.5</ex:float>",
        "<ex:nil/>",
        "<ex:dateTime>2026-11-20T19:30:00Z</ex:dateTime>",
        "<ex:i2>-7</ex:i2>",
    ] {
        let is_it =
            |text: &str| text.contains("<int>-32602</int>") && text.contains("invalid_input: ") && text.contains("id");
        expect(probe, id, &call(EX, id), is_it);
    }
    // Of another namespace, or of none, these are no types.
    for id in [
        "<i8 xmlns=\"urn:x\">1</i8>",
        "<i16>1</i16>",
        "<ex:i16>1</ex:i16>",
        "<ex:string>1</ex:string>",
        "<biginteger>1</biginteger>",
    ] {
        expect(probe, id, &call(EX, id), |text| text.contains("<int>-32600</int>"));
    }
    let query = format!(
        "<methodCall {EX}><methodName>search_products</methodName><params><param><value><struct><member><name>query</name>\
         <value><ex:nil/></value></member><member><name>limit</name><value><ex:i2>1</ex:i2></value></member></struct></value>\
         </param></params></methodCall>"
    );
    expect(probe, "ex:nil of what is optional", &query, |text| text.contains("<name>items</name>"));
    let position = "<methodCall><methodName>get_user</methodName><params><param><value><i8>1</i8></value></param></params></methodCall>";
    expect(probe, "i8 by position", position, |text| text.contains("<name>email</name>"));
}

/// White space around a method's name is ignored.
fn method_names(probe: &Probe) {
    for name in [" who_am_i ", "\n\twho_am_i\r\n", "who_am_i\n", "<![CDATA[ who_am_i ]]>"] {
        let call = format!("<methodCall>\n <methodName>{name}</methodName>\n</methodCall>");
        expect(probe, &format!("{name:?}"), &call, |text| text.contains("<params>"));
    }
    for name in ["who _am_i", "", "  ", "who_am_i who_am_i"] {
        let call = format!("<methodCall><methodName>{name}</methodName></methodCall>");
        expect(probe, &format!("{name:?}"), &call, |text| {
            text.contains("<int>-32601</int>") || text.contains("<int>-32600</int>")
        });
    }
    let listed = "<methodCall><methodName> system.listMethods </methodName></methodCall>";
    expect(probe, "a method about methods", listed, |text| text.contains("who_am_i"));
}

fn expect(probe: &Probe, input: &str, call: &str, is_it: impl Fn(&str) -> bool) {
    probe.check(input, || {
        let mut line = probe.line();
        line.send(&request("POST", "/xmlrpc", "text/xml", call.as_bytes()));
        let response = line.response().ok_or("hung up")?;
        probe.fits(&response, Answer::Status(200))?;
        if is_it(response.text()) { Ok(()) } else { Err(shown(&response)) }
    });
}

/// The request, the ids of its errors, and the code of each. JSON-RPC 2.0 section 5: the id is that of the request, and null only
/// if the id could not be read.
#[rustfmt::skip]
const IDS: &[(&str, &str, i64)] = &[
    (r#"{"jsonrpc":"1.0","id":7,"method":"who_am_i"}"#, "7", -32600),
    (r#"{"jsonrpc":2.0,"id":7,"method":"who_am_i"}"#, "7", -32600),
    (r#"{"jsonrpc":null,"id":7,"method":"who_am_i"}"#, "7", -32600),
    (r#"{"id":7,"method":"who_am_i"}"#, "7", -32600),
    (r#"{"method":"who_am_i","params":[],"id":7}"#, "7", -32600),
    (r#"{"jsonrpc":"2.0","id":7}"#, "7", -32600),
    (r#"{"jsonrpc":"2.0","method":1,"id":7}"#, "7", -32600),
    (r#"{"jsonrpc":"2.0","method":null,"id":7}"#, "7", -32600),
    (r#"{"jsonrpc":"2.0","method":{"a":[{"id":9}]},"id":7}"#, "7", -32600),
    (r#"{"jsonrpc":"2.0","method":"who_am_i","params":"bar","id":7}"#, "7", -32600),
    (r#"{"jsonrpc":"2.0","method":"who_am_i","params":1,"id":"a"}"#, "\"a\"", -32600),
    (r#"{"jsonrpc":"2.0","method":"who_am_i","params":true,"id":"\u00e9\n"}"#, "\"é\\n\"", -32600),
    (r#"{"jsonrpc":"2.0","method":"nothing","id":"x"}"#, "\"x\"", -32601),
    (r#"{"jsonrpc":"2.0","method":"get_user","params":{"id":0},"id":"x"}"#, "\"x\"", -32602),
    (r#"{"jsonrpc":"2.0","method":"get_user","params":[1,2,3],"id":-5}"#, "-5", -32602),
    (r#"{"jsonrpc":"3.0","id":null,"method":"who_am_i"}"#, "null", -32600),
    (r#"{"jsonrpc":"3.0","id":9223372036854775807,"method":"who_am_i"}"#, "9223372036854775807", -32600),
    (r#"{"jsonrpc":"3.0","id":"","method":"who_am_i"}"#, "\"\"", -32600),
    (r#"{"jsonrpc":"2.0","id":{"id":7},"method":"who_am_i"}"#, "null", -32600),
    (r#"{"jsonrpc":"2.0","id":[7],"method":"who_am_i"}"#, "null", -32600),
    (r#"{"jsonrpc":"2.0","id":true,"method":"who_am_i"}"#, "null", -32600),
    (r#"{"jsonrpc":"1.0","method":"who_am_i"}"#, "null", -32600),
    (r#"{"a":{"id":7}}"#, "null", -32600),
    (r#"{}"#, "null", -32600),
    (r#"1"#, "null", -32600),
    (r#"{"jsonrpc":"2.0","id":7,"method":"#, "null", -32700),
    (r#"{"jsonrpc":"1.0","id":7,"method":"who_am_i"} x"#, "null", -32700),
    (r#"[{"jsonrpc":"1.0","id":7,"method":"who_am_i"}]"#, "7", -32600),
];

/// Over HTTP, and over a WebSocket.
fn ids(probe: &Probe) {
    for (sent, id, code) in IDS {
        probe.check(sent, || {
            let mut line = probe.line();
            line.send(&request("POST", "/jsonrpc", "application/json", sent.as_bytes()));
            let response = line.response().ok_or("hung up")?;
            is_error(response.text(), id, *code)
        });
        probe.check(&format!("{sent} in a frame"), || {
            let mut line = frames::open(&probe.server.address(), "/jsonrpc", "");
            line.send(&frames::masked(TEXT, sent.as_bytes()));
            match frames::next(&mut line) {
                Some(Frame::Text(text)) => is_error(&text, id, *code),
                other => Err(format!("was {other:?}")),
            }
        });
    }
    let batch = r#"[{"jsonrpc":"1.0","id":"a","method":"who_am_i"},{"id":2},{"foo":1},1,{"jsonrpc":"2.0","id":5,"method":"who_am_i"}]"#;
    probe.check("a batch", || {
        let mut line = probe.line();
        line.send(&request("POST", "/jsonrpc", "application/json", batch.as_bytes()));
        let response = line.response().ok_or("hung up")?;
        let answers: Value = serde_json::from_slice(&response.body).map_err(|error| error.to_string())?;
        let ids: Vec<String> =
            answers.as_array().ok_or("no batch")?.iter().map(|answer| answer["id"].to_string()).collect();
        if ids == ["\"a\"", "2", "null", "null", "5"] { Ok(()) } else { Err(format!("the ids are {ids:?}")) }
    });
}

fn is_error(text: &str, id: &str, code: i64) -> Result<(), String> {
    let answer: Value = serde_json::from_str(text).map_err(|error| error.to_string())?;
    let answer = answer.get(0).unwrap_or(&answer);
    let expected: Value = serde_json::from_str(id).expect("JSON");
    if answer.get("id") == Some(&expected) && answer["error"]["code"] == code {
        return Ok(());
    }
    Err(format!("the id {id} and {code} were expected, was {text}"))
}
