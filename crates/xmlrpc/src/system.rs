//! The methods called `system.` something: introspection, and several calls in one. They are conventions that most servers and
//! client libraries follow.

use crate::SPELLING;
use crate::messages::MethodCall;
use domain::operations::unknown_operation;
use domain::operations::{OPERATIONS, OperationKind};
use domain::schema::Schema;
use domain::{Error, Operation, Value};

/// Several calls in one.
pub const MULTICALL: &str = "system.multicall";
/// Calls of one multicall.
pub const CALLS_MAX: usize = 100;
/// Bytes of results after which a multicall makes no further call: each of a hundred calls may ask for the largest page, 1.2 MB.
pub const RESULTS_BYTES_MAX: usize = 8 * 1024 * 1024;

/// Name, help and signature. The first three are "XML-RPC Introspection" (Eric Kidd, xmlrpc-c).
const METHODS: &[(&str, &str, &[&str])] = &[
    ("system.listMethods", "Lists the names of all methods.", &["array"]),
    (
        "system.methodSignature",
        "Lists the signatures of a method: the type of the result, then those of the parameters.",
        &["array", "string"],
    ),
    ("system.methodHelp", "Describes a method and its parameters.", &["string", "string"]),
    (
        MULTICALL,
        "Makes up to 100 calls, one after the other. Each is a struct of methodName and params; each result is an array of one \
         value, or the struct of a fault.",
        &["array", "array"],
    ),
    ("system.getCapabilities", "Lists the specifications and conventions that this server follows.", &["struct"]),
];

/// Name, specification and version, as other servers announce them.
const CAPABILITIES: &[(&str, &str, i64)] = &[
    ("xmlrpc", "http://xmlrpc.com/spec.md", 1),
    ("introspection", "http://xmlrpc-c.sourceforge.net/introspection.html", 1),
    ("system.multicall", "http://www.xmlrpc.com/discuss/msgReader$1208", 1),
    ("faults_interop", "http://xmlrpc-epi.sourceforge.net/specs/rfc.fault_codes.php", 20_010_516),
    ("nil", "http://www.ontosys.com/xml-rpc/extensions.php", 20_010_518),
];

/// The description of a method.
pub struct Method {
    /// Its name.
    pub name: &'static str,
    /// What it does, and a line for each parameter of an operation.
    pub help: String,
    /// Each is the type of the result, then those of the parameters.
    pub signatures: Vec<Vec<&'static str>>,
}

/// The operations that are methods: all but the stream.
pub fn operations() -> impl Iterator<Item = &'static Operation> {
    OPERATIONS.iter().copied().filter(|operation| operation.kind != OperationKind::Stream)
}

/// The methods about methods.
pub fn system_methods() -> impl Iterator<Item = Method> {
    METHODS.iter().map(|(name, help, signature)| Method {
        name,
        help: (*help).to_owned(),
        signatures: vec![signature.to_vec()],
    })
}

/// The result of a method about methods; `None` if the name is none of theirs.
pub fn answer(name: &str, params: &[Value]) -> Option<Result<Value, Error>> {
    match name {
        "system.listMethods" => Some(no_params(params).map(|()| list(methods().map(|method| method.name)))),
        "system.getCapabilities" => Some(no_params(params).map(|()| capabilities())),
        "system.methodHelp" => Some(find(params).map(|method| Value::Text(method.help))),
        "system.methodSignature" => Some(find(params).map(|method| {
            Value::List(method.signatures.into_iter().map(|signature| list(signature.into_iter())).collect())
        })),
        // The service makes the calls of a multicall; here it is one within another.
        MULTICALL => Some(Err(Error::invalid("", format!("must not contain {MULTICALL} within {MULTICALL}")))),
        _ => None,
    }
}

fn methods() -> impl Iterator<Item = Method> {
    operations().map(describe).chain(system_methods())
}

fn no_params(params: &[Value]) -> Result<(), Error> {
    match params.len() {
        0 => Ok(()),
        count => Err(Error::invalid("", format!("must have no parameters, got {count}"))),
    }
}

/// The method that the one parameter names.
fn find(params: &[Value]) -> Result<Method, Error> {
    let [Value::Text(name)] = params else {
        return Err(Error::invalid("", "must be one parameter, the name of a method"));
    };
    methods().find(|method| method.name == name).ok_or_else(|| unknown_operation(name, &SPELLING))
}

fn list(texts: impl Iterator<Item = &'static str>) -> Value {
    Value::List(texts.map(Value::from).collect())
}

fn capabilities() -> Value {
    let capability = |(name, url, version): &(&'static str, &str, i64)| {
        (*name, Value::object([("specUrl", (*url).into()), ("specVersion", (*version).into())]))
    };
    Value::object(CAPABILITIES.iter().map(capability))
}

