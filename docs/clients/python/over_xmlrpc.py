"""XML-RPC with Python's standard library: a method of the server is called like a function.

Usage: python over_xmlrpc.py [ADDRESS]
"""

import sys
from xmlrpc.client import Fault, ServerProxy

address = sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8080"
shop = ServerProxy(f"{address}/xmlrpc")

# A user. Parameters are passed in the order of the contract; what comes back is a dictionary.
user = shop.get_user(1)
print(f"user {user['id']}: {user['name']} <{user['email']}>")

# A search. Parameters by name are one struct. The next page of up to 20 is at `"after": page["next"]`.
page = shop.search_products({"query": "laptop"})
print(f"found {len(page['items'])} products, first {page['items'][0]['name']}")

# An order.
order = shop.place_order(1, [{"product_id": 1, "quantity": 2}, {"product_id": 2, "quantity": 3}])
total = order["total"]
print(f"order {order['id']}: {len(order['lines'])} lines, {total['amount'] / 100:.2f} {total['currency']}")

# An error: a fault, which has a number and a text. The text begins with the shop's reason.
try:
    shop.place_order(1, [{"product_id": 10, "quantity": 1}])
except Fault as fault:
    reason, message = fault.faultString.split(": ", 1)
    print(f"refused: {reason}: {message}")


def follow(after):
    """The events after a cursor. XML-RPC can't push: the client asks, and the answer waits until there is news."""
    while True:
        page = shop.list_events({"after": after, "limit": 100, "wait_seconds": 20})
        yield from page["items"]
        after = page["next"]


# Events, from the beginning of the log.
event = next(event for event in follow(after=0) if event["order_id"] == order["id"])
print(f"event {event['seq']}: order {event['order_id']} is {event['status']}")
