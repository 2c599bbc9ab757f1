"""REST, by the client that openapi-python-client makes of the OpenAPI document."""

from old import print_texts
from shop import Client
from shop.api.products import get_product


def read(address):
    product = get_product.sync(1, client=Client(base_url=f"{address}/rest"))
    return product.name, product.description


print_texts(read)
