"""Webhooks, verified by the specification's own library, for orders placed in every style."""

import json
import queue
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import requests
from standardwebhooks import Webhook, WebhookVerificationError

import story
from styles import STYLES

ADDRESS = sys.argv[1]
# A retry comes five to six seconds after the first try.
PATIENCE_SECONDS = 30


class Receiver(BaseHTTPRequestHandler):
    """Puts what it hears into the queue of its path, and answers with that path's next status, or with 204."""

    deliveries, answers = {}, {}

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.deliveries[self.path].put((body, dict(self.headers)))
        self.send_response(self.answers[self.path].pop(0) if self.answers[self.path] else 204)
        self.end_headers()

    def log_message(self, *_):
        """Says nothing."""


class Called:
    """A webhook of the shop that leads here."""

    def __init__(self, name, *answers):
        path = f"/{name}"
        Receiver.deliveries[path], Receiver.answers[path] = queue.Queue(), list(answers)
        self.queue = Receiver.deliveries[path]
        made = ask("POST", "webhooks", 201, json={"url": f"http://127.0.0.1:{server.server_port}{path}"})
        self.path, self.secret = f"webhooks/{made['id']}", made["secret"]

    def hear(self):
        return self.queue.get(timeout=PATIENCE_SECONDS)

    def stop(self):
        ask("DELETE", self.path, 204)


def ask(method, path, status, **more):
    answer = requests.request(method, f"{ADDRESS}/rest/{path}", timeout=10, **more)
    story.equal(answer.status_code, status)
    return answer.json() if answer.content else None


def verified(delivery, secret):
    body, headers = delivery
    return Webhook(secret).verify(body, headers)


def forged(delivery, secret):
    try:
        verified(delivery, secret)
    except WebhookVerificationError:
        return
    raise AssertionError("what was forged passes")


def placed(name, shop):
    called = Called(name.replace(" ", "-"))
    order, _ = shop(ADDRESS).place_order(1, [(1, 1)])
    payload = verified(called.hear(), called.secret)
    story.equal((payload["type"], payload["data"]["order_id"]), ("order.placed", order))
    event = ask("GET", f"events?after={payload['data']['seq'] - 1}&limit=1", 200)["items"][0]
    story.equal((payload["data"], payload["timestamp"]), (event, event["at"]))
    called.stop()


def tested():
    called = Called("tested")
    delivery = ask("POST", f"{called.path}/test", 200)
    story.equal(verified(called.hear(), called.secret)["type"], "webhook.test")
    assert "seq" not in delivery, delivery
    called.stop()


def not_forged():
    called, other = Called("forged"), Called("other")
    ask("POST", f"{called.path}/test", 200)
    body, headers = called.hear()
    forged((body, headers), other.secret)
    forged((body.replace("webhook.test", "order.paid"), headers), called.secret)
    forged((body, headers | {"webhook-id": "msg_other"}), called.secret)
    forged((body, headers | {"webhook-timestamp": str(int(headers["webhook-timestamp"]) + 1)}), called.secret)
    called.stop(), other.stop()


def rotated():
    called = Called("rotated")
    new = ask("POST", f"{called.path}/rotate-secret", 200)["secret"]
    ask("POST", f"{called.path}/test", 200)
    delivery = called.hear()
    story.equal(verified(delivery, called.secret), verified(delivery, new))
    assert new != called.secret
    called.stop()


def again():
    called = Called("again", 500)
    ask("POST", f"{called.path}/test", 200)
    first, second = called.hear(), called.hear()
    story.equal(verified(first, called.secret), verified(second, called.secret))
    story.equal(first[1]["webhook-id"], second[1]["webhook-id"])
    waited = int(second[1]["webhook-timestamp"]) - int(first[1]["webhook-timestamp"])
    assert 5 <= waited <= 8, waited
    called.stop()


def gone():
    called = Called("gone", 410)
    ask("POST", f"{called.path}/test", 200)
    called.hear()
    # What came of it is written down after the answer; asking again is the only way to see when.
    for _ in range(1_000):
        if ask("GET", called.path, 200)["status"] == "ended":
            break
    delivery = ask("GET", f"{called.path}/deliveries", 200)["items"][0]
    story.equal((delivery["status"], delivery["attempts"], delivery["response_status"]), ("failed", 1, 410))
    called.stop()


if __name__ == "__main__":
    server = ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    checks = story.Checks("python/webhooks")
    for style, opens in STYLES.items():
        checks.check(f"an order placed over {style} is delivered, and verifies", lambda: placed(style, opens))
    checks.check("a test is delivered, and verifies", tested)
    checks.check("what was forged does not verify", not_forged)
    checks.check("after a rotation both secrets verify", rotated)
    checks.check("a failed delivery is repeated under the same id", again)
    checks.check("who is gone is called no more", gone)
    checks.end()
