"""The contracts, checked by independent validators."""

import sys

import requests
import zeep
from graphql import build_schema, get_introspection_query, graphql_sync, validate_schema
from openapi_spec_validator import OpenAPIV31SpecValidator

import story

ADDRESS = sys.argv[1]


def fetch(path):
    response = requests.get(ADDRESS + path, timeout=10)
    response.raise_for_status()
    return response


def openapi():
    errors = list(OpenAPIV31SpecValidator(fetch("/rest/openapi.json").json()).iter_errors())
    assert not errors, errors


def wsdl():
    client = zeep.Client(f"{ADDRESS}/soap?wsdl", settings=zeep.Settings(strict=True))
    ports = client.wsdl.services["ShopService"].ports
    story.equal(sorted(ports), ["ShopSoap11Port", "ShopSoap12Port"])
    assert all(port.binding.all() for port in ports.values())


def sdl():
    schema = build_schema(fetch("/graphql/schema.graphql").text)
    story.equal(validate_schema(schema), [])
    query = get_introspection_query()
    served = requests.post(f"{ADDRESS}/graphql", json={"query": query}, timeout=10).json()["data"]["__schema"]
    written = graphql_sync(schema, query).data["__schema"]
    own = lambda types: {kind["name"]: kind for kind in types if not kind["name"].startswith("__")}
    served, written = own(served["types"]), own(written["types"])
    # A schema may say more of the built-in scalars than their names.
    for name in ("ID", "String", "Int", "Float", "Boolean"):
        served.pop(name, None), written.pop(name, None)
    story.equal(sorted(served), sorted(written))
    for name, kind in served.items():
        for key in ("fields", "inputFields", "enumValues"):
            names = lambda members: sorted(member["name"] for member in members or [])
            story.equal((name, names(kind[key])), (name, names(written[name][key])))


if __name__ == "__main__":
    checks = story.Checks("python/contracts")
    checks.check("OpenAPI 3.1 is valid", openapi)
    checks.check("WSDL is read strictly, with both ports", wsdl)
    checks.check("the SDL is valid, and what introspection says", sdl)
    checks.end()
