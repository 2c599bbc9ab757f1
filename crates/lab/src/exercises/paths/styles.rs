//! What only one style has: an exercise for each.

use super::super::exercise::{Exercise, Path, Verdict, done, near};
use super::super::history::History;
use super::super::step::{Call, Trip};
use Verdict::NotYet;
use std::time::Duration;

/// How much later than its client the server may see the start of a call.
const LATE_MS: u64 = 20;

/// The path.
pub const PATH: Path = Path {
    name: "styles",
    title: "One per style",
    exercises: &[
        Exercise {
            name: "rest-location",
            title: "REST: follow Location",
            task: "Create a user, and read it at the address that the response names.",
            why: "201 and Location (RFC 9110 section 15.3.2) spare the client to build addresses.",
            styles: &["rest"],
            lesson: "D1",
            hints: [
                "curl -i shows the headers of a response.",
                "The header is called Location; send a GET to exactly this address.",
            ],
            solution: r#"location=$(curl -s -o /dev/null -D - $SHOP/rest/users -H 'Content-Type: application/json' \
  -d '{"name": "Katherine Johnson", "email": "katherine@example.org"}' | tr -d '\r' | sed -n 's/^[Ll]ocation: //p')
curl -s "$location""#,
            near_miss: r#"curl -s $SHOP/rest/users -H 'Content-Type: application/json' -d '{"name": "Katherine Johnson", "email": "katherine@example.org"}'
curl -s "$SHOP/rest/users?ids=51""#,
            rule: rest_location,
            answer: None,
        },
        Exercise {
            name: "rest-xml",
            title: "REST: the same resource as XML",
            task: "Read a user over REST as XML.",
            why: "A resource has several representations; the client chooses by Accept (RFC 9110 section 12.5.1).",
            styles: &["rest"],
            lesson: "D1",
            hints: ["The header Accept names the media type that you want.", "curl -H 'Accept: application/xml'"],
            solution: "curl -s $SHOP/rest/users/1 -H 'Accept: application/xml'",
            near_miss: "curl -s $SHOP/rest/users/1 -H 'Accept: application/json'",
            rule: rest_xml,
            answer: None,
        },
        Exercise {
            name: "soap-fault",
            title: "SOAP 1.2: a typed fault",
            task: "Send a request of SOAP 1.2 that the shop refuses, and read the fault with its detail.",
            why: "A fault has a type in the contract (ShopFault), so that a generated client can catch it like an exception.",
            styles: &["soap"],
            lesson: "D7",
            hints: [
                "SOAP 1.2 has another namespace, http://www.w3.org/2003/05/soap-envelope, and the media type application/soap+xml.",
                "Call GetUser with the id 999: there is no such user.",
            ],
            solution: r#"curl -s $SHOP/soap -H 'Content-Type: application/soap+xml' -d '<e:Envelope xmlns:e="http://www.w3.org/2003/05/soap-envelope"><e:Body>
  <GetUser xmlns="urn:parlance:shop:v1"><id>999</id></GetUser></e:Body></e:Envelope>'"#,
            near_miss: r#"curl -s $SHOP/soap -H 'Content-Type: text/xml' -d '<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body>
  <GetUser xmlns="urn:parlance:shop:v1"><id>999</id></GetUser></e:Body></e:Envelope>'"#,
            rule: soap_fault,
            answer: None,
        },
        Exercise {
            name: "jsonrpc-batch",
            title: "JSON-RPC: a batch with a notification",
            task: "Send a batch of three calls, one of them a notification.",
            why: "A batch saves round trips; a notification (no id) gets no reply, so three calls have two (JSON-RPC 2.0 sections 4.1 and 6).",
            styles: &["jsonrpc"],
            lesson: "D11",
            hints: [
                "A batch is an array of requests.",
                "Leave out the member id in one of them: it is then a notification.",
            ],
            solution: r#"curl -s $SHOP/jsonrpc -H 'Content-Type: application/json' -d '[
  {"jsonrpc": "2.0", "id": 1, "method": "get_user", "params": {"id": 1}},
  {"jsonrpc": "2.0", "method": "set_cart_line", "params": {"user_id": 1, "product_id": 7, "quantity": 1}},
  {"jsonrpc": "2.0", "id": 2, "method": "get_product", "params": {"id": 7}}]'"#,
            near_miss: r#"curl -s $SHOP/jsonrpc -H 'Content-Type: application/json' -d '[
  {"jsonrpc": "2.0", "id": 1, "method": "get_user", "params": {"id": 1}},
  {"jsonrpc": "2.0", "id": 3, "method": "get_user", "params": {"id": 2}},
  {"jsonrpc": "2.0", "id": 2, "method": "get_product", "params": {"id": 7}}]'"#,
            rule: jsonrpc_batch,
            answer: None,
        },
        Exercise {
            name: "xmlrpc-multicall",
            title: "XML-RPC: system.multicall with a failure",
            task: "Send several calls with system.multicall, one of which fails.",
            why: "The others still have their results: a failure is one item of the array, not the end of the request.",
            styles: &["xmlrpc"],
            lesson: "D11",
            hints: [
                "Python: xmlrpc.client.MultiCall(proxy).",
                "The parameter is an array of structs, each with methodName and params.",
            ],
            solution: r#"$PYTHON - <<END
from xmlrpc.client import Fault, MultiCall, ServerProxy
calls = MultiCall(ServerProxy("$SHOP/xmlrpc"))
calls.get_product(1)
calls.get_product(999)
results = calls()
print(results[0]["name"])
try:
    print(results[1])
except Fault as fault:
    print(fault)
END"#,
            near_miss: r#"$PYTHON - <<END
from xmlrpc.client import MultiCall, ServerProxy
calls = MultiCall(ServerProxy("$SHOP/xmlrpc"))
calls.get_product(1)
calls.get_product(2)
print(list(calls()))
END"#,
            rule: xmlrpc_multicall,
            answer: None,
        },
        Exercise {
            name: "graphql-selection",
            title: "GraphQL: only the fields of the page",
            task: "Read an order with the name of its user and the name and quantity of each line, and nothing that the page does not show: no description, no email.",
            why: "The client chooses the fields, so a page pays for what it shows.",
            styles: &["graphql"],
            lesson: "D4",
            hints: [
                "order(id: 1) has user and lines; each line has product.",
                "{ order(id: 1) { status user { name } lines { quantity product { name } } } }",
            ],
            solution: r#"curl -s $SHOP/graphql -H 'Content-Type: application/json' \
  -d '{"query": "{ order(id: 1) { status user { name } lines { quantity product { name } } } }"}'"#,
            near_miss: r#"curl -s $SHOP/graphql -H 'Content-Type: application/json' \
  -d '{"query": "{ order(id: 1) { status user { name } lines { quantity product { name description } } } }"}'"#,
            rule: graphql_selection,
            answer: None,
        },
        Exercise {
            name: "graphql-partial",
            title: "GraphQL: data and errors together",
            task: "Send one query with two fields, of which one fails and the other has data.",
            why: "A response can be half a success (GraphQL section 7.1): a client must look at both data and errors.",
            styles: &["graphql"],
            lesson: "D11",
            hints: [
                "Aliases let you use a field twice.",
                "{ a: product(id: 1) { name } b: product(id: 999) { name } }",
            ],
            solution: r#"curl -s $SHOP/graphql -H 'Content-Type: application/json' \
  -d '{"query": "{ a: product(id: 1) { name } b: product(id: 999) { name } }"}'"#,
            near_miss: r#"curl -s $SHOP/graphql -H 'Content-Type: application/json' -d '{"query": "{ b: product(id: 999) { name } }"}'"#,
            rule: graphql_partial,
            answer: None,
        },
        Exercise {
            name: "websocket-pipelined",
            title: "WebSocket: five calls before the first reply",
            task: "Give your sandbox a round trip of 50 ms, then send five calls on one connection before you read the first reply.",
            why: "Replies carry the id of their call, so a client need not wait: five calls take one round trip.",
            styles: &["websocket"],
            lesson: "D6",
            hints: [
                r#"PATCH /sandboxes/{sandbox} with {"rtt_ms": 50} makes the server as slow as a distant one."#,
                "Send all five messages, then receive five times.",
            ],
            solution: r#"curl -s -X PATCH $SERVER/sandboxes/$SANDBOX -H 'Content-Type: application/json' -d '{"rtt_ms": 50}'
$PYTHON - <<END
from websockets.sync.client import connect
with connect("$SHOP/ws".replace("http", "ws", 1), subprotocols=["shop.v1.json"]) as shop:
    for id in range(1, 6):
        shop.send('{"id": %d, "op": "get_product", "params": {"id": %d}}' % (id, id))
    for id in range(1, 6):
        print(shop.recv())
END"#,
            near_miss: r#"curl -s -X PATCH $SERVER/sandboxes/$SANDBOX -H 'Content-Type: application/json' -d '{"rtt_ms": 50}'
$PYTHON - <<END
from websockets.sync.client import connect
with connect("$SHOP/ws".replace("http", "ws", 1), subprotocols=["shop.v1.json"]) as shop:
    for id in range(1, 6):
        shop.send('{"id": %d, "op": "get_product", "params": {"id": %d}}' % (id, id))
        print(shop.recv())
END"#,
            rule: websocket_pipelined,
            answer: None,
        },
        Exercise {
            name: "grpc-deadline",
            title: "gRPC: a deadline that is met, and one that is not",
            task: "Make a call with a deadline that is met, and one whose deadline runs out.",
            why: "The deadline travels with the call, so the server stops work that no client waits for.",
            styles: &["grpc"],
            lesson: "D17",
            hints: [
                "A client of gRPC takes a timeout for each call; on the wire it is the header grpc-timeout (over JSON: Connect-Timeout-Ms).",
                r#"A deadline of 50 ms runs out if the server is slow: PATCH /sandboxes/{sandbox} with {"rtt_ms": 200}."#,
            ],
            solution: r#"curl -s -X PATCH $SERVER/sandboxes/$SANDBOX -H 'Content-Type: application/json' -d '{"rtt_ms": 200}'
call() { curl -s "$SHOP/parlance.shop.v1.ShopService/GetUser" -H 'Content-Type: application/json' -H "Connect-Timeout-Ms: $1" -d '{"id": 1}'; }
call 2000
call 50"#,
            near_miss: r#"call() { curl -s "$SHOP/parlance.shop.v1.ShopService/GetUser" -H 'Content-Type: application/json' -H "Connect-Timeout-Ms: $1" -d '{"id": 1}'; }
call 2000
call 3000"#,
            rule: grpc_deadline,
            answer: None,
        },
    ],
};