/// Describes an operation. It has a signature with one struct, by name; then those by position, with none or some of the last
/// optional parameters.
pub fn describe(operation: &'static Operation) -> Method {
    let (members, result) = (operation.input.members, type_of(&operation.reply));
    let mut help = operation.doc.to_owned();
    for member in members {
        let optional = if member.required { "" } else { ", optional" };
        help += &format!("\n{} ({}{optional}): {}", member.name, type_of(&member.schema), member.doc);
    }
    let types: Vec<_> = members.iter().map(|member| type_of(&member.schema)).collect();
    let fewest = members.iter().rposition(|member| member.required).map_or(0, |last| last + 1);
    let by_position = (fewest..=types.len()).map(|count| [&[result], &types[..count]].concat());
    let signatures = [vec![result, "struct"]].into_iter().chain(by_position).collect();
    Method { name: operation.name, help, signatures }
}

/// The type that carries values of a schema.
pub fn type_of(schema: &Schema) -> &'static str {
    match schema {
        Schema::Int { .. } | Schema::Id { .. } => "int",
        Schema::Text { .. } | Schema::Cursor | Schema::Enum(_) => "string",
        Schema::Time => "dateTime.iso8601",
        Schema::List { .. } => "array",
        Schema::Object(_) => "struct",
    }
}

/// The calls of a multicall, unread.
pub fn calls(params: Vec<Value>) -> Result<Vec<Value>, Error> {
    match <[Value; 1]>::try_from(params) {
        Ok([Value::List(calls)]) if calls.len() > CALLS_MAX => Err(Error::too_large("calls of a multicall", CALLS_MAX)),
        Ok([Value::List(calls)]) => Ok(calls),
        _ => Err(Error::invalid("", "must be one parameter, an array of calls")),
    }
}

/// Reads a call of a multicall.
pub fn read_call(call: Value) -> Result<MethodCall, Error> {
    if let Value::Object(mut members) = call {
        members.sort_by(|one, other| one.0.cmp(&other.0));
        if let Ok([(method_name, Value::Text(name)), (params_name, Value::List(params))]) =
            <[(String, Value); 2]>::try_from(members)
            && (method_name.as_str(), params_name.as_str()) == ("methodName", "params")
        {
            return Ok(MethodCall { name, params });
        }
    }
    let message = "not XML-RPC: a call of a multicall is a struct of methodName, a string, and params, an array";
    Err(Error::unreadable(message))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn result_of(name: &str, params: &[Value]) -> Result<Value, Error> {
        answer(name, params).expect("a method about methods")
    }

    #[test]
    fn all_methods_are_listed_and_described() {
        let names = result_of("system.listMethods", &[]).unwrap();
        assert_eq!(names.items().len(), OPERATIONS.len() - 1 + METHODS.len());
        assert!(!names.items().contains(&"watch_events".into()));
        for name in names.items() {
            let help = result_of("system.methodHelp", std::slice::from_ref(name)).unwrap();
            assert!(help.as_text().is_some_and(|help| !help.is_empty()));
            let signatures = result_of("system.methodSignature", std::slice::from_ref(name)).unwrap();
            assert!(!signatures.items().is_empty() && signatures.items().iter().all(|s| !s.items().is_empty()));
        }
        assert!(
            result_of("system.methodHelp", &[MULTICALL.into()])
                .unwrap()
                .as_text()
                .unwrap()
                .contains(&format!(" {CALLS_MAX} "))
        );
        assert_eq!(result_of("system.methodHelp", &["get_cart".into()]).unwrap().as_text().unwrap().lines().count(), 2);
        assert_eq!(
            result_of("system.getCapabilities", &[]).unwrap().at("nil/specVersion").unwrap().int(),
            Some(20_010_518)
        );
    }

    #[test]
    fn a_signature_begins_with_the_result() {
        let of = |name| describe(Operation::find(name).unwrap()).signatures;
        assert_eq!(of("get_user"), [["struct", "struct"], ["struct", "int"]]);
        assert_eq!(of("place_order"), [vec!["struct", "struct"], vec!["struct", "int", "array"]]);
        let by_position = (0..=3).map(|ints| [vec!["struct"], vec!["int"; ints]].concat());
        assert_eq!(of("list_events"), [vec![vec!["struct"; 2]], by_position.collect()].concat());
    }

    #[test]
    fn wrong_parameters_are_refused() {
        for (name, params, reason) in [
            ("system.listMethods", vec![1.into()], "invalid_input"),
            ("system.methodHelp", vec![], "invalid_input"),
            ("system.methodHelp", vec![1.into()], "invalid_input"),
            ("system.methodHelp", vec!["watch_events".into()], "unknown_operation"),
            ("system.methodSignature", vec!["no_such".into()], "unknown_operation"),
            (MULTICALL, vec![Value::List(vec![])], "invalid_input"),
        ] {
            assert_eq!(result_of(name, &params).expect_err(name).reason.word(), reason, "{name}");
        }
        assert!(answer("system.noSuch", &[]).is_none());
    }

    #[test]
    fn a_call_of_a_multicall_has_a_name_and_parameters() {
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
