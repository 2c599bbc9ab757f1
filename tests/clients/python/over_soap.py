"""SOAP, by `zeep`: everything is made from the WSDL. Both versions of the envelope, each by its port."""

import sys
from contextlib import contextmanager

import zeep

import story


class Shop:
    def __init__(self, address, port):
        self.client = zeep.Client(f"{address}/soap?wsdl")
        self.soap = self.client.bind("ShopService", port)

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
        order = self.soap.PlaceOrder(userId=user, lines=self.lines(lines))
        return order.id, order.total.amount

    def all_events(self, after):
        while True:
            page = self.soap.ListEvents(after=after, limit=100)
            yield from page.item
            if page.next == after:
                return
            after = page.next

    @contextmanager
    def news(self):
        # SOAP pushes nothing: the log is asked again from where it ended.
        last = max((event.seq for event in self.all_events(0)), default=0)

        def next_event():
            event = next(self.all_events(last))
            return event.orderId, event.status

        yield next_event

    def refused_order(self, user, product):
        try:
            self.soap.PlaceOrder(userId=user, lines=self.lines([(product, 1)]))
        except zeep.exceptions.Fault as fault:
            # The detail is typed by the contract, so it becomes an object and no XML is read by hand.
            said = self.client.wsdl.types.deserialize(fault.detail[0])
            story.equal(said.kind, "not_found")
            assert "999999" in said.message, said.message
            return said.reason
        raise AssertionError("it was not refused")


if __name__ == "__main__":
    told = story.tell("python/soap 1.1", Shop(sys.argv[1], "ShopSoap11Port"))
    told_too = story.tell("python/soap 1.2", Shop(sys.argv[1], "ShopSoap12Port"))
    told.failed += told_too.failed
    told.end()
