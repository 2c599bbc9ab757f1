"""WebSocket with `websockets`: one connection, on which calls, answers and events are messages.

Usage: python over_websocket.py [ADDRESS]
"""

import itertools
import json
import sys

from websockets.sync.client import connect

address = sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8080"
ids = itertools.count(1)


class Refused(Exception):
    """The `error` of an answer."""


def call(op, **params):
    """Sends a call and returns its answer, which has the same `id`. One call at a time, so that no other comes first."""
    request = {"id": next(ids), "op": op, "params": params}
    socket.send(json.dumps(request))
    answer = json.loads(socket.recv(timeout=10))
    assert answer["id"] == request["id"]
    if "error" in answer:
        raise Refused(answer["error"])
    return answer["ok"]


with connect(address.replace("http", "ws", 1) + "/ws", subprotocols=["shop.v1.json"]) as socket:
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

    # An error.
    try:
        call("place_order", user_id=1, lines=[{"product_id": 10, "quantity": 1}])
    except Refused as refused:
        [error] = refused.args
        print(f"refused: {error['reason']}: {error['message']}")

    # Events, pushed from the beginning of the log on; without `after` only new ones. Heartbeats come between them.
    call("watch_events", after=0)
    for message in map(json.loads, socket):
        event = message.get("event")
        if event and event["order_id"] == order["id"]:
            print(f"event {event['seq']}: order {event['order_id']} is {event['status']}")
            break
