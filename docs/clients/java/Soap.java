// SOAP with JAX-WS: wsimport makes a Java interface of the WSDL, and each operation is a method.
//
// Before: wsimport -extension -p shop 'http://127.0.0.1:8080/soap?wsdl'     (-extension: SOAP 1.2, which is in the WSDL too)
// Usage:  java -cp '.:/usr/share/jaxws/lib/*' Soap.java [ADDRESS]           (Debian: jaxws)

import java.net.URL;
import java.util.List;
import shop.*;

public class Soap {
    public static void main(String[] arguments) throws Exception {
        var address = arguments.length > 0 ? arguments[0] : "http://127.0.0.1:8080";
        var shop = new ShopService(new URL(address + "/soap?wsdl")).getShopSoap11Port();

        // A user.
        var user = shop.getUser(1);
        System.out.println("user " + user.getId() + ": " + user.getName() + " <" + user.getEmail() + ">");

        // A search: query, ids, limit, after. This is a page of up to 20 products; the next one is at `page.getNext()`.
        var page = shop.searchProducts("laptop", null, null, null);
        System.out.println("found " + page.getItem().size() + " products, first " + page.getItem().get(0).getName());

        // An order. A list is an element of its own in XML: `lines` holds each `line`.
        var order = shop.placeOrder(1, lines(line(1, 2), line(2, 3)));
        var total = order.getTotal();
        System.out.printf("order %d: %d lines, %d.%02d %s%n", order.getId(), order.getLines().getLine().size(),
                total.getAmount() / 100, total.getAmount() % 100, total.getCurrency());

        // An error: an exception. The fault's detail is in the contract too, so it is an object.
        try {
            shop.placeOrder(1, lines(line(10, 1)));
        } catch (ShopFaultMessage fault) {
            var problem = fault.getFaultInfo();
            System.out.println("refused: " + problem.getReason() + ": " + problem.getMessage());
        }

        // Events: after, limit, waitSeconds. SOAP can't push: the client asks, and the answer waits until there is news.
        var events = shop.listEvents(0, 100, 20); // From the beginning of the log.
        while (events.getItem().stream().noneMatch(event -> event.getOrderId() == order.getId())) {
            events = shop.listEvents(events.getNext(), 100, 20);
        }
        var event = events.getItem().stream().filter(one -> one.getOrderId() == order.getId()).findFirst().get();
        System.out.println("event " + event.getSeq() + ": order " + event.getOrderId() + " is " + event.getStatus().value());
    }

    static LineInputs lines(LineInput... lines) {
        var made = new LineInputs();
        made.getLine().addAll(List.of(lines));
        return made;
    }

    static LineInput line(int product, int quantity) {
        var line = new LineInput();
        line.setProductId(product);
        line.setQuantity(quantity);
        return line;
    }
}
