"""gRPC by its frames: what a library hides, and what none of them sends."""

import base64
import json
import re
import socket
import sys
import urllib.error
import urllib.request

from frames import GET_USER, GRPC, USER_1, WATCH, Connection, framed, messages, packed
from story import Checks, equal

OK, INVALID_ARGUMENT, DEADLINE_EXCEEDED, NOT_FOUND = 0, 3, 4, 5
RESOURCE_EXHAUSTED, UNIMPLEMENTED, INTERNAL = 8, 12, 13

address = sys.argv[1]
checks = Checks("frames")
check = lambda test: checks.check(test.__doc__, test)
connect = lambda **settings: Connection(address, "grpc-frames", **settings)


def answered(answer, status, is_trailers_only=None):
    """A well-formed answer of gRPC with that status."""
    equal((answer.reset, answer.head[":status"]), (None, "200"))
    equal(answer.head["content-type"].split("+")[0], "application/grpc")
    assert answer.status in (status if isinstance(status, tuple) else (status,)), answer.trailers
    if answer.status != OK and is_trailers_only is not False:
        assert answer.is_trailers_only, answer
    assert re.fullmatch(r"[ -~]*", answer.trailers.get("grpc-message", "")), answer.trailers


@check
def _():
    "a success is headers, one message, and trailers with the status only there"
    with connect() as connection:
        answer = connection.call()
        answered(answer, OK)
        equal((answer.order[0], answer.order[-1], len(answer.blocks)), ("headers", "headers", 2))
        assert "grpc-status" not in answer.head, answer.head
        [(flags, message)] = messages(answer.body)
        assert flags == 0 and b"Ada Lovelace" in message


@check
def _():
    "a refusal is one block of headers that ends the stream"
    with connect() as connection:
        answer = connection.call(body=framed(b"\x08\x8f\x4e"))
        answered(answer, NOT_FOUND)
        details = answer.head["grpc-status-details-bin"]
        # Without padding, as gRPC over HTTP/2 wishes; readers take both.
        assert "=" not in details and b"USER_NOT_FOUND" in base64.b64decode(details + "=" * (-len(details) % 4))


CONTENT_TYPES = [
    ("application/grpc", OK),
    ("application/grpc+proto", OK),
    ("Application/GRPC", OK),
    ("application/grpc;charset=utf-8", OK),
    ("application/grpc+json", 415),
    ("application/grpcx", 415),
    ("application/grpc+proto2", 415),
    ("text/plain", 415),
    ("", 415),
    (None, 415),
]
for content_type, expected in CONTENT_TYPES:

    def _():
        with connect() as connection:
            fields = [("te", "trailers"), *([("content-type", content_type)] if content_type is not None else [])]
            answer = connection.call(fields=fields)
            if expected == OK:
                answered(answer, OK)
            else:
                # gRPC over HTTP/2, "Requests": 415, so that other clients of HTTP/2 do not take it for a success. A subtype that is
                # not known may be refused in gRPC's own way also.
                found = (answer.head[":status"], answer.status)
                assert found[0] == "415" or found[0] == "200" and found[1] not in (None, OK), answer

    checks.check(f"content type {content_type!r}: {expected or 'OK'}", _)


@check
def _():
    "without te: trailers, the call is answered or refused, in gRPC's way"
    with connect() as connection:
        answer = connection.call(fields=GRPC[:1])
        answered(answer, (OK, INVALID_ARGUMENT, INTERNAL))


