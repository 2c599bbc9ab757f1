"""gRPC with `grpcio`: the compiler makes Python of the served `.proto` file, and calls are typed.

Before: curl -O http://127.0.0.1:8080/grpc/shop.proto
        python -m grpc_tools.protoc -I. --python_out=. --grpc_python_out=. shop.proto
Usage: python over_grpc.py [ADDRESS]
"""

import sys
from urllib.parse import urlsplit

import grpc
from google.rpc.error_details_pb2 import ErrorInfo
from grpc_status import rpc_status

import shop_pb2 as pb
from shop_pb2_grpc import ShopServiceStub

address = urlsplit(sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8080")
# A gRPC client can't put /sandboxes/alice before its paths: the name of the sandbox is in the metadata.
metadata = [("x-sandbox", address.path.removeprefix("/sandboxes/") or "main")]
shop = ShopServiceStub(grpc.insecure_channel(address.netloc))

# A user.
user = shop.GetUser(pb.GetUserRequest(id=1), metadata=metadata, timeout=10).user
print(f"user {user.id}: {user.name} <{user.email}>")

# A search. This is a page of up to 20 products; the next one is at `after=products.next`.
products = shop.SearchProducts(pb.SearchProductsRequest(query="laptop"), metadata=metadata, timeout=10).products
print(f"found {len(products.items)} products, first {products.items[0].name}")

# An order.
lines = [pb.LineInput(product_id=1, quantity=2), pb.LineInput(product_id=2, quantity=3)]
order = shop.PlaceOrder(pb.PlaceOrderRequest(user_id=1, lines=lines), metadata=metadata, timeout=10).order
print(f"order {order.id}: {len(order.lines)} lines, {order.total.amount / 100:.2f} {order.total.currency}")

# An error: a status code, a message, and typed details, one of which is the reason.
try:
    sold_out = pb.PlaceOrderRequest(user_id=1, lines=[pb.LineInput(product_id=10, quantity=1)])
    shop.PlaceOrder(sold_out, metadata=metadata, timeout=10)
except grpc.RpcError as error:
    info = ErrorInfo()
    assert any(detail.Unpack(info) for detail in rpc_status.from_call(error).details)
    print(f"refused: {info.reason.lower()}: {error.details()}")

# Events: a stream of messages, from the beginning of the log on; without `after` only new ones.
events = shop.WatchEvents(pb.WatchEventsRequest(after=0), metadata=metadata, timeout=30)
event = next(answer.event for answer in events if answer.event.order_id == order.id)
status = pb.OrderStatus.Name(event.status).removeprefix("ORDER_STATUS_").lower()
print(f"event {event.seq}: order {event.order_id} is {status}")
events.cancel()
