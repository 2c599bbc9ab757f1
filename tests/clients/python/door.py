"""What does every client do at the door, whatever its style? It says who it is, is refused, and clicks twice."""

from typing import NamedTuple
from urllib.parse import quote

from story import equal, refused

EMAIL, PASSWORD = "ada@example.com", "parlance"
# The key of the made-up user 1 is no secret: `GET /` lists it.
KEY = "parlance_u0000001_oyfDM8Je_4usrAKEEkXSLu_cFKS0RqPBzBXpyhXMqck"
# Under one key one command happens once. It is another key for each script, as each has a sandbox of its own.
ONCE = "8e03978e-40d5-43dd-bc93-6894a57f9324"


class Proof(NamedTuple):
    """By what a client proves who it is: one of these, or by nothing."""

    key: str = None
    password: tuple = None
    token: str = None

    def headers(self):
        """Those of them that are said in headers; what Basic is, clients know themselves."""
        key = {"X-API-Key": self.key} if self.key else {}
        return key | ({"Authorization": f"Bearer {self.token}"} if self.token else {})

    def within(self, url):
        """The address with email and password in it, for a client that takes them from there."""
        if not self.password:
            return url
        scheme, rest = url.split("://")
        return f"{scheme}://{':'.join(quote(part, safe='') for part in self.password)}@{rest}"


NOBODY, ADA = Proof(), Proof(key=KEY)


def tell(told, name, address):
    """What happens at the door of one style, and of the others with what was begun over it."""
    from styles import STYLES  # Not sooner: the scripts that it imports import this one.

    shop = STYLES[name]
    log_in = lambda: shop(address).log_in(EMAIL, PASSWORD)
    is_ada = lambda proof, by: equal(shop(address, proof).who(), (1, "customer", by))
    told.check("is user 1, by an API key", lambda: is_ada(ADA, "api_key"))
    told.check("is user 1, by email and password", lambda: is_ada(Proof(password=(EMAIL, PASSWORD)), "password"))
    told.check("is user 1, by the token from log_in", lambda: is_ada(Proof(token=log_in()), "token"))
    told.check("is refused with wrong credentials", lambda: is_refused(shop, address, log_in()))
    not_allowed = ("forbidden", "not_allowed")
    told.check("is refused what takes another role", lambda: refused(shop(address, ADA).users, *not_allowed))
    told.check("clicks twice for one order", lambda: clicks_twice(shop(address, ADA)))
    for other in (other for other in STYLES if other != name):
        click = lambda: clicks_over(shop, STYLES[other], address, other)
        told.check(f"is answered the same over {other}", click)


def is_refused(shop, address, token):
    wrong = [Proof(key=KEY[:-1] + "A"), Proof(password=(EMAIL, "wrong")), Proof(token=token[:-4])]
    for proof in wrong:
        refused(lambda: shop(address, proof).who(), "unauthenticated", "credentials_wrong")


def clicks_twice(shop):
    (first, is_replay), (second, is_replay_too) = (shop.order_once(1, [(1, 1)], ONCE) for _ in range(2))
    equal((second, is_replay, is_replay_too), (first, False, True))
    refused(lambda: shop.order_once(1, [(1, 2)], ONCE), "conflict", "idempotency_key_reused")
    refused(lambda: shop.order_once(1, [(1, 1)], "two words"), "invalid", "invalid_input")


def clicks_over(shop, other, address, name):
    key = f"then-over-{name.replace(' ', '-')}"
    order, is_replay = shop(address, ADA).order_once(1, [(2, 1)], key)
    equal(other(address, ADA).order_once(1, [(2, 1)], key), (order, True))
    assert not is_replay
