"""Is what the front answers what the changed contract says? Else it would be the front that breaks the clients. The answer's product
is looked at, without any client of its style: its members, and their order."""

import json
from urllib.request import Request, urlopen

from changes import SHOP
from lxml import etree
from websockets.sync.client import connect

MEMBERS = {
    "added": ["id", "name", "description", "price", "stock", "version", "rating"],
    "renamed": ["id", "name", "details", "price", "stock", "version"],
    "removed": ["id", "name", "price", "stock", "version"],
}
ENVELOPE = b"""<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>
<GetProduct xmlns="urn:parlance:shop:v1"><id>1</id></GetProduct></s:Body></s:Envelope>"""
METHOD_CALL = b"""<methodCall><methodName>get_product</methodName>
<params><param><value><int>1</int></value></param></params></methodCall>"""
CALL = b'{"jsonrpc": "2.0", "id": 1, "method": "get_product", "params": [1]}'
MESSAGE = '{"id": 1, "op": "get_product", "params": {"id": 1}}'
# A member that only GraphQL has, by which it shows what is deprecated.
DEPRECATED = "priceCents"


def fetch(front, change, path, body=None, kind="application/json"):
    request = Request(f"{front.http}/sandboxes/{change}{path}", body, {"Content-Type": kind})
    with urlopen(request, timeout=10) as answer:
        return answer.read()


def rest(front, change):
    return list(json.loads(fetch(front, change, "/rest/products/1")))


def soap(front, change):
    [product] = etree.fromstring(fetch(front, change, "/soap", ENVELOPE, "text/xml")).iter(SHOP + "product")
    # All of them are in the shop's namespace.
    return [member.tag.removeprefix(SHOP) for member in product]


def jsonrpc(front, change):
    return list(json.loads(fetch(front, change, "/jsonrpc", CALL))["result"])


def xmlrpc(front, change):
    response = etree.fromstring(fetch(front, change, "/xmlrpc", METHOD_CALL, "text/xml"))
    return [member.findtext("name") for member in response.find("params/param/value/struct")]


def websocket(front, change):
    with connect(f"{front.websocket}/sandboxes/{change}/ws", subprotocols=["shop.v1.json"]) as socket:
        socket.send(MESSAGE)
        return list(json.loads(socket.recv(timeout=10))["ok"])


def graphql(front, change):
    """In GraphQL the schema is changed; the response has the members of the query."""
    return [member for member in front.schemas[change].type_map["Product"].fields if member != DEPRECATED]


STYLES = [rest, soap, jsonrpc, xmlrpc, websocket, graphql]


def check(report, front):
    """Checks for each style and each change that the members are those of the changed contract."""
    return [
        report(f"{style.__name__}: {change}, and answered so", found == members, f"the members are {found}")
        for style in STYLES
        for change, members in MEMBERS.items()
        for found in [style(front, change)]
    ]
