"""Requests as clients send them that can't run here, byte by byte, and what is peculiar of connections, in every style.

Usage: habits.py ADDRESS
"""

import sys
import time

from calls import ENVELOPE, GET_USER, RPC, SOAP11, SOAP12, STYLES, TOO_LARGE
from raw import TIMEOUT, Connection, check_call, headers_of
from story import Checks, equal

address = sys.argv[1]
checks = Checks("http habits")
CALLS = {call.name: call for call in STYLES}
WITH_BODY = [call for call in STYLES if call.body]
SETTINGS = "HTTP2-Settings: AAEAAEAAAAIAAAAAAAMAAAAAAAQBAAAAAAUAAEAAAAYABgAA"
H2C = ["Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c", SETTINGS]
# What a handshake says besides that it is one.
KEY = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="
OFFERS = {
    "h2c": H2C,
    "TLS/1.2": ["Upgrade: TLS/1.2", "Connection: Upgrade"],
    "h2c and websocket": ["Connection: upgrade", "Upgrade: h2c, websocket"],
    "what there is not": ["connection: keep-alive, UPGRADE", "upgrade: foo/2"],
    "an upgrade without its name": ["Connection: upgrade"],
}


def offers(fields):
    """Every call is answered as without the offer, on one connection, and no answer speaks of an upgrade."""
    with Connection(address) as line:
        for call in STYLES:
            answer = line.call(call, *fields)
            check_call(call, answer)
            equal((call.name, "upgrade" in answer["connection"].lower()), (call.name, False))


def offers_websocket_in_a_post():
    offers_it = ["Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13", KEY]
    with Connection(address) as line:
        for call in WITH_BODY:
            check_call(call, line.call(call, *offers_it))


def offers_in_pieces():
    """A head whose parts come one by one: the connection stays open, or the response says `close`."""
    for call in WITH_BODY:
        with Connection(address) as line:
            fields = headers_of(call)
            head = line.head(call.method, call.path, *fields, *H2C, f"Content-Length: {len(call.body)}")
            for piece in (head[:40], head[40:-60], head[-60:], call.body):
                line.send(piece)
                time.sleep(0.02)
            answer = line.read()
            check_call(call, answer)
            says_end = "close" in answer["connection"]
            equal((call.name, "upgrade" in answer["connection"], line.is_open()), (call.name, False, not says_end))


def offers_one_after_the_other():
    """All are answered, or the last that is says that it is the last."""
    with Connection(address) as line:
        jsonrpc = (
            line.head("POST", "/jsonrpc", "Content-Type: application/json", *H2C, f"Content-Length: {len(RPC)}")
            + RPC.encode()
        )
        line.send(line.head("GET", "/rest/users/1", *H2C) + jsonrpc + jsonrpc)
        answers = [line.read()]
        while len(answers) < 3 and "close" not in answers[-1]["connection"]:
            answers.append(line.read())
        for answer in answers[1:]:
            equal((answer.status, answer.json()["id"]), (200, "one"))
        assert len(answers) > 1 and not any("upgrade" in answer["connection"] for answer in answers), answers


def body_that_looks_like_a_head():
    """What stands in a body is not changed, although it comes in a piece of its own."""
    text = "GET / HTTP/1.1\nConnection: upgrade\nUpgrade: h2c\n\nit ends"
    members = "<member><name>id</name><value><int>7</int></value></member>"
    members += f"<member><name>description</name><value>{text}</value></member>"
    body = (
        CALLS["xmlrpc"]
        .body.replace("get_user", "update_product")
        .replace("<int>1</int>", f"<struct>{members}</struct>")
    )
    for fields in ([], H2C):
        with Connection(address) as line:
            start = body.index("GET / HTTP")
            line.send(line.head("POST", "/xmlrpc", "Content-Type: text/xml", *fields, f"Content-Length: {len(body)}"))
            for piece in (body[:start], body[start:]):
                time.sleep(0.05)
                line.send(piece)
            assert text in line.read().text
            assert line.is_open()


