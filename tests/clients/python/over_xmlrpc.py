"""XML-RPC, by Python's own `xmlrpc`: a method of the server is a method of an object."""

import sys
from contextlib import contextmanager
from xmlrpc.client import Fault, MultiCall, ServerProxy, Transport

import access
import story

KINDS = {
    -32602: "invalid",
    -32001: "unauthenticated",
    -32003: "forbidden",
    -32004: "not_found",
    -32005: "rate_limited",
    -32009: "conflict",
}


class HeaderTransport(Transport):
    """Sends and keeps HTTP headers, which `xmlrpc` does not show."""

    def __init__(self, headers):
        super().__init__()
        self.sent, self.received = headers, {}

    def send_headers(self, connection, headers):
        super().send_headers(connection, headers + list(self.sent.items()))

    def parse_response(self, response):
        self.received = response.headers
        return super().parse_response(response)


class Shop:
    def __init__(self, address, credentials=access.ANONYMOUS):
        self.headers = HeaderTransport(credentials.headers())
        self.rpc = ServerProxy(credentials.within(f"{address}/xmlrpc"), transport=self.headers)

    def call(self, method, *params):
        try:
            return getattr(self.rpc, method)(*params)
        except Fault as fault:
            raise story.Refused(KINDS[fault.faultCode], fault.faultString.split(":")[0]) from fault

    def who(self):
        caller = self.call("who_am_i")
        return caller.get("user_id"), caller.get("role"), caller["proof"]

    def users(self):
        return self.call("list_users")

    def log_in(self, email, password):
        return self.call("log_in", email, password)["token"]

    def order_once(self, user, lines, key):
        self.headers.sent["Idempotency-Key"] = key
        order, _ = self.place_order(user, lines)
        return order, self.headers.received.get("Idempotency-Replayed") == "true"

    def user(self, id):
        user = self.rpc.get_user(id)
        return user["id"], user["name"], user["email"]

    def search(self, text):
        return [product["name"] for product in self.rpc.search_products({"query": text})["items"]]

    def price_and_stock(self, id):
        product = self.rpc.get_product(id)
        return product["price"]["amount"], product["stock"]

    def place_order(self, user, lines):
        lines = [{"product_id": product, "quantity": quantity} for product, quantity in lines]
        order = self.call("place_order", {"user_id": user, "lines": lines})
        return order["id"], order["total"]["amount"]

    def last_event(self):
        last = 0
        while (page := self.rpc.list_events({"after": last, "limit": 100}))["items"]:
            last = page["next"]
        return last

    @contextmanager
    def events(self):
        # Nothing is pushed: the log is read again from where it ended.
        last = self.last_event()

        def next_event():
            event = self.rpc.list_events({"after": last})["items"][0]
            return event["order_id"], event["status"]

        yield next_event

    def about_methods(self):
        names = self.rpc.system.listMethods()
        assert "place_order" in names and "watch_events" not in names, names
        assert self.rpc.system.methodHelp("place_order")
        story.equal(self.rpc.system.methodSignature("get_user")[0][0], "struct")

    def several_at_once(self):
        calls = MultiCall(self.rpc)
        for user in (1, 2, 3):
            calls.get_user(user)
        story.equal([user["id"] for user in calls()], [1, 2, 3])

    def orders_of_lost_answers(self, headers):
        """How many orders one call makes whose answer is lost, and lost again."""
        last = self.last_event()
        self.headers.sent = {"X-Fault": "drop"} | headers
        try:
            raise AssertionError(f"the answer was not lost: {self.place_order(1, [(1, 1)])}")
        except ConnectionError:
            self.headers.sent = {}
        return self.last_event() - last

    def loses_answers(self):
        # `xmlrpc` calls once more by itself when the connection breaks. That is why there are keys.
        story.equal(self.orders_of_lost_answers({}), 2)
        story.equal(self.orders_of_lost_answers({"Idempotency-Key": "lost"}), 1)


if __name__ == "__main__":
    shop = Shop(sys.argv[1])
    checks = story.run("python/xmlrpc", shop)
    checks.check("asks for the methods", shop.about_methods)
    checks.check("makes several calls at once", shop.several_at_once)
    checks.check("loses answers, and with a key that makes one order", shop.loses_answers)
    access.run(checks, "xmlrpc", sys.argv[1])
    checks.end()
