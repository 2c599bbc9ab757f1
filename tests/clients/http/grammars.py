"""What the styles' grammars and handshakes allow, or forbid, and users of other servers found otherwise.

Usage: grammars.py ADDRESS
"""

import json
import sys
from urllib.parse import urlencode

from calls import STYLES
from raw import Connection, headers_of
from story import Checks, equal

address = sys.argv[1]
root = address.split("/sandboxes/")[0]
checks = Checks("http grammars")
CALLS = {call.name: call for call in STYLES}
EXTENSIONS = "http://ws.apache.org/xmlrpc/namespaces/extensions"


# JSON-RPC and XML-RPC.
def keeps_id(body, code, number=7):
    with Connection(address) as line:
        answer = line.ask("POST", "/jsonrpc", *headers_of(CALLS["jsonrpc"]), body=body).json()
        equal((answer["error"]["code"], answer["id"]), (code, number))


for body, code, number in (
    ('{"jsonrpc":"1.0","id":7,"method":"who_am_i"}', -32600, 7),
    ('{"id":7,"method":"who_am_i"}', -32600, 7),
    ('{"jsonrpc":"2.0","id":7}', -32600, 7),
    ('{"jsonrpc":"2.0","id":7,"method":1}', -32600, 7),
    ('{"jsonrpc":"2.0","id":"7","method":"who_am_i","params":"x"}', -32600, "7"),
    ('{"jsonrpc":"2.0","id":7,"method":"nothing"}', -32601, 7),
    ('{"jsonrpc":"2.0","id":{},"method":"who_am_i"}', -32600, None),
    ('{"jsonrpc":"2.0","id":7,"method":"who_am_i"', -32700, None),
):
    checks.check(f"JSON-RPC: the id of {body}", lambda: keeps_id(body, code, number))


def xmlrpc(value, spaces="", holds="Ada Lovelace"):
    body = (
        f'<methodCall xmlns:ex="{EXTENSIONS}"><methodName>{spaces}get_user{spaces}</methodName>'
        f"<params><param><value>{value}</value></param></params></methodCall>"
    )
    with Connection(address) as line:
        answer = line.ask("POST", "/xmlrpc", "Content-Type: text/xml", body=body)
        equal((answer.status, holds in answer.text), (200, True))


for value in (
    "<i8>1</i8>",
    "<i1>1</i1>",
    "<i2>1</i2>",
    "<ex:i8>1</ex:i8>",
    "<ex:i1>1</ex:i1>",
    "<ex:i2>1</ex:i2>",
    "<ex:biginteger>1</ex:biginteger>",
    "<struct><member><name>id</name><value><i8>1</i8></value></member></struct>",
):
    checks.check(f"XML-RPC: {value}", lambda: xmlrpc(value))
for value in (
    "<i8>9223372036854775807</i8>",
    "<i8>0</i8>",
    "<ex:biginteger>123456789012345678901234567890</ex:biginteger>",
):
    checks.check(f"XML-RPC: {value} is out of range", lambda: xmlrpc(value, holds="-32602"))
checks.check("XML-RPC: white space around a method's name", lambda: xmlrpc("<int>1</int>", "\n    "))


# Handshakes (RFC 6455 section 4.2.2, RFC 9110 section 7.8).
def handshake(path, version, http="1.1", key="Sec-WebSocket-Key: Si2vqsmnEu7aH/u5zilOqA=="):
    with Connection(address) as line:
        return line.ask(
            "GET",
            path,
            "Connection: Upgrade",
            "Upgrade: websocket",
            f"Sec-WebSocket-Version: {version}",
            key,
            version=http,
        )


def other_version(path, version):
    answer = handshake(path, version)
    assert answer.status in (400, 426) and "13" in answer["sec-websocket-version"], answer


for path in ("/ws", "/ws/echo", "/jsonrpc", "/graphql"):
    checks.check(f"{path}: a handshake of version 13", lambda: equal(handshake(path, 13).status, 101))
    for version in (0, 8, 14, "x"):
        checks.check(f"{path}: a handshake of version {version} gets the version 13", lambda: other_version(path, version))
    checks.check(f"{path}: HTTP/1.0 does not switch", lambda: equal(handshake(path, 13, "1.0").status == 101, False))


# A loopback redirect URI may have any port (RFC 8252 section 7.3).
def redirect(uri, status):
    query = urlencode(
        {
            "response_type": "code",
            "client_id": "demo-app",
            "state": "s",
            "redirect_uri": uri,
            "code_challenge_method": "S256",
            "code_challenge": "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
        }
    )
    with Connection(root) as line:
        equal((uri, line.ask("GET", f"/oauth/authorize?{query}").status), (uri, status))


for port in (1024, 49152, 65535):
    checks.check(
        f"OAuth: 127.0.0.1 and [::1] at port {port}",
        lambda: [redirect(f"http://{host}:{port}/callback", 200) for host in ("127.0.0.1", "[::1]")],
    )
checks.check(
    "OAuth: no other host, path or scheme",
    lambda: [
        redirect(uri, 400)
        for uri in (
            "http://127.0.0.2:5000/callback",
            "http://127.0.0.1.example:5000/callback",
            "http://127.0.0.1:5000/other",
            "https://127.0.0.1:5000/callback",
            "http://user@127.0.0.1:5000/callback",
            "http://example.com:5000/callback",
        )
    ],
)


# GraphQL: what the specification says is wrong is not executed.
def graphql(document, variables=None, data=False):
    with Connection(address) as line:
        body = json.dumps({"query": document, **({"variables": variables} if variables else {})})
        answer = line.ask(
            "POST", "/graphql", "Content-Type: application/json", "Accept: application/graphql-response+json", body=body
        )
        equal(
            ("data" in answer.json(), "errors" in answer.json(), answer.status), (data, not data, 200 if data else 400)
        )


for why, document, variables in (
    ("String for ID", "query($n: String!) { user(id: $n) { name } }", {"n": "1"}),
    ("ID for ID!", "query($n: ID) { user(id: $n) { name } }", {"n": "1"}),
    ("ID! for [ID!]", "query($n: ID!) { users(ids: $n) { nodes { id } } }", {"n": "1"}),
    ("String for an enum", "query($n: String!) { orders(status: $n, first: 1) { nodes { id } } }", {"n": "PAID"}),
    ("Boolean for Boolean!", "query($n: Boolean) { me { role @include(if: $n) } }", {"n": True}),
    ("quotes around an enum's value", '{ orders(status: "PAID", first: 1) { nodes { id } } }', None),
    (
        "two fields under one name",
        "{ user(id: 1) { orders(first: 1) { nodes { a: id } } orders(first: 1) { nodes { a: status } } } }",
        None,
    ),
    (
        "two fields under one name, in a fragment",
        "{ user(id: 1) { a: name ...F } } fragment F on User { a: email }",
        None,
    ),
    (
        "a member given twice",
        'mutation { setCartLine(input: {userId: "1", productId: "1", quantity: 1, quantity: 2}) { cart { userId } } }',
        None,
    ),
):
    checks.check(f"GraphQL: {why}", lambda: graphql(document, variables))
checks.check("GraphQL: ID! for ID", lambda: graphql("query($n: ID!) { user(id: $n) { name } }", {"n": "1"}, data=True))


def empty(member):
    with Connection(address) as line:
        answer = line.ask("GET", f"/graphql?query=%7Bme%7Brole%7D%7D&{member}=")
        equal((answer.status, '"data"' in answer.text), (200, True))


for member in ("variables", "extensions", "operationName"):
    checks.check(
        f"GraphQL: an empty {member}= in the query",
        lambda: empty(member),
    )

checks.end()