BODIES = [
    ("no body", b"", (INVALID_ARGUMENT, UNIMPLEMENTED, INTERNAL)),
    ("half a prefix", b"\0\0\0", (INVALID_ARGUMENT, INTERNAL)),
    ("a message shorter than its length", framed(USER_1)[:-1], (INVALID_ARGUMENT, INTERNAL)),
    ("a length of 4 GiB", b"\0\xff\xff\xff\xff\x08\x01", (INVALID_ARGUMENT, INTERNAL, RESOURCE_EXHAUSTED)),
    ("a byte after the message", framed(USER_1) + b"\0", (INVALID_ARGUMENT, INTERNAL)),
    ("two messages", framed(USER_1) * 2, (INVALID_ARGUMENT, UNIMPLEMENTED, INTERNAL)),
    ("flags 2", framed(USER_1, 2), (INVALID_ARGUMENT, INTERNAL)),
    ("flags 255", framed(USER_1, 255), (INVALID_ARGUMENT, INTERNAL)),
    ("the trailers' frame of gRPC-Web", framed(b"grpc-status:0\r\n", 128), (INVALID_ARGUMENT, INTERNAL)),
    ("an empty message: id is 0", framed(b""), (INVALID_ARGUMENT, NOT_FOUND)),
    ("a text where a number is due", framed(b"\x0a\x01a"), (INVALID_ARGUMENT, INTERNAL)),
    ("a number that does not end", framed(b"\x08\x80"), (INVALID_ARGUMENT, INTERNAL)),
    ("a number of eleven bytes", framed(b"\x08" + b"\xff" * 10 + b"\x01"), (INVALID_ARGUMENT, INTERNAL)),
    ("field number 0", framed(b"\x00\x01"), (INVALID_ARGUMENT, INTERNAL)),
    ("wire type 7", framed(b"\x0f\x01"), (INVALID_ARGUMENT, INTERNAL)),
    ("a group that does not end", framed(b"\x08\x01\xa3\x06"), (INVALID_ARGUMENT, INTERNAL)),
    ("a field longer than its message", framed(b"\x08\x01\xa2\x06\x7f"), (INVALID_ARGUMENT, INTERNAL)),
    ("an unknown group, closed", framed(b"\x08\x01\xa3\x06\xa4\x06"), (OK,)),
    ("a field twice: the last one counts", framed(b"\x08\x63\x08\x01"), (OK,)),
    ("a number longer than needed", framed(b"\x08\x81\x80\x00"), (OK,)),
    ("groups 10,000 deep", framed(b"\x08\x01" + b"\xa3\x06" * 10_000 + b"\xa4\x06" * 10_000), (OK, INVALID_ARGUMENT, INTERNAL)),
]
for what, body, statuses in BODIES:

    def _():
        with connect() as connection:
            answered(connection.call(body=body), statuses)
            answered(connection.call(), OK)

    checks.check(f"{what}: {' or '.join(map(str, statuses))}", _)


@check
def _():
    "a text that is not UTF-8 is refused"
    with connect() as connection:
        path = "/parlance.shop.v1.ShopService/SearchProducts"
        answered(connection.call(path, framed(b"\x0a\x02\xff\xfe")), (INVALID_ARGUMENT, INTERNAL))


# gRPC's document "Compression": who sets the flag and names no coding, or identity, gets INTERNAL; for a coding that the server does
# not have, UNIMPLEMENTED and the list of those that it has.
CODINGS = [
    ("gzip", packed(USER_1), 1, (OK,)),
    ("gzip", USER_1, 0, (OK,)),
    ("identity", USER_1, 0, (OK,)),
    (None, USER_1, 1, (INTERNAL,)),
    ("identity", USER_1, 1, (INTERNAL,)),
    ("gzip", USER_1, 1, (INVALID_ARGUMENT, INTERNAL)),
    ("gzip", packed(USER_1)[:-4], 1, (INVALID_ARGUMENT, INTERNAL)),
    ("gzip", packed(bytes(50_000_000)), 1, (RESOURCE_EXHAUSTED,)),
    ("br", USER_1, 1, (UNIMPLEMENTED,)),
    ("snappy", b"", 1, (UNIMPLEMENTED,)),
]
for coding, message, flags, statuses in CODINGS:

    def _():
        with connect() as connection:
            extra = [("grpc-encoding", coding)] if coding else []
            answer = connection.call(body=framed(message, flags), extra=extra)
            answered(answer, statuses)
            if answer.status == UNIMPLEMENTED:
                assert "gzip" in answer.head.get("grpc-accept-encoding", ""), answer.head

    what = f"grpc-encoding {coding}, flag {flags}, {len(message)} bytes"
    checks.check(f"{what}: {' or '.join(map(str, statuses))}", _)


@check
def _():
    "a response is compressed for who reads gzip, and for no one else"
    path, body = "/parlance.shop.v1.ShopService/SearchProducts", framed(b"\x18\x64")
    with connect() as connection:
        for accepted, expected in (("gzip", True), ("identity, gzip,deflate", True), ("deflate", False), (None, False)):
            extra = [("grpc-accept-encoding", accepted)] if accepted else []
            answer = connection.call(path, body, extra=extra)
            answered(answer, OK)
            [(flags, message)] = messages(answer.body)
            equal((flags, message[:2] == b"\x1f\x8b"), (int(expected), expected))
            if expected:
                equal(answer.head["grpc-encoding"], "gzip")


