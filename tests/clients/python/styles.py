"""The styles. For each, the function that opens the shop at an address with credentials."""

from functools import partial

import over_graphql
import over_jsonrpc
import over_rest
import over_soap
import over_websocket
import over_xmlrpc

STYLES = {
    "rest": over_rest.Shop,
    "soap 1.1": partial(over_soap.Shop, port="ShopSoap11Port"),
    "soap 1.2": partial(over_soap.Shop, port="ShopSoap12Port"),
    "jsonrpc": over_jsonrpc.Shop,
    "xmlrpc": over_xmlrpc.Shop,
    "graphql": over_graphql.Shop,
    "websocket": over_websocket.Shop,
}
