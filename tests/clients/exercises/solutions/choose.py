"""Choose: a decision in writing, with evidence from the learner's own calls."""

import json
import time

import requests

CASE = ("Two of our own services read some thousand orders a second from each other, inside one building. Both are "
        "generated from one contract, and no browser takes part. {} it is for this case, although a person can't "
        "read its messages on the wire.")


def compare_three(shop):
    for _ in range(2):
        shop.soap.GetOrder(id=1)
        shop.xmlrpc.get_order(1)
        shop.grpc("GetOrder", id=1)


def _defend(shop, text, style):
    """Calls the shop in three styles, and answers with the bytes that the traffic shows for one of them."""
    with requests.get(f"{shop.url}/lab/wire", stream=True, timeout=10) as wire:
        shop.rest("orders/1")
        shop.soap.GetOrder(id=1)
        shop.grpc("GetOrder", id=1)
        exchanges = (json.loads(line[6:]) for line in wire.iter_lines() if line.startswith(b"data: "))
        one = next(one for one in exchanges if (one["style"], one.get("operation")) == (style, "get_order"))
    bytes = requests.get(f"{shop.url}/lab/wire/{one['id']}", timeout=10).json()["bytes"]
    time.sleep(1.5)
    answer = text.format(bytes["sent"] + bytes["received"])
    requests.post(f"{shop.url}/progress/defend/answer", json={"answer": answer}, timeout=10).raise_for_status()


def defend(shop):
    _defend(shop, CASE.format("gRPC took {} bytes an order, and so gRPC"), "grpc")
