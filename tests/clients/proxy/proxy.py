"""Behind nginx: every address that the shop names leads back through the proxy, and a forged one is not believed."""

import os
import re
import ssl
import sys

import requests
import websockets.sync.client
import zeep
from gql import Client, gql
from gql.transport.websockets import WebsocketsTransport

import story

TLS = ssl.create_default_context(cafile=os.environ["SSL_CERT_FILE"])
# What anybody may send, and nginx replaces.
FORGED = {
    "Forwarded": "proto=http;host=evil.example;for=192.0.2.66",
    "X-Forwarded-Proto": "http",
    "X-Forwarded-Host": "evil.example",
    "X-Forwarded-Prefix": "/evil",
    "X-Forwarded-For": "192.0.2.66",
}


def get(url, **more):
    answer = requests.get(url, timeout=10, **more)
    answer.raise_for_status()
    return answer


def addresses(text):
    """Every absolute address in a text that is one of a server here."""
    return set(re.findall(r"(?:https?|wss?)://(?:127\.0\.0\.1|localhost|evil\.example)[^\s\"'<>;,)]*", text))


def contracts(base):
    """Every contract that the catalog names, and all addresses in them."""
    catalog = get(f"{base}/.well-known/api-catalog").json()
    contracts = {item["href"] for entry in catalog["linkset"] for item in entry["service-desc"]}
    assert len(contracts) >= 6, contracts
    for url in contracts | {f"{base}/", f"{base}/.well-known/api-catalog"}:
        answer = get(url, headers=FORGED)
        found = addresses(answer.text)
        wrong = {address for address in found if not re.sub("^ws", "http", address).startswith(base)}
        story.equal((url, wrong), (url, set()))


def asyncapi(base):
    [server] = get(f"{base}/ws/asyncapi.json").json()["servers"].values()
    story.equal(f"{server['protocol']}://{server['host']}{server['pathname']}", base.replace("https", "wss", 1))


def soap(base):
    client = zeep.Client(f"{base}/sandboxes/alice/soap?wsdl")
    for port in client.wsdl.services["ShopService"].ports.values():
        story.equal(port.binding_options["address"], f"{base}/sandboxes/alice/soap")
    story.equal(client.service.GetUser(id=1).name, "Ada Lovelace")


def pages(base):
    url, names = f"{base}/sandboxes/alice/rest/users?limit=20", []
    while url:
        assert url.startswith(f"{base}/sandboxes/alice/rest/users"), url
        page = get(url, headers=FORGED)
        names += [user["name"] for user in page.json()["items"]]
        url = page.links.get("next", {}).get("url")
    story.equal(len(names), 50)


def location(base):
    order = {"user_id": 1, "lines": [{"product_id": 2, "quantity": 1}]}
    made = requests.post(f"{base}/sandboxes/alice/rest/orders", json=order, headers=FORGED, timeout=10)
    story.equal((made.status_code, made.headers["Location"].rsplit("/", 1)[0]), (201, f"{base}/sandboxes/alice/rest/orders"))
    story.equal(get(made.headers["Location"]).json()["id"], made.json()["id"])


def problem(base):
    refused = requests.get(f"{base}/rest/users/999999", headers=FORGED, timeout=10).json()
    story.equal(refused["type"], f"{base}/problems/user_not_found")
    story.equal(refused["instance"], "/shop/rest/users/999999")
    get(refused["type"])


def issuer(base):
    host, prefix = base.rsplit("/", 1)
    for path, issuer in [("", base), ("/sandboxes/alice", f"{base}/sandboxes/alice")]:
        known = get(f"{base}/.well-known/oauth-authorization-server{path}", headers=FORGED).json()
        story.equal(known["issuer"], issuer)
        story.equal(known["token_endpoint"], f"{issuer}/oauth/token")


