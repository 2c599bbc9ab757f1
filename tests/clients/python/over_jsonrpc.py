"""JSON-RPC, by `requests`: one address, the method's name in the body."""

import itertools
import sys
from contextlib import contextmanager

import requests

import story


class Refused(Exception):
    pass


class Shop:
    def __init__(self, address):
        self.url, self.http, self.ids = f"{address}/jsonrpc", requests.Session(), itertools.count(1)

    def post(self, envelope):
        return self.http.post(self.url, json=envelope, timeout=10)

    def call(self, method, *by_position, **by_name):
        id = next(self.ids)
        params = list(by_position) or by_name
        answer = self.post({"jsonrpc": "2.0", "id": id, "method": method, "params": params}).json()
        story.equal((answer["jsonrpc"], answer["id"]), ("2.0", id))
        if "error" in answer:
            raise Refused(answer["error"])
        return answer["result"]

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
    def news(self):
        # Over HTTP nothing is pushed: the log is asked again from where it ended.
        last = 0
        while (page := self.call("list_events", after=last, limit=100))["items"]:
            last = page["next"]

        def next_event():
            event = self.call("list_events", after=last)["items"][0]
            return event["order_id"], event["status"]

        yield next_event

    def refused_order(self, user, product):
        try:
            self.place_order(user, [(product, 1)])
        except Refused as refused:
            [error] = refused.args
            story.equal(error["code"], -32004)
            return error["data"]["reason"]
        raise AssertionError("it was not refused")

    def batch(self):
        get = {"jsonrpc": "2.0", "method": "get_user"}
        answers = self.post([get | {"id": "a", "params": [1]}, get | {"params": [2]}, get | {"id": "c", "params": [3]}])
        story.equal([answer["id"] for answer in answers.json()], ["a", "c"])

    def discover(self):
        names = [method["name"] for method in self.call("rpc.discover")["methods"]]
        assert {"place_order", "watch_events", "unwatch_events"} <= set(names), names


if __name__ == "__main__":
    shop = Shop(sys.argv[1])
    told = story.tell("python/jsonrpc", shop)
    told.check("batches, with a notification between", shop.batch)
    told.check("discovers the methods", shop.discover)
    told.end()
