//! Lists as CSV (RFC 4180): a header row, then a row for each item.
//!
//! An object in an item becomes columns of its own (`price.amount`); a list in it stays JSON, in one cell. A table has no place
//! for the next page: it is in the header `Link`.

use csv::{Terminator, WriterBuilder};
use domain::Value;
use domain::schema::{Field, Object, Schema};

/// A page, with these members; no selection means all.
pub fn table(page: &Value, thing: &Object, selected: Option<&[&str]>) -> String {
    let is_selected = |member: &&Field| selected.is_none_or(|names| names.contains(&member.name));
    let mut columns = Vec::new();
    thing.members.iter().filter(is_selected).for_each(|member| add_columns(member, "", &mut columns));
    // RFC 4180 section 2: a line ends with CR LF. Rules 6 and 7, quoting, are the writer's.
    let mut out = WriterBuilder::new().terminator(Terminator::CRLF).from_writer(Vec::new());
    let mut add = |cells: Vec<String>| out.write_record(cells).expect("a Vec takes rows of one length");
    add(columns.iter().map(|path| path.replace('/', ".")).collect());
    for item in page.get("items").map(Value::items).unwrap_or_default() {
        add(columns.iter().map(|path| item.at(path).map(cell).unwrap_or_default()).collect());
    }
    let bytes = out.into_inner().expect("a Vec takes all");
    String::from_utf8(bytes).expect("cells are UTF-8")
}

/// The columns of a member, by their paths in the item: `price/amount`.
fn add_columns(member: &Field, within: &str, columns: &mut Vec<String>) {
    let path = format!("{within}{}", member.name);
    match member.schema {
        Schema::Object(record) => {
            record.members.iter().for_each(|member| add_columns(member, &format!("{path}/"), columns));
        }
        Schema::Int { .. } | Schema::Id { .. } | Schema::Text { .. } | Schema::Cursor => columns.push(path),
        Schema::Enum(_) | Schema::Time | Schema::List { .. } => columns.push(path),
    }
}

fn cell(value: &Value) -> String {
    match value {
        Value::Text(text) | Value::RawText(text) => text.clone(),
        Value::Null => String::new(),
        Value::Bool(_) | Value::Int(_) | Value::Fraction(_) | Value::List(_) | Value::Object(_) => {
            wire::json::value(value)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::orders::Order;
    use domain::products::Product;
    use domain::users::User;
    use testing::replies;

    #[test]
    fn a_list_is_a_table() {
        let users = table(&replies("users")[1].to_value(), User::OBJECT, None);
        let name = "\"Ada <&> \"\"Lovelace\"\"\r\n\t \"";
        let row = format!("1,{name},ada@example.com,customer,2026-11-20T19:30:00Z,1\r\n");
        assert_eq!(users, format!("id,name,email,role,created_at,version\r\n{row}"));
        let products = table(&replies("products")[0].to_value(), Product::OBJECT, Some(&["id", "price"]));
        assert_eq!(products, "id,price.amount,price.currency\r\n1,129900,EUR\r\n2,129900,EUR\r\n");
        let orders = table(&replies("orders")[0].to_value(), Order::OBJECT, Some(&["lines"]));
        assert!(orders.starts_with("lines\r\n\"[{\"\"product_id\"\":1,\"\"quantity\"\":2,"), "{orders:.80}");
        assert_eq!(
            table(&replies("users")[0].to_value(), User::OBJECT, Some(&["id"])),
            "id\r\n",
            "an empty list has its names"
        );
    }
}
