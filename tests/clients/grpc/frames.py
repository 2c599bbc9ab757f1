"""One connection of HTTP/2 on which a test says every frame, and keeps what comes on each stream, in order."""

import gzip
import socket
import struct
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import h2.config
import h2.connection
import h2.events
import h2.settings

GET_USER = "/parlance.shop.v1.ShopService/GetUser"
WATCH = "/parlance.shop.v1.ShopService/WatchEvents"
USER_1 = b"\x08\x01"
GRPC = (("content-type", "application/grpc"), ("te", "trailers"))


def framed(message, flags=0):
    """A message with what stands before it."""
    return struct.pack(">BI", flags, len(message)) + message


def messages(body):
    """The messages in a body, each with its flags."""
    found = []
    while body:
        flags, length = struct.unpack(">BI", body[:5])
        assert len(body) >= 5 + length, f"the body ends within a message: {body!r}"
        found.append((flags, body[5 : 5 + length]))
        body = body[5 + length :]
    return found


@dataclass
class Answer:
    """What came on a stream: each block of header fields, the body, and in which order."""

    blocks: list = field(default_factory=list)
    body: bytes = b""
    order: list = field(default_factory=list)
    reset: int | None = None
    has_ended: bool = False

    @property
    def head(self):
        return self.blocks[0]

    @property
    def trailers(self):
        return self.blocks[-1]

    @property
    def status(self):
        """grpc-status, as a number; None if the answer is not one of gRPC."""
        return int(self.trailers["grpc-status"]) if "grpc-status" in self.trailers else None

    @property
    def is_trailers_only(self):
        return self.order == ["headers"] and self.has_ended


class Connection:
    def __init__(self, address, sandbox, **settings):
        parts = urlsplit(address)
        self.authority, self.sandbox, self.streams = parts.netloc, sandbox, {}
        self.socket = socket.create_connection((parts.hostname, parts.port))
        self.socket.settimeout(5)
        # What the tests send is wrong on purpose.
        config = h2.config.H2Configuration(
            header_encoding="utf-8", validate_outbound_headers=False, normalize_outbound_headers=False
        )
        self.h2 = h2.connection.H2Connection(config)
        self.h2.initiate_connection()
        if settings:
            self.h2.update_settings({h2.settings.SettingCodes[name.upper()]: value for name, value in settings.items()})
        self.flush()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def flush(self):
        self.socket.sendall(self.h2.data_to_send())

    def begin(self, path, fields=GRPC, method="POST", is_end=False):
        stream = self.h2.get_next_available_stream_id()
        pseudo = [(":method", method), (":scheme", "http"), (":path", path), (":authority", self.authority)]
        self.streams[stream] = Answer()
        self.h2.send_headers(stream, [*pseudo, ("x-sandbox", self.sandbox), *fields], end_stream=is_end)
        self.flush()
        return stream

    def send(self, stream, data, is_end=True, **options):
        """Sends data; more than a frame holds, as several. All must fit into the window."""
        size = self.h2.max_outbound_frame_size
        while len(data) > size:
            self.h2.send_data(stream, data[:size])
            data = data[size:]
        self.h2.send_data(stream, data, end_stream=is_end, **options)
        self.flush()

    def pump(self):
        """Reads once."""
        data = self.socket.recv(65_536)
        assert data, "the connection ended"
        for event in self.h2.receive_data(data):
            answer = self.streams.get(getattr(event, "stream_id", None))
            match event:
                case h2.events.ResponseReceived() | h2.events.TrailersReceived():
                    answer.blocks.append(dict(event.headers))
                    answer.order.append("headers")
                case h2.events.DataReceived():
                    answer.body += event.data
                    answer.order.append("data")
                    if event.flow_controlled_length:
                        self.h2.acknowledge_received_data(event.flow_controlled_length, event.stream_id)
                case h2.events.StreamEnded():
                    answer.has_ended = True
                case h2.events.StreamReset():
                    answer.reset, answer.has_ended = event.error_code, True
                case h2.events.ConnectionTerminated():
                    raise AssertionError(f"GOAWAY {event.error_code} {event.additional_data}")
        self.flush()

    def read(self, stream, until=lambda answer: answer.has_ended):
        while not until(self.streams[stream]):
            self.pump()
        return self.streams[stream]

    def call(self, path=GET_USER, body=framed(USER_1), fields=GRPC, extra=()):
        stream = self.begin(path, [*fields, *extra])
        self.send(stream, body)
        return self.read(stream)


def packed(message):
    return gzip.compress(message)
