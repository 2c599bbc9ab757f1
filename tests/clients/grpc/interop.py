"""The cases of gRPC's interoperability tests that a shop can have, by their names in `doc/interop-test-descriptions.md`.

The others need a service that echoes, or one that reads streams.
"""

import sys
import time

import grpc
from grpc_status import rpc_status

from shop import Shop, order, pb, refusal
from story import Checks, equal

target = sys.argv[1].removeprefix("http://")
channel = grpc.insecure_channel(target)
shop = Shop(channel, "grpc-interop")
checks = Checks("interop")
check = lambda test: checks.check(test.__name__, test)
LARGE = pb.GetUserRequest(id=1).SerializeToString() + b"\xa2\x06" + b"\x80\x80\x10" + bytes(262_144)
"""A request of 256 KiB, with an unknown field; the other cases of that size need a service that echoes."""


def raw(method, request, **options):
    """A call whose request and response are bytes."""
    call = channel.unary_unary(method, request_serializer=None, response_deserializer=None)
    return call(request, timeout=10, metadata=shop.metadata(), **options)


@check
def empty_unary():
    equal(shop.ask("WhoAmI", pb.WhoAmIRequest())[0].caller.sandbox, "grpc-interop")


@check
def cacheable_unary():
    first, second = (shop.ask("GetUser", pb.GetUserRequest(id=1))[0] for _ in range(2))
    equal(first, second)


@check
def large_unary():
    equal(pb.GetUserResponse.FromString(raw("/parlance.shop.v1.ShopService/GetUser", LARGE)).user.id, 1)


@check
def client_compressed_unary():
    method = "/parlance.shop.v1.ShopService/GetUser"
    answer = raw(method, LARGE, compression=grpc.Compression.Gzip)
    equal(pb.GetUserResponse.FromString(answer).user.id, 1)


@check
def server_compressed_unary():
    found, call = shop.ask("SearchProducts", pb.SearchProductsRequest(limit=100))
    assert len(found.products.items) > 20
    # A client of grpcio says that it reads gzip; `raw.py` looks at the frames.
    equal(call.code(), grpc.StatusCode.OK)


@check
def server_streaming():
    call = shop.begin("WatchEvents", pb.WatchEventsRequest(after=0))
    equal([next(call).event.seq for _ in range(100)], list(range(1, 101)))
    call.cancel()


@check
def server_compressed_streaming():
    call = shop.begin("WatchEvents", pb.WatchEventsRequest(after=0), compression=grpc.Compression.Gzip)
    equal([next(call).event.seq for _ in range(4)], [1, 2, 3, 4])
    call.cancel()


@check
def empty_stream():
    call = channel.stream_stream(
        "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo", request_serializer=None, response_deserializer=None
    )
    equal(list(call(iter([]), timeout=10)), [])


@check
def custom_metadata():
    metadata = [*shop.metadata(), ("x-grpc-test-echo-initial", "test"), ("x-grpc-test-echo-trailing-bin", b"\xab\xab\x00")]
    equal(shop.stub.GetUser(pb.GetUserRequest(id=1), timeout=10, metadata=metadata).user.id, 1)


@check
def status_code_and_message():
    error = refusal(lambda: shop.ask("GetUser", pb.GetUserRequest(id=9_999)))
    found = (error.code(), error.details().partition(";")[0])
    equal(found, (grpc.StatusCode.NOT_FOUND, "there is no user 9999"))


@check
def special_status_message():
    # The message repeats the unknown fault, and has dots in one character.
    error = refusal(lambda: shop.ask("GetUser", pb.GetUserRequest(id=1), x_fault="delay=%41%e2"))
    assert '"delay=%41%e2"' in error.details() and "delay=…ms" in error.details(), error.details()
    equal(rpc_status.from_call(error).message, error.details())


@check
def unimplemented_method():
    error = refusal(lambda: raw("/parlance.shop.v1.ShopService/UnimplementedCall", b""))
    equal(error.code(), grpc.StatusCode.UNIMPLEMENTED)


@check
def unimplemented_service():
    for method in ("/grpc.testing.UnimplementedService/UnimplementedCall", "/NoPackage/Call", "/a.b.C/D/e"):
        equal(refusal(lambda: raw(method, b"")).code(), grpc.StatusCode.UNIMPLEMENTED)


@check
def cancel_after_begin():
    call = shop.begin("WatchEvents", pb.WatchEventsRequest())
    call.cancel()
    equal(refusal(lambda: next(call)).code(), grpc.StatusCode.CANCELLED)


@check
def cancel_after_first_response():
    call = shop.begin("WatchEvents", pb.WatchEventsRequest(after=0))
    next(call)
    call.cancel()

    def rest():
        for _ in call:
            pass

    equal(refusal(rest).code(), grpc.StatusCode.CANCELLED)


@check
def timeout_on_sleeping_server():
    began = time.monotonic()
    error = refusal(lambda: shop.ask("GetUser", pb.GetUserRequest(id=1), timeout=0.2, x_fault="delay=5000ms"))
    equal(error.code(), grpc.StatusCode.DEADLINE_EXCEEDED)
    assert time.monotonic() - began < 2


@check
def concurrent_large_unary():
    call = channel.unary_unary(
        "/parlance.shop.v1.ShopService/GetUser", request_serializer=None, response_deserializer=pb.GetUserResponse.FromString
    )
    futures = [call.future(LARGE, timeout=20, metadata=shop.metadata()) for _ in range(20)]
    equal({future.result().user.id for future in futures}, {1})


@check
def rpc_soak():
    for _ in range(200):
        equal(shop.ask("GetProduct", pb.GetProductRequest(id=1))[0].product.id, 1)


@check
def channel_soak():
    for _ in range(20):
        with grpc.insecure_channel(target, [("grpc.use_local_subchannel_pool", 1)]) as new:
            equal(Shop(new, "grpc-interop").ask("GetProduct", pb.GetProductRequest(id=1))[0].product.id, 1)


@check
def too_large():
    error = refusal(lambda: raw("/parlance.shop.v1.ShopService/GetUser", LARGE * 5))
    equal(error.code(), grpc.StatusCode.RESOURCE_EXHAUSTED)
    equal(shop.ask("GetUser", pb.GetUserRequest(id=1))[0].user.id, 1)


checks.end()
