"""The document without what one of its readers has wrong.

steps: of a body that may be a list among others, openapi-python-client asks whether it is an instance of `list[...]`, which Python
refuses to say.
conditions: schemathesis takes texts that are no tags for good ones in `If-Match` and `If-None-Match`, and puts them into most of its
cases; nothing else of these would be tried. Both have tests of their own in crates/rest/tests and tests/shop/errors."""

import json
import sys

CONDITIONS = ["#/components/parameters/IfMatch", "#/components/parameters/IfNoneMatch"]

document = json.load(sys.stdin)
for item in document["paths"].values():
    for operation in item.values():
        if sys.argv[1] == "steps":
            operation.get("requestBody", {}).get("content", {}).pop("application/json-patch+json", None)
        else:
            operation["parameters"] = [one for one in operation["parameters"] if one.get("$ref") not in CONDITIONS]
json.dump(document, sys.stdout)