def own_page(base):
    parameters = {"response_type": "code", "client_id": "demo-app", "redirect_uri": f"{base}/oauth/done"}
    parameters |= {"code_challenge": "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM", "code_challenge_method": "S256"}
    get(f"{base}/oauth/authorize", params=parameters)
    other = requests.get(f"{base}/oauth/authorize", params=parameters | {"redirect_uri": "http://evil.example/oauth/done"}, headers=FORGED, timeout=10)
    story.equal(other.status_code, 400)


def sockets(base):
    at = base.replace("https", "wss", 1)
    with websockets.sync.client.connect(f"{at}/ws", ssl=TLS, subprotocols=["shop.v1.json"]) as socket:
        socket.send('{"id": 1, "op": "get_user", "params": {"id": 1}}')
        assert "Ada Lovelace" in socket.recv(timeout=10)
    with websockets.sync.client.connect(f"{at}/jsonrpc", ssl=TLS) as socket:
        socket.send('{"jsonrpc": "2.0", "id": 1, "method": "get_user", "params": [1]}')
        assert "Ada Lovelace" in socket.recv(timeout=10)
    shop = Client(transport=WebsocketsTransport(f"{at}/graphql", ssl=TLS))
    story.equal(shop.execute(gql("{ user(id: 1) { name } }")), {"user": {"name": "Ada Lovelace"}})


def own_origin(base):
    """A locked sandbox takes sockets from pages of its own origin, which is the proxy's."""
    at = base.replace("https", "wss", 1) + "/sandboxes/locked"
    changed = requests.patch(f"{base}/sandboxes/locked", json={"access": "locked"}, timeout=10)
    story.equal(changed.status_code, 200)
    origin = base.rsplit("/", 1)[0]
    with websockets.sync.client.connect(f"{at}/ws", ssl=TLS, origin=origin):
        pass
    try:
        with websockets.sync.client.connect(f"{at}/ws", ssl=TLS, origin="https://evil.example"):
            pass
    except websockets.exceptions.InvalidStatus as refused:
        return story.equal(refused.response.status_code, 403)
    raise AssertionError("a page of another origin was let in")


def client_address(direct, log):
    """The audit names the client that the proxy names: here it is the test that stands in for the proxy."""
    get(f"{direct}/rest/products/7", headers={"X-Forwarded-For": "192.0.2.66, 198.51.100.7"})
    lines = [line for line in open(log) if "198.51.100.7" in line]
    assert len(lines) == 1 and not any("192.0.2.66" in line for line in open(log)), lines


def injected(direct):
    """What is no host and no path does not come back."""
    for name, value in [("X-Forwarded-Host", 'evil"><script>'), ("X-Forwarded-Prefix", "//evil.example"), ("Forwarded", 'host="a/b"')]:
        for path in ["/", "/soap?wsdl", "/rest/openapi.json", "/rest/users/0"]:
            answer = requests.get(f"{direct}{path}", headers={name: value}, timeout=10)
            received = answer.text + str(answer.headers)
            assert "evil" not in received and "a/b" not in addresses(received), (name, path)


if __name__ == "__main__":
    base, direct, log = sys.argv[1:]
    checks = story.Checks("proxy")
    checks.check("every address in the contracts is the proxy's", lambda: contracts(base))
    checks.check("AsyncAPI names wss", lambda: asyncapi(base))
    checks.check("zeep reads the WSDL over https, and calls", lambda: soap(base))
    checks.check("Link leads through all pages", lambda: pages(base))
    checks.check("Location leads to the new order", lambda: location(base))
    checks.check("a problem's type can be read", lambda: problem(base))
    checks.check("OAuth's issuer is the proxy's address", lambda: issuer(base))
    checks.check("OAuth's own page is the proxy's, and no forged one", lambda: own_page(base))
    checks.check("/ws, /jsonrpc and /graphql are upgraded", lambda: sockets(base))
    checks.check("the own origin is the proxy's", lambda: own_origin(base))
    checks.check("the client's address is the one that the proxy names", lambda: client_address(direct, log))
    checks.check("no hostile value comes back", lambda: injected(direct))
    checks.end()
