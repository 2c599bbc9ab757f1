"""What stands before the shop, and answers by the changed contract? A server that hands everything on, and changes the product in
the answers to `get_product`. The sandbox's name says which change: in `renamed` the member is renamed. Contracts go through as they
are: they are those that the old clients were made with. Of GraphQL it is the query that is held against the changed schema."""

import http.client
import json
import re
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import urlsplit
from urllib.request import urlopen

import websockets.sync.client
import websockets.sync.server
from graphql import GraphQLSyntaxError, parse, validate

import changes

# RFC 9110 section 7.6.1: headers that are said to the next hop alone; and what would have the answer come packed.
OWN_HEADERS = {"connection", "keep-alive", "te", "trailer", "transfer-encoding", "upgrade", "accept-encoding"}
# What is said anew of the answer as it goes out; and the tag, which is that of the unchanged one.
SAID_ANEW = {"content-length", "date", "server", "etag"}
# Where a product is asked for: the method and the path, what the request's body has in it, and who changes the answer.
PRODUCTS = [
    ("GET", r"/rest/products/\d+", b"", changes.in_rest),
    ("POST", r"/soap", b"GetProduct", changes.in_soap),
    ("POST", r"/jsonrpc", b'"get_product"', changes.in_jsonrpc),
    ("POST", r"/xmlrpc", b">get_product<", changes.in_xmlrpc),
]
# GraphQL over HTTP section 6.4: of the newer media type a request that is no good has a status of its own.
RESPONSE_JSON = "application/graphql-response+json"


class Front:
    """Both servers, each on a port of its own, until the process ends."""

    def __init__(self, shop):
        self.shop = urlsplit(shop)
        with urlopen(f"{shop}/graphql/schema.graphql") as answer:
            sdl = answer.read().decode()
        self.schemas = {change: changes.of_schema(sdl, change) for change in [changes.UNCHANGED, *changes.CHANGES]}
        handler = type("Handler", (Exchange,), {"front": self})
        self.http = start(ThreadingHTTPServer(("127.0.0.1", 0), handler))
        socket = websockets.sync.server.serve(self.converse, "127.0.0.1", 0, subprotocols=["shop.v1.json"])
        self.websocket = start(socket).replace("http", "ws")

    def converse(self, client):
        """A socket whose messages are answered one by one, which is all that the old clients wait for."""
        change, _ = sandbox_of(client.request.path)
        address = f"ws://{self.shop.netloc}{client.request.path}"
        with websockets.sync.client.connect(address, subprotocols=["shop.v1.json"]) as shop:
            for asked in client:
                shop.send(asked)
                said = shop.recv()
                if change != changes.UNCHANGED and json.loads(asked)["op"] == "get_product":
                    said = changes.in_websocket(said, change)
                client.send(said)


class Exchange(BaseHTTPRequestHandler):
    """One request and its answer."""

    protocol_version = "HTTP/1.1"

    def do_GET(self):
        self.exchange(b"")

    def do_POST(self):
        self.exchange(self.rfile.read(int(self.headers["Content-Length"])))

    def exchange(self, body):
        change, path = sandbox_of(self.path)
        if path == "/graphql" and (errors := self.complaints(json.loads(body)["query"], change)):
            is_new = RESPONSE_JSON in self.headers.get("Accept", "")
            kind = RESPONSE_JSON if is_new else "application/json"
            said = json.dumps({"errors": [error.formatted for error in errors]}).encode()
            return self.answer(400 if is_new else 200, {"Content-Type": kind}, said)
        status, headers, said = self.hand_on(body)
        for method, address, asked, changed in PRODUCTS:
            if change != changes.UNCHANGED and method == self.command and re.fullmatch(address, path) and asked in body:
                said = changed(said, change)
        self.answer(status, headers, said)

    def complaints(self, query, change):
        """What is wrong with the query, by the changed schema."""
        try:
            return validate(self.front.schemas[change], parse(query))
        except GraphQLSyntaxError as error:
            return [error]

    def hand_on(self, body):
        headers = {name: value for name, value in self.headers.items() if name.lower() not in OWN_HEADERS}
        shop = http.client.HTTPConnection(self.front.shop.netloc)
        shop.request(self.command, self.path, body or None, headers | {"Accept-Encoding": "identity"})
        answer = shop.getresponse()
        said = answer.read()
        shop.close()
        return answer.status, answer.headers, said

    def answer(self, status, headers, said):
        self.send_response(status)
        for name, value in headers.items():
            if name.lower() not in OWN_HEADERS | SAID_ANEW:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)

    def log_message(self, *_):
        """It tells nothing: what matters the clients tell."""


def sandbox_of(path):
    """The name of the sandbox and the path within it, without the query."""
    _, _, sandbox, rest = path.split("?")[0].split("/", 3)
    return sandbox, "/" + rest


def start(server):
    Thread(target=server.serve_forever, daemon=True).start()
    return "http://127.0.0.1:%d" % server.socket.getsockname()[1]
