"""JSON-RPC, by `requests`: the result is a dictionary. With an argument, it first validates the result against the OpenRPC document."""

import sys

import requests
from jsonschema import validate
from old import print_texts


def read(address):
    call = {"jsonrpc": "2.0", "id": 1, "method": "get_product", "params": {"id": 1}}
    product = requests.post(f"{address}/jsonrpc", json=call, timeout=10).json()["result"]
    if "strict" in sys.argv:
        contract = requests.get(f"{address}/jsonrpc/openrpc.json", timeout=10).json()
        [method] = [one for one in contract["methods"] if one["name"] == "get_product"]
        validate(product, method["result"]["schema"] | {"components": contract["components"]})
    return product["name"], product["description"]


print_texts(read)
