"""Reliability: what a client does when an answer is lost, or another client was faster."""

from clients import ORDER, PLACE, SOAP_ORDER, later, refused


def one_order_three_tries(shop):
    for _ in range(3):
        shop.grpc("PlaceOrder", metadata={"idempotency_key": "click-1"}, **ORDER)


def one_order_three_tries__socket(shop):
    with shop.socket() as socket:
        for _ in range(3):
            socket.call("place_order", {"idempotency_key": "click-1"}, **ORDER)


def retry_over_another_style(shop):
    shop.soap.PlaceOrder(**SOAP_ORDER, _soapheaders={"idempotencyKey": "click-2"})
    with shop.socket() as socket:
        socket.call("place_order", {"idempotency_key": "click-2"}, **ORDER)


def key_reused(shop):
    shop.jsonrpc("place_order", {"Idempotency-Key": "click-3"}, **ORDER)
    with refused():
        shop.soap.PlaceOrder(**SOAP_ORDER | {"userId": 2}, _soapheaders={"idempotencyKey": "click-3"})


def stale_version(shop):
    old = shop.soap.GetUser(id=3).version
    shop.soap.UpdateUser(id=3, name="Barbara", expectedVersion=old)
    with refused():
        shop.soap.UpdateUser(id=3, name="Liskov", expectedVersion=old)
    shop.soap.UpdateUser(id=3, name="Liskov", expectedVersion=shop.soap.GetUser(id=3).version)


def stale_version__stub(shop):
    old = shop.grpc("GetProduct", id=3).product.version
    shop.graphql("mutation { updateProduct(input: {id: 3, stock: 5}) { product { version } } }")
    with refused():
        shop.grpc("UpdateProduct", id=3, stock=4, expected_version=old)
    new = shop.grpc("GetProduct", id=3).product.version
    shop.grpc("UpdateProduct", id=3, stock=4, expected_version=new)


def cancelled(shop):
    id = shop.xmlrpc.place_order(ORDER)["id"]
    shop.grpc("CancelOrder", id=id)
    shop.graphql("{ product(id: 9) { stock } }")


def cancelled__by_status(shop):
    id = shop.soap.PlaceOrder(**SOAP_ORDER).id
    shop.soap.SetOrderStatus(id=id, status="cancelled")
    shop.soap.GetProduct(id=9)


def stream_resumed(shop):
    with shop.pushed_by_websocket() as events:
        later(lambda: shop.graphql(PLACE))
        last, _ = next(events)
    shop.xmlrpc.place_order(ORDER)
    with shop.pushed_by_websocket(after=last) as events:
        next(events)


def stream_resumed__stub(shop):
    with shop.pushed_by_grpc() as events:
        later(lambda: shop.grpc("PlaceOrder", **ORDER))
        last, _ = next(events)
    shop.grpc("PlaceOrder", **ORDER)
    with shop.pushed_by_grpc(after=last) as events:
        next(events)


def stream_resumed__in_another_style(shop):
    with shop.pushed_by_rest() as events:
        later(lambda: shop.soap.PlaceOrder(**SOAP_ORDER))
        last, _ = next(events)
    shop.xmlrpc.place_order(ORDER)
    with shop.pushed_by_graphql(f"(after: {last})") as events:
        next(events)
