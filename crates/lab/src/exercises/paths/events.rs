//! Events: polling, waiting, and being called.

use super::super::exercise::{Exercise, Path, Verdict, counted, done, listed, near};
use super::super::history::History;
use super::super::step::Call;
use Verdict::NotYet;
use std::collections::BTreeSet;
use std::time::Duration;

/// A long poll that took less did not wait.
const WAITED_MS: u64 = 100;

/// The path.
pub const PATH: Path = Path {
    name: "events",
    title: "Events",
    exercises: &[
        Exercise {
            name: "poll",
            title: "Poll with a cursor",
            task: "Read the events, place an order, and read only the new ones.",
            why: "A cursor makes polling cheap, and it misses nothing.",
            styles: &[],
            lesson: "D10",
            hints: ["list_events returns next; send it as after.", "GET /rest/events?after=..."],
            solution: r#"curl -s $SHOP/rest/orders -H 'Content-Type: application/json' -d '{"user_id": 1, "lines": [{"product_id": 9, "quantity": 1}]}'
next=0
while page=$(curl -s "$SHOP/rest/events?limit=100&after=$next"); more=$(echo "$page" | sed 's/.*"next":\([0-9]*\).*/\1/'); [ "$more" != "$next" ]; do next=$more; done
curl -s $SHOP/rest/orders -H 'Content-Type: application/json' -d '{"user_id": 1, "lines": [{"product_id": 9, "quantity": 1}]}'
curl -s "$SHOP/rest/events?after=$next""#,
            near_miss: r#"curl -s $SHOP/rest/events
curl -s $SHOP/rest/orders -H 'Content-Type: application/json' -d '{"user_id": 1, "lines": [{"product_id": 9, "quantity": 1}]}'
curl -s $SHOP/rest/events"#,
            rule: poll,
            answer: None,
        },
        Exercise {
            name: "long-poll",
            title: "Wait for an event",
            task: "Request the events after the newest one, and wait: the response must come with the event.",
            why: "A waiting request is as fast as a push, at one request for each event.",
            styles: &[],
            lesson: "D10",
            hints: [
                "list_events has wait_seconds.",
                "In REST: GET /rest/events?after=NEWEST&wait_seconds=10; place an order meanwhile.",
            ],
            solution: r#"after=$(next=0
while page=$(curl -s "$SHOP/rest/events?limit=100&after=$next"); more=$(echo "$page" | sed 's/.*"next":\([0-9]*\).*/\1/'); [ "$more" != "$next" ]; do next=$more; done; echo $next)
(sleep 1; curl -s -o /dev/null $SHOP/rest/orders -H 'Content-Type: application/json' -d '{"user_id": 1, "lines": [{"product_id": 9, "quantity": 1}]}') &
curl -s "$SHOP/rest/events?after=$after&wait_seconds=10"
wait"#,
            near_miss: r#"curl -s "$SHOP/rest/events?after=0&wait_seconds=10""#,
            rule: long_poll,
            answer: None,
        },
        Exercise {
            name: "two-pushes",
            title: "Pushed over two styles",
            task: "Receive the event of the same order over streams of two styles.",
            why: "Server-sent events, a socket, a subscription and a stream of gRPC bring the same event from the same log.",
            styles: &["rest", "jsonrpc", "websocket", "graphql", "grpc"],
            lesson: "D10",
            hints: [
                "Open both streams before you place the order.",
                "REST: Accept: text/event-stream at /rest/events; GraphQL: subscription { orderEvents { seq } } at /graphql/stream with the same Accept.",
            ],
            solution: r#"(sleep 1; curl -s -o /dev/null $SHOP/rest/orders -H 'Content-Type: application/json' -d '{"user_id": 1, "lines": [{"product_id": 9, "quantity": 1}]}') &
curl -s -N --max-time 3 $SHOP/rest/events -H 'Accept: text/event-stream' &
curl -s -N --max-time 3 $SHOP/graphql/stream -H 'Accept: text/event-stream' -H 'Content-Type: application/json' \
  -d '{"query": "subscription { orderEvents { seq orderId } }"}' &
wait"#,
            near_miss: r#"(sleep 1; curl -s -o /dev/null $SHOP/rest/orders -H 'Content-Type: application/json' -d '{"user_id": 1, "lines": [{"product_id": 9, "quantity": 1}]}') &
curl -s -N --max-time 3 $SHOP/rest/events -H 'Accept: text/event-stream' &
curl -s -N --max-time 3 $SHOP/rest/events -H 'Accept: text/event-stream' &
wait"#,
            rule: two_pushes,
            answer: None,
        },
        Exercise {
            name: "six-channels",
            title: "One order on six channels",
            task: "Receive the event of one order by a poll, a long poll, server-sent events, a WebSocket, a subscription and a stream of gRPC.",
            why: "All six bring it. They differ in requests, bytes, and in how late it comes.",
            styles: &[],
            lesson: "D10",
            hints: [
                "`parlance watch` follows all of them at once.",
                "parlance watch --order 201 --url ADDRESS, and place the order meanwhile; or write your own.",
            ],
            solution: r#"$PARLANCE watch --url $SHOP > /dev/null &
watching=$!
sleep 3
curl -s -o /dev/null $SHOP/rest/orders -H 'Content-Type: application/json' -d '{"user_id": 1, "lines": [{"product_id": 9, "quantity": 1}]}'
sleep 3
kill $watching; wait"#,
            near_miss: r#"(sleep 1; curl -s -o /dev/null $SHOP/rest/orders -H 'Content-Type: application/json' -d '{"user_id": 1, "lines": [{"product_id": 9, "quantity": 1}]}') &
curl -s -N --max-time 3 $SHOP/rest/events -H 'Accept: text/event-stream'
curl -s "$SHOP/rest/events?after=640&limit=100"; wait"#,
            rule: six_channels,
            answer: None,
        },
        Exercise {
            name: "webhook",
            title: "Be called",
            task: "Register a webhook, place an order, and see in the list of deliveries that it was delivered to you.",
            why: "With a webhook the server is the client: yours must answer, and soon.",
            styles: &[],
            lesson: "D10",
            hints: [
                "The server must have been started with --webhooks-local. create_webhook takes a url; list_deliveries shows what became of each delivery.",
                "python3 -m http.server answers a POST with 501, so it is no receiver: answer with a status from 200 to 299.",
            ],
            solution: r#"$PYTHON - <<END
import http.server, json, threading, time, urllib.request as http_client
class Receiver(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        self.rfile.read(int(self.headers["content-length"]))
        self.send_response(204)
        self.end_headers()
    def log_message(self, *_): pass
server = http.server.HTTPServer(("127.0.0.1", 0), Receiver)
threading.Thread(target=server.serve_forever, daemon=True).start()
def post(path, body):
    request = http_client.Request("$SHOP" + path, json.dumps(body).encode(), {"Content-Type": "application/json"})
    return json.load(http_client.urlopen(request))
webhook = post("/rest/webhooks", {"url": f"http://127.0.0.1:{server.server_port}/events"})
post("/rest/orders", {"user_id": 1, "lines": [{"product_id": 9, "quantity": 1}]})
for _ in range(20):
    time.sleep(0.25)
    deliveries = json.load(http_client.urlopen("$SHOP/rest/deliveries"))["items"]
    if any(delivery["status"] == "delivered" for delivery in deliveries):
        break
print(deliveries)
END"#,
            near_miss: r#"curl -s $SHOP/rest/webhooks -H 'Content-Type: application/json' -d '{"url": "http://127.0.0.1:9/events"}'
curl -s $SHOP/rest/orders -H 'Content-Type: application/json' -d '{"user_id": 1, "lines": [{"product_id": 9, "quantity": 1}]}'
sleep 1
curl -s $SHOP/rest/deliveries"#,
            rule: webhook,
            answer: None,
        },
    ],
};

