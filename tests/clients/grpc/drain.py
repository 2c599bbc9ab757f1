"""The server shuts down while a client follows events: the stream ends with a code that says "try again", and health says so before."""

import os
import signal
import sys

import grpc
from grpc_health.v1 import health_pb2, health_pb2_grpc

from shop import Shop, order, pb, reason, refusal
from story import Checks, equal

target, server = sys.argv[1].removeprefix("http://"), int(sys.argv[2])
channel = grpc.insecure_channel(target)
shop = Shop(channel, "grpc-drain")
checks = Checks("shutdown")

events = shop.begin("WatchEvents", pb.WatchEventsRequest(), timeout=20)
events.initial_metadata()
placed = shop.ask("PlaceOrder", order((1, 1)))[0].order.id
last = next(events).event
health = health_pb2_grpc.HealthStub(channel).Watch(health_pb2.HealthCheckRequest(), timeout=20)
first = next(health).status
os.kill(server, signal.SIGTERM)


def ends():
    equal(last.order_id, placed)
    equal(reason(refusal(lambda: next(events))), ("UNAVAILABLE", "DRAINING", "unavailable"))


def unhealthy():
    serving = health_pb2.HealthCheckResponse.SERVING
    equal(first, serving)
    equal([answer.status for answer in health], [health_pb2.HealthCheckResponse.NOT_SERVING])


checks.check("a stream of events ends with UNAVAILABLE and its reason", ends)
checks.check("the health that is watched is not that of a server in service", unhealthy)
checks.check(
    "a new call is refused with UNAVAILABLE",
    lambda: equal(refusal(lambda: shop.ask("GetUser", pb.GetUserRequest(id=1))).code(), grpc.StatusCode.UNAVAILABLE),
)
channel.close()
checks.end()
