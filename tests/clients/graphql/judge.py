"""What graphql-core makes of the cases, and whether the shop makes the same of them."""

import json
import sys
from collections import Counter

import requests
from graphql import (
    GraphQLError, build_schema, default_field_resolver, execute_sync, get_named_type, get_operation_ast, is_enum_type,
    is_leaf_type, is_list_type, is_non_null_type, parse, validate,
)
from graphql.execution.values import get_variable_values

address, cases = sys.argv[1], json.load(open(sys.argv[2]))
shop = requests.Session()
schema = build_schema(shop.get(f"{address}/graphql/schema.graphql").content.decode())
# What the shop looks up for each: the reference does so too, by the id in the object itself.
LINKS = {("User", "orders"): ("orders", "userId", "id"), ("Order", "user"): ("user", "id", "userId"),
         ("OrderLine", "product"): ("product", "id", "productId")}
known = {}


def everything(type_):
    fields = [(name, get_named_type(field.type)) for name, field in type_.fields.items() if (type_.name, name) not in LINKS]
    return " ".join(name if is_leaf_type(below) else f"{name} {{ {everything(below)} }}" for name, below in fields)


def literal(value, type_):
    if is_non_null_type(type_):
        return literal(value, type_.of_type)
    if is_list_type(type_) and isinstance(value, list):
        return "[" + ", ".join(literal(item, type_.of_type) for item in value) + "]"
    return value if is_enum_type(type_) and value is not None else json.dumps(value)


def ask(name, arguments):
    """All members of a field of the root type, from the simplest query."""
    field = schema.query_type.fields[name]
    given = ", ".join(f"{key}: {literal(value, field.args[key].type)}" for key, value in arguments.items())
    query = f"{{ {name}{f'({given})' if given else ''} {{ {everything(get_named_type(field.type))} }} }}"
    if query not in known:
        known[query] = shop.post(f"{address}/graphql", json={"query": query}).json()
    answer = known[query]
    if "errors" in answer:
        raise GraphQLError(answer["errors"][0]["message"])
    return answer["data"][name]


def resolve(source, info, **arguments):
    link = LINKS.get((info.parent_type.name, info.field_name))
    if info.parent_type is schema.query_type:
        return ask(info.field_name, arguments)
    if link:
        return ask(link[0], {link[1]: source[link[2]], **arguments})
    return default_field_resolver(source, info, **arguments)


def expected(case):
    """Nothing, if it is refused; else the data and the paths of errors, or that it is no query."""
    try:
        document = parse(case["query"])
    except GraphQLError:
        return None
    operation = get_operation_ast(document, case["operation"])
    if validate(schema, document) or operation is None:
        return None
    values = get_variable_values(schema, operation.variable_definitions or (), case["variables"])
    if isinstance(values, list):
        return None
    if operation.operation.value != "query":
        return "accepted"
    result = execute_sync(schema, document, variable_values=case["variables"], operation_name=case["operation"], field_resolver=resolve)
    return None if result.data is None else [result.data, sorted(map(str, (error.path for error in result.errors or [])))]


def answered(case):
    """The same of the shop. By GET nothing is changed or listened to: 405 says that it would be."""
    request = {"query": case["query"], "operationName": case["operation"], "variables": case["variables"]}
    accept = {"accept": "application/graphql-response+json"}
    response = shop.post(f"{address}/graphql", json=request, headers=accept) if is_query(case) else shop.get(
        f"{address}/graphql", params={**request, "variables": json.dumps(case["variables"])}, headers=accept)
    body = response.json()
    if response.status_code == 405:
        return "accepted"
    if "data" not in body:
        code = body["errors"][0]["extensions"]["code"]
        is_refused = response.status_code == 400 and code in ("GRAPHQL_PARSE_FAILED", "GRAPHQL_VALIDATION_FAILED", "INVALID")
        return None if is_refused else f"{response.status_code} {body}"
    return [body["data"], sorted(str(error["path"]) for error in body.get("errors", []))]


def is_query(case):
    return "mutation" not in case["query"] and "subscription" not in case["query"]


alike, other, refused = Counter(), Counter(), 0
for case in cases:
    wanted, got = expected(case), answered(case)
    refused += wanted is None
    # The order of members counts, so they are compared as text.
    if json.dumps(wanted) == json.dumps(got):
        alike[case["rule"]] += 1
        continue
    other[case["rule"]] += 1
    if other[case["rule"]] <= 3:
        print(f"    {case}\n    graphql-core {json.dumps(wanted)[:300]}\n    the shop     {json.dumps(got)[:300]}")
for rule in dict.fromkeys(case["rule"] for case in cases):
    line = f"FAIL  graphql-core, {rule}: {other[rule]} of {alike[rule] + other[rule]}" if other[rule] else (
        f"ok    graphql-core, {rule}: {alike[rule]}")
    print(line)
print(f"      graphql-core: {len(cases)} documents and variable sets, {refused} of them refused; alike {alike.total()}")