TIMEOUTS = ["", "5", "S", "1x", "1s", "123456789S", "-1S", "+1S", "1.5S", "1 S", "0x1S", "S1", "1SS", "１S"]
for timeout in TIMEOUTS:

    def _():
        with connect() as connection:
            answered(connection.call(extra=[("grpc-timeout", timeout)]), (INVALID_ARGUMENT, INTERNAL))

    checks.check(f"grpc-timeout {timeout!r} is refused", _)


@check
def _():
    "grpc-timeout in each unit; also 99,999,999 hours, and one that has passed"
    with connect() as connection:
        for timeout in ("1H", "1M", "9S", "9000m", "9000000u", "99999999n", "99999999H"):
            answered(connection.call(extra=[("grpc-timeout", timeout)]), OK)
        for timeout in ("0n", "1n", "0S"):
            answered(connection.call(WATCH, framed(b""), extra=[("grpc-timeout", timeout)]), DEADLINE_EXCEEDED, False)
        answered(connection.call(extra=[("grpc-timeout", "50m"), ("x-fault", "delay=3000ms")]), DEADLINE_EXCEEDED)


@check
def _():
    "the message in frames of a byte, in empty and padded ones, and an end of its own"
    with connect() as connection:
        stream = connection.begin(GET_USER)
        for byte in framed(USER_1):
            connection.send(stream, bytes([byte]), is_end=False)
            connection.send(stream, b"", is_end=False, pad_length=9)
        connection.send(stream, b"")
        answered(connection.read(stream), OK)


@check
def _():
    "a request without a body: the stream ends with its headers"
    with connect() as connection:
        answered(connection.read(connection.begin(GET_USER, is_end=True)), (INVALID_ARGUMENT, UNIMPLEMENTED, INTERNAL))
        answered(connection.call(), OK)


@check
def _():
    "trailers of a client are read over"
    with connect() as connection:
        stream = connection.begin(GET_USER)
        connection.send(stream, framed(USER_1), is_end=False)
        connection.h2.send_headers(stream, [("x-end", "yes")], end_stream=True)
        connection.flush()
        answered(connection.read(stream), OK)


@check
def _():
    "metadata that the service does not know is skipped: text, base64 with padding and without, a list, a reserved name"
    with connect() as connection:
        extra = [("a-bin", "AQI="), ("b-bin", "AQI"), ("c-bin", "AQ==,Ag"), ("d", "x"), ("d", "y"), ("grpc-new", "1")]
        answered(connection.call(extra=extra), OK)


PATHS = [
    ("/parlance.shop.v1.ShopService/getUser", UNIMPLEMENTED),
    ("/parlance.shop.v1.ShopService/GetUser/", UNIMPLEMENTED),
    ("/parlance.shop.v1.ShopService/", UNIMPLEMENTED),
    ("/parlance.shop.v1.ShopService", UNIMPLEMENTED),
    ("/parlance.shop.v1.shopservice/GetUser", UNIMPLEMENTED),
    ("/parlance.shop.v2.ShopService/GetUser", UNIMPLEMENTED),
    ("/ShopService/GetUser", UNIMPLEMENTED),
    ("/grpc.health.v1.Health/List", UNIMPLEMENTED),
    ("/grpc.reflection.v1.ServerReflection/None", UNIMPLEMENTED),
]
for path, status in PATHS:

    def _():
        with connect() as connection:
            answered(connection.call(path), status)

    checks.check(f"{path}: UNIMPLEMENTED", _)


@check
def _():
    "the head of a stream comes before its first event; after RST_STREAM the connection goes on"
    with connect() as connection:
        stream = connection.begin(WATCH)
        connection.send(stream, framed(b""))
        answer = connection.read(stream, lambda answer: answer.blocks)
        equal((answer.order, answer.has_ended), (["headers"], False))
        connection.h2.reset_stream(stream, error_code=8)
        connection.flush()
        answered(connection.call(), OK)


@check
def _():
    "the same connection carries REST, a stream of events and gRPC at once"
    with connect() as connection:
        watch = connection.begin(WATCH)
        connection.send(watch, framed(b""))
        connection.read(watch, lambda answer: answer.blocks)
        body = json.dumps({"user_id": 1, "lines": [{"product_id": 1, "quantity": 1}]}).encode()
        rest = connection.begin("/sandboxes/grpc-frames/rest/orders", [("content-type", "application/json")])
        connection.send(rest, body)
        answer = connection.read(rest)
        equal(answer.head[":status"], "201")
        order = json.loads(answer.body)["id"]
        path = "/parlance.shop.v1.ShopService/GetOrder"
        # An id above 127 has two bytes.
        number = bytes([order]) if order < 128 else bytes([order & 127 | 128, order >> 7])
        answered(connection.call(path, framed(b"\x08" + number)), OK)
        event = connection.read(watch, lambda answer: answer.body)
        assert b"\x18" + number in messages(event.body)[0][1], event.body


