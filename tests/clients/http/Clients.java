// Makes the calls by one of Java's clients, with its default settings: the two of the JDK, or Apache HttpClient, as it
// stands in the jar of WireMock.
//
// Usage: java Clients CLIENT ADDRESS CALLS ROUNDS [packed]

import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URL;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import wiremock.org.apache.hc.client5.http.entity.EntityBuilder;
import wiremock.org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import wiremock.org.apache.hc.client5.http.impl.classic.HttpClients;
import wiremock.org.apache.hc.client5.http.protocol.RequestUpgrade;
import wiremock.org.apache.hc.core5.http.io.entity.EntityUtils;
import wiremock.org.apache.hc.core5.http.io.support.ClassicRequestBuilder;

public class Clients {
    record Header(String name, String value) {
        static List<Header> all(String fields) {
            var present = Arrays.stream(fields.split(" \\| ")).filter(field -> !field.isEmpty());
            return present.map(field -> field.split(": ", 2)).map(parts -> new Header(parts[0], parts[1])).toList();
        }
    }

    record Call(String name, String method, String path, int times, List<Header> headers, String body) {
        static Call of(String line) {
            var fields = line.split("\t", -1);
            return new Call(fields[0], fields[1], fields[2], Integer.parseInt(fields[3]), Header.all(fields[4]), fields[5]);
        }
    }

    record Answer(int status, String text) {}

    interface Client {
        Answer send(String address, Call call) throws Exception;
    }

    public static void main(String[] arguments) throws Exception {
        var client = client(arguments[0], arguments.length > 4);
        var calls = Files.readAllLines(Path.of(arguments[2])).stream().map(Call::of).toList();
        for (int made = 0; made < Integer.parseInt(arguments[3]); made++) {
            for (var call : calls) {
                if (made < call.times) {
                    say(call, client, arguments[1]);
                }
            }
        }
        // Open connections have threads of their own, so the program must exit explicitly.
        System.exit(0);
    }

    static void say(Call call, Client client, String address) {
        Answer answer;
        try {
            answer = client.send(address, call);
        } catch (Exception problem) {
            answer = new Answer(0, problem.toString());
        }
        System.out.println(call.name + "\t" + answer.status + "\t" + answer.text.replaceAll("\\s+", " "));
    }

    static Client client(String name, boolean isPacked) {
        switch (name) {
            case "HttpClient": return httpClient();
            case "HttpURLConnection": return Clients::byHttpUrlConnection;
            case "Apache": return apache(HttpClients.createDefault(), isPacked);
            // 5.4 and 5.4.1 offer TLS with each GET. The code is still there, but later releases run it too late.
            case "Apache 5.4":
                var early = HttpClients.custom().addRequestInterceptorFirst(new RequestUpgrade()::process);
                return apache(early.build(), isPacked);
            default: throw new IllegalArgumentException(name);
        }
    }

    /** It offers h2c with each request. */
    static Client httpClient() {
        var client = java.net.http.HttpClient.newHttpClient();
        return (address, call) -> {
            var body = HttpRequest.BodyPublishers.ofString(call.body);
            var request = HttpRequest.newBuilder(URI.create(address + call.path))
                    .method(call.method, call.body.isEmpty() ? HttpRequest.BodyPublishers.noBody() : body);
            call.headers.forEach(header -> request.header(header.name, header.value));
            var response = client.send(request.build(), HttpResponse.BodyHandlers.ofString());
            return new Answer(response.statusCode(), response.body());
        };
    }

    static Answer byHttpUrlConnection(String address, Call call) throws Exception {
        var connection = (HttpURLConnection) new URL(address + call.path).openConnection();
        connection.setRequestMethod(call.method);
        call.headers.forEach(header -> connection.setRequestProperty(header.name, header.value));
        if (!call.body.isEmpty()) {
            connection.setDoOutput(true);
            try (var out = connection.getOutputStream()) {
                out.write(call.body.getBytes());
            }
        }
        var status = connection.getResponseCode();
        try (InputStream in = status < 400 ? connection.getInputStream() : connection.getErrorStream()) {
            return new Answer(status, new String(in.readAllBytes()));
        }
    }

    /** What it packs it sends in chunks. */
    static Client apache(CloseableHttpClient client, boolean isPacked) {
        return (address, call) -> {
            var request = ClassicRequestBuilder.create(call.method).setUri(address + call.path);
            call.headers.forEach(header -> request.addHeader(header.name, header.value));
            if (!call.body.isEmpty()) {
                var entity = EntityBuilder.create().setBinary(call.body.getBytes());
                request.setEntity((isPacked ? entity.gzipCompressed() : entity).build());
            }
            return client.execute(request.build(),
                    response -> new Answer(response.getCode(), EntityUtils.toString(response.getEntity())));
        };
    }
}
