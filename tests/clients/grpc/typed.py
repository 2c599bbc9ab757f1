"""grpcio with its default settings: one channel, and with it one connection, carries every call."""

import os
import re
import sys
import time
import urllib.request

import grpc
from google.protobuf import descriptor_pb2
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection_pb2
from grpc_reflection.v1alpha.proto_reflection_descriptor_database import ProtoReflectionDescriptorDatabase

from shop import KEY, SERVICE, STAFF, Shop, details, order, pb, reason, refusal
from story import Checks, equal

address = sys.argv[1]
target = address.removeprefix("http://")
port = target.rpartition(":")[2]
channel = grpc.insecure_channel(target)
shop = Shop(channel, "grpc-python")
checks = Checks("grpcio")
check = lambda test: checks.check(test.__doc__, test)


@check
def _():
    "a user, with an enum and a time"
    user = shop.ask("GetUser", pb.GetUserRequest(id=1))[0].user
    equal((user.name, user.role), ("Ada Lovelace", pb.ROLE_CUSTOMER))
    equal(user.created_at.ToJsonString(), "2025-03-01T08:00:00Z")


@check
def _():
    "a page, and the next one"
    first = shop.ask("SearchProducts", pb.SearchProductsRequest(limit=2))[0].products
    assert len(first.items) == 2 and first.HasField("next"), first
    second = shop.ask("SearchProducts", pb.SearchProductsRequest(limit=2, after=first.next))[0].products
    equal([product.id for product in second.items], [3, 4])
    last = shop.ask("SearchProducts", pb.SearchProductsRequest(ids=[1]))[0].products
    assert not last.HasField("next"), last


@check
def _():
    "places an order"
    placed = shop.ask("PlaceOrder", order((1, 1), (2, 2)))[0].order
    equal((placed.status, [line.quantity for line in placed.lines]), (pb.ORDER_STATUS_PLACED, [1, 2]))
    equal(placed.total.amount, sum(line.line_total.amount for line in placed.lines))
    assert abs(placed.placed_at.seconds - time.time()) < 60, placed


@check
def _():
    "a violation names its field, and the reason is there for programs"
    error = refusal(lambda: shop.ask("PlaceOrder", order((1, 1), (2, 0))))
    equal(reason(error), ("INVALID_ARGUMENT", "INVALID_INPUT", "invalid"))
    [violation] = details(error)["google.rpc.BadRequest"].field_violations
    equal(violation.field, "lines[1].quantity")


REFUSALS = [
    ("NOT_FOUND", "USER_NOT_FOUND", "not_found", "GetUser", pb.GetUserRequest(id=9_999), {}),
    ("NOT_FOUND", "PRODUCT_NOT_FOUND", "not_found", "PlaceOrder", order((999_999, 1)), {}),
    ("FAILED_PRECONDITION", "OUT_OF_STOCK", "rule_broken", "PlaceOrder", order((10, 1)), {}),
    ("FAILED_PRECONDITION", "CART_IS_EMPTY", "rule_broken", "CheckOut", pb.CheckOutRequest(user_id=2), {}),
    ("ALREADY_EXISTS", "EMAIL_TAKEN", "conflict", "CreateUser", pb.CreateUserRequest(name="A", email="ada@example.com"), {}),
    ("ABORTED", "STALE_VERSION", "conflict", "UpdateUser", pb.UpdateUserRequest(id=1, name="A", expected_version=99), {}),
    ("UNAUTHENTICATED", "CREDENTIALS_WRONG", "unauthenticated", "WhoAmI", pb.WhoAmIRequest(), {"x_api_key": KEY[:-1] + "A"}),
    ("UNAUTHENTICATED", "CREDENTIALS_WRONG", "unauthenticated", "WhoAmI", pb.WhoAmIRequest(), {"authorization": "Bearer a.b.c"}),
    ("PERMISSION_DENIED", "NOT_ALLOWED", "forbidden", "ListUsers", pb.ListUsersRequest(), {"x_api_key": KEY}),
    ("RESOURCE_EXHAUSTED", "RATE_LIMITED", "rate_limited", "GetUser", pb.GetUserRequest(id=1), {"x_fault": "rate_limited"}),
    ("UNAVAILABLE", "OVERLOADED", "unavailable", "GetUser", pb.GetUserRequest(id=1), {"x_fault": "unavailable"}),
    ("INTERNAL", "INTERNAL", "internal", "GetUser", pb.GetUserRequest(id=1), {"x_fault": "internal"}),
]
for *expected, method, request, metadata in REFUSALS:
    refused = lambda: equal(reason(refusal(lambda: shop.ask(method, request, **metadata))), tuple(expected))
    checks.check(f"{method} is refused with {expected[0]}, {expected[1]}", refused)


