"""XML-RPC over Python's own xmlrpc.server."""

import sys
from socketserver import ThreadingMixIn
from xmlrpc.client import DateTime
from xmlrpc.server import SimpleXMLRPCRequestHandler, SimpleXMLRPCServer

from shop import Shop


class Handler(SimpleXMLRPCRequestHandler):
    """Keeps connections open."""

    protocol_version = "HTTP/1.1"
    rpc_paths = ("/xmlrpc",)


class Server(ThreadingMixIn, SimpleXMLRPCServer):
    """A thread for each connection."""

    daemon_threads = True


def typed(value):
    """The value with times as XML-RPC's own type."""
    if isinstance(value, list):
        return [typed(item) for item in value]
    if isinstance(value, dict):
        return {name: timed(name, inner) for name, inner in value.items()}
    return value


def timed(name, value):
    return DateTime(value.replace("-", "").rstrip("Z")) if name.endswith("_at") else typed(value)


shop = Shop(sys.argv[1])
server = Server(("127.0.0.1", int(sys.argv[2])), requestHandler=Handler, logRequests=False)
server.register_function(lambda query: typed(shop.user(query["id"])), "get_user")
server.register_function(lambda query: typed(shop.users(query["limit"])), "list_users")
server.register_function(lambda query: typed(shop.order_details(query["id"])), "get_order_details")
server.serve_forever()
