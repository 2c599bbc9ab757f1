"""Ordinary mistakes in programs with the clients' default settings: what the programmer sees names what was sent, where, what is
expected, and what to do. A client's own check may say it before anything is sent."""

import sys
import xmlrpc.client

import jsonrpcclient
import requests
import zeep
from gql import Client, gql
from gql.transport.requests import RequestsHTTPTransport

import story

WRONG_KEY = {"X-API-Key": "parlance_u0000001_wrong"}
LINE = {"product_id": 1, "quantity": 1}
CREDENTIALS = ["API key", "X-API-Key", "Authorization: Basic"]
RATE = ["limit of 1 operation per minute", "try again in"]


def soap(address, headers=None):
    session = requests.Session()
    session.headers.update(headers or {})
    return zeep.Client(f"{address}/soap?wsdl", transport=zeep.Transport(session=session))


def lines(**line):
    return {"line": [line]}


def soap_at(address, path):
    client = soap(address)
    return client.create_service(next(iter(client.wsdl.bindings)), address + path)


def graphql(address, document, path="/graphql", headers=None, **variables):
    client = Client(transport=RequestsHTTPTransport(address + path, headers=headers))
    return client.execute(gql(document), variable_values=variables)


def xml(address, path="/xmlrpc", headers=()):
    return xmlrpc.client.ServerProxy(address + path, headers=headers)


def json_rpc(address, method, params, headers=None):
    response = requests.post(f"{address}/jsonrpc", json=jsonrpcclient.request(method, params=params), headers=headers, timeout=10)
    parsed = jsonrpcclient.parse(response.json())
    if isinstance(parsed, jsonrpcclient.Error):
        raise RuntimeError(parsed)
    return parsed


def rest(address, method, path, **options):
    response = requests.request(method, address + path, timeout=10, **options)
    response.raise_for_status()
    return response.json()


PLACE = "mutation { placeOrder(input: {%s}) { order { id } } }"
GRAPHQL_LINE = "{productId: 1, quantity: 1}"