@check
def _():
    "says when to try again: RetryInfo"
    for fault in ("rate_limited", "unavailable"):
        error = refusal(lambda: shop.ask("GetUser", pb.GetUserRequest(id=1), x_fault=fault))
        assert details(error)["google.rpc.RetryInfo"].retry_delay.seconds >= 1


@check
def _():
    "an absent optional field is not 0"
    before = shop.ask("GetProduct", pb.GetProductRequest(id=5))[0].product
    same = shop.ask("UpdateProduct", pb.UpdateProductRequest(id=5, description="New"))[0].product
    equal((same.stock, same.price), (before.stock, before.price))
    sold_out = shop.ask("UpdateProduct", pb.UpdateProductRequest(id=5, stock=0))[0].product
    equal((sold_out.stock, sold_out.description), (0, "New"))
    error = refusal(lambda: shop.ask("ListOrders", pb.ListOrdersRequest(limit=0)))
    equal(details(error)["google.rpc.BadRequest"].field_violations[0].field, "limit")
    caller = shop.ask("WhoAmI", pb.WhoAmIRequest())[0].caller
    assert not caller.HasField("user_id") and caller.proof == pb.PROOF_NONE, caller


@check
def _():
    "an enum's number 0 and an unknown one are refused"
    for status in (0, 77):
        request = pb.SetOrderStatusRequest(id=1, status=status)
        error = refusal(lambda: shop.ask("SetOrderStatus", request))
        equal(reason(error), ("INVALID_ARGUMENT", "INVALID_INPUT", "invalid"))
        equal(details(error)["google.rpc.BadRequest"].field_violations[0].field, "status")


@check
def _():
    "a field that a later version has is skipped"
    # Field 100, a text: made by a reader of another message.
    request = pb.GetUserRequest.FromString(pb.GetUserRequest(id=1).SerializeToString() + b"\xa2\x06\x03new")
    equal(shop.ask("GetUser", request)[0].user.id, 1)


@check
def _():
    "the same order twice with the same key, and the metadata says so"
    first, one = shop.ask("PlaceOrder", order((3, 1)), idempotency_key="once")
    second, two = shop.ask("PlaceOrder", order((3, 1)), idempotency_key="once")
    equal(first, second)
    replayed = lambda call: dict(call.initial_metadata()).get("idempotency-replayed")
    equal((replayed(one), replayed(two)), (None, "true"))
    error = refusal(lambda: shop.ask("PlaceOrder", order((3, 2)), idempotency_key="once"))
    equal(reason(error), ("FAILED_PRECONDITION", "IDEMPOTENCY_KEY_REUSED", "conflict"))


@check
def _():
    "is user 1 by a key, by a password and by the token of LogIn"
    token = shop.ask("LogIn", pb.LogInRequest(email="ada@example.com", password="parlance"))[0].token.token
    basic = "Basic YWRhQGV4YW1wbGUuY29tOnBhcmxhbmNl"
    ways = [({"x_api_key": KEY}, pb.PROOF_API_KEY), ({"authorization": basic}, pb.PROOF_PASSWORD)]
    for metadata, proof in [*ways, ({"authorization": f"Bearer {token}"}, pb.PROOF_TOKEN)]:
        caller = shop.ask("WhoAmI", pb.WhoAmIRequest(), **metadata)[0].caller
        equal((caller.user_id, caller.proof, caller.sandbox), (1, proof, "grpc-python"))


@check
def _():
    "a sandbox by metadata and one by authority"
    equal(shop.ask("WhoAmI", pb.WhoAmIRequest(), x_sandbox="bob")[0].caller.sandbox, "bob")
    with grpc.insecure_channel(target, [("grpc.default_authority", f"alice.localhost:{port}")]) as named:
        equal(Shop(named, None).ask("WhoAmI", pb.WhoAmIRequest())[0].caller.sandbox, "alice")
    refusal(lambda: shop.ask("WhoAmI", pb.WhoAmIRequest(), x_sandbox="No such name!"))


def follow(count, place, **watched):
    """The next events while orders are placed; then the call is cancelled."""
    call = shop.begin("WatchEvents", pb.WatchEventsRequest(**watched), timeout=30)
    call.initial_metadata()  # The stream has begun.
    placed = [place() for _ in range(count)]
    events = [next(call).event for _ in range(count)]
    call.cancel()
    error = refusal(lambda: next(call))
    equal(error.code(), grpc.StatusCode.CANCELLED)
    return placed, events


