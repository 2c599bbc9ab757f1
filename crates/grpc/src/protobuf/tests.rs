//! Messages go there and back, and are what another library of Protocol Buffers reads and writes.
#![allow(clippy::unwrap_used, reason = "a test that finds no value has failed")]

use super::*;
use crate::contract::DESCRIPTORS;
use domain::operations::{OPERATIONS, OperationKind};
use protox::prost_reflect::{DescriptorPool, DynamicMessage};
use testing::replies;
use wire::examples;
use wire::names::pascal;

/// The message of that name, as the other library reads it from these bytes.
fn dynamic(name: &str, bytes: &[u8]) -> DynamicMessage {
    let pool = DescriptorPool::decode(DESCRIPTORS).unwrap();
    let descriptor = pool.get_message_by_name(&format!("parlance.shop.v1.{name}")).unwrap();
    DynamicMessage::decode(descriptor, bytes).unwrap()
}

#[test]
fn every_reply_is_read_as_it_was_written_here_and_by_another_library() {
    for operation in OPERATIONS.iter().filter(|operation| operation.kind != OperationKind::Stream) {
        for reply in replies(operation.reply_name) {
            let mut encoder = MessageEncoder::response(operation);
            reply.write(&mut encoder);
            let bytes = encoder.finish();
            assert_eq!(read_response(&bytes, operation).unwrap(), reply.to_value(), "{}", operation.name);
            let message = dynamic(&format!("{}Response", pascal(operation.name)), &bytes);
            assert_eq!(message.encode_to_vec(), bytes, "{}", operation.name);
            assert_eq!(message.unknown_fields().count(), 0, "{}", operation.name);
        }
    }
}

#[test]
fn every_example_is_read_as_it_was_written() {
    for operation in OPERATIONS {
        for example in examples::of(operation) {
            let bytes = write(&example.input, operation.input);
            let read = read(&bytes, operation.input).unwrap();
            let settled = (operation.settle)(read.clone(), &crate::SPELLING);
            assert_eq!(
                settled,
                (operation.settle)(example.input.clone(), &crate::SPELLING),
                "{}: {read:?}",
                operation.name
            );
            dynamic(&format!("{}Request", pascal(operation.name)), &bytes);
        }
    }
}

#[test]
fn the_json_form_goes_there_and_back() {
    for operation in
        OPERATIONS.iter().filter(|operation| operation.reply_name != NOTHING && operation.kind != OperationKind::Stream)
    {
        let Schema::Object(object) = operation.reply else { panic!("{} has a message", operation.name) };
        for reply in replies(operation.reply_name) {
            let json = to_json(&reply.to_value(), operation);
            let member = json.get(&wire::names::camel(operation.reply_name)).unwrap();
            assert_eq!(from_json(member.clone(), object), reply.to_value(), "{}", operation.name);
        }
    }
}

#[test]
fn what_is_no_message_is_refused() {
    let place_order = Operation::named("place_order");
    let reason = |bytes: &[u8]| read(bytes, place_order.input).unwrap_err().to_string();
    for (bytes, expected) in [
        (&[0x08][..], "unreadable: can't read the message"),
        (&[0x12, 0x05, 0x08], "unreadable: can't read the message: a length of 5, and 1 bytes follow"),
        (&[0x0a, 0x01, 0x61], "invalid_input: user_id has the wire type LEN; an integer has VARINT"),
        (&[0x12, 0x03, 0x15, 0, 0], "invalid_input: lines/0/quantity has the wire type I32; an integer has VARINT"),
        (&[0x00, 0x01], "unreadable: can't read the message"),
        (&[0x0f], "unreadable: can't read the message"),
        (
            &[0x08, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01],
            "unreadable: can't read the message",
        ),
    ] {
        assert!(reason(bytes).starts_with(expected), "{bytes:x?}: {}", reason(bytes));
    }
    let deep = vec![0x7b; 100_000];
    assert!(reason(&deep).starts_with("unreadable"), "groups in groups");
    let many: Vec<u8> = [0x12, 0x00].repeat(VALUES_MAX + 1);
    assert!(reason(&many).starts_with("too_large"), "{}", reason(&many));
}

#[test]
fn unknown_fields_are_skipped_and_the_last_value_counts() {
    let get_user = Operation::named("get_user");
    let read = |bytes: &[u8]| read(bytes, get_user.input).unwrap();
    assert_eq!(read(&[0x08, 1, 0x08, 2]), Value::object([("id", 2.into())]));
    assert_eq!(read(&[0x50, 9, 0x08, 2, 0x5a, 1, 0x61]), Value::object([("id", 2.into())]));
    // -1 has ten bytes.
    assert_eq!(
        read(&[0x08, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01]),
        Value::object([("id", (-1).into())])
    );
}
