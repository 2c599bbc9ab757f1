"""Efficiency: fewer round trips, fewer bytes, fewer connections."""

import asyncio
import json

import aiohttp
import httpx
import requests
from cachecontrol import CacheControl

from clients import ORDER, SOAP_ORDER


PAGE = "{ order(id: 1) { status user { name } lines { quantity product { name } } } }"


def _call(method, id):
    return {"jsonrpc": "2.0", "id": f"{method} {id}", "method": method, "params": {"id": id}}


def order_page(shop):
    shop.graphql(PAGE)


def order_page__socket(shop):
    shop.graphql_on_socket(PAGE)


def order_page__batch(shop):
    order = shop.jsonrpc("get_order", id=1)
    products = [_call("get_product", line["product_id"]) for line in order["lines"]]
    shop.post_jsonrpc([_call("get_order", 1), _call("get_user", order["user_id"]), *products])


def order_page__details(shop):
    shop.soap.GetOrderDetails(id=1)


def twenty_users(shop):
    shop.soap.ListUsers()
    shop.xmlrpc.list_users({"limit": 20})
    shop.grpc("ListUsers", limit=20)


def twenty_users__one_by_one(shop):
    shop.post_jsonrpc([_call("get_user", id) for id in range(1, 21)])
    shop.xmlrpc.system.multicall([{"methodName": "get_user", "params": [id]} for id in range(1, 21)])
    shop.graphql("{" + " ".join(f"u{id}: user(id: {id}) {{ name }}" for id in range(1, 21)) + "}")


def not_modified(shop):
    http = CacheControl(requests.Session())
    for _ in range(2):
        http.get(f"{shop.url}/rest/products/1", timeout=10)


def names_only(shop):
    shop.graphql("{ users(first: 50) { nodes { name } } }")


def names_only__typename(shop):
    # Apollo and urql add it to every selection.
    shop.graphql("{ users { nodes { name __typename } __typename } }")


def compressed(shop):
    shop.soap.ListUsers(limit=50)


def compressed__stub(shop):
    shop.grpc("ListUsers", limit=50)


def byte_budget(shop):
    # From the second call on, HPACK sends indexes in place of the headers.
    for id in (6, 6):
        shop.grpc("GetOrder", id=id)


def one_connection(shop):
    for id in range(1, 51):
        shop.grpc("GetUser", id=id)


def one_connection__aiohttp(shop):
    async def fifty():
        async with aiohttp.ClientSession() as http:
            for _ in range(50):
                async with http.post(f"{shop.url}/jsonrpc", json=_call("get_user", 1)) as response:
                    await response.json()

    asyncio.run(fifty())


def http2_shared(shop):
    # HTTP/2 without TLS, which httpx has only if HTTP/1.1 is off.
    with httpx.Client(http1=False, http2=True) as http:
        http.post(f"{shop.url}/jsonrpc", json=_call("get_user", 1))
        http.post(f"{shop.url}/graphql", json={"query": "{ user(id: 1) { name } }"})


def all_pages(shop):
    page = shop.jsonrpc("list_orders", limit=100)
    shop.jsonrpc("place_order", **ORDER)
    while "next" in page:
        page = shop.jsonrpc("list_orders", limit=100, after=page["next"])


def all_pages__stub(shop):
    page = shop.grpc("ListOrders").orders
    shop.soap.PlaceOrder(**SOAP_ORDER)
    while page.HasField("next"):
        page = shop.grpc("ListOrders", after=page.next).orders


def all_pages__graphql(shop):
    page = {"endCursor": None, "hasNextPage": True}
    while page["hasNextPage"]:
        after = json.dumps(page["endCursor"])
        orders = shop.graphql(f"{{ orders(first: 50, after: {after}) {{ nodes {{ id }} pageInfo {{ endCursor hasNextPage }} }} }}")
        page = orders["orders"]["pageInfo"]
        shop.xmlrpc.place_order(ORDER)