@check
def _():
    "follows events while orders are placed, cancels, and resumes without a gap"
    place = lambda: shop.ask("PlaceOrder", order((4, 1)))[0].order.id
    placed, events = follow(3, place)
    equal([event.order_id for event in events], placed)
    equal({(event.kind, event.status) for event in events}, {(pb.EVENT_KIND_ORDER_PLACED, pb.ORDER_STATUS_PLACED)})
    missed = [place(), place()]
    call = shop.begin("WatchEvents", pb.WatchEventsRequest(after=events[-1].seq), timeout=10)
    resumed = [next(call).event for _ in missed]
    call.cancel()
    equal([event.order_id for event in resumed], missed)
    equal([event.seq for event in events + resumed], list(range(events[0].seq, events[0].seq + 5)))
    begin = shop.begin("WatchEvents", pb.WatchEventsRequest(after=0), timeout=10)
    equal(next(begin).event.seq, 1)
    begin.cancel()


@check
def _():
    "a customer follows only the own orders"
    call = shop.begin("WatchEvents", pb.WatchEventsRequest(), timeout=10, x_api_key=KEY)
    call.initial_metadata()
    shop.ask("PlaceOrder", order((4, 1), user=2))
    mine = shop.ask("PlaceOrder", order((4, 1)))[0].order.id
    equal(next(call).event.order_id, mine)
    call.cancel()
    call = shop.begin("WatchEvents", pb.WatchEventsRequest(user_id=2), timeout=10, x_api_key=KEY)
    equal(reason(refusal(lambda: next(call)))[0], "PERMISSION_DENIED")


def latest():
    """The `seq` of the last event."""
    last = 0
    while (page := shop.ask("ListEvents", pb.ListEventsRequest(after=last, limit=100))[0].events).items:
        last = page.next
    return last


@check
def _():
    "deadlines: a stream and a long poll end in time, and the channel goes on"
    last = latest()
    polls = lambda: shop.ask("ListEvents", pb.ListEventsRequest(after=last, wait_seconds=20), timeout=0.5)
    watches = lambda: next(shop.begin("WatchEvents", pb.WatchEventsRequest(), timeout=0.5))
    for call in (polls, watches):
        began = time.monotonic()
        equal(refusal(call).code(), grpc.StatusCode.DEADLINE_EXCEEDED)
        assert 0.4 < time.monotonic() - began < 1.5, time.monotonic() - began
    equal(shop.ask("GetUser", pb.GetUserRequest(id=1))[0].user.id, 1)


@check
def _():
    "a long poll ends with the event"
    last = latest()
    future = shop.stub.ListEvents.future(
        pb.ListEventsRequest(after=last, wait_seconds=20), timeout=15, metadata=shop.metadata()
    )
    placed = shop.ask("PlaceOrder", order((4, 1)))[0].order.id
    equal([event.order_id for event in future.result().events.items], [placed])


@check
def _():
    "gzip both ways"
    request = pb.UpdateProductRequest(id=6, description="many words " * 150)
    for compression in (grpc.Compression.Gzip, grpc.Compression.NoCompression):
        found = shop.ask("UpdateProduct", request, compression=compression)[0].product
        equal(found.description, request.description)
    # Deflate is a coding of grpcio and not one of the server: it says which it has.
    error = refusal(lambda: shop.ask("UpdateProduct", request, compression=grpc.Compression.Deflate))
    equal(error.code(), grpc.StatusCode.UNIMPLEMENTED)


@check
def _():
    "100 calls at once on the one channel"
    futures = [shop.stub.GetUser.future(pb.GetUserRequest(id=1), timeout=20, metadata=shop.metadata()) for _ in range(100)]
    equal({future.result().user.name for future in futures}, {"Ada Lovelace"})


@check
def _():
    "30 streams at once get each event once"
    calls = [shop.begin("WatchEvents", pb.WatchEventsRequest(), timeout=20) for _ in range(30)]
    for call in calls:
        call.initial_metadata()
    placed = [shop.ask("PlaceOrder", order((7, 1)))[0].order.id for _ in range(2)]
    for call in calls:
        equal([next(call).event.order_id for _ in placed], placed)
        call.cancel()


def files_of(data):
    """The files of a set of descriptors, without comments."""
    files = {file.name: file for file in descriptor_pb2.FileDescriptorSet.FromString(data).file}
    for file in files.values():
        file.ClearField("source_code_info")
    return files


# What protoc makes of the file that is served.
with open("descriptors.binpb", "rb") as compiled:
    EXPECTED = files_of(compiled.read())["parlance/shop/v1/shop.proto"]


@check
def _():
    "reflection v1alpha, by its own client: lists and describes"
    database = ProtoReflectionDescriptorDatabase(channel)
    services = set(database.get_services())
    reflection = {f"grpc.reflection.{version}.ServerReflection" for version in ("v1", "v1alpha")}
    assert services >= {SERVICE, "grpc.health.v1.Health", *reflection}, services
    assert database.FindFileContainingSymbol(SERVICE) == EXPECTED
    assert database.FindFileByName(EXPECTED.name) == EXPECTED
    for symbol in ("parlance.shop.v1.Order", "parlance.shop.v1.OrderStatus", f"{SERVICE}.GetUser"):
        equal(database.FindFileContainingSymbol(symbol).name, EXPECTED.name)
    equal(database.FindFileByName("google/protobuf/timestamp.proto").package, "google.protobuf")
    # A type has no extensions, which is not an error: grpcurl needs this to show the details of one.
    equal(database.FindAllExtensionNumbers("google.rpc.ErrorInfo"), [])