/// The trip that was just made, if it is of this style and has calls.
fn last<'h>(history: &'h History, style: &str) -> Option<&'h Trip> {
    history.last().filter(|trip| trip.style == style && !trip.calls.is_empty())
}

fn rest_location(history: &History) -> Verdict {
    let Some(trip) = last(history, "rest") else { return NotYet };
    let created = |trip: &&Trip| trip.status == 201 && trip.done("create_user").next().is_some();
    let Some(location) = history.earlier().rfind(created).and_then(|trip| trip.answer("location")) else {
        return NotYet;
    };
    let (method, target) = trip.line.split_once(' ').unwrap_or_default();
    if method == "GET" && location.ends_with(target) && trip.done("get_user").next().is_some() {
        return done(format!("created, then read at {target}"));
    }
    let reads = trip.done("get_user").chain(trip.done("list_users")).next().is_some();
    if reads { near(format!("you have read {target}, but Location was {location}")) } else { NotYet }
}

fn rest_xml(history: &History) -> Verdict {
    let Some(trip) = last(history, "rest").filter(|trip| trip.done("get_user").next().is_some()) else { return NotYet };
    match trip.answer("content-type").unwrap_or_default() {
        media_type if media_type.contains("xml") => done(format!("a user as {media_type}")),
        media_type => near(format!("the response was {media_type}")),
    }
}

