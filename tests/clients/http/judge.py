"""Runs one client against the server, through a relay that counts its connections, and checks each answer.

Usage: judge.py ADDRESS CLIENT, or judge.py --list
"""

import asyncio
import re
import sys
import tempfile
from collections import defaultdict
from dataclasses import dataclass
from urllib.parse import urlsplit

from calls import EDGES, MOVED, PACKED, STYLES

BOTH = {"slash-get", "slash-post"}


@dataclass
class Client:
    command: list
    # Bytes that it sends by default, and for which it is here.
    habit: bytes
    rounds: int = 20
    # How many connections it keeps and uses again; 0: it opens one for each request.
    keeps: int = 1
    # Which redirects it follows by itself.
    follows: frozenset = frozenset()
    packs: bool = False
    # It asks with `Expect: 100-continue` whether it may send a large body.
    asks: bool = False


# RFC 9113 section 3.4.
PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
JAVA = ["java", "-cp", "classes:wiremock.jar", "Clients"]
PYTHON = [sys.executable, "clients.py"]
COMMAND = [sys.executable, "commands.py"]
CLIENTS = {
    "java/HttpClient": Client([*JAVA, "HttpClient"], b"Upgrade: h2c\r\n", rounds=200),
    "java/HttpURLConnection": Client([*JAVA, "HttpURLConnection"], b"Accept: text/html, image/gif"),
    "java/Apache": Client([*JAVA, "Apache"], b"User-Agent: Apache-HttpClient/5.5", follows=BOTH, packs=True),
    "java/Apache 5.4": Client([*JAVA, "Apache 5.4"], b"Upgrade: TLS/1.2\r\n", follows=BOTH),
    "curl": Client([*COMMAND, "curl"], b"User-Agent: curl/", packs=True, asks=True),
    "curl --http2": Client([*COMMAND, "curl", "--http2"], b"HTTP2-Settings: ", packs=True, asks=True),
    "curl -L": Client([*COMMAND, "curl", "-L"], b"User-Agent: curl/", follows=BOTH),
    "curl --http2-prior-knowledge": Client(
        [*COMMAND, "curl", "--http2-prior-knowledge"], PREFACE, rounds=2, keeps=0
    ),
    "wget": Client([*COMMAND, "wget"], b"Accept-Encoding: identity", rounds=3, keeps=0, follows=BOTH),
    "httpie": Client([*COMMAND, "http"], b"User-Agent: HTTPie/", rounds=1, keeps=0),
    "node/http": Client(["node", "clients.js", "http"], b"Connection: keep-alive", packs=True),
    "node/fetch": Client(["node", "clients.js", "fetch"], b"sec-fetch-mode: cors", keeps=2, follows=BOTH),
    "node/undici": Client(["node", "clients.js", "undici"], b"connection: keep-alive", keeps=2),
    "node/http2": Client(["node", "clients.js", "http2"], PREFACE),
    "node/undici h2c": Client(["node", "clients.js", "undici h2c"], PREFACE),
    "node/axios": Client(["node", "clients.js", "axios"], b"User-Agent: axios/", follows=BOTH, packs=True),
    "node/got": Client(["node", "clients.js", "got"], b"user-agent: got ", follows=BOTH),
    "python/requests": Client([*PYTHON, "requests"], b"User-Agent: python-requests/", follows=BOTH, packs=True),
    "python/httpx": Client([*PYTHON, "httpx"], b"User-Agent: python-httpx/", packs=True),
    "python/httpx http2": Client([*PYTHON, "httpx http2"], PREFACE),
    "python/aiohttp": Client([*PYTHON, "aiohttp"], b"User-Agent: Python/", follows=BOTH, packs=True),
    "python/urllib": Client([*PYTHON, "urllib"], b"Connection: close", keeps=0, follows={"slash-get"}),
    "python/http.client": Client([*PYTHON, "http.client"], b"Accept-Encoding: identity", packs=True),
    "go/net-http": Client(["./client"], b"User-Agent: Go-http-client/1.1", follows=BOTH, packs=True),
    "php/curl": Client(["php", "clients.php", "curl"], b"Accept: */*", packs=True, asks=True),
    "php/streams": Client(["php", "clients.php", "streams"], b"Connection: close", keeps=0, follows=BOTH),
    "ruby/net-http": Client(["ruby", "client.rb"], b"Accept-Encoding: gzip;q=1.0,deflate;q=0.6,identity;q=0.3"),
    "perl/LWP": Client(["perl", "clients.pl", "LWP"], b"TE: deflate,gzip;q=0.3", keeps=0, follows={"slash-get"}),
    "perl/HTTP-Tiny": Client(["perl", "clients.pl", "HTTP::Tiny"], b"User-Agent: HTTP-Tiny/", follows={"slash-get"}),
}


