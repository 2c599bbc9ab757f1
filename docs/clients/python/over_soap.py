"""SOAP with `zeep`, which reads the WSDL and makes a function of each operation.

Usage: python over_soap.py [ADDRESS]
"""

import sys

import zeep

address = sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8080"
client = zeep.Client(f"{address}/soap?wsdl")
shop = client.service  # SOAP 1.1; client.bind("ShopService", "ShopSoap12Port") is 1.2.

# A user. What comes back is an object with the members of the contract.
user = shop.GetUser(id=1)
print(f"user {user.id}: {user.name} <{user.email}>")

# A search. This is a page of up to 20 products; the next one is at `after=page.next`.
page = shop.SearchProducts(query="laptop")
print(f"found {len(page.item)} products, first {page.item[0].name}")

# An order. A list is an element of its own in XML: `lines` holds each `line`.
lines = {"line": [{"productId": 1, "quantity": 2}, {"productId": 2, "quantity": 3}]}
order = shop.PlaceOrder(userId=1, lines=lines)
print(f"order {order.id}: {len(order.lines.line)} lines, {order.total.amount / 100:.2f} {order.total.currency}")

# An error: a fault. Its detail is in the contract too, so zeep makes an object of it.
try:
    shop.PlaceOrder(userId=1, lines={"line": [{"productId": 10, "quantity": 1}]})
except zeep.exceptions.Fault as fault:
    problem = client.wsdl.types.deserialize(fault.detail[0])
    print(f"refused: {problem.reason}: {problem.message}")


def follow(after):
    """The events after a cursor. SOAP can't push: the client asks, and the answer waits until there is news."""
    while True:
        page = shop.ListEvents(after=after, limit=100, waitSeconds=20)
        yield from page.item
        after = page.next


# Events, from the beginning of the log.
event = next(event for event in follow(after=0) if event.orderId == order.id)
print(f"event {event.seq}: order {event.orderId} is {event.status}")
