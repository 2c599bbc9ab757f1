"""The calls that every client makes, and what each must be answered."""

from dataclasses import dataclass, field

ENVELOPE = '<s:Envelope xmlns:s="{}"><s:Body>{}</s:Body></s:Envelope>'
SOAP11 = "http://schemas.xmlsoap.org/soap/envelope/"
SOAP12 = "http://www.w3.org/2003/05/soap-envelope"
GET_USER = '<GetUser xmlns="urn:parlance:shop:v1"><id>1</id></GetUser>'
JSON = {"Content-Type": "application/json"}
RPC = '{"jsonrpc":"2.0","id":"one","method":"get_user","params":{"id":1}}'
ORDER = '{"user_id":1,"lines":[{"product_id":1,"quantity":2}]}'
# Just over the limit of a body, 1 MiB, so that a client without `Expect` sends it whole before it reads the answer.
TOO_LARGE = '{"jsonrpc":"2.0","id":1,"method":"who_am_i"' + " " * 1_500_000 + "}"


@dataclass
class Call:
    name: str
    method: str
    path: str
    status: int
    holds: str
    body: str = ""
    headers: dict = field(default_factory=dict)
    # How often at most: a password takes the server 20 ms.
    times: int = 1_000_000

    def row(self):
        """As the clients read it: fields between tabs, headers between bars."""
        headers = " | ".join(f"{name}: {value}" for name, value in self.headers.items())
        return "\t".join([self.name, self.method, self.path, str(self.times), headers, self.body])


# One or more calls of each style over HTTP.
STYLES = [
    Call("rest-get", "GET", "/rest/users/1", 200, '"name":"Ada Lovelace"'),
    Call("rest-search", "GET", "/rest/products?query=laptop&limit=2", 200, '"items":['),
    Call("rest-missing", "GET", "/rest/users/999999", 404, "user_not_found"),
    # The same key each time, so that there is one order, whose answer is replayed.
    Call("rest-order", "POST", "/rest/orders", 201, '"status":"placed"', ORDER, {**JSON, "Idempotency-Key": "http"}),
    Call("rest-put", "PUT", "/rest/users/2/cart/3", 200, '"quantity":2', '{"quantity":2}', JSON),
    Call(
        "rest-login",
        "POST",
        "/rest/login",
        200,
        '"token":"',
        '{"email":"ada@example.com","password":"parlance"}',
        JSON,
        times=5,
    ),
    Call(
        "soap-1.1",
        "POST",
        "/soap",
        200,
        "<name>Ada Lovelace</name>",
        ENVELOPE.format(SOAP11, GET_USER),
        {"Content-Type": "text/xml; charset=utf-8", "SOAPAction": '"urn:parlance:shop:v1/GetUser"'},
    ),
    Call(
        "soap-1.2",
        "POST",
        "/soap",
        200,
        "<name>Ada Lovelace</name>",
        ENVELOPE.format(SOAP12, GET_USER),
        {"Content-Type": 'application/soap+xml; charset=utf-8; action="urn:parlance:shop:v1/GetUser"'},
    ),
    Call("jsonrpc", "POST", "/jsonrpc", 200, '"id":"one"', RPC, JSON),
    Call(
        "xmlrpc",
        "POST",
        "/xmlrpc",
        200,
        "Ada Lovelace",
        "<methodCall><methodName>get_user</methodName>"
        "<params><param><value><int>1</int></value></param></params></methodCall>",
        {"Content-Type": "text/xml"},
    ),
    Call("graphql-post", "POST", "/graphql", 200, '"name":"Ada Lovelace"', '{"query":"{user(id:1){name}}"}', JSON),
    Call("graphql-get", "GET", "/graphql?query=%7Buser(id:1)%7Bname%7D%7D", 200, '"name":"Ada Lovelace"'),
]

# A body that is refused while it comes, and addresses that have moved. What a client does there is its own habit.
EDGES = [
    Call("too-large", "POST", "/jsonrpc", 413, "too_large", TOO_LARGE, JSON),
    Call("slash-get", "GET", "/rest/users/1/", 308, "/rest/users/1"),
    Call("slash-post", "POST", "/jsonrpc/", 308, "/jsonrpc", RPC, JSON),
]
# What a client that follows is answered where the address has moved to.
MOVED = {"slash-get": (200, '"name":"Ada Lovelace"'), "slash-post": (200, '"id":"one"')}

# With a body, packed by gzip.
PACKED = [call for call in STYLES if call.body]
