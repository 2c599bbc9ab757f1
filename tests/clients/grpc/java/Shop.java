// gRPC's own library in Java over Netty (Debian's packages), with stubs of the served file. Prints a line for each check.

import com.google.protobuf.Any;
import com.google.protobuf.Message;
import com.google.rpc.BadRequest;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import io.grpc.Context;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import parlance.shop.v1.*;
import parlance.shop.v1.ShopServiceGrpc.ShopServiceBlockingStub;

public class Shop {
    interface Test {
        void run() throws Exception;
    }

    static boolean hasFailed = false;

    static void check(String what, Test test) {
        try {
            test.run();
            System.out.println("ok    Java: " + what);
        } catch (Throwable problem) {
            hasFailed = true;
            System.out.println("FAIL  Java: " + what + "\n" + problem);
        }
    }

    static void equal(Object found, Object expected) {
        if (!found.equals(expected)) throw new AssertionError(found + " is not " + expected);
    }

    static Metadata metadata(String... pairs) {
        Metadata made = new Metadata();
        for (int at = 0; at < pairs.length; at += 2) {
            made.put(Metadata.Key.of(pairs[at], Metadata.ASCII_STRING_MARSHALLER), pairs[at + 1]);
        }
        return made;
    }

    static PlaceOrderRequest order(int product, int quantity) {
        LineInput line = LineInput.newBuilder().setProductId(product).setQuantity(quantity).build();
        return PlaceOrderRequest.newBuilder().setUserId(1).addLines(line).build();
    }

    static StatusRuntimeException refusal(Test test) throws Exception {
        try {
            test.run();
        } catch (StatusRuntimeException refused) {
            return refused;
        }
        throw new AssertionError("the call was not refused");
    }

    static <D extends Message> D detail(StatusRuntimeException refused, Class<D> kind) throws Exception {
        for (Any packed : StatusProto.fromThrowable(refused).getDetailsList()) {
            if (packed.is(kind)) return packed.unpack(kind);
        }
        throw new AssertionError("there is no " + kind);
    }

    public static void main(String[] arguments) throws Exception {
        ManagedChannel channel = NettyChannelBuilder.forTarget(arguments[0]).usePlaintext().build();
        ShopServiceBlockingStub sandboxed = with(ShopServiceGrpc.newBlockingStub(channel), "x-sandbox", "grpc-java");
        ShopServiceBlockingStub shop = sandboxed.withDeadlineAfter(60, TimeUnit.SECONDS);

        check("gets a user, with an enum and a time", () -> {
            User user = shop.getUser(GetUserRequest.newBuilder().setId(1).build()).getUser();
            equal(user.getName(), "Ada Lovelace");
            equal(user.getRole(), Role.ROLE_CUSTOMER);
            equal(user.getCreatedAt().getSeconds(), 1740816000L);
        });

        check("places an order; with the same key once, and the metadata says so", () -> {
            int[] ids = new int[2];
            for (int time = 0; time < 2; time++) {
                AtomicReference<Metadata> headers = new AtomicReference<>(), trailers = new AtomicReference<>();
                ShopServiceBlockingStub keyed = with(shop, "idempotency-key", "java")
                    .withInterceptors(MetadataUtils.newCaptureMetadataInterceptor(headers, trailers));
                ids[time] = keyed.placeOrder(order(2, 1)).getOrder().getId();
                equal(headers.get().containsKey(Metadata.Key.of("idempotency-replayed", Metadata.ASCII_STRING_MARSHALLER)), time == 1);
            }
            equal(ids[0], ids[1]);
        });

        check("is refused with typed details", () -> {
            StatusRuntimeException invalid = refusal(() -> shop.placeOrder(order(1, 0)));
            equal(invalid.getStatus().getCode(), Status.Code.INVALID_ARGUMENT);
            equal(detail(invalid, BadRequest.class).getFieldViolations(0).getField(), "lines[0].quantity");
            StatusRuntimeException soldOut = refusal(() -> shop.placeOrder(order(10, 1)));
            equal(soldOut.getStatus().getCode(), Status.Code.FAILED_PRECONDITION);
            equal(detail(soldOut, ErrorInfo.class).getReason(), "OUT_OF_STOCK");
            StatusRuntimeException limited = refusal(() -> with(shop, "x-fault", "rate_limited").placeOrder(order(1, 1)));
            equal(limited.getStatus().getCode(), Status.Code.RESOURCE_EXHAUSTED);
            equal(detail(limited, RetryInfo.class).getRetryDelay().getSeconds(), 1L);
        });

        check("follows events, cancels, and resumes without a gap", () -> {
            List<Integer> placed = new ArrayList<>(), followed = new ArrayList<>();
            int after = 0;
            for (int round = 0; round < 2; round++) {
                placed.add(shop.placeOrder(order(4, 1)).getOrder().getId());
                try (Context.CancellableContext watching = Context.current().withCancellation()) {
                    Context former = watching.attach();
                    Iterator<WatchEventsResponse> events = shop.watchEvents(WatchEventsRequest.newBuilder().setAfter(after).build());
                    watching.detach(former);
                    // The call above returns before the server has begun, so the first event is one of before.
                    Event event = events.next().getEvent();
                    while (event.getOrderId() < placed.get(0)) event = events.next().getEvent();
                    followed.add(event.getOrderId());
                    if (round == 0) {
                        placed.add(shop.placeOrder(order(4, 1)).getOrder().getId());
                        event = events.next().getEvent();
                        followed.add(event.getOrderId());
                    }
                    after = event.getSeq();
                }
            }
            equal(followed, placed);
        });

        check("a deadline ends a stream", () -> {
            ShopServiceBlockingStub soon = sandboxed.withDeadlineAfter(300, TimeUnit.MILLISECONDS);
            Iterator<WatchEventsResponse> events = soon.watchEvents(WatchEventsRequest.getDefaultInstance());
            equal(refusal(events::next).getStatus().getCode(), Status.Code.DEADLINE_EXCEEDED);
        });

        check("gzip both ways", () -> {
            String description = "many words ".repeat(150).strip();
            UpdateProductRequest request = UpdateProductRequest.newBuilder().setId(6).setDescription(description).build();
            equal(shop.withCompression("gzip").updateProduct(request).getProduct().getDescription(), description);
        });

        check("400 calls at once, on one channel", () -> {
            CountDownLatch answered = new CountDownLatch(400);
            for (int call = 0; call < 400; call++) {
                ShopServiceGrpc.newStub(channel).getUser(GetUserRequest.newBuilder().setId(1).build(), new StreamObserver<>() {
                    public void onNext(GetUserResponse answer) {
                        if (answer.getUser().getId() == 1) answered.countDown();
                    }

                    public void onError(Throwable problem) {}

                    public void onCompleted() {}
                });
            }
            equal(answered.await(30, TimeUnit.SECONDS), true);
        });

        channel.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
        System.exit(hasFailed ? 1 : 0);
    }

    static ShopServiceBlockingStub with(ShopServiceBlockingStub stub, String name, String value) {
        return stub.withInterceptors(MetadataUtils.newAttachHeadersInterceptor(metadata(name, value)));
    }
}
