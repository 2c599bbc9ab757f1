"""The servers that are measured: how each is started, and its CPU time."""

import os
import shutil
import socket
import subprocess
import sys
import time
from dataclasses import dataclass

START_SECONDS_MAX = 20
# The server has the first core, and what sends the requests the last.
CORES = sorted(os.sched_getaffinity(0))


@dataclass
class Server:
    """A server, and the styles that it speaks. `needs` names what must be there to run it."""

    name: str
    title: str
    needs: str
    styles: list
    arguments: list
    reads: bool = True
    places_orders: bool = False
    # It gets so many times fewer requests.
    slowness: int = 1


PARLANCE = Server(
    "parlance", "Parlance", "parlance",
    ["REST", "REST, HTTP/2", "JSON-RPC", "SOAP", "XML-RPC", "GraphQL", "gRPC"],
    ["{parlance}", "serve", "--data", "{data}", "--listen", "127.0.0.1:{port}"], places_orders=True,
)  # fmt: skip


def rust(name, title, style, **more):
    return Server(name, title, "cargo", [style], ["{folder}/release/peers", name, "{data}", "{port}"], **more)


def node(name, title, style, *contract, **more):
    command = ["node", "{folder}/node/" + name + ".js", "{data}", "{port}", *contract]
    return Server(name, title, "node", [style], command, **more)


def python(name, title, style, **more):
    command = ["{folder}/venv/bin/python", "{peers}/python/" + f"by_{name}.py", "{data}", "{port}"]
    return Server(name, title, "python3", [style], command, slowness=5, **more)


def c(name, title, style):
    return Server(name, title, "gcc", [style], ["{folder}/c/" + name, "{data}", "{port}"])


PEERS = [
    rust("actix", "actix-web", "REST", places_orders=True),
    rust("axum", "axum", "REST", places_orders=True),
    rust("axum-grouped", "axum, group commit", "REST", reads=False, places_orders=True),
    node("fastify", "Fastify", "REST", places_orders=True),
    node("express", "Express", "REST", places_orders=True),
    python("flask", "Flask, Waitress", "REST", places_orders=True),
    rust("jsonrpsee", "jsonrpsee", "JSON-RPC"),
    rust("jsonrpsee-actix", "jsonrpsee's methods, actix-web", "JSON-RPC"),
    node("jayson", "jayson", "JSON-RPC"),
    c("gsoap", "gSOAP (C)", "SOAP"),
    node("soap", "soap (Node)", "SOAP", "{folder}/shop.wsdl"),
    c("abyss", "xmlrpc-c, Abyss (C)", "XML-RPC"),
    python("xmlrpc", "xmlrpc.server (Python)", "XML-RPC"),
    rust("juniper", "juniper, actix-web", "GraphQL"),
    node("mercurius", "Mercurius with JIT", "GraphQL", "{top}/crates/graphql/schema.graphql"),
    rust("tonic", "tonic", "gRPC"),
]


class Running:
    """A server that runs on one core, with its own copy of the file `seeded`, or with a new file."""

    def __init__(self, server, seeded, folder):
        self.server = server
        self.data = os.path.join(folder, f"{server.name}-{time.monotonic_ns()}.db")
        if seeded:
            shutil.copyfile(seeded, self.data)
        self.port = free_port()
        peers = os.path.dirname(os.path.abspath(__file__))
        places = {
            "parlance": os.environ["PARLANCE"], "folder": os.environ["BUILT"], "peers": peers,
            "top": os.path.dirname(os.path.dirname(peers)), "data": self.data, "port": self.port,
        }  # fmt: skip
        command = [part.format(**places) for part in server.arguments]
        environment = os.environ | {"NODE_ENV": "production"}
        self.log = os.path.join(folder, f"{server.name}.log")
        with open(self.log, "w") as log:
            pinned = ["taskset", "--cpu-list", str(CORES[0]), *command]
            self.process = subprocess.Popen(pinned, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=environment)
        self.wait_until_it_listens()

    def wait_until_it_listens(self):
        end = time.monotonic() + START_SECONDS_MAX
        while True:
            try:
                return socket.create_connection(("127.0.0.1", self.port)).close()
            except ConnectionRefusedError:
                if self.process.poll() is not None or time.monotonic() > end:
                    sys.exit(f"{self.server.title} does not start\n{open(self.log).read()}")
                time.sleep(0.02)

    def cpu_seconds(self):
        """The CPU time of the process, user and system, of all its threads: its clock, as `clock_getcpuclockid` names it. It
        counts nanoseconds, and /proc/PID/stat only hundredths of a second. None of the servers has children."""
        return time.clock_gettime((~self.process.pid << 3) | 2)

    def end(self):
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def end_and_delete(self):
        self.end()
        for ending in ("", "-wal", "-shm", ".lock"):
            if os.path.exists(self.data + ending):
                os.remove(self.data + ending)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
