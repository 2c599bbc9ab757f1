"""Errors: the same mistake in several grammars."""

from clients import refused


def not_found_or_invalid(shop):
    for id in ("999", "abc"):
        with refused():
            shop.graphql(f'{{ user(id: "{id}") {{ name }} }}')


def not_found_or_invalid__struct(shop):
    for id in (999, "abc"):
        with refused():
            shop.xmlrpc.get_user({"id": id})


def not_found_or_invalid__soap(shop):
    for id in (999, "abc"):
        with refused():
            shop.soap.GetUser(id=id)


def three_violations(shop):
    with refused():
        shop.soap.PlaceOrder(userId=0, lines={"line": [{"productId": 0, "quantity": 0}]})


def three_violations__stub(shop):
    with refused():
        shop.grpc("PlaceOrder", user_id=0, lines=[{"product_id": 0, "quantity": 0}])


def out_of_stock(shop):
    shop.grpc("UpdateProduct", id=9, stock=1)
    with refused():
        shop.grpc("PlaceOrder", user_id=1, lines=[{"product_id": 9, "quantity": 2}])


def out_of_stock__cart(shop):
    shop.soap.UpdateProduct(id=9, stock=1)
    shop.soap.SetCartLine(userId=1, productId=9, quantity=2)
    with refused():
        shop.soap.CheckOut(userId=1)


def misspelled(shop):
    with refused():
        shop.xmlrpc.get_usr({"id": 1})
    shop.xmlrpc.get_user({"id": 1})


def misspelled__socket(shop):
    with shop.socket() as socket:
        with refused():
            socket.call("get_usr", id=1)
        socket.call("get_user", id=1)


def failure_with_200(shop):
    with refused():
        shop.xmlrpc.get_user({"id": 999})


def failure_with_200__graphql(shop):
    with refused():
        shop.graphql("{ user(id: 999) { name } }")


def four_grammars(shop):
    for call in (lambda: shop.soap.GetProduct(id=999), lambda: shop.xmlrpc.get_product(999),
                 lambda: shop.graphql("{ product(id: 999) { name } }"), lambda: shop.grpc("GetProduct", id=999)):
        with refused():
            call()
