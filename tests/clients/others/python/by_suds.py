"""SOAP, by `suds`: methods and types are made from the WSDL, and a fault's detail is an object. It speaks SOAP 1.1
alone, and leaves numbers of a restricted type as text."""

import sys

from story import Checks, equal
from suds import WebFault
from suds.client import Client
from suds.wsse import Security, UsernameToken


def shop(**options):
    return Client(f"{sys.argv[1]}/soap?wsdl", port="ShopSoap11Port", cache=None, **options).service


def fault(ask):
    try:
        answer = ask()
    except WebFault as refusal:
        return refusal.fault
    raise AssertionError(f"it was not refused, but answered {answer!r}")


def lists():
    equal([int(user.id) for user in shop().ListUsers(limit=2).item], [1, 2])


def gets():
    user = shop().GetUser(1)
    equal((int(user.id), user.name, user.email), (1, "Ada Lovelace", "ada@example.com"))


def creates():
    user = shop().CreateUser(name="Žofia <&>", email="suds@example.com")
    equal((user.name, user.role, int(user.version)), ("Žofia <&>", "customer", 1))


def lines(*lines):
    return {"line": [{"productId": product, "quantity": quantity} for product, quantity in lines]}


def buys():
    ask = shop()
    stock = lambda: int(ask.GetProduct(1).stock)
    before = stock()
    order = ask.PlaceOrder(1, lines((1, 2), (2, 3)))
    equal([int(line.quantity) for line in order.lines.line], [2, 3])
    equal(stock(), before - 2)


def clicks_twice():
    # A block that the contract declares is an option, by its name.
    ask = shop(soapheaders={"IdempotencyKey": "suds"})
    first, second = (ask.PlaceOrder(1, lines((1, 1))).id for _ in range(2))
    equal(second, first)


def gets_a_fault():
    caught = fault(lambda: shop().GetUser(999_999))
    details = caught.detail.ShopFault
    equal(caught.faultcode, "soap:Client")
    equal((details.reason, details.kind, details.message), ("user_not_found", "not_found", caught.faultstring))


def is_user_1():
    caller = shop(wsse=envelope_of("parlance")).WhoAmI()
    equal((int(caller.userId), caller.role, caller.proof), (1, "customer", "password"))
    wrong = fault(shop(wsse=envelope_of("wrong")).WhoAmI)
    equal(wrong.detail.ShopFault.reason, "credentials_wrong")


def envelope_of(password):
    """The header block by which WS-Security says who sends the envelope."""
    security = Security()
    security.tokens.append(UsernameToken("ada@example.com", password))
    return security


if __name__ == "__main__":
    checks = Checks("python/suds")
    checks.check("lists users", lists)
    checks.check("gets user 1", gets)
    checks.check("creates a user", creates)
    checks.check("orders two lines, and the stock falls", buys)
    checks.check("clicks twice for one order", clicks_twice)
    checks.check("gets a typed fault", gets_a_fault)
    checks.check("is user 1, by its envelope", is_user_1)
    checks.end()
