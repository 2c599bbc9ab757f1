"""The shop as grpcio's typed client sees it: the stubs are made of the file that the server has."""

import grpc
from google.rpc import error_details_pb2
from grpc_status import rpc_status

from parlance.shop.v1 import shop_pb2 as pb
from parlance.shop.v1 import shop_pb2_grpc

KEY = "parlance_u0000001_oyfDM8Je_4usrAKEEkXSLu_cFKS0RqPBzBXpyhXMqck"
STAFF = "parlance_u0000002_pO9eqBXtUpAZvGHmkHLVRP4cyuGJ7RkCIOLI5-_UlGc"
SERVICE = "parlance.shop.v1.ShopService"


def order(*lines, user=1):
    return pb.PlaceOrderRequest(user_id=user, lines=[pb.LineInput(product_id=p, quantity=q) for p, q in lines])


class Shop:
    """A stub whose calls have a sandbox, and metadata as keywords: `idempotency_key="a"`."""

    def __init__(self, channel, sandbox):
        self.channel, self.sandbox, self.stub = channel, sandbox, shop_pb2_grpc.ShopServiceStub(channel)

    def metadata(self, **metadata):
        fields = {"x_sandbox": self.sandbox} | metadata
        return [(name.replace("_", "-"), value) for name, value in fields.items() if value is not None]

    def begin(self, method, request, timeout=10, compression=None, **metadata):
        call = getattr(self.stub, method)
        return call(request, timeout=timeout, compression=compression, metadata=self.metadata(**metadata))

    def ask(self, method, request, timeout=10, compression=None, **metadata):
        """The response, and its metadata: those before it and those after it."""
        call = getattr(self.stub, method).with_call
        return call(request, timeout=timeout, compression=compression, metadata=self.metadata(**metadata))


def refusal(call):
    """The error that a call ends with."""
    try:
        answer = call()
    except grpc.RpcError as error:
        return error
    raise AssertionError(f"it was not refused, but answered {answer!r}")


def details(error):
    """The details of an error by their names, each in its own type. The status has the call's code and message."""
    status = rpc_status.from_call(error)
    assert status, f"{error.code()} {error.details()} has no details"
    found = {}
    for packed in status.details:
        detail = getattr(error_details_pb2, packed.TypeName().rsplit(".")[-1])()
        assert packed.Unpack(detail), packed
        found[packed.TypeName()] = detail
    return found


def reason(error):
    info = details(error)["google.rpc.ErrorInfo"]
    assert info.domain == "parlance", info
    return error.code().name, info.reason, info.metadata["kind"]
