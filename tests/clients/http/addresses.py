"""Addresses, queries, content without meaning and preflights, as users of other servers found them refused.

Usage: addresses.py ADDRESS
"""

import sys
from dataclasses import replace

from calls import STYLES
from raw import Connection, check_call, headers_of
from story import Checks, equal

address = sys.argv[1]
root = address.split("/sandboxes/")[0]
checks = Checks("http addresses")
CALLS = {call.name: call for call in STYLES}
WITH_BODY = [call for call in STYLES if call.body]


def answered(calls, change):
    """Each call, changed, is answered as it is unchanged, on one connection."""
    with Connection(address) as line:
        for call in calls:
            changed = change(call)
            check_call(call, line.ask(changed.method, changed.path, *headers_of(changed), body=changed.body))


# Addresses (RFC 3986 section 6.2.2.2, RFC 9112 section 3.2.2).
def asks(path, status=200, holds="", method="GET", **more):
    with Connection(more.pop("at", address)) as line:
        answer = line.ask(method, path, **more)
        equal((path, answer.status, holds in answer.text), (path, status, True))
        return answer


checks.check(
    "escaped characters that need no escape",
    lambda: answered(STYLES, lambda call: replace(call, path="/%" + call.path[1].encode().hex() + call.path[2:])),
)
checks.check("an escaped sandbox", lambda: asks("/sandboxes/al%69ce/rest/users/%31", at=root, holds="Ada Lovelace"))
checks.check(
    "escapes in capitals, and of a hyphen",
    lambda: asks("/sandboxes/a%2Db/%6Asonrpc/openrpc.json", at=root, holds='"openrpc"'),
)


def absolute():
    for call in STYLES:
        with Connection(address) as line:
            line.send(
                f"{call.method} {address}{call.path} HTTP/1.1\r\nHost: {line.host}\r\n"
                + "".join(f"{field}\r\n" for field in headers_of(call))
                + f"Content-Length: {len(call.body)}\r\n\r\n{call.body}"
            )
            check_call(call, line.read())


def slash(path, location, at=address, **more):
    answer = asks(path, 308, at=at, **more)
    equal(answer["location"], location)


checks.check("an absolute target, as for a proxy", absolute)
for path in ("/rest/users/1", "/rest/users", "/soap", "/jsonrpc", "/xmlrpc", "/graphql", "/rest/openapi.json", "/ws"):
    checks.check(f"{path}/ has moved", lambda: slash(path + "/", address + path))
    checks.check(
        f"{path}/ has moved, also for a POST, with its query",
        lambda: slash(path + "/?a=1&b=%20", f"{address}{path}?a=1&b=%20", method="POST", body="{}"),
    )


def not_elsewhere():
    for path in (
        "//evil.example/",
        "/%2Fevil.example/",
        "//evil.example/rest/",
        "/\\evil.example/",
        "///evil.example//",
    ):
        with Connection(root) as line:
            location = line.ask("GET", path)["location"]
            assert not location or location.startswith(root + "/"), (path, location)


checks.check("many slashes lead to no other host", not_elsewhere)


# Query members (jQuery's `cache: false`), content where it has no meaning (RFC 9110 section 9.3), preflights.
def with_query(query):
    return lambda call: replace(call, path=call.path + ("&" if "?" in call.path else "?") + query)


checks.check("?_=1712345 is ignored", lambda: answered(STYLES, with_query("_=1712345")))
checks.check("?_ is ignored", lambda: answered(STYLES, with_query("_")))
checks.check(
    "?x=1 is ignored where the grammar has no query",
    lambda: answered([call for call in WITH_BODY if not call.name.startswith("rest")], with_query("x=1")),
)
for path in ("/rest/users/1", "/rest/products?query=laptop"):
    checks.check(
        f"{path}: an unknown member of the query is refused by name",
        lambda: asks(path + ("&" if "?" in path else "?") + "colour=red", 422, "colour"),
    )


def content_without_meaning():
    with Connection(address) as line:
        for method in ("GET", "HEAD", "DELETE", "OPTIONS"):
            for body in ('{"a":1}', "x" * 5000, "GET /rest/users/2 HTTP/1.1\r\n\r\n"):
                status = line.ask(
                    method,
                    "/rest/users/1" if method != "DELETE" else "/rest/users/999999",
                    "Content-Type: application/json",
                    body=body,
                ).status
                assert status in (200, 204, 404), (method, status)
                check_call(CALLS["rest-get"], line.call(CALLS["rest-get"]))


def private_network():
    with Connection(address) as line:
        for call in WITH_BODY:
            answer = line.ask(
                "OPTIONS",
                call.path,
                "Origin: https://page.example",
                "Access-Control-Request-Method: POST",
                "Access-Control-Request-Headers: content-type",
                "Access-Control-Request-Private-Network: true",
            )
            equal(
                (call.name, answer.status // 100, answer["access-control-allow-private-network"]),
                (call.name, 2, "true"),
            )


checks.check("content of GET, HEAD, DELETE and OPTIONS is read and ignored", content_without_meaning)
checks.check("a preflight for a private network", private_network)

checks.end()