fn soap_fault(history: &History) -> Verdict {
    let Some(trip) = last(history, "soap") else { return NotYet };
    match trip.calls.iter().find_map(|call| call.refused) {
        Some(reason) if trip.answers("content-type", "application/soap+xml") => {
            done(format!("a fault of SOAP 1.2: {}", reason.word()))
        }
        Some(_) => near("that was a fault of SOAP 1.1"),
        None => NotYet,
    }
}

fn jsonrpc_batch(history: &History) -> Verdict {
    let Some(trip) = last(history, "jsonrpc") else { return NotYet };
    let singles = history.trips().rev().take(3).filter(|trip| trip.style == "jsonrpc" && trip.calls.len() == 1).count();
    match (trip.calls.len(), trip.replies) {
        (3, 2) => done("3 calls in one request, with 2 replies"),
        (1, _) if singles == 3 => near("those were three requests: send them as one array"),
        (1, _) => NotYet,
        (calls, replies) => near(format!("{calls} calls with {replies} replies: three with two are wanted")),
    }
}

fn xmlrpc_multicall(history: &History) -> Verdict {
    let Some(trip) = last(history, "xmlrpc").filter(|trip| trip.calls.len() > 1) else { return NotYet };
    let failed = trip.calls.iter().filter(|call| call.refused.is_some()).count();
    match failed {
        0 => near("all of them succeeded"),
        failed if failed == trip.calls.len() => near("all of them failed"),
        failed => done(format!("{} calls in one request, {failed} of which failed", trip.calls.len())),
    }
}

