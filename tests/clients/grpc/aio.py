"""grpcio's client for asyncio, on one channel."""

import asyncio
import sys

import grpc

from shop import Shop, order, pb, reason
from story import Checks, equal

checks = Checks("grpc.aio")


async def follows(shop):
    call = shop.begin("WatchEvents", pb.WatchEventsRequest(), timeout=20)
    await call.initial_metadata()
    placed = [(await shop.begin("PlaceOrder", order((4, 1)))).order.id for _ in range(3)]
    events = [(await call.read()).event for _ in placed]
    equal([event.order_id for event in events], placed)
    call.cancel()
    equal(await call.code(), grpc.StatusCode.CANCELLED)
    resumed = shop.begin("WatchEvents", pb.WatchEventsRequest(after=events[0].seq), timeout=20)
    equal([(await resumed.read()).event.seq for _ in range(2)], [event.seq for event in events[1:]])
    resumed.cancel()


async def gets(shop):
    answers = await asyncio.gather(*(shop.begin("GetUser", pb.GetUserRequest(id=1)) for _ in range(50)))
    equal({answer.user.name for answer in answers}, {"Ada Lovelace"})


async def is_refused(shop):
    try:
        await shop.begin("PlaceOrder", order((10, 1)))
    except grpc.aio.AioRpcError as error:
        return equal(reason(error), ("FAILED_PRECONDITION", "OUT_OF_STOCK", "rule_broken"))
    raise AssertionError("it was not refused")


async def times_out(shop):
    call = shop.begin("WatchEvents", pb.WatchEventsRequest(), timeout=0.3)
    try:
        await call.read()
    except grpc.aio.AioRpcError as error:
        return equal(error.code(), grpc.StatusCode.DEADLINE_EXCEEDED)
    raise AssertionError("it did not end")


async def is_cancelled(shop):
    last = 0
    while (page := (await shop.begin("ListEvents", pb.ListEventsRequest(after=last, limit=100))).events).items:
        last = page.next
    task = asyncio.ensure_future(shop.begin("ListEvents", pb.ListEventsRequest(after=last, wait_seconds=20)))
    # Until the server waits; a call that takes longer is cancelled all the same.
    await asyncio.wait([task], timeout=0.3)
    assert not task.done()
    task.cancel()
    await asyncio.wait([task])
    assert task.cancelled()
    equal((await shop.begin("GetUser", pb.GetUserRequest(id=1))).user.id, 1)


async def main(test):
    async with grpc.aio.insecure_channel(sys.argv[1].removeprefix("http://")) as channel:
        await test(Shop(channel, "grpc-aio"))


TESTS = [
    ("50 calls at once", gets),
    ("is refused with the reason", is_refused),
    ("follows events, cancels and resumes", follows),
    ("a stream ends at its deadline", times_out),
    ("a call is cancelled, and the channel goes on", is_cancelled),
]
for what, test in TESTS:
    checks.check(what, lambda: asyncio.run(main(test)))
checks.end()
