//! What does the server tell of its own methods, and how are several called at once? The methods called `system.`
//! something: conventions, which most servers and client libraries know.

use crate::messages::MethodCall;
use domain::operations::{OPERATIONS, OperationKind};
use domain::schema::{Field, Schema};
use domain::{Error, Operation, Value};

/// Several calls in one.
pub const MULTICALL: &str = "system.multicall";
/// Calls of one multicall.
pub const CALLS_MAX: usize = 100;
/// Bytes of a multicall's answer after which no further call is made: a hundred calls may each ask for the largest page,
/// 1.2 MB of it.
pub const ANSWER_BYTES_MAX: usize = 8 * 1024 * 1024;

/// A method about methods.
pub struct Method {
    /// Its name.
    pub name: &'static str,
    /// What it does, in a sentence.
    pub help: &'static str,
    /// The type of its answer, then those of its parameters.
    pub signature: &'static [&'static str],
}

/// All of them. The first three are "XML-RPC Introspection" (Eric Kidd, xmlrpc-c).
pub const METHODS: &[Method] = &[
    Method { name: "system.listMethods", help: "Lists the names of all methods.", signature: &["array"] },
    Method {
        name: "system.methodSignature",
        help: "Lists the signatures of a method: each is the type of the answer, then those of the parameters.",
        signature: &["array", "string"],
    },
    Method {
        name: "system.methodHelp",
        help: "Tells what a method does and what its parameters mean.",
        signature: &["string", "string"],
    },
    Method {
        name: MULTICALL,
        help: "Makes up to 100 calls, one after the other. Each is a struct of methodName and params; each answer is an \
               array of one value, or the struct of a fault.",
        signature: &["array", "array"],
    },
    Method {
        name: "system.getCapabilities",
        help: "Tells which specifications and conventions are kept here.",
        signature: &["struct"],
    },
];

/// Name, specification and version, as other servers announce them too.
const CAPABILITIES: &[(&str, &str, i64)] = &[
    ("xmlrpc", "http://xmlrpc.com/spec.md", 1),
    ("introspection", "http://xmlrpc-c.sourceforge.net/introspection.html", 1),
    ("system.multicall", "http://www.xmlrpc.com/discuss/msgReader$1208", 1),
    ("faults_interop", "http://xmlrpc-epi.sourceforge.net/specs/rfc.fault_codes.php", 20_010_516),
    ("nil", "http://www.ontosys.com/xml-rpc/extensions.php", 20_010_518),
];

/// The operations that are methods: those that do not stream.
pub fn operations() -> impl Iterator<Item = &'static Operation> {
    OPERATIONS.iter().copied().filter(|operation| operation.kind != OperationKind::Stream)
}

/// What a method about methods answers; nothing if the name is none of them.
pub fn answer(name: &str, params: &[Value]) -> Option<Result<Value, Error>> {
    match name {
        "system.listMethods" => Some(no_params(params).map(|()| list_methods())),
        "system.getCapabilities" => Some(no_params(params).map(|()| capabilities())),
        "system.methodHelp" => Some(one_name(params).and_then(help)),
        "system.methodSignature" => Some(one_name(params).and_then(signatures_of)),
        // It was tried within another one: a multicall itself does not come here.
        MULTICALL => Some(Err(Error::invalid("", format!("must not hold {MULTICALL} within {MULTICALL}")))),
        _ => None,
    }
}

fn no_params(params: &[Value]) -> Result<(), Error> {
    match params.len() {
        0 => Ok(()),
        count => Err(Error::invalid("", format!("must be no parameter, was {count}"))),
    }
}

fn one_name(params: &[Value]) -> Result<&str, Error> {
    match params {
        [Value::Text(name)] => Ok(name),
        _ => Err(Error::invalid("", "must be one parameter, the name of a method")),
    }
}

fn list_methods() -> Value {
    let names = operations().map(|operation| operation.name).chain(METHODS.iter().map(|method| method.name));
    Value::List(names.map(Value::from).collect())
}

fn capabilities() -> Value {
    let capability = |(name, url, version): &(&'static str, &str, i64)| {
        (*name, Value::object([("specUrl", (*url).into()), ("specVersion", (*version).into())]))
    };
    Value::object(CAPABILITIES.iter().map(capability))
}

fn find<T>(
    name: &str,
    of_operation: impl FnOnce(&'static Operation) -> T,
    of_method: impl FnOnce(&'static Method) -> T,
) -> Result<T, Error> {
    if let Some(method) = METHODS.iter().find(|method| method.name == name) {
        return Ok(of_method(method));
    }
    let operation = operations().find(|operation| operation.name == name);
    operation.map(of_operation).ok_or_else(|| Error::unknown_operation(name))
}

fn help(name: &str) -> Result<Value, Error> {
    find(name, help_of, |method| method.help.to_owned()).map(Value::Text)
}

/// What an operation does, and a line for each of its members.
fn help_of(operation: &Operation) -> String {
    let line = |member: &Field| {
        let optional = if member.required { "" } else { ", optional" };
        format!("\n{} ({}{optional}): {}", member.name, type_of(&member.schema), member.doc)
    };
    operation.doc.to_owned() + &operation.input.members.iter().map(line).collect::<String>()
}

fn signatures_of(name: &str) -> Result<Value, Error> {
    let signatures = find(name, signatures, |method| vec![method.signature.to_vec()])?;
    let list = |signature: Vec<&'static str>| Value::List(signature.into_iter().map(Value::from).collect());
    Ok(Value::List(signatures.into_iter().map(list).collect()))
}

/// An operation's signatures: one struct, by name; then by position, without any or with some of the last optional ones.
pub fn signatures(operation: &Operation) -> Vec<Vec<&'static str>> {
    let answer = type_of(&operation.reply);
    let types: Vec<_> = operation.input.members.iter().map(|member| type_of(&member.schema)).collect();
    let fewest = operation.input.members.iter().rposition(|member| member.required).map_or(0, |last| last + 1);
    let by_position = (fewest..=types.len()).map(|count| [&[answer], &types[..count]].concat());
    [vec![answer, "struct"]].into_iter().chain(by_position).collect()
}

/// The type in which a shape is written.
pub fn type_of(shape: &Schema) -> &'static str {
    match shape {
        Schema::Int { .. } | Schema::Id { .. } => "int",
        Schema::Text { .. } | Schema::Cursor | Schema::Enum(_) => "string",
        Schema::Time => "dateTime.iso8601",
        Schema::List { .. } => "array",
        Schema::Object(_) => "struct",
    }
}

