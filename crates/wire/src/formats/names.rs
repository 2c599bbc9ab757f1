//! Names in the styles' spellings: `user_id`, `userId`, `UserId`, `USER_ID`.

/// `user_id` as `userId`.
pub fn camel(snake: &str) -> String {
    let mut camel = String::with_capacity(snake.len());
    push_camel(&mut camel, snake);
    camel
}

/// Appends `user_id` as `userId`.
pub fn push_camel(out: &mut String, snake: &str) {
    let mut upper = false;
    for c in snake.chars() {
        match c {
            '_' => upper = true,
            c if upper => {
                out.push(c.to_ascii_uppercase());
                upper = false;
            }
            c => out.push(c),
        }
    }
}

/// `get_user` as `GetUser`.
pub fn pascal(snake: &str) -> String {
    let mut pascal = camel(snake);
    if let Some(first) = pascal.get_mut(0..1) {
        first.make_ascii_uppercase();
    }
    pascal
}

/// `userId` or `UserId` as `user_id`.
pub fn snake(other: &str) -> String {
    let mut snake = String::with_capacity(other.len() + 4);
    for (position, c) in other.chars().enumerate() {
        if c.is_ascii_uppercase() && position > 0 {
            snake.push('_');
        }
        snake.push(c.to_ascii_lowercase());
    }
    snake
}

/// `order.placed` as `ORDER_PLACED`.
pub fn upper(word: &str) -> String {
    let mut upper = String::with_capacity(word.len());
    push_upper(&mut upper, word);
    upper
}

/// Appends `order.placed` as `ORDER_PLACED`.
pub fn push_upper(out: &mut String, word: &str) {
    out.extend(word.chars().map(|c| if c == '.' { '_' } else { c.to_ascii_uppercase() }));
}

/// What stands before a name that is no member's: no name of the table begins with it.
const WRITTEN: char = '=';

/// A name that is no member's, as it was written. [`camel_member`] shows it as it is.
pub fn written(name: &str) -> String {
    format!("{WRITTEN}{name}")
}

/// The name of a member as `userId`, and what is no member as it was written.
pub fn camel_member(name: &str) -> String {
    name.strip_prefix(WRITTEN).map_or_else(|| camel(name), str::to_owned)
}

/// `lines` as `line`: the singular.
pub fn one_of(many: &str) -> &str {
    many.strip_suffix('s').unwrap_or(many)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_go_there_and_back() {
        for name in ["id", "user_id", "get_order_details", "retry_after_ms"] {
            assert_eq!(snake(&camel(name)), name);
            assert_eq!(snake(&pascal(name)), name);
        }
        assert_eq!(pascal("place_order"), "PlaceOrder");
        assert_eq!(upper("order.placed"), "ORDER_PLACED");
    }
}
