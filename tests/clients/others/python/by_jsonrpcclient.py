"""JSON-RPC 2.0, by `jsonrpcclient`: it makes the messages and reads the answers; `requests` carries them."""

import sys

import requests
from jsonrpcclient import Error, notification, parse, request
from story import Checks, equal

URL = f"{sys.argv[1]}/jsonrpc"


def post(message):
    return requests.post(URL, json=message, timeout=10)


def ask(method, params):
    """An `Ok` with its result, or an `Error` with code, message and data."""
    return parse(post(request(method, params)).json())


def calls():
    by_name = ask("get_user", {"id": 1}).result
    equal((by_name["id"], by_name["name"], by_name["email"]), (1, "Ada Lovelace", "ada@example.com"))
    # It tells params by position from those by name by the type: a tuple, not a list.
    equal(ask("get_user", (1,)).result, by_name)


def buys():
    stock = lambda: ask("get_product", (1,)).result["stock"]
    before = stock()
    lines = [{"product_id": 1, "quantity": 2}, {"product_id": 2, "quantity": 3}]
    order = ask("place_order", {"user_id": 1, "lines": lines}).result
    equal([line["quantity"] for line in order["lines"]], [2, 3])
    equal(stock(), before - 2)


def notifies():
    response = post(notification("create_user", ("Notified", "notified@example.com")))
    equal((response.status_code, response.content), (204, b""))
    equal(ask("create_user", ("Again", "notified@example.com")).code, -32009)


def batches():
    get = lambda id, user: request("get_user", (user,), id=id)
    answers = list(parse(post([get("a", 1), notification("get_user", (2,)), get("c", 999_999)]).json()))
    equal([answer.id for answer in answers], ["a", "c"])
    equal((answers[0].result["id"], answers[1].code), (1, -32004))


def gets_an_error():
    error = ask("get_user", (999_999,))
    message = "there is no user 999999; list_users lists those that exist"
    equal(error, Error(-32004, message, {"reason": "user_not_found", "kind": "not_found"}, error.id))
    invalid = ask("get_user", {"id": "x"})
    equal((invalid.code, invalid.data["errors"][0]["pointer"]), (-32602, "/id"))


if __name__ == "__main__":
    checks = Checks("python/jsonrpcclient")
    checks.check("calls by name and by position", calls)
    checks.check("orders two lines, and the stock falls", buys)
    checks.check("notifies: it is done, and not answered", notifies)
    checks.check("makes several calls at once, and one of them fails", batches)
    checks.check("gets an error with its data", gets_an_error)
    checks.end()