/// The calls of a multicall, as its one parameter has them.
pub fn calls(params: Vec<Value>) -> Result<Vec<MethodCall>, Error> {
    listed(params)?.into_iter().map(read_call).collect()
}

/// The calls of a multicall, each as it came.
pub fn listed(params: Vec<Value>) -> Result<Vec<Value>, Error> {
    let calls = match <[Value; 1]>::try_from(params) {
        Ok([Value::List(calls)]) => calls,
        _ => return Err(Error::invalid("", "must be one parameter, an array of calls")),
    };
    if calls.len() > CALLS_MAX { Err(Error::too_large("calls of a multicall", CALLS_MAX)) } else { Ok(calls) }
}

/// A call of a multicall: a method's name and its parameters.
pub fn read_call(call: Value) -> Result<MethodCall, Error> {
    if let Value::Object(members) = call
        && let Ok([one, other]) = <[(String, Value); 2]>::try_from(members)
    {
        let (name, params) = if one.0 == "methodName" { (one, other) } else { (other, one) };
        if let ("methodName", Value::Text(name), "params", Value::List(params)) =
            (name.0.as_str(), name.1, params.0.as_str(), params.1)
        {
            return Ok(MethodCall { name, params });
        }
    }
    Err(Error::unreadable(
        "no XML-RPC: a call of a multicall is a struct of methodName, a string, and params, an array",
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ask(name: &str, params: &[Value]) -> Result<Value, Error> {
        answer(name, params).expect("a method about methods")
    }

    #[test]
    fn all_methods_are_listed_and_told_of() {
        let names = ask("system.listMethods", &[]).unwrap();
        assert_eq!(names.items().len(), OPERATIONS.len() - 1 + METHODS.len());
        assert!(!names.items().contains(&"watch_events".into()));
        for name in names.items() {
            let help = ask("system.methodHelp", std::slice::from_ref(name)).unwrap();
            assert!(help.as_text().is_some_and(|help| !help.is_empty()));
            let signatures = ask("system.methodSignature", std::slice::from_ref(name)).unwrap();
            assert!(!signatures.items().is_empty() && signatures.items().iter().all(|s| !s.items().is_empty()));
        }
        assert!(
            ask("system.methodHelp", &[MULTICALL.into()])
                .unwrap()
                .as_text()
                .unwrap()
                .contains(&format!(" {CALLS_MAX} "))
        );
        assert_eq!(ask("system.methodHelp", &["get_cart".into()]).unwrap().as_text().unwrap().lines().count(), 2);
        assert_eq!(ask("system.getCapabilities", &[]).unwrap().at("nil/specVersion").unwrap().int(), Some(20_010_518));
    }

    #[test]
    fn a_signature_begins_with_the_answer() {
        let of = |name| signatures(Operation::find(name).unwrap());
        assert_eq!(of("get_user"), [["struct", "struct"], ["struct", "int"]]);
        assert_eq!(of("place_order"), [vec!["struct", "struct"], vec!["struct", "int", "array"]]);
        let by_position = (0..=3).map(|ints| [vec!["struct"], vec!["int"; ints]].concat());
        assert_eq!(of("list_events"), [vec![vec!["struct"; 2]], by_position.collect()].concat());
    }

    #[test]
    fn a_wrong_question_is_refused() {
        for (name, params, reason) in [
            ("system.listMethods", vec![1.into()], "invalid_input"),
            ("system.methodHelp", vec![], "invalid_input"),
            ("system.methodHelp", vec![1.into()], "invalid_input"),
            ("system.methodHelp", vec!["watch_events".into()], "unknown_operation"),
            ("system.methodSignature", vec!["no_such".into()], "unknown_operation"),
            (MULTICALL, vec![Value::List(vec![])], "invalid_input"),
        ] {
            assert_eq!(ask(name, &params).expect_err(name).reason.word(), reason, "{name}");
        }
        assert!(answer("system.noSuch", &[]).is_none());
    }

    #[test]
    fn a_call_of_several_has_a_name_and_parameters() {
        let call = |members: &[(&'static str, Value)]| read_call(Value::object(members.iter().cloned()));
        let (name, params) = (("methodName", Value::from("a")), ("params", Value::List(vec![])));
        let expected = MethodCall { name: "a".to_owned(), params: vec![] };
        assert_eq!(call(&[name.clone(), params.clone()]), Ok(MethodCall { name: "a".to_owned(), params: vec![] }));
        assert_eq!(call(&[params.clone(), name.clone()]), Ok(expected));
        for bad in [
            vec![],
            vec![name.clone()],
            vec![name.clone(), name.clone()],
            vec![name.clone(), params.clone(), ("more", Value::Null)],
            vec![("methodName", 1.into()), params],
            vec![name, ("params", Value::object([]))],
        ] {
            assert!(call(&bad).is_err(), "{bad:?}");
        }
        assert!(read_call(Value::Null).is_err());
    }
}