# For each client: the mistake, the call, given an address and one whose rate limit is used up, and what the text contains.
MISTAKES = {
    "zeep": [
        ("a member with a typo", lambda a, _: soap(a).service.PlaceOrder(userID=1, lines=lines(productId=1, quantity=1)), ["'userID'", "PlaceOrder", "userId:", "lines:"]),
        ("an operation with a typo", lambda a, _: soap(a).service.GetUsr(id=1), ["no operation 'GetUsr'"]),
        ("a wrong type", lambda a, _: soap(a).service.GetUser(id="abc"), ['id must be an integer, got "abc"']),
        ("a missing member", lambda a, _: soap(a).service.PlaceOrder(userId=1), ["lines", "PlaceOrder.lines"]),
        ("too many", lambda a, _: soap(a).service.PlaceOrder(userId=1, lines=lines(productId=1, quantity=100)), ["lines/0/quantity must be 1 to 99, got 100"]),
        ("an id of nothing", lambda a, _: soap(a).service.GetUser(id=999), ["no user 999", "ListUsers"]),
        ("a wrong API key", lambda a, _: soap(a, WRONG_KEY).service.GetUser(id=1), CREDENTIALS),
        ("over the rate limit", lambda _, limited: soap(limited).service.GetUser(id=1), RATE),
        ("an address with a typo", lambda a, _: soap_at(a, "/soup").GetUser(id=1), ["404", "nothing at /soup", "did you mean /soap?"]),
    ],
    "gql": [
        ("a member with a typo", lambda a, _: graphql(a, PLACE % f"user_id: 1, lines: [{GRAPHQL_LINE}]"), ["user_id is not", "PlaceOrder, which has userId, lines", "did you mean userId?"]),
        ("a field with a typo", lambda a, _: graphql(a, "{ user(id: 1) { nam } }"), ["`nam`", "type `User`", "did you mean name?"]),
        ("an operation with a typo", lambda a, _: graphql(a, "{ usr(id: 1) { name } }"), ["`usr`", "type `Query`", "did you mean user?"]),
        ("a wrong type", lambda a, _: graphql(a, "query ($n: Int) { users(first: $n) { nodes { id } } }", n="many"), ['first must be an integer, got "many"']),
        ("a missing member", lambda a, _: graphql(a, PLACE % "userId: 1"), ["lines is required", "a list"]),
        ("an id of nothing", lambda a, _: graphql(a, "{ order(id: 999999) { id } }"), ["no order 999999", "orders"]),
        ("a wrong API key", lambda a, _: graphql(a, "{ me { userId } }", headers=WRONG_KEY), CREDENTIALS),
        ("over the rate limit", lambda _, limited: graphql(limited, "{ me { userId } }"), RATE),
        # It shows the address and the status of such a response, but not its content.
        ("an address with a typo", lambda a, _: graphql(a, "{ me { userId } }", path="/graphq"), ["404", "/graphq"]),
    ],
    "xmlrpc": [
        ("a member with a typo", lambda a, _: xml(a).place_order({"userId": 1, "lines": [LINE]}), ["userId is not", "PlaceOrder, which has user_id, lines", "did you mean user_id?"]),
        ("a method with a typo", lambda a, _: xml(a).get_usr(1), ['"get_usr"', "did you mean get_user?", "system.listMethods"]),
        ("a wrong type", lambda a, _: xml(a).get_user({"id": "abc"}), ['id must be an integer, got "abc"']),
        ("a missing member", lambda a, _: xml(a).place_order({"user_id": 1}), ["lines is required", "a list"]),
        ("an id of nothing", lambda a, _: xml(a).get_user(999), ["no user 999", "list_users"]),
        ("a wrong API key", lambda a, _: xml(a, headers=list(WRONG_KEY.items())).get_user(1), CREDENTIALS),
        ("over the rate limit", lambda _, limited: xml(limited).get_user(1), RATE),
        # It shows the address and the status of such a response, but not its content.
        ("an address with a typo", lambda a, _: xml(a, "/xmlrcp").get_user(1), ["404", "/xmlrcp"]),
    ],
    "jsonrpcclient": [
        ("a member with a typo", lambda a, _: json_rpc(a, "place_order", {"userId": 1, "lines": [LINE]}), ["userId is not", "PlaceOrder, which has user_id, lines", "did you mean user_id?"]),
        ("a method with a typo", lambda a, _: json_rpc(a, "get_usr", {"id": 1}), ['"get_usr"', "did you mean get_user?", "rpc.discover"]),
        ("a wrong type", lambda a, _: json_rpc(a, "get_user", {"id": "abc"}), ['id must be an integer, got "abc"']),
        ("a missing member", lambda a, _: json_rpc(a, "place_order", {"user_id": 1}), ["lines is required", "a list"]),
        ("too many by position", lambda a, _: json_rpc(a, "get_user", (1, 2)), ["at most these by position: id; got 2 values"]),
        ("an id of nothing", lambda a, _: json_rpc(a, "get_user", {"id": 999}), ["no user 999", "list_users"]),
        ("a wrong API key", lambda a, _: json_rpc(a, "get_user", {"id": 1}, WRONG_KEY), CREDENTIALS),
        ("over the rate limit", lambda _, limited: json_rpc(limited, "get_user", {"id": 1}), RATE),
    ],
    "requests": [
        ("a member with a typo", lambda a, _: rest(a, "POST", "/rest/orders", json={"userId": 1, "lines": [LINE]}), ["userId is not", "PlaceOrder, which has user_id, lines", "did you mean user_id?"]),
        ("a query parameter with a typo", lambda a, _: rest(a, "GET", "/rest/products", params={"limt": 5}), ["limt is not", "which has", "did you mean limit?"]),
        ("an address with a typo", lambda a, _: rest(a, "GET", "/rest/user/1"), ["/rest/user/1", "did you mean /rest/users/1?", "/rest/openapi.json"]),
        ("an address with a typo in front", lambda a, _: rest(a, "GET", "/rst/users/1"), ["/rst/users/1", "did you mean /rest/users/1?"]),
        ("a wrong type", lambda a, _: rest(a, "GET", "/rest/products", params={"limit": "many"}), ["limit must be an integer", "many"]),
        ("a missing member", lambda a, _: rest(a, "POST", "/rest/orders", json={"user_id": 1}), ["lines is required", "a list"]),
        ("data in place of json", lambda a, _: rest(a, "POST", "/rest/orders", data={"user_id": 1}), ["x-www-form-urlencoded", "must be application/json"]),
        ("a wrong method", lambda a, _: rest(a, "DELETE", "/rest/orders/1"), ["DELETE is not allowed at /rest/orders/1", "allowed: GET"]),
        ("a wrong API key", lambda a, _: rest(a, "GET", "/rest/users/1", headers=WRONG_KEY), CREDENTIALS),
        ("over the rate limit", lambda _, limited: rest(limited, "GET", "/rest/users/1"), RATE),
    ],
}


def seen(call):
    """What the programmer sees: the exception, and the content of a response that it carries."""
    try:
        answer = call()
    except requests.HTTPError as error:
        return f"{error}\n{error.response.text}"
    except Exception as error:  # Every client has exceptions of its own.
        return str(error)
    raise AssertionError(f"the mistake was answered with {answer!r}")


def names(call, parts):
    text = seen(call)
    missing = [part for part in parts if part not in text and part not in text.replace('\\"', '"')]
    assert not missing, f"{missing} not in: {text}"


if __name__ == "__main__":
    address, checks = sys.argv[1], story.Checks("python/mistakes")
    limited = f"{address}-limited"
    requests.patch(limited, json={"rate_per_minute": 1}, timeout=10).raise_for_status()
    requests.get(f"{limited}/rest/me", timeout=10)
    for client, mistakes in MISTAKES.items():
        for what, call, parts in mistakes:
            checks.check(f"{client}, {what}", lambda: names(lambda: call(address, limited), parts))
    checks.end()
