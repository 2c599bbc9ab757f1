"""The clients that other people wrote, pointed at one sandbox; each with its default settings."""

import asyncio
import itertools
import json
import threading
from contextlib import contextmanager
from functools import cached_property
from urllib.parse import urlsplit
from xmlrpc.client import Fault, ServerProxy

import grpc
import httpx
import jsonrpcclient
import requests
import zeep
from gql import Client, gql
from gql.transport.exceptions import TransportQueryError
from gql.transport.requests import RequestsHTTPTransport
from gql.transport.websockets import WebsocketsTransport
from httpx_sse import connect_sse
from websockets.sync.client import connect

from parlance.shop.v1 import shop_pb2 as pb
from parlance.shop.v1 import shop_pb2_grpc

EMAIL, PASSWORD = "ada@example.com", "parlance"
# An order in the styles that have JSON's names, and in SOAP's.
ORDER = {"user_id": 1, "lines": [{"product_id": 9, "quantity": 1}]}
SOAP_ORDER = {"userId": 1, "lines": {"line": [{"productId": 9, "quantity": 1}]}}
PLACE = "mutation { placeOrder(input: {userId: 1, lines: [{productId: 9, quantity: 1}]}) { order { id } } }"


class Refused(Exception):
    """An error that a client gives as a value."""


@contextmanager
def refused():
    """The shop must refuse what is called here."""
    try:
        yield
    except (Refused, Fault, zeep.exceptions.Fault, TransportQueryError, grpc.RpcError, requests.HTTPError):
        return
    raise AssertionError("it was not refused")


class Shop:
    def __init__(self, learner):
        self.learner, self.url, self.sandbox, self.key = learner, learner.url, learner.sandbox, learner.key
        self.set, self.ids, self.session = learner.set, itertools.count(1), requests.Session()

    def rest(self, path, method="GET", **more):
        """What `requests` gets; it gives a refusal as a response."""
        return self.session.request(method, f"{self.url}/rest/{path}", timeout=30, **more)

    def post_jsonrpc(self, envelope, **more):
        return self.session.post(f"{self.url}/jsonrpc", json=envelope, timeout=30, **more).json()

    def jsonrpc(self, method, headers=None, **params):
        answer = jsonrpcclient.parse(self.post_jsonrpc(jsonrpcclient.request(method, params), headers=headers))
        if isinstance(answer, jsonrpcclient.Error):
            raise Refused(answer)
        return answer.result

    @cached_property
    def xmlrpc(self):
        return ServerProxy(f"{self.url}/xmlrpc")

    @cached_property
    def soap(self):
        return self.soap_of()

    def soap_of(self, port="ShopSoap11Port", wsse=None, **headers):
        http = requests.Session()
        http.headers.update(headers)
        client = zeep.Client(f"{self.url}/soap?wsdl", wsse=wsse, transport=zeep.Transport(session=http))
        return client.bind("ShopService", port)

    @cached_property
    def graphql_client(self):
        return Client(transport=RequestsHTTPTransport(f"{self.url}/graphql"), fetch_schema_from_transport=True)

    def graphql(self, document):
        return self.graphql_client.execute(gql(document))

    def graphql_on_socket(self, document):
        return Client(transport=self.graphql_socket()).execute(gql(document))

    def graphql_socket(self):
        return WebsocketsTransport(self.url.replace("http", "ws", 1) + "/graphql")

    @cached_property
    def channel(self):
        return grpc.insecure_channel(urlsplit(self.url).netloc)

    def metadata(self, more):
        return [("x-sandbox", self.sandbox), *((name.replace("_", "-"), value) for name, value in more.items())]

    def grpc(self, method, timeout=30, metadata={}, **fields):
        method, request = self.grpc_method(method, fields)
        return method(request, timeout=timeout, metadata=self.metadata(metadata))

    def begin_grpc(self, method, timeout, **fields):
        method, request = self.grpc_method(method, fields)
        return method.future(request, timeout=timeout, metadata=self.metadata({}))

    def grpc_method(self, name, fields):
        stub = shop_pb2_grpc.ShopServiceStub(self.channel)
        return getattr(stub, name), getattr(pb, f"{name}Request")(**fields)

    @contextmanager
    def socket(self, path="ws", protocol="shop.v1.json", **more):
        url, protocols = self.url.replace("http", "ws", 1) + f"/{path}", [protocol] if protocol else None
        with connect(url, subprotocols=protocols, **more) as socket:
            yield Socket(socket)

    # The streams of events: each yields an iterator of (seq, order), and ends its connection at the end of the block.

    @contextmanager
    def pushed_by_rest(self, **headers):
        with httpx.Client(timeout=30) as client, connect_sse(client, "GET", f"{self.url}/rest/events", headers=headers) as source:
            yield ((int(event.id), event.json()["order_id"]) for event in source.iter_sse() if event.data)

    @contextmanager
    def pushed_by_websocket(self, **params):
        with self.socket() as socket:
            socket.call("watch_events", **params)
            yield ((event["seq"], event["order_id"]) for event in socket.events())

    @contextmanager
    def pushed_by_graphql(self, after=""):
        """`gql` subscribes when the first event is read."""
        document = gql(f"subscription {{ orderEvents{after} {{ seq orderId }} }}")
        client, loop = Client(transport=self.graphql_socket()), asyncio.new_event_loop()
        session = loop.run_until_complete(client.connect_async())
        events = session.subscribe(document)
        try:
            yield (self.pushed(loop.run_until_complete(anext(events))["orderEvents"]) for _ in itertools.count())
        finally:
            loop.run_until_complete(events.aclose())
            loop.run_until_complete(client.close_async())
            loop.close()

    @staticmethod
    def pushed(event):
        return event["seq"], int(event["orderId"])

    @contextmanager
    def pushed_by_grpc(self, **fields):
        call = self.grpc("WatchEvents", timeout=60, **fields)
        try:
            yield ((response.event.seq, response.event.order_id) for response in call)
        finally:
            call.cancel()

    def newest_event(self):
        """The cursor of the newest event, by reading all pages."""
        after, page = 0, {"items": True}
        while page["items"]:
            page = self.jsonrpc("list_events", after=after, limit=100)
            after = page["next"]
        return after


class Socket:
    """A connection over which many calls are made."""

    def __init__(self, socket):
        self.socket, self.ids, self.pushed = socket, itertools.count(1), []

    def send(self, op, extra={}, **params):
        id = next(self.ids)
        self.socket.send(json.dumps({"id": id, "op": op, "params": params} | extra))
        return id

    def receive(self):
        return json.loads(self.socket.recv(timeout=30))

    def call(self, op, extra={}, **params):
        id = self.send(op, extra, **params)
        while (message := self.receive()).get("id") != id or "event" in message:
            self.pushed.append(message["event"])
        if "error" in message:
            raise Refused(message["error"])
        return message["ok"]

    def events(self):
        while True:
            yield self.pushed.pop(0) if self.pushed else self.receive()["event"]


def later(do, seconds=1):
    """Does something meanwhile."""
    thread = threading.Timer(seconds, do)
    thread.start()
    return thread
