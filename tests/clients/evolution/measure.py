"""Which old client stands which change of the contract? Each calls for a product, by the contract as it is and by each change of
it, in a process of its own; what it printed, or the error that ended it, is its outcome. The outcomes are held against those that are
recorded, or recorded anew.

Usage: measure.py SHOP RECORD [--update], in the folder of the clients, where `run` has put what it made of the contracts."""

import json
import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import answers
from changes import CHANGES, UNCHANGED
from front import Front

NAME = "Laptop Aurora 14"
DESCRIPTION = "A light 14-inch laptop of 1.2 kg with a matte screen, 16 GB of memory and a battery for a whole day."
# Characters of an error that are its first words, and enough to tell what it says.
ERROR_CHARS_MAX = 120
# Seconds that a client may take: one of Java starts slowly on a busy machine.
CLIENT_S = 60

JAXWS = "/usr/share/jaxws/lib/*"
# Without the name it searches for one, and warns.
SAAJ = "-Djavax.xml.soap.SAAJMetaFactory=com.sun.xml.messaging.saaj.soap.SAAJMetaFactoryImpl"


def python(script, *words):
    return lambda address: [sys.executable, f"python/{script}.py", address, *words]


def node(script):
    return lambda address: ["node", f"node/{script}.js", address]


def php(script):
    # As on a server: what it warns of is no part of what it prints.
    return lambda address: ["php", "-d", "display_errors=stderr", f"php/{script}.php", address]


def java(name):
    return lambda address: ["java", SAAJ, "-cp", f"java:{JAXWS}", name, address]


# The style, the client, its command, and what it prints if all is well.
BOTH = [NAME, DESCRIPTION]
CLIENTS = [
    ("rest", "requests (Python)", python("rest_requests"), BOTH),
    ("rest", "fetch (JavaScript)", node("rest-fetch"), BOTH),
    ("rest", "openapi-fetch with ajv (JavaScript)", node("rest-ajv"), BOTH),
    ("rest", "openapi-python-client (Python)", python("rest_generated"), BOTH),
    ("rest", "pydantic by datamodel-code-generator (Python)", python("rest_pydantic"), BOTH),
    ("soap", "zeep (Python)", python("soap_zeep"), BOTH),
    ("soap", "zeep with strict=False (Python)", python("soap_zeep", "tolerant"), BOTH),
    ("soap", "soap (Node)", node("soap"), BOTH),
    ("soap", "SoapClient (PHP)", php("soap"), BOTH),
    ("soap", "JAX-WS (Java)", java("Old"), BOTH),
    ("jsonrpc", "requests (Python)", python("jsonrpc_requests"), BOTH),
    ("jsonrpc", "jayson (Node)", node("jsonrpc-jayson"), BOTH),
    ("jsonrpc", "requests with jsonschema by OpenRPC (Python)", python("jsonrpc_requests", "strict"), BOTH),
    ("xmlrpc", "xmlrpc.client (Python)", python("xmlrpc_client"), BOTH),
    ("xmlrpc", "xmlrpc (Node)", node("xmlrpc"), BOTH),
    ("websocket", "websockets (Python)", python("websocket_websockets"), BOTH),
    ("websocket", "ws (Node)", node("websocket-ws"), BOTH),
    ("graphql", "gql, asks for name and description (Python)", python("graphql_gql", "name", "description"), BOTH),
    ("graphql", "gql, asks for the name alone (Python)", python("graphql_gql", "name"), [NAME]),
]


def outcome(command, expected):
    """`works`, `wrong` with what stands where the product's texts should, or `breaks` with the error's first words."""
    ended = subprocess.run(command, capture_output=True, text=True, timeout=CLIENT_S)
    if ended.returncode != 0:
        return f"breaks: {first_words(ended.stderr)}"
    printed = ended.stdout.removesuffix("\n").split("\n")
    if printed == expected:
        return "works"
    strange = [text for text in printed if text not in expected]
    return f"wrong: prints {first_words(' '.join(strange)) or 'nothing'}"


def first_words(text):
    """Without what is of this run alone: where an object was, and at which port the shop was."""
    text = re.sub(r" at 0x[0-9a-f]+|//127\.0\.0\.1:\d+/sandboxes/\w+", "", " ".join(text.split()))
    if len(text) <= ERROR_CHARS_MAX:
        return text
    return text[:ERROR_CHARS_MAX].rsplit(" ", 1)[0] + " ..."


def measured(front):
    """What each client made of each change, and of the contract as it is."""

    def ask(style, command, expected, change):
        base = front.websocket if style == "websocket" else front.http
        return outcome(command(f"{base}/sandboxes/{change}"), expected)

    changes = [UNCHANGED, *CHANGES]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        running = [
            (style, client, [pool.submit(ask, style, command, expected, change) for change in changes])
            for style, client, command, expected in CLIENTS
        ]
        return [
            {"style": style, "client": client, "outcomes": dict(zip(changes, [one.result() for one in outcomes]))}
            for style, client, outcomes in running
        ]


def report(what, is_good, problem=""):
    print(f"ok    evolution/{what}" if is_good else f"FAIL  evolution/{what}: {problem}", flush=True)
    return is_good


def named(client):
    return f"{client['style']}: {client['client']}"


def works_unchanged(clients):
    """Else what a client makes of a change would say nothing. The outcome is taken out, as it is not recorded."""
    before = [(named(client), client["outcomes"].pop(UNCHANGED)) for client in clients]
    return [report(f"{name}: works by its own contract", outcome == "works", outcome) for name, outcome in before]


def write(record, clients):
    with open(record, "w") as file:
        file.write(json.dumps({"changes": CHANGES, "clients": clients}, ensure_ascii=False, indent=2) + "\n")


def as_recorded(record, clients):
    with open(record) as file:
        recorded = {named(client): client["outcomes"] for client in json.load(file)["clients"]}
    good = []
    for client in clients:
        found, expected = client["outcomes"], recorded.pop(named(client), None)
        good.append(report(f"{named(client)}: as recorded", found == expected, f"{found} is not {expected}"))
    return [*good, report("no other client is recorded", not recorded, list(recorded))]


def main(shop, record, update=None):
    front = Front(shop)
    good = answers.check(report, front)
    clients = measured(front)
    good += works_unchanged(clients)
    if update and all(good):
        write(record, clients)
    good += as_recorded(record, clients)
    sys.exit(0 if all(good) else 1)


if __name__ == "__main__":
    main(*sys.argv[1:])
