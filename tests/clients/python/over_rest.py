"""REST, by `requests`: an HTTP client and nothing else. News come as server-sent events."""

import json
import sys
from contextlib import contextmanager

import requests

import story


class Shop:
    def __init__(self, address):
        self.base, self.http = f"{address}/rest", requests.Session()

    def get(self, path, **query):
        response = self.http.get(self.base + path, params=query, timeout=10)
        response.raise_for_status()
        return response.json()

    def user(self, id):
        user = self.get(f"/users/{id}")
        return user["id"], user["name"], user["email"]

    def search(self, text):
        return [product["name"] for product in self.get("/products", query=text)["items"]]

    def price_and_stock(self, id):
        product = self.get(f"/products/{id}")
        return product["price"]["amount"], product["stock"]

    def post_order(self, user, lines):
        lines = [{"product_id": product, "quantity": quantity} for product, quantity in lines]
        return self.http.post(f"{self.base}/orders", json={"user_id": user, "lines": lines}, timeout=10)

    def place_order(self, user, lines):
        response = self.post_order(user, lines)
        story.equal(response.status_code, 201)
        order = response.json()
        # The address of the new thing is one that answers.
        story.equal(self.http.get(response.headers["Location"], timeout=10).json(), order)
        return order["id"], order["total"]["amount"]

    @contextmanager
    def news(self):
        headers = {"Accept": "text/event-stream"}
        with requests.get(f"{self.base}/events", headers=headers, stream=True, timeout=10) as stream:
            lines = stream.iter_lines(decode_unicode=True, chunk_size=1)

            def next_event():
                data = next(line for line in lines if line.startswith("data: "))
                event = json.loads(data.removeprefix("data: "))
                return event["order_id"], event["status"]

            yield next_event

    def refused_order(self, user, product):
        response = self.post_order(user, [(product, 1)])
        story.equal((response.status_code, response.headers["Content-Type"]), (404, "application/problem+json"))
        return response.json()["reason"]


if __name__ == "__main__":
    story.tell("python/rest", Shop(sys.argv[1])).end()