def websocket_where_there_is_none():
    with Connection(address) as line:
        answer = line.ask(
            "GET", "/rest/users/1", "Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13", KEY
        )
        equal((answer.status, answer["connection"].lower(), line.is_open()), (200, "close", False))


def waits(send_head, body, check):
    """A client that sends the body when it hears `100 Continue`; it must, in less than .NET waits."""
    with Connection(address, TIMEOUT) as line:
        for number in range(3):
            line.send(send_head(line, number == 0))
            equal(line.read().status, 100)
            line.send(body)
            check(line.read())


def wcf(version, path="/soap"):
    """WCF's BasicHttpBinding, or one of SOAP 1.2, on .NET Framework. `Connection: Keep-Alive` is in the first request."""
    body = ENVELOPE.format(version, GET_USER).encode()
    action = "urn:parlance:shop:v1/GetUser"
    media = {
        SOAP11: ["Content-Type: text/xml; charset=utf-8", f'SOAPAction: "{action}"'],
        SOAP12: [f'Content-Type: application/soap+xml; charset=utf-8; action="{action}"'],
    }[version]

    def head(line, is_first):
        fields = [
            *media,
            f"Host: {line.host}",
            f"Content-Length: {len(body)}",
            "Expect: 100-continue",
            "Accept-Encoding: gzip, deflate",
        ]
        fields += ["Connection: Keep-Alive"] if is_first else []
        return "\r\n".join([f"POST {line.base}{path} HTTP/1.1", *fields, "", ""]).encode()

    waits(head, body, lambda answer: equal((answer.status, "<name>Ada Lovelace</name>" in answer.text), (200, True)))


def asmx():
    """Web references of Visual Studio, before WCF."""
    body = '<?xml version="1.0" encoding="utf-8"?>' + ENVELOPE.format(SOAP11, GET_USER)

    def head(line, is_first):
        fields = [
            "User-Agent: Mozilla/4.0 (compatible; MSIE 6.0; MS Web Services Client Protocol 4.0.30319.42000)",
            "VsDebuggerCausalityData: uIDPo8CWPJ3v",
            "Content-Type: text/xml; charset=utf-8",
            'SOAPAction: "urn:parlance:shop:v1/GetUser"',
            f"Host: {line.host}",
            f"Content-Length: {len(body)}",
            "Expect: 100-continue",
        ]
        fields += ["Connection: Keep-Alive"] if is_first else []
        return "\r\n".join([f"POST {line.base}/soap HTTP/1.1", *fields, "", ""]).encode()

    waits(head, body, lambda answer: equal((answer.status, "Ada Lovelace" in answer.text), (200, True)))


def web_request():
    """HttpWebRequest, and so PowerShell 5.1, in every style; its body comes 350 ms later if there is no response before."""
    for call in WITH_BODY:

        def head(line, is_first):
            fields = headers_of(call)
            fields += [
                "User-Agent: Mozilla/5.0 (Windows NT; Windows NT 10.0; de-DE) WindowsPowerShell/5.1.19041.4648",
                f"Host: {line.host}",
                f"Content-Length: {len(call.body)}",
                "Expect: 100-continue",
                *(["Connection: Keep-Alive"] if is_first else []),
            ]
            return "\r\n".join([f"{call.method} {line.base}{call.path} HTTP/1.1", *fields, "", ""]).encode()

        waits(head, call.body, lambda answer: check_call(call, answer))


def http_client():
    """PostAsJsonAsync of .NET 5 and later: one chunk, its size in capitals, no length."""
    with Connection(address) as line:
        for call in WITH_BODY:
            fields = [field + "; charset=utf-8" if field.endswith("json") else field for field in headers_of(call)]
            head = [
                f"{call.method} {line.base}{call.path} HTTP/1.1",
                f"Host: {line.host}",
                "Transfer-Encoding: chunked",
                *fields,
                "",
                "",
            ]
            line.send("\r\n".join(head) + f"{len(call.body):X}\r\n{call.body}\r\n0\r\n\r\n")
            check_call(call, line.read())


