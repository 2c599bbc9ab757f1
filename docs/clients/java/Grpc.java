// gRPC with grpc-java: protoc and its plugin make classes of the served .proto file, and calls are typed.
//
// Before: curl -O http://127.0.0.1:8080/grpc/shop.proto, and error_details.proto and status.proto of google/rpc;
//         protoc --java_out=. --grpc-java_out=. for all three; javac. A Gradle or Maven plugin does that in a project.
// Usage:  java -cp ... Grpc [ADDRESS]

import com.google.rpc.ErrorInfo;
import io.grpc.Metadata;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.MetadataUtils;
import java.net.URI;
import java.util.List;
import java.util.concurrent.TimeUnit;
import parlance.shop.v1.*;

public class Grpc {
    public static void main(String[] arguments) throws Exception {
        var address = URI.create(arguments.length > 0 ? arguments[0] : "http://127.0.0.1:8080");
        var channel = NettyChannelBuilder.forTarget(address.getAuthority()).usePlaintext().build();
        // A gRPC client can't put /sandboxes/alice before its paths: the name of the sandbox is in the metadata.
        var metadata = new Metadata();
        var sandbox = address.getPath().startsWith("/sandboxes/") ? address.getPath().substring("/sandboxes/".length()) : "main";
        metadata.put(Metadata.Key.of("x-sandbox", Metadata.ASCII_STRING_MARSHALLER), sandbox);
        var shop = ShopServiceGrpc.newBlockingStub(channel).withInterceptors(MetadataUtils.newAttachHeadersInterceptor(metadata))
                .withDeadlineAfter(60, TimeUnit.SECONDS);

        // A user.
        var user = shop.getUser(GetUserRequest.newBuilder().setId(1).build()).getUser();
        System.out.println("user " + user.getId() + ": " + user.getName() + " <" + user.getEmail() + ">");

        // A search. This is a page of up to 20 products; the next one is at `setAfter(products.getNext())`.
        var products = shop.searchProducts(SearchProductsRequest.newBuilder().setQuery("laptop").build()).getProducts();
        System.out.println("found " + products.getItemsCount() + " products, first " + products.getItems(0).getName());

        // An order.
        var order = shop.placeOrder(order(line(1, 2), line(2, 3))).getOrder();
        var total = order.getTotal();
        System.out.printf("order %d: %d lines, %d.%02d %s%n", order.getId(), order.getLinesCount(),
                total.getAmount() / 100, total.getAmount() % 100, total.getCurrency());

        // An error: a status code, a message, and typed details, one of which is the reason.
        try {
            shop.placeOrder(order(line(10, 1)));
        } catch (StatusRuntimeException error) {
            var info = StatusProto.fromThrowable(error).getDetails(0).unpack(ErrorInfo.class);
            System.out.println("refused: " + info.getReason().toLowerCase() + ": " + error.getStatus().getDescription());
        }

        // Events: a stream of messages, from the beginning of the log on; without `after` only new ones.
        var events = shop.watchEvents(WatchEventsRequest.newBuilder().setAfter(0).build());
        var event = events.next().getEvent();
        while (event.getOrderId() != order.getId()) event = events.next().getEvent();
        var status = event.getStatus().name().replace("ORDER_STATUS_", "").toLowerCase();
        System.out.println("event " + event.getSeq() + ": order " + event.getOrderId() + " is " + status);
        channel.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
    }

    static PlaceOrderRequest order(LineInput... lines) {
        return PlaceOrderRequest.newBuilder().setUserId(1).addAllLines(List.of(lines)).build();
    }

    static LineInput line(int product, int quantity) {
        return LineInput.newBuilder().setProductId(product).setQuantity(quantity).build();
    }
}
