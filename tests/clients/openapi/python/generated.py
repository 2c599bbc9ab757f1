"""REST, by the client that openapi-python-client makes of the document."""

import sys

from shop import Client
from shop.api.orders import get_order, place_order
from shop.api.products import search_products
from shop.api.users import create_user, delete_user, get_user, update_user
from shop.models import (
    CreateUserBody,
    LineInput,
    Order,
    PlaceOrderBody,
    Problem,
    ProblemReason,
    ProductPage,
    UpdateUserPatch,
    User,
)

shop = Client(base_url=f"{sys.argv[1]}/rest")


def users():
    user = create_user.sync(client=shop, body=CreateUserBody(name="Grete", email="grete@example.com"))
    assert isinstance(user, User), user
    changed = update_user.sync(user.id, client=shop, body=UpdateUserPatch(name="Grete H"))
    assert isinstance(changed, User) and (changed.name, changed.version) == ("Grete H", 2), changed
    late = update_user.sync_detailed(user.id, client=shop, body=UpdateUserPatch(name="X"), if_match='"1"')
    assert late.status_code == 412 and late.parsed.reason == ProblemReason.STALE_VERSION, late
    assert delete_user.sync_detailed(user.id, client=shop).status_code == 204
    gone = get_user.sync(user.id, client=shop)
    assert isinstance(gone, Problem) and gone.reason == ProblemReason.USER_NOT_FOUND, gone


def orders():
    order = PlaceOrderBody(user_id=1, lines=[LineInput(product_id=1, quantity=2)])
    placed = place_order.sync(client=shop, body=order)
    assert isinstance(placed, Order) and placed.total.amount == 2 * placed.lines[0].unit_price.amount, placed
    assert get_order.sync(placed.id, client=shop) == placed


def lists():
    page = search_products.sync(client=shop, query="laptop", limit=2)
    assert isinstance(page, ProductPage) and [product.id for product in page.items] == [1, 4], page
    next_page = search_products.sync(client=shop, query="laptop", limit=2, after=page.next_)
    assert isinstance(next_page, ProductPage) and next_page.items[0].id > 4, next_page


def mistakes():
    order = PlaceOrderBody(user_id=1, lines=[LineInput(product_id=1, quantity=100)])
    problem = place_order.sync(client=shop, body=order)
    assert isinstance(problem, Problem) and problem.errors[0].pointer == "/lines/0/quantity", problem


failed = False
for check in (users, orders, lists, mistakes):
    try:
        check()
        print(f"ok    openapi/python: {check.__name__}")
    except Exception as error:
        failed = True
        print(f"FAIL  openapi/python: {check.__name__}: {error!r}")
sys.exit(failed)
