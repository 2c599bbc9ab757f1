"""SOAP, by `zeep`: types are made from the WSDL. By default it is strict."""

import sys

import zeep
from old import print_texts


def read(address):
    settings = zeep.Settings(strict="tolerant" not in sys.argv)
    product = zeep.Client(f"{address}/soap?wsdl", settings=settings).service.GetProduct(id=1)
    return product.name, product.description


print_texts(read)
