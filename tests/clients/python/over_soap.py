"""SOAP, by `zeep`: everything is made from the WSDL. Both versions of the envelope, each by its port."""

import sys
from contextlib import contextmanager

import requests
import zeep
from zeep.wsse.username import UsernameToken

import access
import story

# Whose fault it is: the client's, but where only time helps. In SOAP 1.1, then in 1.2.
SERVERS = {"rate_limited"}
CODES = {"ShopSoap11Port": ("Client", "Server"), "ShopSoap12Port": ("Sender", "Receiver")}


class Shop:
    def __init__(self, address, credentials=access.ANONYMOUS, port="ShopSoap11Port", wsse=None):
        http = requests.Session()
        http.headers.update(credentials.headers())
        http.auth = credentials.password
        http.hooks["response"] = lambda response, *_, **__: setattr(self, "response_headers", response.headers)
        self.client = zeep.Client(f"{address}/soap?wsdl", wsse=wsse, transport=zeep.Transport(session=http))
        self.soap, self.codes = self.client.bind("ShopService", port), CODES[port]

    def call(self, operation, **input):
        try:
            return self.soap[operation](**input)
        except zeep.exceptions.Fault as fault:
            # The detail is typed by the contract, so it becomes an object and no XML is read by hand.
            details = self.client.wsdl.types.deserialize(fault.detail[0])
            story.equal(fault.code.split(":")[-1], self.codes[details.kind in SERVERS])
            story.equal(fault.message, details.message)
            raise story.Refused(details.kind, details.reason) from fault

    def who(self):
        caller = self.call("WhoAmI")
        return caller.userId, caller.role, caller.proof

    def users(self):
        return self.call("ListUsers")

    def log_in(self, email, password):
        return self.call("LogIn", email=email, password=password).token

    def order_once(self, user, lines, key):
        # zeep calls a block as the contract's message calls its part.
        block = {"idempotencyKey": key}
        order = self.call("PlaceOrder", userId=user, lines=self.lines(lines), _soapheaders=block)
        return order.id, self.response_headers.get("Idempotency-Replayed") == "true"

    def user(self, id):
        user = self.soap.GetUser(id=id)
        return user.id, user.name, user.email

    def search(self, text):
        return [product.name for product in self.soap.SearchProducts(query=text).item]

    def price_and_stock(self, id):
        product = self.soap.GetProduct(id=id)
        return product.price.amount, product.stock

    def lines(self, lines):
        return {"line": [{"productId": product, "quantity": quantity} for product, quantity in lines]}

    def place_order(self, user, lines):
        order = self.call("PlaceOrder", userId=user, lines=self.lines(lines))
        return order.id, order.total.amount

    def all_events(self, after):
        while True:
            page = self.soap.ListEvents(after=after, limit=100)
            yield from page.item
            if page.next == after:
                return
            after = page.next

    @contextmanager
    def events(self):
        # SOAP pushes nothing: the log is read again from where it ended.
        last = max((event.seq for event in self.all_events(0)), default=0)

        def next_event():
            event = next(self.all_events(last))
            return event.orderId, event.status

        yield next_event


def by_envelope(address, port):
    """WS-Security: the envelope itself says who it is from."""
    says = lambda *token, **form: Shop(address, port=port, wsse=UsernameToken(*token, **form)).who()
    story.equal(says(access.EMAIL, access.PASSWORD), (1, "customer", "password"))
    for token, form in [((access.EMAIL, "wrong"), {}), ((access.EMAIL, access.PASSWORD), {"use_digest": True})]:
        story.refused(lambda: says(*token, **form), "unauthenticated", "credentials_wrong")


if __name__ == "__main__":
    address, failed = sys.argv[1], 0
    for name, port in [("soap 1.1", "ShopSoap11Port"), ("soap 1.2", "ShopSoap12Port")]:
        # An idempotency key is good for the sandbox and the caller, so each version has a sandbox of its own.
        own = f"{address}-{name[-1]}"
        checks = story.run(f"python/{name}", Shop(own, port=port))
        checks.check("is user 1, by its envelope", lambda: by_envelope(own, port))
        access.run(checks, name, own)
        failed += checks.failed
    sys.exit(1 if failed else 0)
