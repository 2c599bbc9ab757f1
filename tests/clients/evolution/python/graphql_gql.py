"""GraphQL, by `gql`: what comes is what the query names, and a member is a key of a dictionary. It asks for the members that it
is given."""

import sys

from gql import Client, gql
from gql.transport.requests import RequestsHTTPTransport
from old import print_texts

MEMBERS = sys.argv[2:]


def read(address):
    client = Client(transport=RequestsHTTPTransport(f"{address}/graphql", timeout=10))
    product = client.execute(gql("{ product(id: 1) { %s } }" % " ".join(MEMBERS)))["product"]
    return [product[member] for member in MEMBERS]


print_texts(read)
