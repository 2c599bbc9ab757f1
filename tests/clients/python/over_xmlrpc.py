"""XML-RPC, by Python's own `xmlrpc`: a method of the server is a method of an object."""

import sys
from contextlib import contextmanager
from xmlrpc.client import Fault, MultiCall, ServerProxy

import story


class Shop:
    def __init__(self, address):
        self.rpc = ServerProxy(f"{address}/xmlrpc")

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
        order = self.rpc.place_order({"user_id": user, "lines": lines})
        return order["id"], order["total"]["amount"]

    @contextmanager
    def news(self):
        # Nothing is pushed: the log is asked again from where it ended.
        last = 0
        while (page := self.rpc.list_events({"after": last, "limit": 100}))["items"]:
            last = page["next"]

        def next_event():
            event = self.rpc.list_events({"after": last})["items"][0]
            return event["order_id"], event["status"]

        yield next_event

    def refused_order(self, user, product):
        try:
            self.place_order(user, [(product, 1)])
        except Fault as fault:
            story.equal(fault.faultCode, -32004)
            return fault.faultString.split(":")[0]
        raise AssertionError("it was not refused")

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


if __name__ == "__main__":
    shop = Shop(sys.argv[1])
    told = story.tell("python/xmlrpc", shop)
    told.check("asks for the methods", shop.about_methods)
    told.check("makes several calls at once", shop.several_at_once)
    told.end()