def empty_line_after_a_body():
    """Some old clients send CRLF behind a body (RFC 9112 section 2.2), which is no request."""
    with Connection(address) as line:
        for call in WITH_BODY:
            fields = headers_of(call)
            line.send(
                line.head(call.method, call.path, *fields, f"Content-Length: {len(call.body)}")
                + call.body.encode()
                + b"\r\n"
            )
            check_call(call, line.read())


def http_1_0():
    """ApacheBench and old proxies: HTTP/1.0, with and without `Connection: keep-alive`."""
    for call in STYLES:
        fields = headers_of(call)
        with Connection(address) as line:
            answer = line.ask(call.method, call.path, *fields, "Connection: keep-alive", body=call.body, version="1.0")
            check_call(call, answer)
            equal(
                (call.name, "transfer-encoding" in answer.headers, line.is_open()),
                (call.name, False, answer["connection"] == "keep-alive"),
            )
        with Connection(address) as line:
            check_call(call, line.ask(call.method, call.path, *fields, body=call.body, version="1.0"))
            equal((call.name, line.is_open()), (call.name, False))


def refused_before_the_body(method, path, fields, status, holds):
    """`Expect`, and the head says enough: the refusal comes at once and alone, and the connection ends, as it says."""
    with Connection(address, TIMEOUT) as line:
        length = [] if any(field.startswith("Content-Length") for field in fields) else ["Content-Length: 9"]
        line.send(line.head(method, path, *fields, *length, "Expect: 100-continue"))
        answer = line.read()
        equal(
            (answer.status, answer["connection"].lower(), holds in answer.text.replace("TOO_LARGE", "too_large")),
            (status, "close", True),
        )


def refused_without_100(at, call):
    with Connection(at, TIMEOUT) as line:
        line.send(
            line.head(
                call.method, call.path, *headers_of(call), f"Content-Length: {len(call.body)}", "Expect: 100-continue"
            )
        )
        answer = line.read()
        assert answer.status != 100 and answer["connection"].lower() == "close" and "NO_NAME" in answer.text, answer


for offer, fields in OFFERS.items():
    checks.check(f"an offer of {offer} changes nothing", lambda: offers(fields))
checks.check("a WebSocket offered by a POST changes nothing", offers_websocket_in_a_post)
checks.check("an offer of h2c in several pieces", offers_in_pieces)
checks.check("three requests in one piece, each with an offer of h2c", offers_one_after_the_other)
checks.check("a body that looks like a head with an offer", body_that_looks_like_a_head)
checks.check("a WebSocket where there is none: the answer, and `Connection: close`", websocket_where_there_is_none)
checks.check(".NET: WCF, SOAP 1.1, waits for 100", lambda: wcf(SOAP11))
checks.check(".NET: WCF, SOAP 1.2, waits for 100", lambda: wcf(SOAP12))
checks.check(".NET: ASMX, waits for 100", asmx)
checks.check(".NET: HttpWebRequest in every style, waits for 100", web_request)
checks.check(".NET: HttpClient in every style, in chunks", http_client)
checks.check("an empty line behind each body", empty_line_after_a_body)
checks.check("HTTP/1.0 in every style", http_1_0)

for call in WITH_BODY:
    if call.name in ("rest-put", "rest-login"):
        continue
    for why, method, path, fields, status, holds in (
        ("too large", "POST", call.path, [*headers_of(call), f"Content-Length: {len(TOO_LARGE)}"], 413, "too_large"),
        ("of another media type", "POST", call.path, ["Content-Type: image/png"], 415, "image/png"),
        ("of another coding", "POST", call.path, [*headers_of(call), "Content-Encoding: zstd"], 415, "zstd"),
        ("with another method", "PUT", call.path, headers_of(call), 405, "PUT"),
        ("to an address of nothing", "POST", call.path + "/nothing/here", headers_of(call), 404, "nothing"),
    ):
        checks.check(
            f"{call.name}: refused before the body, {why}",
            lambda: refused_before_the_body(method, path, fields, status, holds),
        )
    sandbox = address.rsplit("/", 1)[0] + "/NO_NAME"
    checks.check(
        f"{call.name}: refused before the body, in a sandbox that can't be",
        lambda: refused_without_100(sandbox, call),
    )

checks.end()
