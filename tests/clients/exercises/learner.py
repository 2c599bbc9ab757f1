"""What each learner here does: switches on the exercises of a sandbox, does something there, and reads what was recognised."""

import json
import subprocess
import time
import traceback
import urllib.request
from concurrent.futures import ThreadPoolExecutor

# A step is looked at when it is over for some 0.75 s. A slow machine takes longer.
WAIT_S, QUIET_S = 20, 2
# Learners do little but wait.
AT_ONCE = 10


def exercises(parlance):
    """All exercises by their names, as the command line lists them."""
    listed = subprocess.run([parlance, "exercises", "--json"], capture_output=True, check=True).stdout
    return {one["name"]: one for path in json.loads(listed) for one in path["exercises"]}


class Learner:
    """A sandbox of a server, in which exercises are done."""

    def __init__(self, server, sandbox):
        self.server, self.sandbox = server, sandbox
        self.url = f"{server}/sandboxes/{sandbox}"
        # A locked sandbox shows its progress to its users alone.
        self.key = next(one["api_key"] for one in self.send("/lab/table")["people"] if one["user_id"] == 1)

    def send(self, path, method="GET", body=None, key=None):
        data = None if body is None else json.dumps(body).encode()
        headers = {"Content-Type": "application/json"} | ({"X-API-Key": key} if key else {})
        request = urllib.request.Request(self.server + path, data, headers, method=method)
        with urllib.request.urlopen(request, timeout=30) as response:
            return json.loads(response.read() or "{}")

    def set(self, **settings):
        return self.send(f"/sandboxes/{self.sandbox}", "PATCH", settings)

    def state(self, name):
        paths = self.send(f"/sandboxes/{self.sandbox}/progress", key=self.key)["paths"]
        return next(one for path in paths for one in path["exercises"] if one["name"] == name)

    def wait(self, name, is_solution):
        """What is found when the exercise is done, or when a near miss has had the time to count."""
        began = time.monotonic()
        while True:
            found, late = self.state(name), time.monotonic() - began
            is_settled = not is_solution and found.get("near_miss") and late > QUIET_S
            if "done_at" in found or is_settled or late > WAIT_S:
                return found
            time.sleep(0.2)

    def attempt(self, name, label, is_solution, do):
        """The line that says whether the exercise is recognised, or its near miss is not. What was done may return its output."""
        try:
            self.set(exercises="on")
            output = do(self) or ""
        except Exception:
            return f"FAIL  {label}: it could not be done\n{traceback.format_exc()}"
        found = self.wait(name, is_solution)
        evidence, missed = found.get("evidence"), found.get("near_miss")
        if is_solution:
            return f"ok    {label}: {evidence}" if evidence else f"FAIL  {label} is not recognised: {missed}\n{output}"
        if evidence:
            return f"FAIL  {label} counts: {evidence}\n{output}"
        return f"ok    {label}: {missed}" if missed else f"FAIL  {label}: nothing says why\n{output}"


def run(attempts):
    """Makes the attempts, some at the same time, and prints their lines in order."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for line in pool.map(lambda attempt: attempt(), attempts):
            print(line, flush=True)
