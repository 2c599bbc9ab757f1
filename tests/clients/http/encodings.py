"""Codings, byte order marks, media types and charsets of requests: what holds in one style holds in all.

Usage: encodings.py ADDRESS
"""

import gzip
import sys
import zlib
from dataclasses import replace

from calls import ENVELOPE, GET_USER, SOAP11, STYLES
from raw import Connection, check_call, headers_of
from story import Checks, equal

address = sys.argv[1]
checks = Checks("http encodings")
CALLS = {call.name: call for call in STYLES}
WITH_BODY = [call for call in STYLES if call.body]
OF_JSON = [call for call in WITH_BODY if call.headers["Content-Type"] == "application/json"]
# One call of each style that has a body.
EACH = [CALLS[name] for name in ("rest-order", "soap-1.1", "soap-1.2", "jsonrpc", "xmlrpc", "graphql-post")]


def answered(calls, change):
    """Each call, changed, is answered as it is unchanged, on one connection."""
    with Connection(address) as line:
        for call in calls:
            changed = change(call)
            check_call(call, line.ask(changed.method, changed.path, *headers_of(changed), body=changed.body))


def refused(calls, change, status, holds):
    with Connection(address) as line:
        for call in calls:
            changed = change(call)
            answer = line.ask(changed.method, changed.path, *headers_of(changed), body=changed.body)
            equal((call.name, answer.status, holds in answer.text), (call.name, status, True))
            check_grammar(call, answer)
            yield answer


def check_grammar(call, answer):
    """A refusal speaks as its style does."""
    style = call.name.split("-")[0]
    media = {
        "rest": "application/problem+json",
        "soap": "xml",
        "xmlrpc": "text/xml",
        "jsonrpc": "json",
        "graphql": "json",
    }[style]
    assert media in answer["content-type"], answer
    mark = {"rest": '"reason"', "soap": ":Fault>", "xmlrpc": "<fault>", "jsonrpc": '"error"', "graphql": '"errors"'}[
        style
    ]
    assert mark in answer.text, answer


def media(value):
    return lambda call: replace(call, headers={**call.headers, "Content-Type": value})


def charset(value):
    return lambda call: media(f"{call.headers['Content-Type'].split(';')[0]}; charset={value}")(call)


def coded(name, pack):
    return lambda call: replace(call, headers={**call.headers, "Content-Encoding": name}, body=pack(call.body.encode()))


# Content codings (RFC 9110 sections 8.4 and 15.5.16).
for name, pack in {
    "gzip": gzip.compress,
    "x-gzip": gzip.compress,
    "GZip": gzip.compress,
    "identity": bytes,
    "Identity": bytes,
}.items():
    checks.check(f"{name} is decompressed", lambda: answered(WITH_BODY, coded(name, pack)))
for name, pack in {
    "deflate": zlib.compress,
    "br": bytes,
    "zstd": bytes,
    "compress": bytes,
    "gzip, gzip": lambda body: gzip.compress(gzip.compress(body)),
    "aws-chunked": bytes,
}.items():
    checks.check(
        f"{name} is refused, and the accepted codings are named",
        lambda: equal(
            {answer["accept-encoding"] for answer in refused(EACH, coded(name, pack), 415, name.split(",")[0])},
            {"gzip"},
        ),
    )


def broken_packing():
    """Bytes that are not what they say they are: refused as unreadable, and the connection is kept."""
    with Connection(address) as line:
        for call in EACH:
            for body in (call.body.encode(), gzip.compress(call.body.encode())[:-9]):
                broken = coded("gzip", lambda _: body)(call)
                answer = line.ask(call.method, call.path, *headers_of(broken), body=body)
                check_grammar(call, answer)
                assert any(word in answer.text for word in ("unreadable", "GRAPHQL_PARSE_FAILED")), answer


def bomb():
    """64 MiB of spaces, packed to 64 KiB."""
    body = gzip.compress(b" " * (64 << 20), 9)
    for call in EACH:
        with Connection(address) as line:
            answer = line.ask(call.method, call.path, *headers_of(call), "Content-Encoding: gzip", body=body)
            equal((call.name, answer.status), (call.name, 413))
            check_grammar(call, answer)


checks.check("what is not gzip, or half of it, is unreadable", broken_packing)
checks.check("what unpacks to too much is too large", bomb)

# A byte order mark (RFC 8259 section 8.1) before JSON.
checks.check(
    "a byte order mark before JSON", lambda: answered(OF_JSON, lambda call: replace(call, body="\ufeff" + call.body))
)

# Media types (RFC 9110 section 8.3.1).
for value in (
    "application/json",
    "Application/JSON",
    "application/json; charset=utf-8",
    "application/json;charset=UTF-8",
    'application/json; charset="utf-8"',
    "application/json;",
    "application/json ; charset=utf8",
    "application/json; odata=verbose",
    "application/json;charset=us-ascii",
):
    checks.check(f"Content-Type: {value}", lambda: answered(OF_JSON, media(value)))
for value in ("application/json-rpc", "application/jsonrequest", "application/json-rpc; charset=utf-8"):
    checks.check(f"Content-Type: {value}", lambda: answered([CALLS["jsonrpc"]], media(value)))
for value in (
    "text/xml",
    "application/xml",
    'text/xml;charset="utf-8"',
    "TEXT/XML; charset=UTF-8;",
    "application/xml; charset=utf-8",
):
    checks.check(f"Content-Type: {value}", lambda: answered([CALLS["soap-1.1"], CALLS["xmlrpc"]], media(value)))
for value in (
    "application/soap+xml",
    'application/soap+xml;charset=UTF-8;action="urn:parlance:shop:v1/GetUser"',
    "application/soap+xml; charset=utf-8;",
):
    checks.check(f"Content-Type: {value}", lambda: answered([CALLS["soap-1.2"]], media(value)))
for value in ("text/plain", "application/x-www-form-urlencoded", "image/png", "application/jsonp"):
    checks.check(f"Content-Type: {value} is refused by name", lambda: list(refused(EACH, media(value), 415, value)))
for value in ("utf-16", "iso-8859-1"):
    checks.check(
        f"JSON in {value} is refused",
        lambda: list(refused([call for call in EACH if call in OF_JSON], charset(value), 415, value)),
    )


def other_encodings():
    """The media type names the encoding (RFC 7303 section 3.2)."""
    with Connection(address) as line:
        body = ENVELOPE.format(SOAP11, GET_USER).encode("utf-16")
        answer = line.ask("POST", "/soap", "Content-Type: text/xml; charset=utf-16", body=body)
        equal((answer.status, CALLS["soap-1.1"].holds in answer.text), (200, True))
        member = "<member><name>{}</name><value>{}</value></member>"
        struct = member.format("name", "Zoé") + member.format("email", "zoe@example.com")
        body = (
            CALLS["xmlrpc"]
            .body.replace("get_user", "create_user")
            .replace("<int>1</int>", f"<struct>{struct}</struct>")
        )
        answer = line.ask(
            "POST", "/xmlrpc", "Content-Type: text/xml; charset=ISO-8859-1", body=body.encode("iso-8859-1")
        )
        equal((answer.status, "Zoé" in answer.text), (200, True))


checks.check("SOAP in UTF-16, XML-RPC in ISO-8859-1", other_encodings)
checks.end()
