// REST with java.net.http, and Gson for JSON: an address for each thing, HTTP's methods and status codes.
//
// Usage: java -cp gson.jar Rest.java [ADDRESS]      (Debian: libgoogle-gson-java, /usr/share/java/gson.jar)

import com.google.gson.Gson;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;

public class Rest {
    // What is read of the answers. Gson takes the members by their names and skips the others.
    record User(int id, String name, String email) {}
    record Product(String name) {}
    record ProductPage(List<Product> items, String next) {}
    record Money(int amount, String currency) {}
    record Line(int product_id, int quantity) {}
    record Order(int id, List<Line> lines, Money total) {}
    record NewOrder(int user_id, List<Line> lines) {}
    record Problem(String reason, String detail) {}
    record Event(int seq, int order_id, String status) {}

    static final HttpClient http = HttpClient.newHttpClient();
    static final Gson gson = new Gson();

    /** The body of a refusal. */
    static class Refused extends Exception {
        final Problem problem;

        Refused(Problem problem) {
            super(problem.reason + ": " + problem.detail);
            this.problem = problem;
        }
    }

    /** The answer as an object. A refusal has a status of 4xx or 5xx, and a problem document (RFC 9457) as its body. */
    static <T> T send(HttpRequest.Builder request, Class<T> type) throws Exception {
        var answer = http.send(request.build(), BodyHandlers.ofString());
        if (answer.statusCode() >= 400) throw new Refused(gson.fromJson(answer.body(), Problem.class));
        return gson.fromJson(answer.body(), type);
    }

    static HttpRequest.Builder post(String url, Object body) {
        return HttpRequest.newBuilder(URI.create(url)).header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(gson.toJson(body)));
    }

    public static void main(String[] arguments) throws Exception {
        var shop = (arguments.length > 0 ? arguments[0] : "http://127.0.0.1:8080") + "/rest";

        // A user, by the address.
        var user = send(HttpRequest.newBuilder(URI.create(shop + "/users/1")), User.class);
        System.out.println("user " + user.id + ": " + user.name + " <" + user.email + ">");

        // A search. This is a page of up to 20 products; the next one is at `?after=` and the page's `next`.
        var page = send(HttpRequest.newBuilder(URI.create(shop + "/products?query=laptop")), ProductPage.class);
        System.out.println("found " + page.items.size() + " products, first " + page.items.get(0).name);

        // An order.
        var order = send(post(shop + "/orders", new NewOrder(1, List.of(new Line(1, 2), new Line(2, 3)))), Order.class);
        System.out.printf("order %d: %d lines, %d.%02d %s%n", order.id, order.lines.size(),
                order.total.amount / 100, order.total.amount % 100, order.total.currency);

        // An error.
        try {
            send(post(shop + "/orders", new NewOrder(1, List.of(new Line(10, 1)))), Order.class);
        } catch (Refused refused) {
            System.out.println("refused: " + refused.problem.reason + ": " + refused.problem.detail);
        }

        // Events, as the server sends them. `Last-Event-ID` is the cursor: 0 is the beginning of the log.
        var stream = HttpRequest.newBuilder(URI.create(shop + "/events"))
                .header("Accept", "text/event-stream").header("Last-Event-ID", "0").build();
        try (var lines = http.send(stream, BodyHandlers.ofLines()).body()) {
            var event = lines.filter(line -> line.startsWith("data: "))
                    .map(line -> gson.fromJson(line.substring("data: ".length()), Event.class))
                    .filter(one -> one.order_id == order.id).findFirst().orElseThrow();
            System.out.println("event " + event.seq + ": order " + event.order_id + " is " + event.status);
        }
    }
}
