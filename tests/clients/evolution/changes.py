"""What does each change of the contract make of a product? `rating` is added, last, as who adds with care does; `description` is
called `details`, where it stood; or it is gone. Each grammar has its function; it fails where it finds nothing to change, as then
nothing would be measured."""

import json

from graphql import GraphQLField, GraphQLInt, build_schema
from lxml import etree

CHANGES = ["added", "renamed", "removed"]
# The present contract, which a client must understand before its reaction to a change counts.
UNCHANGED = "unchanged"

OLD, NEW, ADDED, RATING = "description", "details", "rating", 4
SHOP = "{urn:parlance:shop:v1}"
RATING_MEMBER = f"<member><name>{ADDED}</name><value><int>{RATING}</int></value></member>"


def of_members(product, change, added=RATING):
    """Any mapping whose keys are a product's members: the product itself, or what a schema says of them."""
    if OLD not in product:
        raise KeyError(OLD)
    if change == "added":
        return product | {ADDED: added}
    if change == "renamed":
        return {NEW if name == OLD else name: value for name, value in product.items()}
    return {name: value for name, value in product.items() if name != OLD}


def in_rest(body, change):
    return written(of_members(json.loads(body), change))


def in_jsonrpc(body, change):
    answer = json.loads(body)
    return written(answer | {"result": of_members(answer["result"], change)})


def in_websocket(message, change):
    answer = json.loads(message)
    return written(answer | {"ok": of_members(answer["ok"], change)}).decode()


def written(answer):
    return json.dumps(answer, ensure_ascii=False).encode()


def in_soap(body, change):
    envelope = etree.fromstring(body)
    [product] = envelope.iter(SHOP + "product")
    [old] = product.iter(SHOP + OLD)
    if change == "added":
        etree.SubElement(product, SHOP + ADDED).text = str(RATING)
    elif change == "renamed":
        old.tag = SHOP + NEW
    else:
        product.remove(old)
    return etree.tostring(envelope)


def in_xmlrpc(body, change):
    response = etree.fromstring(body)
    product = response.find("params/param/value/struct")
    [old] = [member for member in product if member.findtext("name") == OLD]
    if change == "added":
        product.append(etree.fromstring(RATING_MEMBER))
    elif change == "renamed":
        old.find("name").text = NEW
    else:
        product.remove(old)
    return etree.tostring(response, xml_declaration=True, encoding="UTF-8")


def of_schema(sdl, change):
    """The schema of GraphQL whose type `Product` is changed."""
    schema = build_schema(sdl)
    if change != UNCHANGED:
        fields = schema.type_map["Product"].fields
        changed = of_members(fields, change, GraphQLField(GraphQLInt))
        fields.clear()
        fields.update(changed)
    return schema
