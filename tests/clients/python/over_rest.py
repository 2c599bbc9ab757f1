"""REST, by `requests`: an HTTP client and nothing else. News come as server-sent events."""

import json
import sys
from contextlib import contextmanager

import requests

import access
import story

# What the status says. A key that was used for something else is 422, as its draft has it.
KINDS = {401: "unauthenticated", 403: "forbidden", 404: "not_found", 422: "invalid", 429: "rate_limited"}


class Shop:
    def __init__(self, address, credentials=access.ANONYMOUS):
        self.base, self.http = f"{address}/rest", requests.Session()
        self.http.headers.update(credentials.headers())
        self.http.auth = credentials.password

    def answer(self, response):
        if response.ok:
            return response.json()
        problem = response.json()
        status, media_type = response.status_code, response.headers["Content-Type"]
        story.equal((media_type, problem["status"]), ("application/problem+json", status))
        kind = KINDS[status]
        if kind == "unauthenticated":
            # Both ways to say who one is are offered.
            offered = response.headers["WWW-Authenticate"]
            assert "Bearer " in offered and "Basic " in offered, offered
        if problem["reason"] == "idempotency_key_reused":
            kind = "conflict"
        story.equal(problem["kind"], kind)
        raise story.Refused(kind, problem["reason"])

    def get(self, path, **query):
        return self.answer(self.http.get(self.base + path, params=query, timeout=10))

    def who(self):
        caller = self.get("/me")
        return caller.get("user_id"), caller.get("role"), caller["proof"]

    def users(self):
        return self.get("/users")

    def log_in(self, email, password):
        login = {"email": email, "password": password}
        return self.answer(self.http.post(f"{self.base}/login", json=login, timeout=10))["token"]

    def user(self, id):
        user = self.get(f"/users/{id}")
        return user["id"], user["name"], user["email"]

    def search(self, text):
        return [product["name"] for product in self.get("/products", query=text)["items"]]

    def price_and_stock(self, id):
        product = self.get(f"/products/{id}")
        return product["price"]["amount"], product["stock"]

    def post_order(self, user, lines, **headers):
        lines = [{"product_id": product, "quantity": quantity} for product, quantity in lines]
        order = {"user_id": user, "lines": lines}
        return self.http.post(f"{self.base}/orders", json=order, headers=headers, timeout=10)

    def place_order(self, user, lines):
        response = self.post_order(user, lines)
        order = self.answer(response)
        story.equal(response.status_code, 201)
        # The address of the new thing is one that answers.
        story.equal(self.http.get(response.headers["Location"], timeout=10).json(), order)
        return order["id"], order["total"]["amount"]

    def order_once(self, user, lines, key):
        response = self.post_order(user, lines, **{"Idempotency-Key": key})
        return self.answer(response)["id"], response.headers.get("Idempotency-Replayed") == "true"

    @contextmanager
    def events(self):
        headers = {"Accept": "text/event-stream"}
        with requests.get(f"{self.base}/events", headers=headers, stream=True, timeout=10) as stream:
            lines = stream.iter_lines(decode_unicode=True, chunk_size=1)

            def next_event():
                data = next(line for line in lines if line.startswith("data: "))
                event = json.loads(data.removeprefix("data: "))
                return event["order_id"], event["status"]

            yield next_event

    def loses_the_answer(self):
        """The work is done, the answer is lost, and the second click brings it."""
        once = {"Idempotency-Key": "lost"}
        try:
            answer = self.post_order(1, [(1, 1)], **once, **{"X-Fault": "drop"})
        except requests.ConnectionError:
            answer = self.post_order(1, [(1, 1)], **once)
            return story.equal((answer.status_code, answer.headers["Idempotency-Replayed"]), (201, "true"))
        raise AssertionError(f"the answer was not lost: {answer.text}")


if __name__ == "__main__":
    checks = story.run("python/rest", Shop(sys.argv[1]))
    checks.check("loses an answer, and asks again", Shop(sys.argv[1]).loses_the_answer)
    access.run(checks, "rest", sys.argv[1])
    checks.end()