fn graphql_selection(history: &History) -> Verdict {
    let is_page = |trip: &&Trip| trip.done("get_order").chain(trip.done("get_order_details")).next().is_some();
    let Some(trip) = last(history, "graphql").filter(is_page) else {
        return NotYet;
    };
    let has = |field: &str| trip.fields.iter().any(|one| one == field);
    let missing = ["user.name", "lines.quantity", "product.name"].into_iter().find(|field| !has(field));
    let unused = trip.fields.iter().find(|field| field.ends_with(".description") || field.ends_with(".email"));
    match (missing, unused) {
        (Some(missing), _) => near(format!("{missing} is missing")),
        (None, Some(unused)) => near(format!("the page does not show {}", unused.trim_start_matches('.'))),
        (None, None) => done(format!("the page in {} bytes, both ways together", trip.bytes)),
    }
}

fn graphql_partial(history: &History) -> Verdict {
    let Some(trip) = last(history, "graphql") else { return NotYet };
    let failed = trip.calls.iter().filter(|call| call.refused.is_some()).count();
    match (failed, trip.calls.len() - failed) {
        (0, _) => NotYet,
        (_, 0) => near("there was an error but no data: add a field that succeeds"),
        (failed, succeeded) => done(format!("{succeeded} with data, {failed} with an error")),
    }
}

fn websocket_pipelined(history: &History) -> Verdict {
    let Some(trip) = last(history, "websocket") else { return NotYet };
    let on_connection = |call: &(&Trip, &Call)| call.0.connection == trip.connection && call.0.style == trip.style;
    let calls = history.calls().filter(on_connection).count();
    match trip.calls.len() {
        pipelined if pipelined >= 5 => done(format!("{pipelined} calls were sent before the first reply")),
        _ if calls >= 5 => near(format!("{calls} calls on this connection, but each waited for a reply before it")),
        _ => NotYet,
    }
}

fn grpc_deadline(history: &History) -> Verdict {
    let has_deadline = |trip: &&Trip| deadline(trip).is_some();
    if history.last().filter(has_deadline).is_none() {
        return NotYet;
    }
    // A client that has cancelled a call before has no response either.
    let is_cancelled = |trip: &&Trip| trip.status == 0 && !missed(trip);
    let with_deadline = history.trips().filter(has_deadline).filter(|trip| !is_cancelled(trip));
    let (out, met): (Vec<&Trip>, Vec<&Trip>) = with_deadline.partition(|trip| missed(trip));
    match (met.len(), out.len()) {
        (0, 0) => NotYet,
        (0, _) => near("the deadline ran out; now make a call whose deadline is met"),
        (_, 0) => near("the deadline was met; now make a call whose deadline runs out"),
        _ => done("one deadline was met, and one ran out"),
    }
}

/// The deadline of a call: `grpc-timeout` has a unit (gRPC over HTTP/2, "Requests"), Connect's header is in milliseconds.
fn deadline(trip: &Trip) -> Option<Duration> {
    if trip.style != "grpc" {
        return None;
    }
    if let Some(ms) = trip.ask("connect-timeout-ms") {
        return ms.parse().ok().map(Duration::from_millis);
    }
    let timeout = trip.ask("grpc-timeout")?;
    let (digits, unit) = timeout.split_at_checked(timeout.len().checked_sub(1)?)?;
    let unit = match unit {
        "H" => Duration::from_secs(3_600),
        "M" => Duration::from_secs(60),
        "S" => Duration::from_secs(1),
        "m" => Duration::from_millis(1),
        "u" => Duration::from_micros(1),
        "n" => Duration::from_nanos(1),
        _ => return None,
    };
    unit.checked_mul(digits.parse().ok()?)
}

/// Whether the deadline has run out: the server says so, or the client has ended the call then, mostly before the server could.
fn missed(trip: &Trip) -> bool {
    let has_ended = || {
        let took = trip.ended.saturating_duration_since(trip.begun);
        // The client's deadline began when it sent the call.
        deadline(trip).is_some_and(|deadline| took + Duration::from_millis(LATE_MS) >= deadline)
    };
    let says_so = trip.status == 504 || trip.outcome == "grpc-status 4" || trip.answers("grpc-status", "4");
    says_so || trip.status == 0 && has_ended()
}
