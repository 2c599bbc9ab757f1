"""OAuth 2.0, by `Authlib`: a service and an app get tokens, and every style takes them."""

import os
import sys
from urllib.parse import parse_qs, urljoin, urlsplit

import requests
from authlib.integrations.base_client import OAuthError
from authlib.integrations.requests_client import OAuth2Session
from authlib.oauth2.rfc8414 import AuthorizationServerMetadata, get_well_known_url
from lxml import html

import access
import story
from styles import STYLES

# Authlib requires TLS, which is not needed on one machine.
os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"
REDIRECT = "http://127.0.0.1:3000/callback"
VERIFIER = "a-verifier-is-43-to-128-unreserved-characters"


class Server:
    """What is known of it is in its metadata."""

    def __init__(self, issuer):
        self.issuer = issuer
        described = requests.get(get_well_known_url(issuer, external=True), timeout=10)
        self.metadata = AuthorizationServerMetadata(described.json())
        self.token_endpoint = self.metadata["token_endpoint"]

    def is_described(self):
        self.metadata.validate()
        # RFC 8414 section 3.3: the issuer must be the server that was called.
        story.equal(self.metadata["issuer"], self.issuer)
        story.equal(self.metadata["code_challenge_methods_supported"], ["S256"])

    def token_of_service(self, secret="demo-service-secret", method="client_secret_basic"):
        service = OAuth2Session("demo-service", secret, token_endpoint_auth_method=method)
        return service.fetch_token(self.token_endpoint, grant_type="client_credentials")["access_token"]

    def app(self, redirect=REDIRECT):
        return OAuth2Session(
            "demo-app", redirect_uri=redirect, code_challenge_method="S256", token_endpoint_auth_method="none"
        )

    def ask(self, app, **more):
        """What the browser of the app's user is shown, or where it is sent."""
        endpoint = self.metadata["authorization_endpoint"]
        # Authlib compares the state that comes back with this one.
        url, app.state = app.create_authorization_url(endpoint, code_verifier=VERIFIER, **more)
        return requests.get(url, allow_redirects=False, timeout=10)

    def consent(self, app, decision="allow", password=access.PASSWORD):
        """Where the user is sent who fills in the page."""
        page = self.ask(app)
        story.equal(page.status_code, 200)
        [form] = html.fromstring(page.text).forms
        form.fields["email"], form.fields["password"] = access.EMAIL, password
        filled = form.form_values() + [("decision", decision)]
        return requests.post(urljoin(page.url, form.action), data=filled, allow_redirects=False, timeout=10)

    def exchange(self, app, sent_to, verifier=VERIFIER):
        token = app.fetch_token(self.token_endpoint, authorization_response=sent_to, code_verifier=verifier)
        return token["access_token"]

    def token_of_user(self):
        app = self.app()
        return self.exchange(app, self.consent(app).headers["Location"])


def refused(ask, error):
    try:
        token = ask()
    except OAuthError as problem:
        return story.equal(problem.error, error)
    raise AssertionError(f"it was not refused: {token}")


def redirected(location):
    return {name: value for name, [value] in parse_qs(urlsplit(location).query).items()}


def consents(server):
    app = server.app()
    answer = server.consent(app)
    location = answer.headers["Location"]
    story.equal((answer.status_code, location.split("?")[0]), (303, REDIRECT))
    # RFC 9207: the app knows that it is this server who answers.
    story.equal((redirected(location)["iss"], redirected(location)["state"]), (server.issuer, app.state))
    assert server.exchange(app, location)
    refused(lambda: server.exchange(app, location), "invalid_grant")


def proves_nothing(server):
    """A stolen code without its verifier gives nothing, and afterwards its owner can't use it either."""
    app = server.app()
    location = server.consent(app).headers["Location"]
    refused(lambda: server.exchange(app, location, VERIFIER + "x"), "invalid_grant")
    refused(lambda: server.exchange(app, location), "invalid_grant")


def says_no(server):
    denied = redirected(server.consent(server.app(), "deny").headers["Location"])
    story.equal((denied["error"], denied["iss"], "code" in denied), ("access_denied", server.issuer, False))
    wrong = server.consent(server.app(), password="wrong")
    story.equal((wrong.status_code, "Location" in wrong.headers), (403, False))
    assert html.fromstring(wrong.text).xpath("//*[@role='alert']")


def is_sent_nowhere(server):
    for redirect in ["http://attacker.example/", f"{REDIRECT}/", f"{REDIRECT}?x=1", "http://localhost:3001/callback"]:
        answer = server.ask(server.app(redirect))
        story.equal((redirect, answer.status_code, "Location" in answer.headers), (redirect, 400, False))


def lives_on_any_port(server):
    for redirect in ["http://127.0.0.1:53219/callback", "http://[::1]:53219/callback", f"{server.issuer}/oauth/done"]:
        answer = redirected(server.consent(server.app(redirect)).headers["Location"])
        exchange = {"grant_type": "authorization_code", "code_verifier": VERIFIER, "client_id": "demo-app", "code": answer["code"]}
        answer = requests.post(server.token_endpoint, data=exchange | {"redirect_uri": redirect}, timeout=10)
        story.equal((redirect, answer.status_code), (redirect, 200))
    # RFC 6749 section 4.1.3: the token endpoint wants the very same address again.
    answer = redirected(server.consent(server.app("http://127.0.0.1:53219/callback")).headers["Location"])
    exchange |= {"code": answer["code"], "redirect_uri": "http://127.0.0.1:53220/callback"}
    story.equal(requests.post(server.token_endpoint, data=exchange, timeout=10).json()["error"], "invalid_grant")


def is_asked_wrongly(server):
    """The app gets all other errors by a redirect."""
    for more, error in [({"response_type": "token"}, "unsupported_response_type"), ({"scope": "all"}, "invalid_scope")]:
        app = server.app()
        answer = redirected(server.ask(app, **more).headers["Location"])
        story.equal((answer["error"], answer["state"], answer["iss"]), (error, app.state, server.issuer))


if __name__ == "__main__":
    address = sys.argv[1]
    server, checks = Server(address), story.Checks("python/oauth")
    who = lambda shop, token: shop(address, access.Credentials(token=token)).who()
    is_service = lambda shop, token: story.equal(who(shop, token), (2, "staff", "token"))
    is_user = lambda shop, token: story.equal(who(shop, token), (1, "customer", "token"))
    checks.check("is described by its metadata", server.is_described)
    checks.check("a user consents, and the code is good once", lambda: consents(server))
    checks.check("a code without its verifier is good for nothing", lambda: proves_nothing(server))
    checks.check("a denial or a wrong password gives no code", lambda: says_no(server))
    checks.check("an unregistered address gets no redirect", lambda: is_sent_nowhere(server))
    checks.check("a loopback address may have any port, and the server's own page any address", lambda: lives_on_any_port(server))
    checks.check("the app gets its errors by a redirect", lambda: is_asked_wrongly(server))
    checks.check("a wrong secret is refused", lambda: refused(lambda: server.token_of_service("wrong"), "invalid_client"))
    by_body = lambda: server.token_of_service(method="client_secret_post")
    checks.check("the service may say its secret in the body", lambda: is_service(STYLES["rest"], by_body()))
    for name, shop in STYLES.items():
        checks.check(f"{name} takes the service's token", lambda: is_service(shop, server.token_of_service()))
        checks.check(f"{name} takes the user's token", lambda: is_user(shop, server.token_of_user()))
    checks.end()
