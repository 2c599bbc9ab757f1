"""Do both forms of the WSDL say the same, and are they what strict generators demand: WS-I Basic Profile 1.1, and the rules by which
dotnet-svcutil (XmlSerializer or DataContract) makes classes and wrapped methods?"""

import json
import re
import sys
import urllib.request

import zeep
from lxml import etree

ADDRESS, EXAMPLES = sys.argv[1], json.load(open(sys.argv[2]))
SHOP = f"{ADDRESS}/sandboxes/importers-zeep"
WSDL, XSD = "{http://schemas.xmlsoap.org/wsdl/}", "{http://www.w3.org/2001/XMLSchema}"
SOAPS = {"{http://schemas.xmlsoap.org/wsdl/soap/}": 11, "{http://schemas.xmlsoap.org/wsdl/soap12/}": 12}
TNS = "urn:parlance:shop:v1"


def check(what, test):
    try:
        test()
        print(f"ok    {what}")
    except Exception as problem:
        print(f"FAIL  {what}\n{type(problem).__name__}: {problem}")


def fetch(path):
    return etree.fromstring(urllib.request.urlopen(SHOP + path).read())


single = fetch("/soap?singlewsdl")
schema = single.find(f"{WSDL}types/{XSD}schema")


def name(value):
    """What a name with a prefix refers to, where all are of the shop."""
    return value.removeprefix("tns:")


def one_schema():
    assert len(single.findall(f"{WSDL}types/{XSD}schema")) == 1, "one schema for the one namespace"
    assert schema.get("targetNamespace") == TNS and schema.get("elementFormDefault") == "qualified"
    assert not list(schema.iter(f"{XSD}import", f"{XSD}include", f"{XSD}redefine"))
    etree.XMLSchema(schema)


def same_as_two_parts():
    def outline(element, without=()):
        if not isinstance(element.tag, str) or element.tag in without:
            return None
        attributes = {key: value.replace("xsd:", "xs:") for key, value in element.attrib.items()}
        children = [outline(child, without) for child in element]
        return element.tag, sorted(attributes.items()), (element.text or "").split(), [one for one in children if one]

    types = f"{WSDL}types"
    assert outline(schema) == outline(fetch("/soap?xsd=shop.xsd"))
    assert outline(single, [types]) == outline(fetch("/soap?wsdl"), [types])


def no_traps():
    for kind in ["any", "anyAttribute", "choice", "all", "group", "attributeGroup", "attribute", "union", "list", "key", "keyref"]:
        assert not list(schema.iter(XSD + kind)), f"xs:{kind} makes untyped or renamed members"
    for element in schema.iterfind(f".//{XSD}sequence/{XSD}element"):
        assert element.get("default") is None and element.get("fixed") is None, "XmlSerializer leaves out what is a default"
        assert element.get("ref") is None and element.get("form") is None
        is_optional = element.get("minOccurs") == "0"
        assert element.get("nillable") is None or is_optional, f"{element.get('name')}: a required member that is nil"
    names = [element.get("name") for element in schema.findall(f"{XSD}complexType") + schema.findall(f"{XSD}simpleType")]
    # A class of .NET can't be called as one of its members, nor twice when only case tells.
    assert len({one.lower() for one in names}) == len(names)
    for made in schema.findall(f"{XSD}complexType"):
        assert made.get("name") not in [member.get("name") for member in made.iter(f"{XSD}element")]


def basic_profile():
    messages = single.findall(f"{WSDL}message")
    assert len({message.get("name") for message in messages}) == len(messages), "R2722-like: a name twice"
    for message in messages:
        [part] = message.findall(f"{WSDL}part")
        assert part.get("element") and not part.get("type"), "R2204: document/literal refers to elements"
    operations = [operation.get("name") for operation in single.findall(f"{WSDL}portType/{WSDL}operation")]
    assert len(set(operations)) == len(operations), "R2304: no operation is overloaded"
    wires = [single.find(f"{WSDL}message[@name='{one}']/{WSDL}part").get("element") for one in operations]
    assert len(set(wires)) == len(wires), "R2710: each has an element of its own on the wire"
    for binding in single.findall(f"{WSDL}binding"):
        [kind] = [child for child in binding if child.tag.endswith("}binding")]
        assert kind.get("style", "document") == "document", "R2705"
        assert kind.get("transport") == "http://schemas.xmlsoap.org/soap/http", "R2702"
        assert [one.get("name") for one in binding.findall(f"{WSDL}operation")] == operations, "R2718"
        for body in binding.iter(*[f"{soap}{what}" for soap in SOAPS for what in ("body", "fault", "header")]):
            assert body.get("use", "literal") == "literal", "R2706"
            assert body.get("namespace") is None, "R2716"
        for one in binding.findall(f"{WSDL}operation"):
            [soap] = [child for child in one if child.tag.removesuffix("operation") in SOAPS]
            assert soap.get("soapAction"), "R2745"
            for fault in one.findall(f"{WSDL}fault"):
                assert fault[0].get("name") == fault.get("name"), "R2721"


def wrapped():
    for operation in single.findall(f"{WSDL}portType/{WSDL}operation"):
        called = operation.get("name")
        for way, suffix in [("input", ""), ("output", "Response")]:
            message = name(operation.find(WSDL + way).get("message"))
            [part] = single.findall(f"{WSDL}message[@name='{message}']/{WSDL}part")
            # dotnet-svcutil and wsimport unwrap a part of just this name, whose element is called like the operation.
            assert part.get("name") == "parameters" and name(part.get("element")) == called + suffix
            [element] = schema.findall(f"{XSD}element[@name='{called}{suffix}']")
            [content] = [child for child in element if child.tag != f"{XSD}annotation"]
            assert content.tag == f"{XSD}complexType" and not content.attrib and element.get("nillable") is None
            assert [child.tag for child in content] == [f"{XSD}sequence"] and not content[0].attrib


def pascal(word):
    return "".join(part.capitalize() for part in word.split("_"))


def camel(word):
    return word[0] + pascal(word)[1:]


def zeep_input(value, of=""):
    if isinstance(value, list):
        return {of.removesuffix("s"): [zeep_input(item) for item in value]}
    if isinstance(value, dict):
        return {camel(key): zeep_input(item, key) for key, item in value.items()}
    return value


def post(path, body=b"{}"):
    request = urllib.request.Request(SHOP + path, body, {"Content-Type": "application/json"})
    urllib.request.urlopen(request).read()


def called(form):
    client = zeep.Client(f"{SHOP}/soap?{form}")
    for port in ["ShopSoap11Port", "ShopSoap12Port"]:
        service = client.bind("ShopService", port)
        for operation in [one for one in EXAMPLES if one != "watch_events"]:
            post("/reset")
            if re.search("webhook|deliveries", operation):
                post("/rest/webhooks", b'{"url": "https://example.com/news"}')
            service[pascal(operation)](**zeep_input(EXAMPLES[operation][0]["input"]))


check("singlewsdl: one schema, with nothing to fetch", one_schema)
check("singlewsdl: the same as the WSDL and the XSD", same_as_two_parts)
check("singlewsdl: nothing that dotnet-svcutil stumbles over", no_traps)
check("singlewsdl: WS-I Basic Profile 1.1", basic_profile)
check("singlewsdl: document/literal wrapped", wrapped)
for form in ["wsdl", "singlewsdl"]:
    check(f"{form}/zeep: every operation of both ports is called", lambda: called(form))
