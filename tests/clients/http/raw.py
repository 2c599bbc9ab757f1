"""A connection on which a test says every byte, and reads one answer after the other."""

import json
import socket
from dataclasses import dataclass
from urllib.parse import urlsplit

# Seconds: longer than an answer takes, shorter than .NET waits for `100 Continue` until it sends its body (0.35 or 1).
TIMEOUT = 0.3


@dataclass
class Answer:
    status: int
    headers: dict
    body: bytes

    def __getitem__(self, name):
        """A header's value; empty if there is none."""
        return self.headers.get(name, "")

    @property
    def text(self):
        return self.body.decode()

    def json(self):
        return json.loads(self.body)


class Connection:
    def __init__(self, address, timeout=3):
        parts = urlsplit(address)
        self.host, self.base = parts.netloc, parts.path
        self.socket = socket.create_connection((parts.hostname, parts.port))
        self.socket.settimeout(timeout)
        self.file = self.socket.makefile("rb")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.file.close()
        self.socket.close()

    def send(self, data):
        self.socket.sendall(data.encode() if isinstance(data, str) else data)

    def head(self, method, path, *fields, version="1.1"):
        """The bytes of a head; the path is one of the sandbox."""
        lines = [f"{method} {self.base}{path} HTTP/{version}", f"Host: {self.host}", *fields]
        return "".join(line + "\r\n" for line in lines).encode() + b"\r\n"

    def read(self, method="POST"):
        """One answer, an interim one also."""
        line = self.file.readline()
        assert line, "the connection ended where an answer was due"
        status, headers = int(line.split()[1]), {}
        while line := self.file.readline().decode().strip():
            name, _, value = line.partition(":")
            headers[name.lower()] = value.strip()
        return Answer(status, headers, b"" if method == "HEAD" or status < 200 else self.read_body(headers))

    def read_body(self, headers):
        if headers.get("transfer-encoding") != "chunked":
            return self.file.read(int(headers.get("content-length", 0)))
        body = b""
        while size := int(self.file.readline(), 16):
            body += self.file.read(size)
            self.file.readline()
        self.file.readline()
        return body

    def ask(self, method, path, *fields, body=b"", version="1.1"):
        """Sends a request in one piece, and reads the answer to it."""
        body = body.encode() if isinstance(body, str) else body
        length = [f"Content-Length: {len(body)}"] if body else []
        self.send(self.head(method, path, *fields, *length, version=version) + body)
        return self.read(method)

    def call(self, call, *more):
        """Makes one of the calls that every client makes."""
        return self.ask(call.method, call.path, *headers_of(call), *more, body=call.body)

    def is_open(self):
        """Whether the server would read another request."""
        try:
            return self.ask("GET", "/rest/users/1").status == 200
        except (AssertionError, OSError):
            return False


def headers_of(call):
    """The lines of a call's headers."""
    return [f"{name}: {value}" for name, value in call.headers.items()]


def check_call(call, answer):
    """An answer to one of the calls is what every client must be answered."""
    assert (answer.status, call.holds in answer.text) == (call.status, True), f"{call.name}: {answer}"
