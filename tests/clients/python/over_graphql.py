"""GraphQL, by `gql`: it checks every document against the schema that it reads from the server."""

import asyncio
import sys
import threading
from contextlib import contextmanager
from queue import Queue

from gql import Client, gql
from gql.transport.exceptions import TransportConnectionFailed, TransportQueryError
from gql.transport.requests import RequestsHTTPTransport
from gql.transport.websockets import WebsocketsTransport

import access
import story

PLACE = """mutation ($input: PlaceOrderInput!) {
  placeOrder(input: $input) { order { id total { amount } lines { product { name } } } }
}"""

ME = "{ me { userId role proof } }"


def who(me):
    return me["userId"] and int(me["userId"]), me["role"] and me["role"].lower(), me["proof"].lower()


class Shop:
    def __init__(self, address, credentials=access.ANONYMOUS):
        self.url = f"{address}/graphql"
        self.http = RequestsHTTPTransport(self.url, headers=credentials.headers(), auth=credentials.password, timeout=10)
        # To ask for the schema with wrong credentials is refused like anything else.
        self.client = Client(transport=self.http, fetch_schema_from_transport=credentials == access.ANONYMOUS)

    def ask(self, document, **variables):
        try:
            return self.client.execute(gql(document), variable_values=variables)
        except TransportQueryError as problem:
            extensions = problem.errors[0]["extensions"]
            raise story.Refused(extensions["code"].lower(), extensions["reason"]) from problem

    def who(self):
        return who(self.ask(ME)["me"])

    def users(self):
        return self.ask("{ users { nodes { id } } }")

    def log_in(self, email, password):
        document = "mutation ($input: LogInInput!) { logIn(input: $input) { token { token } } }"
        return self.ask(document, input={"email": email, "password": password})["logIn"]["token"]["token"]

    def order_once(self, user, lines, key):
        self.http.headers["Idempotency-Key"] = key
        order, _ = self.place_order(user, lines)
        return order, self.http.response_headers.get("Idempotency-Replayed") == "true"

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
    def events(self):
        received, after = Queue(), self.last_event()
        thread = threading.Thread(target=lambda: asyncio.run(self.hear_one(after, received)), daemon=True)
        thread.start()

        def next_event():
            event = received.get(timeout=10)
            if isinstance(event, Exception):
                raise event
            return int(event["orderId"]), event["status"].lower()

        yield next_event
        thread.join(timeout=10)
        assert not thread.is_alive(), "the subscription did not end"

    def socket(self, **init):
        return WebsocketsTransport(self.url.replace("http", "ws", 1), init_payload=init)

    def socket_who(self, **init):
        """Who one is on a socket whose first message says this."""
        return who(Client(transport=self.socket(**init)).execute(gql(ME))["me"])

    def introduces_itself(self):
        token = self.log_in(access.EMAIL, access.PASSWORD)
        story.equal(self.socket_who(), (None, "staff", "none"))
        story.equal(self.socket_who(apiKey=access.KEY), (1, "customer", "api_key"))
        story.equal(self.socket_who(authorization=f"Bearer {token}"), (1, "customer", "token"))
        try:
            answer = self.socket_who(authorization=f"Bearer {token[:-4]}")
        except TransportConnectionFailed as closed:
            story.equal(closed.__cause__.rcvd.code, 4403)
        else:
            raise AssertionError(f"the socket was not closed: {answer}")

    async def hear_one(self, after, received):
        document = gql("subscription ($after: Int) { orderEvents(after: $after) { orderId status } }")
        try:
            async with Client(transport=self.socket()) as session:
                events = session.subscribe(document, variable_values={"after": after})
                received.put((await asyncio.wait_for(anext(events), 10))["orderEvents"])
                await events.aclose()
        except Exception as problem:
            received.put(problem)

    def one_round_trip(self):
        document = "{ order(id: 1) { user { name } lines { quantity product { name stock } } } }"
        order = self.ask(document)["order"]
        assert order["user"]["name"] and order["lines"][0]["product"]["name"], order


if __name__ == "__main__":
    shop = Shop(sys.argv[1])
    checks = story.run("python/graphql", shop)
    checks.check("reads an order with user and products in one round trip", shop.one_round_trip)
    checks.check("introduces itself on a socket", shop.introduces_itself)
    access.run(checks, "graphql", sys.argv[1])
    checks.end()