class Relay:
    """Passes bytes on, both ways, and keeps what a client sent."""

    def __init__(self, host, port):
        self.target, self.connections, self.sent = (host, port), 0, bytearray()

    async def take(self, reader, writer):
        self.connections += 1
        onward, back = await asyncio.open_connection(*self.target)
        await asyncio.gather(self.copy(reader, back, self.sent), self.copy(onward, writer, bytearray()))

    @staticmethod
    async def copy(source, target, kept):
        try:
            while data := await source.read(65_536):
                kept += data
                target.write(data)
                await target.drain()
        except ConnectionError:
            pass
        target.close()


async def ask(name, address, calls, rounds, *options):
    """Lets the client make the calls; gives the relay, and the answers to each call, as (status, text)."""
    parts = urlsplit(address)
    relay = Relay(parts.hostname, parts.port)
    listener = await asyncio.start_server(relay.take, "127.0.0.1", 0)
    port = listener.sockets[0].getsockname()[1]
    sandbox = re.sub("[^a-z0-9]+", "-", name.lower())
    with tempfile.NamedTemporaryFile("w", suffix=".tsv") as file:
        file.write("".join(call.row() + "\n" for call in calls))
        file.flush()
        arguments = [f"http://127.0.0.1:{port}/sandboxes/{sandbox}", file.name, str(rounds), *options]
        process = await asyncio.create_subprocess_exec(
            *CLIENTS[name].command, *arguments, stdout=asyncio.subprocess.PIPE
        )
        output, _ = await process.communicate()
    listener.close()
    answers = defaultdict(list)
    for line in output.decode(errors="replace").splitlines():
        call, status, text = line.split("\t", 2)
        answers[call].append((int(status), text))
    return relay, answers


failed = False


def check(what, holds, why=""):
    global failed
    failed |= not holds
    print(f"ok    http {what}" if holds else f"FAIL  http {what} {why}", flush=True)


def check_answers(what, calls, rounds, answers, follows=frozenset()):
    """Each call was answered as often as it was made, and each time as it must be."""
    for call in calls:
        status, holds = MOVED[call.name] if call.name in follows else (call.status, call.holds)
        wrong = [answer for answer in answers[call.name] if answer[0] != status or holds not in answer[1]]
        good, due = len(answers[call.name]) - len(wrong), min(rounds, call.times)
        first = f"for example {wrong[0][0]} {wrong[0][1][:200]!r}" if wrong else ""
        check(f"{what}: {call.name}, {good} of {due}", good == due and not wrong, first)


async def judge(address, name):
    client = CLIENTS[name]
    relay, answers = await ask(name, address, STYLES, client.rounds)
    check_answers(name, STYLES, client.rounds, answers)
    made = sum(min(client.rounds, call.times) for call in STYLES)
    check(f"{name}: {made} requests over {relay.connections} connections", relay.connections == (client.keeps or made))
    check(f"{name}: it has the habit {client.habit.decode().strip()!r}", client.habit in relay.sent)
    relay, answers = await ask(name, address, EDGES, 2)
    check_answers(name, EDGES, 2, answers, client.follows)
    if client.asks:
        expecting = relay.sent.count(b"Expect: 100-continue")
        check(
            f"{name}: it asks whether it may send what is too large, and need not",
            expecting == 2 and len(relay.sent) < 10_000,
        )
    if client.packs:
        relay, answers = await ask(name, address, PACKED, 5, "packed")
        check_answers(f"{name} packed", PACKED, 5, answers)
        packed = relay.sent.lower().count(b"content-encoding: gzip")
        check(f"{name}: every body was packed", packed == 5 * len(PACKED), f"{packed} were")
    sys.exit(failed)


if sys.argv[1] == "--list":
    print("\n".join(CLIENTS))
else:
    asyncio.run(judge(*sys.argv[1:]))
