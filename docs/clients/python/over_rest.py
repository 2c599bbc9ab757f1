"""REST with `requests`: an address for each thing, HTTP's methods and status codes, JSON.

Usage: python over_rest.py [ADDRESS]
"""

import json
import sys
import uuid

import requests

address = sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8080"
shop = f"{address}/rest"
http = requests.Session()  # Its calls share a connection.


class Refused(Exception):
    """The body of a refusal."""


def read(answer):
    if not answer.ok:  # The status is 4xx or 5xx, and the body a problem document (RFC 9457).
        raise Refused(answer.json())
    return answer.json()


# A user, by the address.
user = read(http.get(f"{shop}/users/1", timeout=10))
print(f"user {user['id']}: {user['name']} <{user['email']}>")

# A search. This is a page of up to 20 products; the next one is at `?after=` and the page's `next`.
page = read(http.get(f"{shop}/products", params={"query": "laptop"}, timeout=10))
print(f"found {len(page['items'])} products, first {page['items'][0]['name']}")

# An order. With a key, a request that is repeated because its answer was lost does not order twice.
lines = [{"product_id": 1, "quantity": 2}, {"product_id": 2, "quantity": 3}]
key = {"Idempotency-Key": str(uuid.uuid4())}
order = read(http.post(f"{shop}/orders", json={"user_id": 1, "lines": lines}, headers=key, timeout=10))
total = order["total"]
print(f"order {order['id']}: {len(order['lines'])} lines, {total['amount'] / 100:.2f} {total['currency']}")

# An error.
try:
    sold_out = [{"product_id": 10, "quantity": 1}]
    read(http.post(f"{shop}/orders", json={"user_id": 1, "lines": sold_out}, timeout=10))
except Refused as refused:
    [problem] = refused.args
    print(f"refused: {problem['reason']}: {problem['detail']}")

# Events, as the server sends them. `Last-Event-ID` is the cursor: 0 is the beginning of the log.
stream = {"Accept": "text/event-stream", "Last-Event-ID": "0"}
with http.get(f"{shop}/events", headers=stream, stream=True, timeout=30) as events:
    for line in events.iter_lines():
        if line.startswith(b"data: "):
            event = json.loads(line.removeprefix(b"data: "))
            if event["order_id"] == order["id"]:
                print(f"event {event['seq']}: order {event['order_id']} is {event['status']}")
                break
