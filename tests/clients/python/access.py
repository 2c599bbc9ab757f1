"""Credentials and idempotency in every style: the client authenticates, is refused, and sends an order twice."""

from typing import NamedTuple
from urllib.parse import quote

from story import equal, refused

EMAIL, PASSWORD = "ada@example.com", "parlance"
# The key of the made-up user 1 is no secret: `GET /` lists it.
KEY = "parlance_u0000001_oyfDM8Je_4usrAKEEkXSLu_cFKS0RqPBzBXpyhXMqck"
# A command with the same key runs once. Each script has a sandbox of its own, so they may share the key.
IDEMPOTENCY_KEY = "8e03978e-40d5-43dd-bc93-6894a57f9324"


class Credentials(NamedTuple):
    """The credentials of a client: one of these, or none."""

    key: str = None
    password: tuple = None
    token: str = None

    def headers(self):
        """The headers for these credentials. Clients make those of HTTP Basic themselves."""
        key = {"X-API-Key": self.key} if self.key else {}
        return key | ({"Authorization": f"Bearer {self.token}"} if self.token else {})

    def within(self, url):
        """The address with email and password in it, for a client that takes them from there."""
        if not self.password:
            return url
        scheme, rest = url.split("://")
        return f"{scheme}://{':'.join(quote(part, safe='') for part in self.password)}@{rest}"


ANONYMOUS, ADA = Credentials(), Credentials(key=KEY)


def run(checks, name, address):
    """The checks for one style, and for orders that begin in it and are repeated in the others."""
    from styles import STYLES  # Not sooner: the scripts that it imports import this one.

    shop = STYLES[name]
    log_in = lambda: shop(address).log_in(EMAIL, PASSWORD)
    is_ada = lambda credentials, by: equal(shop(address, credentials).who(), (1, "customer", by))
    checks.check("is user 1, by an API key", lambda: is_ada(ADA, "api_key"))
    checks.check("is user 1, by email and password", lambda: is_ada(Credentials(password=(EMAIL, PASSWORD)), "password"))
    checks.check("is user 1, by the token from log_in", lambda: is_ada(Credentials(token=log_in()), "token"))
    checks.check("is refused with wrong credentials", lambda: is_refused(shop, address, log_in()))
    not_allowed = ("forbidden", "not_allowed")
    checks.check("is refused an operation for another role", lambda: refused(shop(address, ADA).users, *not_allowed))
    checks.check("repeats an order with the same key", lambda: clicks_twice(shop(address, ADA)))
    for other in (other for other in STYLES if other != name):
        click = lambda: clicks_over(shop, STYLES[other], address, other)
        checks.check(f"gets the same order over {other}", click)


def is_refused(shop, address, token):
    wrong = [Credentials(key=KEY[:-1] + "A"), Credentials(password=(EMAIL, "wrong")), Credentials(token=token[:-4])]
    for credentials in wrong:
        refused(lambda: shop(address, credentials).who(), "unauthenticated", "credentials_wrong")


def clicks_twice(shop):
    (first, is_replay), (second, is_replay_too) = (shop.order_once(1, [(1, 1)], IDEMPOTENCY_KEY) for _ in range(2))
    equal((second, is_replay, is_replay_too), (first, False, True))
    refused(lambda: shop.order_once(1, [(1, 2)], IDEMPOTENCY_KEY), "conflict", "idempotency_key_reused")
    refused(lambda: shop.order_once(1, [(1, 1)], "two words"), "invalid", "invalid_input")


def clicks_over(shop, other, address, name):
    key = f"then-over-{name.replace(' ', '-')}"
    order, is_replay = shop(address, ADA).order_once(1, [(2, 1)], key)
    equal(other(address, ADA).order_once(1, [(2, 1)], key), (order, True))
    assert not is_replay
