"""What comes close in other styles, and must not count."""

import time

import grpc
import httpx
import requests
from websocket import create_connection

from clients import EMAIL, ORDER, PASSWORD, SOAP_ORDER, later, refused

from .choose import CASE, _defend


def write_here_read_there(shop):
    shop.grpc("UpdateUser", id=2, name="Grace Brewster")
    shop.grpc("GetUser", id=2)


def four_grammars(shop):
    for call in (lambda: shop.soap.GetUser(id=999), lambda: shop.xmlrpc.get_user(999), lambda: shop.grpc("GetProduct", id=999)):
        with refused():
            call()


def websocket_pipelined(shop):
    shop.set(rtt_ms=50)
    socket = create_connection(shop.url.replace("http", "ws", 1) + "/ws", subprotocols=["shop.v1.json"])
    for id in range(1, 6):
        socket.send('{"id": %d, "op": "get_product", "params": {"id": %d}}' % (id, id))
        socket.recv()
    socket.close()


def grpc_deadline(shop):
    shop.set(rtt_ms=200)
    shop.grpc("GetUser", timeout=2, id=1)
    # The client gives it up, long before its deadline.
    call = shop.begin_grpc("GetUser", timeout=20, id=1)
    time.sleep(0.1)
    call.cancel()


def one_order_three_tries(shop):
    for key in "abc":
        shop.soap.PlaceOrder(**SOAP_ORDER, _soapheaders={"idempotencyKey": key})


def retry_over_another_style(shop):
    for _ in range(2):
        shop.grpc("PlaceOrder", metadata={"idempotency_key": "click-2"}, **ORDER)


def stale_version(shop):
    for name in ("Barbara", "Liskov"):
        shop.soap.UpdateUser(id=3, name=name)


def stale_version__not_read_again(shop):
    shop.grpc("UpdateUser", id=3, name="Barbara", expected_version=1)
    with refused():
        shop.grpc("UpdateUser", id=3, name="Liskov", expected_version=1)
    shop.grpc("UpdateUser", id=3, name="Liskov", expected_version=2)


def cancelled(shop):
    shop.jsonrpc("place_order", **ORDER)
    shop.jsonrpc("get_product", id=9)


def stream_resumed(shop):
    for _ in range(2):
        with shop.pushed_by_grpc() as events:
            later(lambda: shop.grpc("PlaceOrder", **ORDER))
            next(events)
        shop.grpc("PlaceOrder", **ORDER)


def order_page(shop):
    order = shop.grpc("GetOrder", id=1).order
    shop.grpc("GetUser", id=order.user_id)


def twenty_users(shop):
    for id in range(1, 21):
        shop.xmlrpc.get_user(id)


def not_modified(shop):
    for headers in ({}, {"If-None-Match": '"another"'}):
        httpx.get(f"{shop.url}/rest/products/1", headers=headers)


def names_only(shop):
    shop.rest("users?fields=name,email")


def names_only__socket(shop):
    shop.graphql_on_socket("{ users { nodes { name email } } }")


def one_connection(shop):
    for _ in range(50):
        requests.get(f"{shop.url}/rest/users/1", timeout=10)


def http2_shared(shop):
    for path in ("rest/users/1", "graphql?query=%7Buser(id:1)%7Bname%7D%7D"):
        with httpx.Client(http1=False, http2=True) as http:
            http.get(f"{shop.url}/{path}").raise_for_status()


def all_pages(shop):
    page = shop.grpc("ListOrders", limit=100).orders
    while page.HasField("next"):
        page = shop.grpc("ListOrders", limit=100, after=page.next).orders


def all_pages__of_one_user(shop):
    page = shop.jsonrpc("list_orders", user_id=1, limit=1)
    shop.jsonrpc("place_order", **ORDER)
    while "next" in page:
        page = shop.jsonrpc("list_orders", user_id=1, limit=1, after=page["next"])


def locked_out(shop):
    shop.set(access="locked")
    for call in (lambda: shop.soap.GetUser(id=1), lambda: shop.grpc("GetUser", id=1)):
        with refused():
            call()


def log_in(shop):
    shop.graphql(f'mutation {{ logIn(input: {{email: "{EMAIL}", password: "{PASSWORD}"}}) {{ token {{ token }} }} }}')
    shop.graphql("{ me { userId } }")


def three_credentials(shop):
    for _ in range(3):
        shop.grpc("WhoAmI", metadata={"x_api_key": shop.key})


def rate_limit(shop):
    shop.set(rate_per_minute=20)
    for _ in range(30):
        try:
            shop.grpc("GetProduct", id=1)
        except grpc.RpcError:
            time.sleep(0.1)


def poll(shop):
    shop.soap.ListEvents()
    shop.soap.PlaceOrder(**SOAP_ORDER)
    shop.soap.ListEvents()


def two_pushes(shop):
    with shop.pushed_by_grpc() as first, shop.pushed_by_grpc() as second:
        later(lambda: shop.xmlrpc.place_order(ORDER))
        next(first), next(second)


def defend(shop):
    _defend(shop, CASE.format("In a restaurant, {} bytes an order are enough, whatever style"), "rest")
