//! The messages of each style's socket: three grammars for the same few things.

use serde_json::{Value, json};
use tests::frames::{self, Frame, TEXT, masked};
use tests::raw::Line;
use wire::Address;

/// The grammar of a socket.
pub struct Speech {
    /// The style's name.
    pub style: &'static str,
    /// Its address.
    pub path: &'static str,
    /// The subprotocol to offer.
    pub subprotocol: &'static str,
    /// The first messages, which are answered.
    opening: Option<&'static str>,
    /// A request for the events after a cursor, with an id.
    watch: fn(usize, i64) -> Value,
    /// A request to place an order, with an id.
    place: fn(usize) -> Value,
    /// The meaning of a message.
    read: fn(&Value) -> Option<Message>,
}

/// The meaning of a message.
#[derive(Debug, PartialEq)]
pub enum Message {
    /// The order with that number was placed, as requested with that id.
    Placed(String, i64),
    /// An event of a stream.
    Event(String, i64),
    /// A stream has started.
    Begun,
}

/// The styles with a socket.
pub const SPEECHES: [Speech; 3] = [
    Speech {
        style: "websocket",
        path: "/ws",
        subprotocol: "shop.v1.json",
        opening: None,
        watch: |id, after| json!({"id": id.to_string(), "op": "watch_events", "params": {"after": after}}),
        place: |id| json!({"id": id.to_string(), "op": "place_order", "params": order("user_id", "product_id")}),
        read: |message| match (message.get("event"), &message["ok"]["id"]) {
            (Some(event), _) => Some(Message::Event(text(&message["id"]), event["seq"].as_i64()?)),
            (None, Value::Null) => message.get("ok").map(|_| Message::Begun),
            (None, placed) => Some(Message::Placed(text(&message["id"]), placed.as_i64()?)),
        },
    },
    Speech {
        style: "jsonrpc",
        path: "/jsonrpc",
        subprotocol: "",
        opening: None,
        watch: |id, after| call(id, "watch_events", json!({"after": after})),
        place: |id| call(id, "place_order", order("user_id", "product_id")),
        read: |message| match (&message["params"], &message["result"]["id"]) {
            (Value::Null, Value::Null) => message.get("result").map(|_| Message::Begun),
            (Value::Null, placed) => Some(Message::Placed(text(&message["id"]), placed.as_i64()?)),
            (params, _) => Some(Message::Event(text(&params["subscription"]), params["result"]["seq"].as_i64()?)),
        },
    },
    Speech {
        style: "graphql",
        path: "/graphql",
        subprotocol: "graphql-transport-ws",
        opening: Some(r#"{"type":"connection_init"}"#),
        watch: |id, after| {
            let events = "orderEvents(after: $after) { seq kind orderId userId status at }";
            let query = format!("subscription Watch($after: Int) {{ {events} }}");
            let payload = json!({"query": query, "variables": {"after": after}});
            json!({"id": id.to_string(), "type": "subscribe", "payload": payload})
        },
        place: |id| {
            let query = "mutation Place($input: PlaceOrderInput!) { placeOrder(input: $input) { order { id } } }";
            let payload = json!({"query": query, "variables": {"input": order("userId", "productId")}});
            json!({"id": id.to_string(), "type": "subscribe", "payload": payload})
        },
        read: |message| {
            let data = &message["payload"]["data"];
            match (message["type"].as_str()?, data.get("orderEvents"), &data["placeOrder"]["order"]["id"]) {
                ("next", Some(event), _) => Some(Message::Event(text(&message["id"]), event["seq"].as_i64()?)),
                ("next", None, placed) => Some(Message::Placed(text(&message["id"]), placed.as_str()?.parse().ok()?)),
                ("complete", ..) => Some(Message::Begun),
                _ => None,
            }
        },
    },
];

fn order(user: &str, product: &str) -> Value {
    json!({user: 1, "lines": [{product: 1, "quantity": 1}]})
}

fn call(id: usize, method: &str, params: Value) -> Value {
    json!({"jsonrpc": "2.0", "id": id.to_string(), "method": method, "params": params})
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

impl Speech {
    /// Opens a socket, and sends the first messages.
    pub fn open(&self, address: &Address) -> Line {
        let mut line = frames::open(address, self.path, self.subprotocol);
        if let Some(opening) = self.opening {
            line.send(&masked(TEXT, opening.as_bytes()));
            assert!(matches!(frames::next(&mut line), Some(Frame::Text(text)) if text.contains("connection_ack")));
        }
        line
    }

    /// Requests the events after a cursor.
    pub fn watch(&self, id: usize, after: i64) -> Vec<u8> {
        masked(TEXT, (self.watch)(id, after).to_string().as_bytes())
    }

    /// Requests an order.
    pub fn place(&self, id: usize) -> Vec<u8> {
        masked(TEXT, (self.place)(id).to_string().as_bytes())
    }

    /// The meaning of a text.
    pub fn read(&self, text: &[u8]) -> Message {
        let message = serde_json::from_slice(text).expect("JSON");
        (self.read)(&message).unwrap_or_else(|| panic!("{}: {message}", self.style))
    }
}