def reflect(version, *requests):
    """The answers of a version of reflection: they have the same messages."""
    call = channel.stream_stream(
        f"/grpc.reflection.{version}.ServerReflection/ServerReflectionInfo",
        request_serializer=reflection_pb2.ServerReflectionRequest.SerializeToString,
        response_deserializer=reflection_pb2.ServerReflectionResponse.FromString,
    )
    return list(call(iter(requests), timeout=10))


for version in ("v1", "v1alpha"):

    def _():
        ask = reflection_pb2.ServerReflectionRequest
        services, file, unknown = reflect(
            version,
            ask(list_services=""),
            ask(file_containing_symbol=SERVICE),
            ask(file_by_filename="no/such.proto"),
        )
        assert SERVICE in [service.name for service in services.list_services_response.service]
        files = map(descriptor_pb2.FileDescriptorProto.FromString, file.file_descriptor_response.file_descriptor_proto)
        assert EXPECTED in files
        equal(unknown.error_response.error_code, grpc.StatusCode.NOT_FOUND.value[0])
        equal(unknown.original_request.file_by_filename, "no/such.proto")

    checks.check(f"reflection {version}: three questions in one stream, one of a file that is not there", _)


@check
def _():
    "the descriptors are what protoc makes of the file"
    files = files_of(urllib.request.urlopen(f"{address}/grpc/descriptors.binpb").read())
    assert files[EXPECTED.name] == EXPECTED
    missing = {imported for file in files.values() for imported in file.dependency} - files.keys()
    assert not missing, f"imported and not in the set: {missing}"


@check
def _():
    "health: Check, an unknown service, and Watch"
    health = health_pb2_grpc.HealthStub(channel)
    serving = health_pb2.HealthCheckResponse.SERVING
    for service in ("", SERVICE):
        equal(health.Check(health_pb2.HealthCheckRequest(service=service), timeout=10).status, serving)
    error = refusal(lambda: health.Check(health_pb2.HealthCheckRequest(service="none"), timeout=10))
    equal(error.code(), grpc.StatusCode.NOT_FOUND)
    for service, status in ((SERVICE, serving), ("none", health_pb2.HealthCheckResponse.SERVICE_UNKNOWN)):
        watch = health.Watch(health_pb2.HealthCheckRequest(service=service), timeout=10)
        equal(next(watch).status, status)
        watch.cancel()


@check
def _():
    "the whole life of an order, with its events"
    placed = shop.ask("PlaceOrder", order((4, 1)))[0].order
    for status in (pb.ORDER_STATUS_PAID, pb.ORDER_STATUS_SHIPPED, pb.ORDER_STATUS_DELIVERED):
        request = pb.SetOrderStatusRequest(id=placed.id, status=status)
        equal(shop.ask("SetOrderStatus", request, x_api_key=STAFF)[0].order.status, status)
    error = refusal(lambda: shop.ask("CancelOrder", pb.CancelOrderRequest(id=placed.id)))
    equal(reason(error), ("FAILED_PRECONDITION", "STATUS_NOT_ALLOWED", "rule_broken"))
    whole = shop.ask("GetOrderDetails", pb.GetOrderDetailsRequest(id=placed.id))[0].order_details
    equal((whole.user.name, [product.id for product in whole.products]), ("Ada Lovelace", [4]))


@check
def _():
    "an empty response: DeleteUser"
    user = shop.ask("CreateUser", pb.CreateUserRequest(name="Zoë", email="zoe@example.com"))[0].user
    equal(shop.ask("DeleteUser", pb.DeleteUserRequest(id=user.id))[0], pb.DeleteUserResponse())


def connections():
    """How many connections to the server this process has."""
    links = [os.readlink(f"/proc/self/fd/{fd}") for fd in os.listdir("/proc/self/fd") if os.path.exists(f"/proc/self/fd/{fd}")]
    sockets = {inode for link in links for inode in re.findall(r"socket:\[(\d+)\]", link)}
    rows = [line.split() for name in ("tcp", "tcp6") for line in open(f"/proc/net/{name}").readlines()[1:]]
    return sum(row[2].endswith(f":{int(port):04X}") and row[3] == "01" and row[9] in sockets for row in rows)


checks.check("all that went over one connection", lambda: equal(connections(), 1))
channel.close()
checks.end()
