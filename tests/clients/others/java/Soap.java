// SOAP, by JAX-WS: wsimport makes a Java interface of the WSDL, whose methods are the operations, wrapped: their
// parameters are the members of the message, and what they return is the thing itself.

import com.sun.xml.ws.api.message.Headers;
import com.sun.xml.ws.developer.WSBindingProvider;
import java.net.URL;
import java.util.List;
import java.util.concurrent.Callable;
import javax.xml.namespace.QName;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Element;
import shop.*;

public class Soap {
    static final String SHOP = "urn:parlance:shop:v1";
    static final String WSSE = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd";

    public static void main(String[] arguments) throws Exception {
        var service = new ShopService(new URL(arguments[0] + "/soap?wsdl"));
        checkShop("1.1", service.getShopSoap11Port(), service.getShopSoap11Port());
        checkShop("1.2", service.getShopSoap12Port(), service.getShopSoap12Port());
        // Open connections have threads of their own, so the program must exit explicitly.
        System.exit(failed ? 1 : 0);
    }

    /** The checks. Of the two clients, one sends header blocks. */
    static void checkShop(String version, Shop shop, Shop withBlocks) {
        var who = "java/jaxws " + version + ": ";

        check(who + "has wrapped methods, also where a header block is declared", () -> {
            equal(User.class, Shop.class.getMethod("getUser", int.class).getReturnType());
            equal(Order.class, Shop.class.getMethod("placeOrder", int.class, LineInputs.class).getReturnType());
            equal(Order.class, Shop.class.getMethod("checkOut", int.class).getReturnType());
        });

        check(who + "lists users", () -> {
            var users = shop.listUsers(null, 2, null).getItem();
            equal(List.of(1, 2), users.stream().map(User::getId).toList());
        });

        check(who + "gets user 1", () -> {
            var user = shop.getUser(1);
            equal(List.of(1, "Ada Lovelace", "ada@example.com"),
                    List.of(user.getId(), user.getName(), user.getEmail()));
        });

        check(who + "creates a user", () -> {
            var user = shop.createUser("Žofia <&>", "java@" + version + ".example.com", null, null);
            equal(List.of("Žofia <&>", Role.CUSTOMER, 1), List.of(user.getName(), user.getRole(), user.getVersion()));
        });

        check(who + "orders two lines, and the stock falls", () -> {
            var before = shop.getProduct(1).getStock();
            var order = shop.placeOrder(1, lines(line(1, 2), line(2, 3)));
            equal(List.of(2, 3), order.getLines().getLine().stream().map(OrderLine::getQuantity).toList());
            equal(before - 2, shop.getProduct(1).getStock());
        });

        check(who + "clicks twice for one order", () -> {
            ((WSBindingProvider) withBlocks).setOutboundHeaders(
                    Headers.create(new QName(SHOP, "IdempotencyKey"), "java-" + version));
            var first = withBlocks.placeOrder(1, lines(line(1, 1)));
            equal(first.getId(), withBlocks.placeOrder(1, lines(line(1, 1))).getId());
        });

        check(who + "gets a typed fault", () -> {
            var fault = fault(() -> shop.getUser(999_999));
            var details = fault.getFaultInfo();
            equal(List.of("user_not_found", Kind.NOT_FOUND, fault.getMessage()),
                    List.of(details.getReason(), details.getKind(), details.getMessage()));
        });

        check(who + "is user 1, by its envelope", () -> {
            ((WSBindingProvider) withBlocks).setOutboundHeaders(usernameToken("ada@example.com", "parlance"));
            var caller = withBlocks.whoAmI();
            equal(List.of(1, Role.CUSTOMER, Proof.PASSWORD),
                    List.of(caller.getUserId(), caller.getRole(), caller.getProof()));
            ((WSBindingProvider) withBlocks).setOutboundHeaders(usernameToken("ada@example.com", "wrong"));
            equal("credentials_wrong", fault(withBlocks::whoAmI).getFaultInfo().getReason());
        });
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

    /** The header block of WS-Security with the caller's credentials. */
    static com.sun.xml.ws.api.message.Header usernameToken(String email, String password) throws Exception {
        var document = DocumentBuilderFactory.newInstance().newDocumentBuilder().newDocument();
        var security = document.createElementNS(WSSE, "wsse:Security");
        var token = (Element) security.appendChild(document.createElementNS(WSSE, "wsse:UsernameToken"));
        token.appendChild(document.createElementNS(WSSE, "wsse:Username")).setTextContent(email);
        token.appendChild(document.createElementNS(WSSE, "wsse:Password")).setTextContent(password);
        return Headers.create(security);
    }

    // Prints a line for each check. The exit status is 1 if one failed.

    static boolean failed = false;

    interface Test {
        void run() throws Exception;
    }

    static void check(String what, Test test) {
        try {
            test.run();
            System.out.println("ok    " + what);
        } catch (Exception problem) {
            failed = true;
            System.out.println("FAIL  " + what);
            problem.printStackTrace(System.out);
        }
    }

    static void equal(Object expected, Object found) {
        if (!expected.equals(found)) {
            throw new IllegalStateException(found + " is not " + expected);
        }
    }

    static ShopFaultMessage fault(Callable<?> call) throws Exception {
        try {
            throw new IllegalStateException("it was not refused, but answered " + call.call());
        } catch (ShopFaultMessage fault) {
            return fault;
        }
    }
}
