"""WebSocket, by `websockets`: one socket for requests, responses and events."""

import atexit
import json
import sys
from contextlib import ExitStack, contextmanager

from websockets.sync.client import connect

import access
import story

# The sockets that are open: all of them are closed when the script ends.
OPEN = ExitStack()
atexit.register(OPEN.close)


class Shop:
    def __init__(self, address, credentials=access.ANONYMOUS, **handshake):
        url = credentials.within(address.replace("http", "ws", 1) + "/ws")
        self.socket = OPEN.enter_context(connect(url, subprotocols=["shop.v1.json"], additional_headers=handshake))
        self.id, self.pending_events = 0, []
        story.equal(self.socket.subprotocol, "shop.v1.json")
        # A password is in the handshake, the others are in messages.
        if credentials.key or credentials.token:
            self.call("authenticate", **({"api_key": credentials.key} if credentials.key else {"token": credentials.token}))

    def send(self, op, extra={}, **params):
        self.id += 1
        self.socket.send(json.dumps({"id": self.id, "op": op, "params": params} | extra))
        return self.id

    def receive(self):
        return json.loads(self.socket.recv(timeout=10))

    def call(self, op, extra={}, **params):
        id = self.send(op, extra, **params)
        while True:
            message = self.receive()
            if "event" in message:  # News may come before the answer.
                self.pending_events.append(message["event"])
            elif message["id"] == id:
                break
        self.last_message = message
        if "error" in message:
            raise story.Refused(message["error"]["kind"], message["error"]["reason"])
        return message["ok"]

    def who(self):
        caller = self.call("who_am_i")
        return caller.get("user_id"), caller.get("role"), caller["proof"]

    def users(self):
        return self.call("list_users")

    def log_in(self, email, password):
        return self.call("log_in", email=email, password=password)["token"]

    def order_once(self, user, lines, key):
        order, _ = self.place_order(user, lines, {"idempotency_key": key})
        return order, self.last_message.get("replayed", False)

    def user(self, id):
        user = self.call("get_user", id=id)
        return user["id"], user["name"], user["email"]

    def search(self, text):
        return [product["name"] for product in self.call("search_products", query=text)["items"]]

    def price_and_stock(self, id):
        product = self.call("get_product", id=id)
        return product["price"]["amount"], product["stock"]

    def place_order(self, user, lines, extra={}):
        lines = [{"product_id": product, "quantity": quantity} for product, quantity in lines]
        order = self.call("place_order", extra, user_id=user, lines=lines)
        return order["id"], order["total"]["amount"]

    @contextmanager
    def events(self):
        self.call("watch_events")
        watch = self.id

        def next_event():
            event = self.pending_events.pop(0) if self.pending_events else self.receive()["event"]
            return event["order_id"], event["status"]

        yield next_event
        stop = self.send("stop", id=watch)
        last_words = [self.receive(), self.receive()]
        assert {"id": stop, "ok": {}} in last_words and {"id": watch, "end": {}} in last_words, last_words

    def at_once(self):
        """Many questions before the first answer is read; each answer finds its question by the id."""
        sent = {self.send("get_user", id=user): user for user in range(1, 21)}
        answered = {message["id"]: message["ok"]["id"] for message in (self.receive() for _ in sent)}
        story.equal(answered, sent)


    def changes_hands(self):
        """The caller of a socket is the last one that has authenticated; a failure changes nothing."""
        story.equal(self.who(), (None, "staff", "none"))
        self.log_in(access.EMAIL, access.PASSWORD)
        story.equal(self.who(), (1, "customer", "token"))
        wrong = lambda: self.call("authenticate", api_key=access.KEY[:-1] + "A")
        story.refused(wrong, "unauthenticated", "credentials_wrong")
        story.equal(self.who(), (1, "customer", "token"))
        story.equal(self.call("authenticate", api_key=access.KEY)["proof"], "api_key")
        story.equal(self.who(), (1, "customer", "api_key"))

    def closes(self):
        self.socket.close()
        story.equal(self.socket.close_code, 1000)


def by_handshake(address):
    token = Shop(address).log_in(access.EMAIL, access.PASSWORD)
    for credentials, by in [(access.ADA, "api_key"), (access.Credentials(token=token), "token")]:
        story.equal(Shop(address, **credentials.headers()).who(), (1, "customer", by))


if __name__ == "__main__":
    address = sys.argv[1]
    shop = Shop(address)
    checks = story.run("python/websocket", shop)
    checks.check("asks twenty things at once", shop.at_once)
    checks.check("is whom the handshake says", lambda: by_handshake(address))
    checks.check("is who logs in, then whose key it shows", shop.changes_hands)
    checks.check("closes cleanly", shop.closes)
    access.run(checks, "websocket", address)
    checks.end()
