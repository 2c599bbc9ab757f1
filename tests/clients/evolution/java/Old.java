// SOAP, by JAX-WS: wsimport makes classes of the WSDL, and a member is what a method gets.

import java.net.URL;
import shop.ShopService;

public class Old {
    public static void main(String[] arguments) throws Exception {
        try {
            var shop = new ShopService(new URL(arguments[0] + "/soap?wsdl")).getShopSoap11Port();
            var product = shop.getProduct(1);
            System.out.println(product.getName() + "\n" + product.getDescription());
        } catch (Exception error) {
            System.err.println(error.getClass().getSimpleName() + ": " + error.getMessage());
            System.exit(1);
        }
        // Open connections have threads of their own, so the program must exit explicitly.
        System.exit(0);
    }
}
