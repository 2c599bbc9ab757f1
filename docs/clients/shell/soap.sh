#!/usr/bin/env bash
# SOAP 1.1 with curl, and xmllint for XML: an envelope there, an envelope back. Most languages have a library that reads the WSDL.
#
# Usage: bash soap.sh [ADDRESS]
set -euo pipefail
shop=${1:-http://127.0.0.1:8080}/soap

# Calls an operation with the members of its message. A fault has the status 500, which is no failure of curl's.
call() {
    curl -s "$shop" -H 'Content-Type: text/xml; charset=utf-8' -H "SOAPAction: \"urn:parlance:shop:v1/$1\"" -d "
        <soap:Envelope xmlns:soap=\"http://schemas.xmlsoap.org/soap/envelope/\"><soap:Body>
            <$1 xmlns=\"urn:parlance:shop:v1\">$2</$1>
        </soap:Body></soap:Envelope>"
}
# What an XPath finds in an answer, as text. The elements have a namespace, so they are found by their local names.
find() { xmllint --xpath "string($2)" - <<<"$1"; }
text() { find "$1" "//*[local-name()='$2']"; }

# A user.
user=$(call GetUser '<id>1</id>')
echo "user $(text "$user" id): $(text "$user" name) <$(text "$user" email)>"

# A search. This is a page of up to 20 products; the next one is at `<after>` and the page's `next`.
page=$(call SearchProducts '<query>laptop</query>')
echo "found $(find "$page" "count(//*[local-name()='item'])") products, first $(text "$page" name)"

# An order. Members stand in the order of the contract.
order=$(call PlaceOrder '<userId>1</userId><lines>
    <line><productId>1</productId><quantity>2</quantity></line>
    <line><productId>2</productId><quantity>3</quantity></line></lines>')
id=$(text "$order" id)
total="//*[local-name()='total']"
cents=$(find "$order" "$total/*[local-name()='amount']") currency=$(find "$order" "$total/*[local-name()='currency']")
lines=$(find "$order" "count(//*[local-name()='line'])")
printf 'order %d: %d lines, %d.%02d %s\n' "$id" "$lines" $((cents / 100)) $((cents % 100)) "$currency"

# An error: a fault, whose detail is the shop's.
answer=$(call PlaceOrder '<userId>1</userId><lines><line><productId>10</productId><quantity>1</quantity></line></lines>')
if [ -n "$(text "$answer" Fault)" ]; then
    echo "refused: $(text "$answer" reason): $(text "$answer" message)"
fi

# Events, from the beginning of the log. SOAP can't push: the client asks, and the answer waits until there is news.
after=0 event=
until [ -n "$event" ]; do
    page=$(call ListEvents "<after>$after</after><limit>100</limit><waitSeconds>20</waitSeconds>")
    item="//*[local-name()='item'][*[local-name()='orderId']=$id]"
    event=$(find "$page" "$item/*[local-name()='seq']")
    after=$(text "$page" next)
done
echo "event $event: order $id is $(find "$page" "$item/*[local-name()='status']")"
