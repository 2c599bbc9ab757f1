"""JSON-RPC, by `requests`: one address, the method's name in the body."""

import itertools
import sys
from contextlib import contextmanager

import requests

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


class Shop:
    def __init__(self, address, credentials=access.ANONYMOUS):
        self.url, self.http, self.ids = f"{address}/jsonrpc", requests.Session(), itertools.count(1)
        self.http.headers.update(credentials.headers())
        self.http.auth = credentials.password

    def post(self, envelope):
        self.response = self.http.post(self.url, json=envelope, timeout=10)
        return self.response

    def call(self, method, *by_position, **by_name):
        id = next(self.ids)
        params = list(by_position) or by_name
        answer = self.post({"jsonrpc": "2.0", "id": id, "method": method, "params": params}).json()
        story.equal((answer["jsonrpc"], answer["id"]), ("2.0", id))
        if "error" in answer:
            kind, data = KINDS[answer["error"]["code"]], answer["error"]["data"]
            story.equal((self.response.status_code, data["kind"]), (200, kind))
            raise story.Refused(kind, data["reason"])
        return answer["result"]

    def who(self):
        caller = self.call("who_am_i")
        return caller.get("user_id"), caller.get("role"), caller["proof"]

    def users(self):
        return self.call("list_users")

    def log_in(self, email, password):
        return self.call("log_in", email, password)["token"]

    def order_once(self, user, lines, key):
        self.http.headers["Idempotency-Key"] = key
        order, _ = self.place_order(user, lines)
        return order, self.response.headers.get("Idempotency-Replayed") == "true"

    def user(self, id):
        user = self.call("get_user", id)
        return user["id"], user["name"], user["email"]

    def search(self, text):
        return [product["name"] for product in self.call("search_products", query=text)["items"]]

    def price_and_stock(self, id):
        product = self.call("get_product", id=id)
        return product["price"]["amount"], product["stock"]

    def place_order(self, user, lines):
        lines = [{"product_id": product, "quantity": quantity} for product, quantity in lines]
        order = self.call("place_order", user_id=user, lines=lines)
        return order["id"], order["total"]["amount"]

    @contextmanager
    def events(self):
        # Over HTTP nothing is pushed: the log is read again from where it ended.
        last = 0
        while (page := self.call("list_events", after=last, limit=100))["items"]:
            last = page["next"]

        def next_event():
            event = self.call("list_events", after=last)["items"][0]
            return event["order_id"], event["status"]

        yield next_event

    def batch(self):
        get = {"jsonrpc": "2.0", "method": "get_user"}
        answers = self.post([get | {"id": "a", "params": [1]}, get | {"params": [2]}, get | {"id": "c", "params": [3]}])
        story.equal([answer["id"] for answer in answers.json()], ["a", "c"])

    def discover(self):
        names = [method["name"] for method in self.call("rpc.discover")["methods"]]
        assert {"place_order", "watch_events", "unwatch_events"} <= set(names), names


if __name__ == "__main__":
    shop = Shop(sys.argv[1])
    checks = story.run("python/jsonrpc", shop)
    checks.check("batches, with a notification between", shop.batch)
    checks.check("discovers the methods", shop.discover)
    access.run(checks, "jsonrpc", sys.argv[1])
    checks.end()
