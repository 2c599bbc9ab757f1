//! What do parameters look like on the wire, and how do they become domain values? (Results are the shop's JSON.)

use domain::{Error, Operation, Value};

/// An operation's input.
pub fn read_input(operation: &Operation, params: Option<&str>) -> Result<Value, Error> {
    let names: Vec<_> = operation.input.members.iter().map(|member| member.name).collect();
    read_params(&names, params)
}

/// Parameters of these names. Section 4.2: by name, or by position in the order of the dictionary.
pub fn read_params(names: &[&str], params: Option<&str>) -> Result<Value, Error> {
    let Some(params) = params else {
        return Ok(Value::Object(Vec::new()));
    };
    match wire::json::read(params.as_bytes()).map_err(as_invalid)? {
        Value::List(values) => by_position(names, values),
        record => Ok(record),
    }
}

/// The request as a whole was JSON: what is wrong lies within the parameters.
fn as_invalid(error: Error) -> Error {
    Error::invalid("", format!("is {}", error.message))
}

fn by_position(names: &[&str], values: Vec<Value>) -> Result<Value, Error> {
    if values.len() > names.len() {
        let message = format!("must be at most {} values by position, was {}", names.len(), values.len());
        return Err(Error::invalid("", message));
    }
    let named = names.iter().map(|name| (*name).to_owned()).zip(values);
    Ok(Value::Object(named.collect()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_come_by_name_or_by_position() {
        let operation = Operation::find("update_user").unwrap();
        let by_name = read_input(operation, Some(r#"{"id":1,"name":"x"}"#)).unwrap();
        assert_eq!(read_input(operation, Some(r#"[1,"x"]"#)).unwrap(), by_name);
        assert_eq!(read_input(operation, None).unwrap(), Value::object([]));
        assert!(read_input(operation, Some("[1,2,3,4,5]")).is_err());
        assert!(read_input(operation, Some(r#"{"id":1,"id":2}"#)).is_err());
    }
}
