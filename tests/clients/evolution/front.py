"""A proxy in front of the shop that follows the changed contract: it forwards everything and changes the product in
the responses to `get_product`. The sandbox's name says which change: in `renamed` the member is renamed. Contracts are
forwarded unchanged, as the old clients were made with them. In GraphQL, the query is validated against the changed schema."""

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

# RFC 9110 section 7.6.1: headers for the next hop alone, and the one that would ask for a compressed response.
OWN_HEADERS = {"connection", "keep-alive", "te", "trailer", "transfer-encoding", "upgrade", "accept-encoding"}
# Headers that are computed anew for the changed response; and the entity tag, which is that of the unchanged one.
RECOMPUTED = {"content-length", "date", "server", "etag"}
# The requests for a product: method, path, a part of the body, and the function that changes the response.
PRODUCTS = [
    ("GET", r"/rest/products/\d+", b"", changes.in_rest),
    ("POST", r"/soap", b"GetProduct", changes.in_soap),
    ("POST", r"/jsonrpc", b'"get_product"', changes.in_jsonrpc),
    ("POST", r"/xmlrpc", b">get_product<", changes.in_xmlrpc),
]
# GraphQL over HTTP section 6.4: of the newer media type an invalid request gets a status of its own.
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
        """Answers the messages of a socket one by one, which suffices for the old clients."""
        change, _ = sandbox_of(client.request.path)
        address = f"ws://{self.shop.netloc}{client.request.path}"
        with websockets.sync.client.connect(address, subprotocols=["shop.v1.json"]) as shop:
            for wanted in client:
                shop.send(wanted)
                payload = shop.recv()
                if change != changes.UNCHANGED and json.loads(wanted)["op"] == "get_product":
                    payload = changes.in_websocket(payload, change)
                client.send(payload)


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
            payload = json.dumps({"errors": [error.formatted for error in errors]}).encode()
            return self.answer(400 if is_new else 200, {"Content-Type": kind}, payload)
        status, headers, payload = self.hand_on(body)
        for method, address, wanted, changed in PRODUCTS:
            if change != changes.UNCHANGED and method == self.command and re.fullmatch(address, path) and wanted in body:
                payload = changed(payload, change)
        self.answer(status, headers, payload)

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
        payload = answer.read()
        shop.close()
        return answer.status, answer.headers, payload

    def answer(self, status, headers, payload):
        self.send_response(status)
        for name, value in headers.items():
            if name.lower() not in OWN_HEADERS | RECOMPUTED:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(payload)))
        self.end_headers()
        self.wfile.write(payload)

    def log_message(self, *_):
        """Logs nothing: the clients print what matters."""


def sandbox_of(path):
    """The name of the sandbox and the path within it, without the query."""
    _, _, sandbox, rest = path.split("?")[0].split("/", 3)
    return sandbox, "/" + rest


def start(server):
    Thread(target=server.serve_forever, daemon=True).start()
    return "http://127.0.0.1:%d" % server.socket.getsockname()[1]
