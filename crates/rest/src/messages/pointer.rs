//! Which value in a document is meant? A path by RFC 6901, and what can be done at its end.

use domain::Value;

/// The steps of a path, unescaped; nothing if it is none. The empty path means the whole document.
pub fn steps(pointer: &str) -> Option<Vec<String>> {
    if pointer.is_empty() {
        return Some(Vec::new());
    }
    // RFC 6901 section 3: "~" is written "~0", "/" is written "~1", and no other "~" is allowed.
    let is_sound = |step: &str| step.split('~').skip(1).all(|after| after.starts_with(['0', '1']));
    let steps: Vec<&str> = pointer.strip_prefix('/')?.split('/').collect();
    let unescaped = |step: &&str| step.replace("~1", "/").replace("~0", "~");
    steps.iter().all(|step| is_sound(step)).then(|| steps.iter().map(unescaped).collect())
}

/// The value at the end of a path.
pub fn find<'v>(document: &'v Value, steps: &[String]) -> Option<&'v Value> {
    steps.iter().try_fold(document, |value, step| match value {
        Value::Record(_) => value.get(step),
        Value::List(items) => items.get(position(step, items.len())?),
        _ => None,
    })
}

/// The same, to be changed.
pub fn find_mut<'v>(document: &'v mut Value, steps: &[String]) -> Option<&'v mut Value> {
    steps.iter().try_fold(document, |value, step| match value {
        Value::Record(members) => members.iter_mut().find(|(name, _)| name == step).map(|(_, value)| value),
        Value::List(items) => position(step, items.len()).and_then(|position| items.get_mut(position)),
        _ => None,
    })
}

/// Puts a value at the end of a path: in place of a record's member, before an item of a list. Nothing if the path leads nowhere.
pub fn add(document: &mut Value, steps: &[String], value: Value) -> Option<()> {
    let Some((last, within)) = steps.split_last() else {
        *document = value;
        return Some(());
    };
    match find_mut(document, within)? {
        Value::Record(members) => match members.iter_mut().find(|(name, _)| name == last) {
            Some((_, member)) => *member = value,
            None => members.push((last.clone(), value)),
        },
        Value::List(items) => {
            // RFC 6902 section 4.1: "-" is behind the last one.
            let position = if last == "-" { items.len() } else { position(last, items.len() + 1)? };
            items.insert(position, value);
        }
        _ => return None,
    }
    Some(())
}

/// Takes away the value at the end of a path. Nothing if there is none, or if it is the whole document.
pub fn remove(document: &mut Value, steps: &[String]) -> Option<Value> {
    let (last, within) = steps.split_last()?;
    match find_mut(document, within)? {
        Value::Record(members) => {
            let position = members.iter().position(|(name, _)| name == last)?;
            Some(members.remove(position).1)
        }
        Value::List(items) => position(last, items.len()).map(|position| items.remove(position)),
        _ => None,
    }
}

/// RFC 6901 section 4: digits, without a zero before them, and there must be so many.
fn position(step: &str, count: usize) -> Option<usize> {
    let position: usize = step.parse().ok()?;
    (position < count && position.to_string() == step).then_some(position)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 6901 section 5.
    #[test]
    fn the_standard_s_own_paths_lead_where_it_says() {
        let document = br#"{"foo":["bar","baz"],"":0,"a/b":1,"c%d":2,"e^f":3,"g|h":4,"i\\j":5,"k\"l":6," ":7,"m~n":8}"#;
        let document = wire::json::read(document).unwrap();
        let at = |pointer: &str| find(&document, &steps(pointer)?).cloned();
        assert_eq!(at(""), Some(document.clone()));
        assert_eq!(at("/foo/0"), Some("bar".into()));
        let all = ["/", "/a~1b", "/c%d", "/e^f", "/g|h", "/i\\j", "/k\"l", "/ ", "/m~0n"];
        for (pointer, number) in all.into_iter().zip(0..) {
            assert_eq!(at(pointer), Some(Value::Int(number)), "{pointer}");
        }
        for nowhere in ["foo", "/foo/2", "/foo/00", "/foo/-", "/foo/+1", "/foo/0/x", "/bar", "/~", "/~2"] {
            assert_eq!(at(nowhere), None, "{nowhere}");
        }
    }
}
