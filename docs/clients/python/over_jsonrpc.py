"""JSON-RPC 2.0 with `requests`: one address, and the name of the method in the body.

Usage: python over_jsonrpc.py [ADDRESS]
"""

import itertools
import sys

import requests

address = sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8080"
http = requests.Session()  # Its calls share a connection.
ids = itertools.count(1)


class Refused(Exception):
    """The `error` of an answer."""


def call(method, **params):
    request = {"jsonrpc": "2.0", "id": next(ids), "method": method, "params": params}
    answer = http.post(f"{address}/jsonrpc", json=request, timeout=30).json()
    if "error" in answer:  # The HTTP status is 200 all the same.
        raise Refused(answer["error"])
    return answer["result"]


# A user.
user = call("get_user", id=1)
print(f"user {user['id']}: {user['name']} <{user['email']}>")

# A search. This is a page of up to 20 products; the next one is at `after=page["next"]`.
page = call("search_products", query="laptop")
print(f"found {len(page['items'])} products, first {page['items'][0]['name']}")

# An order.
order = call("place_order", user_id=1, lines=[{"product_id": 1, "quantity": 2}, {"product_id": 2, "quantity": 3}])
total = order["total"]
print(f"order {order['id']}: {len(order['lines'])} lines, {total['amount'] / 100:.2f} {total['currency']}")

# An error: a code of JSON-RPC, a message, and in `data` the shop's reason.
try:
    call("place_order", user_id=1, lines=[{"product_id": 10, "quantity": 1}])
except Refused as refused:
    [error] = refused.args
    print(f"refused: {error['data']['reason']}: {error['message']}")


def follow(after):
    """The events after a cursor. Over HTTP the client asks, and the answer waits until there is news."""
    while True:
        page = call("list_events", after=after, limit=100, wait_seconds=20)
        yield from page["items"]
        after = page["next"]


# Events, from the beginning of the log. Over a WebSocket at /jsonrpc, `watch_events` pushes them.
event = next(event for event in follow(after=0) if event["order_id"] == order["id"])
print(f"event {event['seq']}: order {event['order_id']} is {event['status']}")
