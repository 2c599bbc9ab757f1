"""A rate limit that is used up in one style is used up in all, and HTTP clients learn when to retry."""

import re
import sys

import requests

import access
import story
from styles import STYLES

RATE = 5


def limited(address):
    """The sandbox, in which one may do so many things a minute."""
    answer = requests.patch(address, json={"rate_per_minute": RATE}, timeout=10)
    story.equal((answer.status_code, answer.json()["rate_per_minute"]), (200, RATE))
    return address


def spent(address, first):
    limited(address)
    # All are there before the first is spent: after twelve seconds one comes back.
    shops = {name: shop(address, access.ADA) for name, shop in STYLES.items()}
    for _ in range(RATE):
        story.equal(shops[first].who(), (1, "customer", "api_key"))
    for name in [first, *shops]:
        story.refused(shops[name].who, "rate_limited", "rate_limited")
    # It is this caller's only.
    story.equal(STYLES[first](address).who(), (None, "staff", "none"))


def headers(address):
    limited(address)
    answers = [requests.get(f"{address}/rest/me", timeout=10) for _ in range(RATE + 1)]
    story.equal([answer.status_code for answer in answers], [200] * RATE + [429])
    for answer, left in zip(answers, [4, 3, 2, 1, 0, 0]):
        story.equal(answer.headers["RateLimit-Policy"], f'"default";q={RATE};w=60')
        wait = re.fullmatch(rf'"default";r={left};t=(\d+)', answer.headers["RateLimit"])
        assert wait and int(wait[1]) <= 60, answer.headers
    assert not any("Retry-After" in answer.headers for answer in answers[:RATE])
    assert 1 <= int(answers[RATE].headers["Retry-After"]) <= 60 / RATE, answers[RATE].headers


def switched_off(address):
    limited(address)
    ask = lambda: requests.get(f"{address}/rest/me", timeout=10)
    while ask().status_code == 200:
        pass
    requests.patch(address, json={"rate_per_minute": 0}, timeout=10).raise_for_status()
    story.equal(ask().status_code, 200)


if __name__ == "__main__":
    address, checks = sys.argv[1], story.Checks("python/quota")
    for name in STYLES:
        own = f"{address}-{re.sub('[ .]', '-', name)}"
        checks.check(f"spent over {name}, spent over all", lambda: spent(own, name))
    checks.check("REST shows the rate limit, and when to retry", lambda: headers(f"{address}-headers"))
    checks.check("is switched off live", lambda: switched_off(f"{address}-off"))
    checks.end()
