"""GraphQL with `gql`: the client writes what it wants to know, and gets just that.

Usage: python over_graphql.py [ADDRESS]
"""

import sys

from gql import Client, GraphQLRequest
from gql.transport.exceptions import TransportQueryError
from gql.transport.requests import RequestsHTTPTransport
from gql.transport.websockets import WebsocketsTransport

address = sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8080"
shop = Client(transport=RequestsHTTPTransport(f"{address}/graphql", timeout=10))


def ask(document, **variables):
    return shop.execute(GraphQLRequest(document, variable_values=variables))


# A user, and of the user these fields.
user = ask("{ user(id: 1) { id name email } }")["user"]
print(f"user {user['id']}: {user['name']} <{user['email']}>")

# A search. What a program fills in is a variable, never a part of the text.
products = ask("query ($text: String) { products(query: $text) { nodes { name } } }", text="laptop")["products"]["nodes"]
print(f"found {len(products)} products, first {products[0]['name']}")

# An order.
PLACE = """mutation ($input: PlaceOrderInput!) {
  placeOrder(input: $input) { order { id lines { quantity } total { amount currency } } }
}"""
lines = [{"productId": 1, "quantity": 2}, {"productId": 2, "quantity": 3}]
order = ask(PLACE, input={"userId": 1, "lines": lines})["placeOrder"]["order"]
total = order["total"]
print(f"order {order['id']}: {len(order['lines'])} lines, {total['amount'] / 100:.2f} {total['currency']}")

# An error: `errors` in the answer, whose HTTP status is 200, with the shop's reason in `extensions`.
try:
    ask(PLACE, input={"userId": 1, "lines": [{"productId": 10, "quantity": 1}]})
except TransportQueryError as refused:
    [error] = refused.errors
    print(f"refused: {error['extensions']['reason']}: {error['message']}")

# Events: a subscription, over a WebSocket. It starts at the beginning of the log; without `after` with new ones.
socket = Client(transport=WebsocketsTransport(address.replace("http", "ws", 1) + "/graphql"))
for data in socket.subscribe(GraphQLRequest("subscription { orderEvents(after: 0) { seq orderId status } }")):
    event = data["orderEvents"]
    if event["orderId"] == order["id"]:
        print(f"event {event['seq']}: order {event['orderId']} is {event['status'].lower()}")
        break
