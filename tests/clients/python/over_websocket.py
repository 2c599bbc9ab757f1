"""WebSocket, by `websockets`: one socket for questions, answers and news."""

import json
import sys
from contextlib import contextmanager

from websockets.sync.client import connect

import story


class Refused(Exception):
    pass


class Shop:
    def __init__(self, socket):
        self.socket, self.id, self.events = socket, 0, []
        story.equal(socket.subprotocol, "shop.v1.json")

    def send(self, op, **params):
        self.id += 1
        self.socket.send(json.dumps({"id": self.id, "op": op, "params": params}))
        return self.id

    def receive(self):
        return json.loads(self.socket.recv(timeout=10))

    def call(self, op, **params):
        id = self.send(op, **params)
        while True:
            message = self.receive()
            if "event" in message:  # News may come before the answer.
                self.events.append(message["event"])
            elif message["id"] == id:
                break
        if "error" in message:
            raise Refused(message["error"])
        return message["ok"]

    def user(self, id):
        user = self.call("get_user", id=id)
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
        self.call("watch_events")
        watch = self.id

        def next_event():
            event = self.events.pop(0) if self.events else self.receive()["event"]
            return event["order_id"], event["status"]

        yield next_event
        stop = self.send("stop", id=watch)
        last_words = [self.receive(), self.receive()]
        assert {"id": stop, "ok": {}} in last_words and {"id": watch, "end": {}} in last_words, last_words

    def refused_order(self, user, product):
        try:
            self.place_order(user, [(product, 1)])
        except Refused as refused:
            return refused.args[0]["reason"]
        raise AssertionError("it was not refused")

    def at_once(self):
        """Many questions before the first answer is read; each answer finds its question by the id."""
        asked = {self.send("get_user", id=user): user for user in range(1, 21)}
        answered = {message["id"]: message["ok"]["id"] for message in (self.receive() for _ in asked)}
        story.equal(answered, asked)


if __name__ == "__main__":
    url = sys.argv[1].replace("http", "ws", 1) + "/ws"
    with connect(url, subprotocols=["shop.v1.json"]) as socket:
        shop = Shop(socket)
        told = story.tell("python/websocket", shop)
        told.check("asks twenty things at once", shop.at_once)
    told.check("closes cleanly", lambda: story.equal(socket.close_code, 1000))
    told.end()
