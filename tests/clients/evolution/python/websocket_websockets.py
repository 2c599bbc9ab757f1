"""WebSocket, by `websockets`: a message is a dictionary."""

import json

from old import print_texts
from websockets.sync.client import connect


def read(address):
    with connect(f"{address}/ws", subprotocols=["shop.v1.json"]) as socket:
        socket.send(json.dumps({"id": 1, "op": "get_product", "params": {"id": 1}}))
        product = json.loads(socket.recv(timeout=10))["ok"]
    return product["name"], product["description"]


print_texts(read)
