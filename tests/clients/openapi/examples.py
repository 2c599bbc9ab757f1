"""Is every example in JSON of the document what its schema says? Linters ask it of those in XML too, which are text."""

import json
import sys

from jsonschema import Draft202012Validator

document = json.load(open(sys.argv[1]))
checked = failed = 0


def resolved(value):
    while isinstance(value, dict) and "$ref" in value:
        target = document
        for step in value["$ref"].removeprefix("#/").split("/"):
            target = target[step.replace("~1", "/").replace("~0", "~")]
        value = target
    return value


def check(where, schema, example):
    global checked, failed
    checked += 1
    # What the schema refers to is in the document.
    whole = {**schema, "components": document["components"]} if "$ref" not in schema else {"allOf": [schema], "components": document["components"]}
    for error in Draft202012Validator(whole).iter_errors(example):
        failed += 1
        print(f"FAIL  openapi/examples: {where}: {error.message}")


def check_content(where, content):
    for media_type, form in content.items():
        if "json" not in media_type and form["schema"].get("type") != "string":
            continue
        if "example" in form:
            check(f"{where} {media_type}", form["schema"], form["example"])
        for name, example in form.get("examples", {}).items():
            check(f"{where} {media_type} {name}", form["schema"], example["value"])


for path, item in document["paths"].items():
    for verb, operation in item.items():
        where = f"{verb} {path}"
        for parameter in map(resolved, operation["parameters"]):
            if "example" in parameter:
                check(f"{where} {parameter['name']}", parameter["schema"], parameter["example"])
        check_content(where, operation.get("requestBody", {}).get("content", {}))
        for status, response in operation["responses"].items():
            response = resolved(response)
            check_content(f"{where} {status}", response.get("content", {}))
            for name, header in response.get("headers", {}).items():
                header = resolved(header)
                check(f"{where} {status} {name}", header["schema"], header["example"])
if not failed:
    print(f"ok    openapi/examples: all {checked} are what their schemas say")
sys.exit(failed > 0)
