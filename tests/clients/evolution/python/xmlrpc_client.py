"""XML-RPC, by Python's own `xmlrpc.client`: a struct is a dictionary."""

from xmlrpc.client import ServerProxy

from old import print_texts


def read(address):
    product = ServerProxy(f"{address}/xmlrpc").get_product(1)
    return product["name"], product["description"]


print_texts(read)
