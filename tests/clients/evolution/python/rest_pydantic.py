"""REST, by `requests` and the models that datamodel-code-generator makes of the OpenAPI document."""

import requests
from models import Product
from old import print_texts


def read(address):
    response = requests.get(f"{address}/rest/products/1", timeout=10)
    product = Product.model_validate_json(response.text)
    return product.name, product.description


print_texts(read)
