"""The same checks for every client: read, search, buy two products, receive the event."""

import sys
import traceback

LAPTOP, OTHER = 1, 2


class Checks:
    """Prints a line for each check of a script. `end` exits with 1 if one failed."""

    def __init__(self, who):
        self.who, self.failed = who, 0

    def check(self, what, test):
        try:
            test()
            print(f"ok    {self.who}: {what}", flush=True)
        except Exception:  # Whatever went wrong is a failed check, and the next one still runs.
            self.failed += 1
            print(f"FAIL  {self.who}: {what}", flush=True)
            traceback.print_exc(limit=-3, file=sys.stdout, chain=False)

    def end(self):
        sys.exit(1 if self.failed else 0)


class Refused(Exception):
    """An error: its kind, as the style encodes it, and its reason."""


def equal(found, expected):
    assert found == expected, f"{found!r} is not {expected!r}"


def refused(call, kind, reason):
    try:
        answer = call()
    except Refused as refusal:
        return equal(refusal.args, (kind, reason))
    raise AssertionError(f"it was not refused, but answered {answer!r}")


def run(who, shop):
    """Runs the checks. `shop` has a method for each step; ids and amounts are plain numbers."""
    checks = Checks(who)
    checks.check("gets user 1", lambda: equal(shop.user(1), (1, "Ada Lovelace", "ada@example.com")))
    checks.check('finds a "laptop"', lambda: finds(shop))
    checks.check("orders two lines: the stock falls, the event arrives", lambda: buys(shop))
    no_such_product = lambda: shop.place_order(1, [(999_999, 1)])
    checks.check("is refused with the reason", lambda: refused(no_such_product, "not_found", "product_not_found"))
    return checks


def finds(shop):
    names = shop.search("laptop")
    assert names and all("laptop" in name.lower() for name in names[:2]), names


def buys(shop):
    before = [shop.price_and_stock(product) for product in (LAPTOP, OTHER)]
    lines = [(LAPTOP, 2), (OTHER, 3)]
    with shop.events() as next_event:
        order, total = shop.place_order(1, lines)
        equal(next_event(), (order, "placed"))
    after = [shop.price_and_stock(product) for product in (LAPTOP, OTHER)]
    for (_, stock_before), (_, stock_after), (_, quantity) in zip(before, after, lines):
        equal(stock_after, stock_before - quantity)
    equal(total, sum(price * quantity for (price, _), (_, quantity) in zip(before, lines)))
