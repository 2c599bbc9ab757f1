"""Security: who calls, what they may do, and how often."""

import os
import secrets
import time
from urllib.parse import urljoin

import grpc
import requests
from authlib.integrations.requests_client import OAuth2Session
from authlib.oauth2.rfc8414 import get_well_known_url
from google.rpc.error_details_pb2 import RetryInfo
from grpc_status import rpc_status
from lxml import html
from requests.adapters import HTTPAdapter
from urllib3.util.retry import Retry
from zeep.wsse.username import UsernameToken

from clients import EMAIL, PASSWORD, refused

# Authlib requires TLS, which is not needed on one machine.
os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"
BACK = "http://127.0.0.1:3000/callback"


def locked_out(shop):
    shop.set(access="locked")
    for call in (lambda: shop.soap.GetUser(id=1), lambda: shop.xmlrpc.get_user(1), lambda: shop.grpc("GetUser", id=1)):
        with refused():
            call()


def wrong_credentials(shop):
    with refused():
        shop.soap_of(wsse=UsernameToken(EMAIL, "wrong")).SearchProducts()


def wrong_credentials__stub(shop):
    with refused():
        shop.grpc("GetProduct", id=1, metadata={"x_api_key": "wrong"})


def wrong_credentials__graphql(shop):
    products = {"query": "{ products { nodes { name } } }"}
    requests.post(f"{shop.url}/graphql", json=products, auth=(EMAIL, "wrong"), timeout=10)


def log_in(shop):
    token = shop.xmlrpc.log_in(EMAIL, PASSWORD)["token"]
    shop.grpc("WhoAmI", metadata={"authorization": f"Bearer {token}"})


def log_in__socket(shop):
    with shop.socket() as socket:
        socket.call("log_in", email=EMAIL, password=PASSWORD)
        socket.call("who_am_i")


def not_allowed(shop):
    with refused():
        shop.soap_of(wsse=UsernameToken(EMAIL, PASSWORD)).UpdateProduct(id=1, stock=5)


def three_credentials(shop):
    shop.soap_of(wsse=UsernameToken(EMAIL, PASSWORD)).WhoAmI()
    shop.grpc("WhoAmI", metadata={"x_api_key": shop.key})
    token = shop.jsonrpc("log_in", email=EMAIL, password=PASSWORD)["token"]
    shop.jsonrpc("who_am_i", {"Authorization": f"Bearer {token}"})


def oauth_code(shop):
    server = requests.get(get_well_known_url(shop.url, external=True), timeout=10).json()
    app = OAuth2Session("demo-app", redirect_uri=BACK, code_challenge_method="S256", token_endpoint_auth_method="none")
    verifier = secrets.token_urlsafe(48)
    url, _ = app.create_authorization_url(server["authorization_endpoint"], code_verifier=verifier)
    # What a browser does with the page.
    [form] = html.fromstring(requests.get(url, timeout=10).text).forms
    form.fields["email"], form.fields["password"] = EMAIL, PASSWORD
    filled = form.form_values() + [("decision", "allow")]
    sent = requests.post(urljoin(url, form.action), data=filled, allow_redirects=False, timeout=10)
    app.fetch_token(server["token_endpoint"], authorization_response=sent.headers["Location"], code_verifier=verifier)
    app.get(f"{shop.url}/rest/me").raise_for_status()


def rate_limit(shop):
    shop.set(rate_per_minute=20)
    for _ in range(30):
        try:
            shop.grpc("GetProduct", id=1)
        except grpc.RpcError as error:
            [retry] = [one for one in rpc_status.from_call(error).details if one.Is(RetryInfo.DESCRIPTOR)]
    info = RetryInfo.FromString(retry.value)
    time.sleep(info.retry_delay.ToTimedelta().total_seconds())
    shop.grpc("GetProduct", id=1)


def rate_limit__adapter(shop):
    shop.set(rate_per_minute=20)
    # It waits as long as Retry-After says.
    shop.session.mount("http://", HTTPAdapter(max_retries=Retry(total=3, status_forcelist=[429], allowed_methods=None)))
    for _ in range(21):
        shop.rest("products/1").raise_for_status()
