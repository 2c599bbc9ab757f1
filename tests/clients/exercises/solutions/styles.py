"""What only one style has."""

import asyncio

import grpc
import requests
from aiohttp_xmlrpc.client import ServerProxy
from websocket import create_connection

from clients import refused

PAGE = "{ order(id: 1) { status user { name } lines { quantity product { name } } } }"


def rest_location(shop):
    created = shop.rest("users", "POST", json={"name": "Katherine Johnson", "email": "katherine@example.org"})
    requests.get(created.headers["Location"], timeout=10)


def rest_xml(shop):
    assert b"<user" in shop.rest("users/1", headers={"Accept": "application/xml"}).content


def soap_fault(shop):
    with refused():
        shop.soap_of("ShopSoap12Port").GetUser(id=999)


def jsonrpc_batch(shop):
    answers = shop.post_jsonrpc([
        {"jsonrpc": "2.0", "id": 1, "method": "get_user", "params": [1]},
        {"jsonrpc": "2.0", "method": "set_cart_line", "params": [1, 7, 1]},
        {"jsonrpc": "2.0", "id": 2, "method": "get_product", "params": [7]},
    ])
    assert len(answers) == 2, answers


def xmlrpc_multicall(shop):
    async def several():
        proxy = ServerProxy(f"{shop.url}/xmlrpc")
        try:
            return await proxy.system.multicall([{"methodName": "get_product", "params": [id]} for id in (1, 999)])
        finally:
            await proxy.close()

    assert len(asyncio.run(several())) == 2


def graphql_selection(shop):
    shop.graphql(PAGE)


def graphql_selection__socket(shop):
    shop.graphql_on_socket(PAGE)


def graphql_partial(shop):
    with refused():
        shop.graphql("{ a: product(id: 1) { name } b: product(id: 999) { name } }")


def websocket_pipelined(shop):
    shop.set(rtt_ms=50)
    socket = create_connection(shop.url.replace("http", "ws", 1) + "/ws", subprotocols=["shop.v1.json"])
    for id in range(1, 6):
        socket.send('{"id": %d, "op": "get_product", "params": {"id": %d}}' % (id, id))
    for id in range(1, 6):
        socket.recv()
    socket.close()


def grpc_deadline(shop):
    shop.set(rtt_ms=200)
    shop.grpc("GetUser", timeout=2, id=1)
    try:
        shop.grpc("GetUser", timeout=0.05, id=1)
    except grpc.RpcError as error:
        assert error.code() == grpc.StatusCode.DEADLINE_EXCEEDED, error