@check
def _():
    "a client with a window of 0 gets the headers, and the message when it opens it"
    with connect(initial_window_size=0) as connection:
        stream = connection.begin(GET_USER)
        connection.send(stream, framed(USER_1))
        answer = connection.read(stream, lambda answer: answer.blocks)
        equal((answer.body, answer.has_ended), (b"", False))
        for _ in range(200):
            if answer.has_ended:
                break
            connection.h2.increment_flow_control_window(1, stream)
            connection.flush()
            if len(answer.body) < 5:
                connection.read(stream, lambda found, before=len(answer.body): len(found.body) > before or found.has_ended)
            else:
                connection.h2.increment_flow_control_window(10_000, stream)
                connection.flush()
                connection.read(stream)
        answered(answer, OK)


@check
def _():
    "50 calls in one write are all answered"
    with connect() as connection:
        flush, connection.flush = connection.flush, lambda: None
        streams = [connection.begin(GET_USER) for _ in range(50)]
        for stream in streams:
            connection.send(stream, framed(USER_1))
        connection.flush = flush
        flush()
        for stream in streams:
            answered(connection.read(stream), OK)


@check
def _():
    "reflection answers a question before the client has ended its stream"
    with connect() as connection:
        stream = connection.begin("/grpc.reflection.v1.ServerReflection/ServerReflectionInfo")
        for count in (1, 2):
            connection.send(stream, framed(b"\x3a\x00"), is_end=False)
            connection.read(stream, lambda answer: len(messages(answer.body)) == count)
        connection.send(stream, b"")
        answered(connection.read(stream), OK)


for path in ("/parlance.shop.v1.ShopService/Chat", "/grpc.reflection.v2.ServerReflection/ServerReflectionInfo"):

    def _():
        # A client of a method with two streams ends its own only after the answer; it would wait for ever.
        with connect() as connection:
            stream = connection.begin(path)
            connection.send(stream, framed(b"\x3a\x00"), is_end=False)
            equal(connection.read(stream, lambda answer: answer.blocks).status, UNIMPLEMENTED)

    checks.check(f"{path}: UNIMPLEMENTED, before the client ends its stream", _)


def post(path, body, **headers):
    """Over HTTP/1.1: status, headers, body."""
    fields = {name.replace("_", "-"): value for name, value in headers.items()}
    request = urllib.request.Request(address + path, body, fields)
    try:
        with urllib.request.urlopen(request, timeout=10) as response:
            return response.status, response.headers, response.read()
    except urllib.error.HTTPError as error:
        return error.code, error.headers, error.read()


@check
def _():
    "over HTTP/1.1, gRPC is refused in a way that no client takes for a success"
    status, _, body = post(GET_USER, framed(USER_1), content_type="application/grpc", te="trailers")
    assert status >= 400 and b"HTTP/2" in body, (status, body)


def web_trailers(body):
    """The messages of a body of gRPC-Web, and its trailers."""
    *found, (flags, last) = messages(body)
    equal(flags, 128)
    lines = [line.split(b":", 1) for line in last.split(b"\r\n") if line]
    assert all(name == name.lower() for name, _ in lines), lines
    return found, {name.decode(): value.strip().decode() for name, value in lines}


@check
def _():
    "gRPC-Web, binary: the trailers are the last frame, with names in lower case"
    for path in (GET_USER, f"/sandboxes/grpc-frames{GET_USER}"):
        status, headers, body = post(path, framed(USER_1), content_type="application/grpc-web+proto", x_grpc_web="1")
        equal((status, headers["content-type"]), (200, "application/grpc-web+proto"))
        [(_, message)], trailers = web_trailers(body)
        assert b"Ada Lovelace" in message and trailers["grpc-status"] == "0", trailers
    _, headers, body = post(GET_USER, framed(b"\x08\x8f\x4e"), content_type="application/grpc-web")
    trailers = dict(headers) if not body else web_trailers(body)[1]
    equal(trailers["grpc-status"], "5")


