//! The committed `.proto` files are what the table and the compiler make.

#![allow(clippy::unwrap_used, reason = "a test that finds no value has failed")]

use super::*;
use crate::protobuf::{NOTHING, TEXT_ENUM, number};
use domain::Operation;
use domain::operations::OperationKind;
use domain::schema::Object;
use prost::Message;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use wire::names::pascal;

const HEAD: &str = "// The shop of Parlance: users, products, carts and orders.
//
// Money is in minor units. An id counts from 1 in its sandbox. A field without \"optional\" is required; the value of an absent one is 0.
syntax = \"proto3\";

package parlance.shop.v1;

import \"google/protobuf/timestamp.proto\";

// Where the compilers of these languages put what they make.
option go_package = \"parlance/shop/v1;shopv1\";
option java_multiple_files = true;
option java_package = \"parlance.shop.v1\";
";

/// The file, written from the table.
#[derive(Default)]
struct Proto {
    messages: Vec<(String, String)>,
}

impl Proto {
    fn service(&mut self) -> String {
        let mut service = String::from("// The shop. Each method is an operation.\nservice ShopService {\n");
        for operation in OPERATIONS {
            let (name, doc) = (pascal(operation.name), operation.doc);
            let stream = if operation.kind == OperationKind::Stream { "stream " } else { "" };
            // So Connect's clients may call it by GET.
            let options = match operation.kind {
                OperationKind::Query => " {\n    option idempotency_level = NO_SIDE_EFFECTS;\n  }",
                OperationKind::Command | OperationKind::Stream => ";",
            };
            writeln!(service, "  // {doc}\n  rpc {name}({name}Request) returns ({stream}{name}Response){options}")
                .unwrap();
            self.object(&format!("{name}Request"), &format!("The request of {name}."), operation.input);
            self.response(&name, operation);
        }
        service + "}\n"
    }

    fn response(&mut self, name: &str, operation: &Operation) {
        let mut fields = String::new();
        if operation.reply_name != NOTHING {
            let (repeated, type_name) = self.type_of(&operation.reply);
            fields = format!("  // The reply.\n  {repeated}{type_name} {} = 1;\n", operation.reply_name);
        }
        self.add(format!("{name}Response"), &format!("The response of {name}."), "message", &fields);
    }

    fn object(&mut self, name: &str, doc: &str, object: &Object) {
        if self.messages.iter().any(|(known, _)| known == name) {
            return;
        }
        // Its place is before those that it needs.
        let place = self.messages.len();
        self.messages.push((name.to_owned(), String::new()));
        let mut fields = String::new();
        for (position, field) in object.members.iter().enumerate() {
            let (repeated, type_name) = self.type_of(&field.schema);
            let label = if repeated.is_empty() && !field.required { "optional " } else { repeated };
            writeln!(fields, "  // {}\n  {label}{type_name} {} = {};", field.doc, field.name, number(position))
                .unwrap();
        }
        self.messages[place].1 = block(doc, "message", name, &fields);
    }

    fn add(&mut self, name: String, doc: &str, keyword: &str, content: &str) {
        let text = block(doc, keyword, &name, content);
        self.messages.push((name, text));
    }

    /// Whether it is a list, and its type or that of its items.
    fn type_of(&mut self, schema: &Schema) -> (&'static str, String) {
        let name = match schema {
            Schema::Int { .. } | Schema::Id { .. } => "int32".to_owned(),
            Schema::Text { .. } | Schema::Cursor => "string".to_owned(),
            Schema::Time => "google.protobuf.Timestamp".to_owned(),
            Schema::Enum(words) if words.name == TEXT_ENUM => "string".to_owned(),
            Schema::Enum(words) => {
                self.words(words);
                words.name.to_owned()
            }
            Schema::Object(object) => {
                self.object(object.name, object.doc, object);
                object.name.to_owned()
            }
            Schema::List { item, .. } => return ("repeated ", self.type_of(item).1),
        };
        ("", name)
    }

    fn words(&mut self, words: &Enum) {
        if self.messages.iter().any(|(known, _)| known == words.name) {
            return;
        }
        let mut values = format!("  // Absent.\n  {}_UNSPECIFIED = 0;\n", prefix(words));
        for (position, word) in words.words.iter().enumerate() {
            writeln!(values, "  // {word}\n  {} = {};", value_name(words, word), number(position)).unwrap();
        }
        self.add(words.name.to_owned(), words.doc, "enum", &values);
    }
}

fn block(doc: &str, keyword: &str, name: &str, content: &str) -> String {
    let content = if content.is_empty() { "{}".to_owned() } else { format!("{{\n{content}}}") };
    format!("// {doc}\n{keyword} {name} {content}\n")
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("proto")
}

/// Writes the file, or compares it with what is committed.
fn compare(path: &str, expected: &[u8]) {
    let path = folder().join(path);
    if std::env::var("UPDATE").is_ok() {
        std::fs::write(path, expected).unwrap();
        return;
    }
    let is_same = std::fs::read(&path).is_ok_and(|found| found == expected);
    assert!(is_same, "{} is out of date: UPDATE=1 cargo test -p grpc", path.display());
}

/// One test, as the set is compiled from what may have just been written.
#[test]
fn the_files_are_made_from_the_table_and_the_set_from_the_files() {
    let mut proto = Proto::default();
    let service = proto.service();
    let messages: Vec<&str> = proto.messages.iter().map(|(_, text)| text.as_str()).collect();
    compare("parlance/shop/v1/shop.proto", format!("{HEAD}\n{service}\n{}", messages.join("\n")).as_bytes());
    let files = [
        "parlance/shop/v1/shop.proto",
        "grpc/health/v1/health.proto",
        "grpc/reflection/v1/reflection.proto",
        "grpc/reflection/v1alpha/reflection.proto",
        "google/rpc/error_details.proto",
    ];
    let compiled = protox::Compiler::new([folder()])
        .unwrap()
        .include_imports(true)
        .open_files(files)
        .unwrap()
        .file_descriptor_set();
    compare("descriptors.binpb", &compiled.encode_to_vec());
}

#[test]
fn no_two_enums_of_inputs_share_a_word() {
    let mut words: Vec<&str> = Vec::new();
    let mut enums: Vec<&str> = Vec::new();
    for field in OPERATIONS.iter().flat_map(|operation| operation.input.members) {
        if let Schema::Enum(one) = field.schema
            && !enums.contains(&one.name)
        {
            enums.push(one.name);
            words.extend(one.words);
        }
    }
    let count = words.len();
    words.sort_unstable();
    words.dedup();
    assert_eq!((words.len(), enums.is_empty()), (count, false));
}
