"""The measured calls in each style, and what their answers say."""

import json
import xmlrpc.client
from dataclasses import dataclass, field
from xml.etree import ElementTree

READS = ["get_user", "get_order_details", "list_users"]
PLACE = "place_order"

# The order that is placed: three lines.
LINES = [{"product_id": 1, "quantity": 1}, {"product_id": 2, "quantity": 1}, {"product_id": 3, "quantity": 2}]
INPUTS = {
    "get_user": {"id": 1},
    "get_order_details": {"id": 1},
    "list_users": {"limit": 20},
    "place_order": {"user_id": 1, "lines": LINES},
}


@dataclass
class Call:
    """An HTTP request: GET, or POST if it has a body."""

    path: str
    body: bytes | None = None
    headers: dict = field(default_factory=dict)
    is_http2: bool = False


def rest(operation):
    paths = {
        "get_user": "/rest/users/1",
        "get_order_details": "/rest/orders/1?include=user,products",
        "list_users": "/rest/users?limit=20",
        "place_order": "/rest/orders",
    }
    if operation != PLACE:
        return Call(paths[operation])
    return Call(paths[operation], as_json(INPUTS[operation]), {"content-type": "application/json"})


def rest_http2(operation):
    call = rest(operation)
    call.is_http2 = True
    return call


def jsonrpc(operation):
    request = {"jsonrpc": "2.0", "id": 1, "method": operation, "params": INPUTS[operation]}
    return Call("/jsonrpc", as_json(request), {"content-type": "application/json"})


def xmlrpc_call(operation):
    body = xmlrpc.client.dumps((INPUTS[operation],), operation).encode()
    return Call("/xmlrpc", body, {"content-type": "text/xml"})


def soap(operation):
    name = "".join(word.capitalize() for word in operation.split("_"))
    line = "<line><productId>{product_id}</productId><quantity>{quantity}</quantity></line>"
    inputs = {
        "get_user": "<id>1</id>",
        "get_order_details": "<id>1</id>",
        "list_users": "<limit>20</limit>",
        "place_order": f"<userId>1</userId><lines>{''.join(line.format(**values) for values in LINES)}</lines>",
    }
    body = (
        '<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body>'
        f'<{name} xmlns="urn:parlance:shop:v1">{inputs[operation]}</{name}></soap:Body></soap:Envelope>'
    )
    headers = {"content-type": "text/xml; charset=utf-8", "soapaction": f'"urn:parlance:shop:v1/{name}"'}
    return Call("/soap", body.encode(), headers)


USER = "id name email role createdAt version"
MONEY = "{ amount currency }"
LINE = f"productId quantity unitPrice {MONEY} lineTotal {MONEY}"
PRODUCT = f"product {{ id name description price {MONEY} stock version }}"


def order_fields(line):
    return f"id userId status lines {{ {line} }} total {MONEY} placedAt updatedAt version"


def graphql(operation):
    documents = {
        "get_user": f"query GetUser($id: ID!) {{ user(id: $id) {{ {USER} }} }}",
        "get_order_details": "query GetOrderDetails($id: ID!) { order(id: $id) { "
        f"{order_fields(f'{LINE} {PRODUCT}')} user {{ {USER} }} }} }}",
        "list_users": f"query ListUsers($first: Int!) {{ users(first: $first) {{ nodes {{ {USER} }} }} }}",
        "place_order": "mutation PlaceOrder($input: PlaceOrderInput!) { placeOrder(input: $input) { order { "
        f"{order_fields(LINE)} }} }} }}",
    }
    lines = [{"productId": str(line["product_id"]), "quantity": line["quantity"]} for line in LINES]
    variables = {
        "get_user": {"id": "1"},
        "get_order_details": {"id": "1"},
        "list_users": {"first": 20},
        "place_order": {"input": {"userId": "1", "lines": lines}},
    }
    body = as_json({"query": documents[operation], "variables": variables[operation]})
    return Call("/graphql", body, {"content-type": "application/json", "accept": "application/json"})


def grpc(operation):
    name = "".join(word.capitalize() for word in operation.split("_"))
    lines = [varint(1, line["product_id"]) + varint(2, line["quantity"]) for line in LINES]
    messages = {
        "get_user": varint(1, 1),
        "get_order_details": varint(1, 1),
        "list_users": varint(2, 20),
        "place_order": varint(1, 1) + b"".join(bytes([2 << 3 | 2, len(line)]) + line for line in lines),
    }
    message = messages[operation]
    headers = {"content-type": "application/grpc", "te": "trailers"}
    body = b"\0" + len(message).to_bytes(4, "big") + message
    return Call(f"/parlance.shop.v1.ShopService/{name}", body, headers, is_http2=True)


def as_json(value):
    return json.dumps(value, separators=(",", ":")).encode()


def varint(number, value):
    """A field of a protobuf message; its value is below 128."""
    return bytes([number << 3, value])


STYLES = {
    "REST": rest,
    "REST, HTTP/2": rest_http2,
    "JSON-RPC": jsonrpc,
    "SOAP": soap,
    "XML-RPC": xmlrpc_call,
    "GraphQL": graphql,
    "gRPC": grpc,
}


def values(style, operation, body):
    """What an answer says, so that two answers can be compared. A cursor belongs to the server that made it, and the time of
    a new order to the moment: of these only the presence counts."""
    free = {"next", "placed_at", "updated_at"} if operation == PLACE else {"next"}
    if style == "gRPC":
        return grpc_values(operation, body)
    if style == "SOAP":
        [answer] = next(part for part in ElementTree.fromstring(body) if part.tag.endswith("Body"))
        return presence(tree(answer), free)
    if style == "XML-RPC":
        [[answer], _] = xmlrpc.client.loads(body)
        return presence(answer, free)
    answer = json.loads(body)
    member = {"JSON-RPC": "result", "GraphQL": "data"}.get(style)
    return presence(answer[member] if member else answer, free)


def presence(value, free):
    """The value, with True for each member whose name is in `free`."""
    if isinstance(value, list):
        return [presence(item, free) for item in value]
    if isinstance(value, dict):
        return {name: name in free or presence(inner, free) for name, inner in value.items()}
    return value


def tree(element):
    """An element as its local name with its text or its children."""
    return {element.tag.rpartition("}")[2]: [tree(child) for child in element] or (element.text or "").strip()}


def grpc_values(operation, body):
    """The bytes of the message; of a page, the items' and whether there is a cursor, which is field 2."""
    message = body[5:]
    if operation != "list_users":
        return message
    [(_, page)] = fields(message)
    return [(number, number == 2 or value) for number, value in fields(page)]


def fields(message):
    """The fields of a message that has no numbers: each has a key, a length and bytes."""
    at = 0
    while at < len(message):
        number, (length, start) = message[at] >> 3, read_varint(message, at + 1)
        at = start + length
        yield number, message[start:at]


def read_varint(message, at):
    value = shift = 0
    while True:
        byte = message[at]
        value |= (byte & 127) << shift
        at, shift = at + 1, shift + 7
        if byte < 128:
            return value, at