@check
def _():
    "in gRPC-Web a message is compressed, and the trailers are not"
    # connect-go, issue 535: other readers can't read them.
    path = "/parlance.shop.v1.ShopService/SearchProducts"
    _, headers, body = post(path, framed(b"\x18\x64"), content_type="application/grpc-web", grpc_accept_encoding="gzip")
    [(flags, message)], trailers = web_trailers(body)
    equal((flags, message[:2], headers["grpc-encoding"], trailers["grpc-status"]), (1, b"\x1f\x8b", "gzip", "0"))


@check
def _():
    "gRPC-Web, text: base64 as a whole, and in pieces with a padding each"
    pieces = framed(USER_1)[:4], framed(USER_1)[4:]
    for text in (base64.b64encode(framed(USER_1)), b"".join(map(base64.b64encode, pieces))):
        _, headers, body = post(GET_USER, text, content_type="application/grpc-web-text+proto", accept="application/grpc-web-text")
        equal(headers["content-type"].split("+")[0], "application/grpc-web-text")
        # Several pieces, each with its padding, are one body.
        whole = b"".join(base64.b64decode(piece) for piece in re.findall(rb"[^=]+={0,2}", body))
        found, trailers = web_trailers(whole)
        equal((len(found), trailers["grpc-status"]), (1, "0"))
    status, headers, body = post(GET_USER, b"@@@@", content_type="application/grpc-web-text")
    equal(status, 200)
    assert headers.get("grpc-status", "0") != "0" or body


@check
def _():
    "a browser of another origin may call gRPC-Web and Connect, and read the status"
    request = urllib.request.Request(address + GET_USER, method="OPTIONS")
    wanted = "content-type,x-grpc-web,x-user-agent,grpc-timeout,x-sandbox,connect-protocol-version,connect-timeout-ms"
    for name, value in {
        "Origin": "http://localhost:3000",
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": wanted,
    }.items():
        request.add_header(name, value)
    with urllib.request.urlopen(request, timeout=10) as response:
        allowed = response.headers.get("access-control-allow-headers", "").lower()
        assert response.headers.get("access-control-allow-origin") in ("*", "http://localhost:3000"), response.headers
    assert allowed == "*" or all(name in allowed for name in wanted.split(",")), allowed
    _, headers, _ = post(GET_USER, framed(USER_1), content_type="application/grpc-web", origin="http://localhost:3000")
    exposed = headers.get("access-control-expose-headers", "").lower()
    needed = ("grpc-status", "grpc-message", "grpc-status-details-bin")
    assert exposed == "*" or all(name in exposed for name in needed), exposed


@check
def _():
    "Connect: JSON, its errors, its deadline, and a version that is not there"
    user = lambda **headers: post(GET_USER, b'{"id":1}', content_type="application/json", **headers)
    status, headers, body = user(connect_protocol_version="1")
    equal((status, headers["content-type"], json.loads(body)["user"]["name"]), (200, "application/json", "Ada Lovelace"))
    status, _, body = post(GET_USER, b'{"id":9999}', content_type="application/json")
    equal((status, json.loads(body)["code"]), (404, "not_found"))
    status, _, body = user(connect_timeout_ms="50", x_fault="delay=3000ms")
    equal((status, json.loads(body)["code"]), (504, "deadline_exceeded"))
    for wrong in ("x", "-1", "1.5", "12345678901"):
        status, _, body = user(connect_timeout_ms=wrong)
        equal((status, json.loads(body)["code"]), (400, "invalid_argument"))
    status, headers, _ = post(GET_USER, packed(b'{"id":1}'), content_type="application/json", content_encoding="gzip")
    equal(status, 200)
    status, _, body = post(GET_USER, b"{}", content_type="application/json", content_encoding="snappy")
    assert status >= 400, (status, body)
    status, headers, _ = post("/parlance.shop.v1.ShopService/None", b"{}", content_type="application/json")
    assert status in (404, 501), status


@check
def _():
    "Connect: a stream ends with a frame that says how it went"
    last = framed(b'{"after":"no"}')
    status, headers, body = post(WATCH, last, content_type="application/connect+json")
    equal((status, headers["content-type"]), (200, "application/connect+json"))
    [(flags, end)] = messages(body)
    equal((flags, json.loads(end)["error"]["code"]), (2, "invalid_argument"))


@check
def _():
    "the server goes on: a new connection is answered"
    with socket.create_connection(address.removeprefix("http://").split(":")) as half:
        half.sendall(b"PRI * HTTP/2.0\r\n\r\nSM")
        with connect() as connection:
            answered(connection.call(), OK)


checks.end()