fn poll(history: &History) -> Verdict {
    let Some(page) = history.last().and_then(|trip| trip.done("list_events").next()) else { return NotYet };
    if page.items().is_empty() {
        return NotYet;
    }
    let mut before = history.earlier().rev().flat_map(|trip| &trip.calls);
    let has_ordered = before.by_ref().take_while(|call| !call.is_done("list_events")).any(Call::places_order);
    let cursors: Vec<i64> = history
        .calls()
        .filter(|(_, call)| call.is_done("list_events"))
        .filter_map(|(_, call)| call.reply("next"))
        .collect();
    match page.input("after") {
        Some(after) if has_ordered && cursors[..cursors.len() - 1].contains(&after) => {
            done(format!("{} after event {after}", counted(page.items().len(), "event")))
        }
        None if cursors.len() > 1 => near("you have read from the oldest event again: send next as after"),
        _ => NotYet,
    }
}

fn long_poll(history: &History) -> Verdict {
    let Some(trip) = history.last() else { return NotYet };
    let Some(page) =
        trip.done("list_events").find(|call| call.input("wait_seconds").is_some_and(|seconds| seconds > 0))
    else {
        return NotYet;
    };
    let waited = trip.ended.saturating_duration_since(trip.begun);
    match (page.items().len(), waited >= Duration::from_millis(WAITED_MS)) {
        (0, _) => near("no event came while you waited: place an order meanwhile"),
        (_, false) => near("it did not wait: there were events after that cursor already"),
        (_, true) => done(format!("an event after {} ms over {}", waited.as_millis(), trip.style)),
    }
}

