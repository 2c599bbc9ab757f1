"""GraphQL, by `gql`: it checks every document against the schema that it reads from the server."""

import asyncio
import sys
import threading
from contextlib import contextmanager
from queue import Queue

from gql import Client, gql
from gql.transport.exceptions import TransportQueryError
from gql.transport.requests import RequestsHTTPTransport
from gql.transport.websockets import WebsocketsTransport

import story

PLACE = """mutation ($input: PlaceOrderInput!) {
  placeOrder(input: $input) { order { id total { amount } lines { product { name } } } }
}"""


class Shop:
    def __init__(self, address):
        self.url = f"{address}/graphql"
        transport = RequestsHTTPTransport(self.url, timeout=10)
        self.client = Client(transport=transport, fetch_schema_from_transport=True)

    def ask(self, document, **variables):
        return self.client.execute(gql(document), variable_values=variables)

    def user(self, id):
        user = self.ask("query ($id: ID!) { user(id: $id) { id name email } }", id=id)["user"]
        return int(user["id"]), user["name"], user["email"]

    def search(self, text):
        page = self.ask("query ($text: String) { products(query: $text) { nodes { name } } }", text=text)["products"]
        return [product["name"] for product in page["nodes"]]

    def price_and_stock(self, id):
        product = self.ask("query ($id: ID!) { product(id: $id) { price { amount } stock } }", id=id)["product"]
        return product["price"]["amount"], product["stock"]

    def place_order(self, user, lines):
        lines = [{"productId": product, "quantity": quantity} for product, quantity in lines]
        order = self.ask(PLACE, input={"userId": user, "lines": lines})["placeOrder"]["order"]
        story.equal(len(order["lines"]), len(lines))
        return int(order["id"]), order["total"]["amount"]

    def last_event(self):
        last, page = 0, {"nodes": True}
        while page["nodes"]:
            page = self.ask("query ($after: Int) { events(after: $after, first: 100) { nodes { seq } next } }", after=last)
            page = page["events"]
            last = page["next"]
        return last

    @contextmanager
    def news(self):
        heard, after = Queue(), self.last_event()
        thread = threading.Thread(target=lambda: asyncio.run(self.hear_one(after, heard)), daemon=True)
        thread.start()

        def next_event():
            event = heard.get(timeout=10)
            if isinstance(event, Exception):
                raise event
            return int(event["orderId"]), event["status"].lower()

        yield next_event
        thread.join(timeout=10)
        assert not thread.is_alive(), "the subscription did not end"

    async def hear_one(self, after, heard):
        # Asked for both of its subprotocols, gql looks for the server's choice by one spelling of the header's name, though
        # such names have no case (RFC 9110 section 5.1). So it is asked for the one alone.
        subprotocols = [WebsocketsTransport.GRAPHQLWS_SUBPROTOCOL]
        transport = WebsocketsTransport(self.url.replace("http", "ws", 1), subprotocols=subprotocols)
        document = gql("subscription ($after: Int) { orderEvents(after: $after) { orderId status } }")
        try:
            async with Client(transport=transport) as session:
                events = session.subscribe(document, variable_values={"after": after})
                heard.put((await asyncio.wait_for(anext(events), 10))["orderEvents"])
                await events.aclose()
        except Exception as problem:
            heard.put(problem)

    def refused_order(self, user, product):
        try:
            self.place_order(user, [(product, 1)])
        except TransportQueryError as refused:
            extensions = refused.errors[0]["extensions"]
            story.equal(extensions["code"], "NOT_FOUND")
            return extensions["reason"]
        raise AssertionError("it was not refused")

    def one_round_trip(self):
        document = "{ order(id: 1) { user { name } lines { quantity product { name stock } } } }"
        order = self.ask(document)["order"]
        assert order["user"]["name"] and order["lines"][0]["product"]["name"], order


if __name__ == "__main__":
    shop = Shop(sys.argv[1])
    told = story.tell("python/graphql", shop)
    told.check("reads an order with user and products in one round trip", shop.one_round_trip)
    told.end()
