"""The document without patches by steps: of a body that may be a list among others, openapi-python-client asks whether it is an
instance of `list[...]`, which Python refuses to say."""

import json
import sys

document = json.load(sys.stdin)
for item in document["paths"].values():
    for operation in item.values():
        operation.get("requestBody", {}).get("content", {}).pop("application/json-patch+json", None)
json.dump(document, sys.stdout)
