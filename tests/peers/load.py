"""Sends a call to a server: once, for its answer, or many times, for its cost."""

import re
import subprocess
import sys
import tempfile
from dataclasses import dataclass

from calls import STYLES
from servers import CORES


@dataclass
class Cost:
    """What a request cost in a run."""

    cpu_us: float
    per_second: float


def answer(server, style, operation):
    call = STYLES[style](operation)
    return ask(server, call.path, call.body, header_flags(call) + ["--http2-prior-knowledge"] * call.is_http2)


def ask(server, path, body=None, flags=()):
    """The body of an answer; any status but 2xx ends the program."""
    data = [] if body is None else ["--data-binary", "@-"]
    command = ["curl", "--silent", "--show-error", "--fail-with-body", *flags, *data, address(server, path)]
    done = subprocess.run(command, input=body, stdout=subprocess.PIPE)
    if done.returncode:
        sys.exit(f"{server.server.title} refuses {path}: {done.stdout.decode(errors='replace')}")
    return done.stdout


def cost(server, style, operation, requests, connections, length=None):
    """Runs h2load. A request that fails, or answers whose bodies do not have this length, end the program: an error of GraphQL or
    gRPC has status 200 too."""
    call = STYLES[style](operation)
    with tempfile.NamedTemporaryFile() as body:
        flags = header_flags(call) + ["--h1"] * (not call.is_http2)
        if call.body is not None:
            body.write(call.body)
            body.flush()
            flags += ["-d", body.name]
        command = ["h2load", "-n", str(requests), "-c", str(connections), *flags, address(server, call.path)]
        before = server.cpu_seconds()
        done = subprocess.run(["taskset", "--cpu-list", str(CORES[-1]), *command], capture_output=True, text=True)
        cpu = server.cpu_seconds() - before
    counts = f"{requests} succeeded, 0 failed, 0 errored", f"status codes: {requests} 2xx"
    bytes_of_bodies = re.search(r"\((\d+)\) data", done.stdout)
    if done.returncode or not all(count in done.stdout for count in counts):
        sys.exit(f"{server.server.title}, {style} {operation}: requests failed\n{done.stdout}{done.stderr}")
    if length is not None and int(bytes_of_bodies[1]) != length * requests:
        sys.exit(f"{server.server.title}, {style} {operation}: {bytes_of_bodies[0]} is not {requests} times {length}")
    return Cost(cpu / requests * 1e6, float(re.search(r"([\d.]+) req/s", done.stdout)[1]))


def header_flags(call):
    return [part for name, value in call.headers.items() for part in ("-H", f"{name}: {value}")]


def address(server, path):
    return f"http://127.0.0.1:{server.port}{path}"
