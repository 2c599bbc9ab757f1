"""Makes the calls by one of Python's clients, with its default settings.

Usage: clients.py CLIENT ADDRESS CALLS ROUNDS [packed]
"""

import asyncio
import gzip
import http.client
import sys
import urllib.error
import urllib.request
from urllib.parse import urlsplit

import aiohttp
import httpx
import requests

client, address, calls, rounds, *options = sys.argv[1:]
is_packed = options == ["packed"]


def rows():
    """Each call, as often as it is made: its name, method, path, headers and body."""
    with open(calls) as file:
        read = [line.rstrip("\n").split("\t") for line in file]
    for made in range(int(rounds)):
        for name, method, path, times, headers, body in read:
            if made < int(times):
                fields = dict(header.split(": ", 1) for header in headers.split(" | ") if header)
                yield name, method, path, fields, body.encode() or None


def say(name, status, text):
    print(name, status, " ".join(text.split()), sep="\t")


def make(send):
    """Makes every call by a function that gives the status and the text."""
    for name, method, path, headers, body in rows():
        if is_packed and body:
            headers, body = {**headers, "Content-Encoding": "gzip"}, gzip.compress(body)
        try:
            say(name, *send(method, path, headers, body))
        except Exception as problem:  # What a client throws is its answer.
            say(name, 0, repr(problem))


def by_requests():
    session = requests.Session()

    def send(method, path, headers, body):
        response = session.request(method, address + path, headers=headers, data=body)
        return response.status_code, response.text

    make(send)


def by_httpx():
    shared = httpx.Client(http1=client == "httpx", http2=client == "httpx http2")

    def send(method, path, headers, body):
        response = shared.request(method, address + path, headers=headers, content=body)
        return response.status_code, response.text

    make(send)


def by_urllib():
    def send(method, path, headers, body):
        request = urllib.request.Request(address + path, body, headers, method=method)
        try:
            response = urllib.request.urlopen(request)
        except urllib.error.HTTPError as refusal:
            response = refusal
        return response.status, response.read().decode()

    make(send)


def by_http_client():
    parts = urlsplit(address)
    connection = http.client.HTTPConnection(parts.hostname, parts.port)

    def send(method, path, headers, body):
        connection.request(method, parts.path + path, body, headers)
        response = connection.getresponse()
        return response.status, response.read().decode()

    make(send)


async def by_aiohttp():
    async with aiohttp.ClientSession() as session:
        for name, method, path, headers, body in rows():
            compress = "gzip" if is_packed and body else None
            try:
                async with session.request(
                    method, address + path, headers=headers, data=body, compress=compress
                ) as answer:
                    say(name, answer.status, await answer.text())
            except Exception as problem:  # As above.
                say(name, 0, repr(problem))


if client == "aiohttp":
    asyncio.run(by_aiohttp())
else:
    {"requests": by_requests, "httpx": by_httpx, "httpx http2": by_httpx, "urllib": by_urllib, "http.client": by_http_client}[client]()
