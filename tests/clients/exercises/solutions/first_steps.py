"""First steps: reading and ordering, in one style and then in others."""

from clients import ORDER, PLACE


def read_a_user(shop):
    shop.soap.GetUser(id=1)


def read_a_user__stub(shop):
    shop.grpc("GetUser", id=1)


def three_styles(shop):
    shop.soap.GetUser(id=1)
    shop.xmlrpc.get_user({"id": 1})
    shop.grpc("GetUser", id=1)


def every_style(shop):
    shop.rest("users/1")
    shop.soap.GetUser(id=1)
    shop.jsonrpc("get_user", id=1)
    shop.xmlrpc.get_user(1)
    with shop.socket() as socket:
        socket.call("get_user", id=1)
    shop.graphql("{ user(id: 1) { name } }")
    shop.grpc("GetUser", id=1)


def find_a_product(shop):
    found = shop.soap.SearchProducts(query="laptop")
    shop.grpc("GetProduct", id=found.item[0].id)


def find_a_product__graphql(shop):
    found = shop.graphql('{ products(query: "laptop", first: 3) { nodes { id name } } }')["products"]["nodes"]
    shop.graphql(f"{{ product(id: {found[-1]['id']}) {{ name stock }} }}")


def stock_falls(shop):
    shop.graphql(PLACE)
    shop.xmlrpc.get_product({"id": 9})


def stock_falls__one_batch(shop):
    shop.post_jsonrpc([
        {"jsonrpc": "2.0", "id": 1, "method": "place_order", "params": ORDER},
        {"jsonrpc": "2.0", "id": 2, "method": "get_product", "params": {"id": 9}},
    ])


def stock_falls__checked_out(shop):
    shop.xmlrpc.set_cart_line({"user_id": 1, "product_id": 9, "quantity": 1})
    shop.xmlrpc.check_out({"user_id": 1})
    shop.xmlrpc.get_product({"id": 9})


def write_here_read_there(shop):
    shop.soap.UpdateUser(id=2, name="Grace Brewster")
    with shop.socket() as socket:
        socket.call("get_user", id=2)