fn two_pushes(history: &History) -> Verdict {
    let Some(event) = history.last_event() else { return NotYet };
    let styles: BTreeSet<&str> =
        history.events().filter(|other| other.order_id == event.order_id).map(|other| other.style).collect();
    match styles.len() {
        2.. => done(format!("order {} over {}", event.order_id, listed(&styles))),
        _ if history.events().filter(|other| other.seq == event.seq).count() > 1 => {
            near(format!("both streams were over {}", event.style))
        }
        _ => NotYet,
    }
}

fn six_channels(history: &History) -> Verdict {
    // Polls are looked at when they have ended, and so after the pushes.
    let order = history.last_event().map(|event| i64::from(event.order_id));
    let polled = history
        .last()
        .and_then(|trip| trip.done("list_events").find_map(|page| page.each("items", "order_id").last().copied()));
    let Some(order) = order.or(polled) else { return NotYet };
    let pushed = history.events().filter(|event| i64::from(event.order_id) == order).map(|event| event.style);
    let polls = history
        .calls()
        .filter(|(_, call)| call.is_done("list_events") && call.each("items", "order_id").contains(&order));
    let polls = polls.map(|(_, call)| if call.input("wait_seconds").is_some() { "long poll" } else { "poll" });
    let channels: BTreeSet<&str> = pushed.chain(polls).collect();
    match channels.len() {
        6.. => done(format!("order {order}: {}", listed(&channels))),
        count @ 2.. => near(format!("{count} of 6 channels for order {order}: {}", listed(&channels))),
        _ => NotYet,
    }
}

fn webhook(history: &History) -> Verdict {
    let Some(list) = history.last().and_then(|trip| trip.done("list_deliveries").next()) else { return NotYet };
    let has = |status: &str| {
        list.items().iter().any(|item| item.get("status").and_then(domain::Value::as_text) == Some(status))
    };
    let created = history.calls().any(|(_, call)| call.is_done("create_webhook"));
    match (created, has("delivered")) {
        (true, true) => done("an event was delivered to your webhook"),
        (true, false) if !list.items().is_empty() => {
            near("no delivery has succeeded so far: does your receiver answer with 200 to 299?")
        }
        _ => NotYet,
    }
}
