"""REST, by `requests`: a member is a key of a dictionary."""

import requests
from old import print_texts


def read(address):
    product = requests.get(f"{address}/rest/products/1", timeout=10).json()
    return product["name"], product["description"]


print_texts(read)
