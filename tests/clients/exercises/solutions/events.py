"""Events: polling, waiting, and being called."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, HTTPServer

from clients import ORDER, PLACE, SOAP_ORDER, later


def poll(shop):
    cursor = shop.newest_event()
    shop.xmlrpc.place_order(ORDER)
    shop.soap.ListEvents(after=cursor)


def poll__loop(shop):
    cursor, found = shop.newest_event(), None
    later(lambda: shop.graphql(PLACE))
    while not found:
        time.sleep(0.2)
        found = shop.grpc("ListEvents", after=cursor).events.items


def long_poll(shop):
    cursor = shop.newest_event()
    later(lambda: shop.grpc("PlaceOrder", **ORDER))
    shop.soap.ListEvents(after=cursor, waitSeconds=10)


def long_poll__prefer(shop):
    cursor = shop.newest_event()
    later(lambda: shop.grpc("PlaceOrder", **ORDER))
    shop.rest("events", params={"after": cursor}, headers={"Prefer": "wait=10"})


def two_pushes(shop):
    with shop.pushed_by_grpc() as first, shop.pushed_by_websocket() as second:
        later(lambda: shop.xmlrpc.place_order(ORDER))
        next(first), next(second)


def two_pushes__jsonrpc(shop):
    with shop.pushed_by_rest() as first, shop.socket("jsonrpc", None) as second:
        second.socket.send('{"jsonrpc": "2.0", "id": 1, "method": "watch_events"}')
        second.receive()
        later(lambda: shop.xmlrpc.place_order(ORDER))
        next(first), second.receive()


def six_channels(shop):
    cursor = shop.newest_event()
    with (shop.pushed_by_rest() as sse, shop.pushed_by_websocket() as socket, shop.pushed_by_grpc() as stream,
          shop.pushed_by_graphql() as subscription, ThreadPoolExecutor() as pool):
        waiting = pool.submit(shop.xmlrpc.list_events, {"after": cursor, "wait_seconds": 10})
        later(lambda: shop.grpc("PlaceOrder", **ORDER), seconds=2)
        next(subscription), next(sse), next(socket), next(stream), waiting.result()
        shop.soap.ListEvents(after=cursor)


class _Receiver(BaseHTTPRequestHandler):
    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_):
        pass


def webhook(shop):
    server = HTTPServer(("127.0.0.1", 0), _Receiver)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    shop.jsonrpc("create_webhook", url=f"http://127.0.0.1:{server.server_port}/events")
    shop.soap.PlaceOrder(**SOAP_ORDER)
    while not any(delivery["status"] == "delivered" for delivery in shop.jsonrpc("list_deliveries")["items"]):
        time.sleep(0.25)
    server.shutdown()
