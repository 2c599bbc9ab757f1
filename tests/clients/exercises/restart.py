"""What is stored of the exercises: it survives the end of the server and a reset, and belongs to its sandbox and its users alone.

Usage: restart.py PARLANCE FOLDER
"""

import atexit
import json
import subprocess
import sys
import threading

import requests

import story
from learner import Learner

PARLANCE, FOLDER = sys.argv[1], sys.argv[2]
DONE = "read-a-user"


class Server:
    """A server over one file, which can be killed and started again."""

    def __init__(self):
        flags = ["--listen", "127.0.0.1:0", "--data", f"{FOLDER}/exercises.db"]
        self.process = subprocess.Popen([PARLANCE, "serve", *flags], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        atexit.register(self.kill)
        first = next(line for line in self.process.stdout if line.startswith("Parlance:"))
        self.address = first.split()[-1]
        # What it writes is read, so that it never waits for a reader.
        threading.Thread(target=self.process.stdout.read, daemon=True).start()

    def kill(self):
        self.process.kill()
        self.process.wait()

    def learner(self, name):
        return Learner(self.address, name)


def read_user(one, id):
    requests.get(f"{one.url}/rest/users/{id}", timeout=10).raise_for_status()


def does(one):
    one.set(exercises="on")
    read_user(one, 1)
    assert "done_at" in one.wait(DONE, True)


def survives(server):
    """A new server over the same file knows what was done, and recognises more."""
    one = server.learner("survives")
    does(one)
    one.send("/sandboxes/survives/progress/poll/hint", "POST")
    before = one.state(DONE)
    server.kill()
    server = Server()
    one = server.learner("survives")
    story.equal(one.state(DONE), before)
    story.equal(len(one.state("poll")["hints"]), 1)
    for style in ("jsonrpc", "xmlrpc", "rest"):
        subprocess.run([PARLANCE, "call", "get_user", "id=1", "--over", style, "--url", one.url], check=True, capture_output=True)
    assert "done_at" in one.wait("three-styles", True)
    return server


def survives_reset(server):
    one = server.learner("reset")
    does(one)
    before = one.state(DONE)
    one.send("/sandboxes/reset/reset", "POST")
    story.equal(one.state(DONE), before)
    story.equal(one.send("/sandboxes/reset/progress")["done"], 1)


def is_deleted(server):
    one = server.learner("deleted")
    does(one)
    one.send("/sandboxes/deleted", "DELETE")
    found = one.send("/sandboxes/deleted/progress")
    story.equal((found["done"], found["exercises"]), (0, "off"))
    # The next learner under that name begins anew.
    does(one)


def is_forgotten(server):
    one = server.learner("again")
    does(one)
    one.send(f"/sandboxes/again/progress/{DONE}", "DELETE")
    assert "done_at" not in one.state(DONE)
    does(one)


def belongs_to_its_sandbox(server):
    """Two learners at once: a stream has the outcomes of its own sandbox alone."""
    names = ["first", "second"]
    for name in names:
        server.learner(name).set(exercises="on")
    streams = [requests.get(f"{server.learner(name).url}/progress/stream", stream=True, timeout=10) for name in names]
    read_user(server.learner("first"), 1)
    read_user(server.learner("second"), 2)
    # The second one's last outcome comes after all of the first one's.
    server.learner("first").wait(DONE, True)
    read_user(server.learner("second"), 1)
    outcomes = [until_done(stream) for stream in streams]
    story.equal(["done" if line == "user 1, over rest" else line for line in outcomes[0]], ["done"])
    story.equal(outcomes[1], ["you have read user 2, not user 1", "user 1, over rest"])


def until_done(stream):
    """The texts of the outcomes of one exercise, until it is done."""
    texts = []
    for line in stream.iter_lines(decode_unicode=True):
        if line.startswith("data: ") and f'"{DONE}"' in line:
            outcome = json.loads(line[6:])
            texts.append(outcome["text"])
            if outcome["is_done"]:
                stream.close()
                return texts
    raise AssertionError(f"the stream ended: {texts}")


def is_locked(server):
    """A stream that was open ends, too."""
    one = server.learner("locked")
    one.set(exercises="on")
    open_before = requests.get(f"{one.url}/progress/stream", stream=True, timeout=20)
    one.set(access="locked")
    calls = [("GET", ""), ("GET", "/stream"), ("POST", "/poll/hint"), ("DELETE", "/poll")]
    for method, path in calls:
        answer = requests.request(method, f"{one.url}/progress{path}", timeout=10)
        story.equal((method, path, answer.status_code), (method, path, 401))
    answer = requests.post(f"{one.url}/progress/defend/answer", json={"answer": "x"}, timeout=10)
    story.equal(answer.status_code, 401)
    story.equal(requests.get(f"{one.url}/progress", headers={"X-API-Key": one.key}, timeout=10).status_code, 200)
    for _ in open_before.iter_lines():
        pass


if __name__ == "__main__":
    server, checks = Server(), story.Checks("progress")
    holder = [server]
    checks.check("survives a server that is killed, and a new one goes on", lambda: holder.append(survives(server)))
    server = holder[-1]
    for what, check in [
        ("survives a reset of the sandbox", survives_reset),
        ("is deleted with the sandbox", is_deleted),
        ("is forgotten, and the exercise can be done again", is_forgotten),
        ("is streamed to its own sandbox alone", belongs_to_its_sandbox),
        ("is refused to anonymous callers of a locked sandbox, also by streams that are open", is_locked),
    ]:
        checks.check(what, lambda: check(server))
    checks.end()
