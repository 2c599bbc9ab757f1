#!/usr/bin/env bash
# XML-RPC with curl, and xmllint for XML: the name of a method, and its parameters. Most languages have a library.
#
# Usage: bash xmlrpc.sh [ADDRESS]
set -euo pipefail
shop=${1:-http://127.0.0.1:8080}/xmlrpc

# Calls a method with one parameter: a struct that has the members by their names.
call() {
    curl -sf "$shop" -H 'Content-Type: text/xml' -d "<?xml version='1.0'?>
        <methodCall><methodName>$1</methodName><params><param>$(struct "${@:2}")</param></params></methodCall>"
}
# A struct of names and values: struct id '<int>1</int>' ...
struct() {
    printf '<value><struct>'
    printf '<member><name>%s</name><value>%s</value></member>' "$@"
    printf '</struct></value>'
}
# What an XPath finds in an answer, as text; and the first member with a name.
find() { xmllint --xpath "string($2)" - <<<"$1"; }
member() { find "$1" "//member[name='$2']/value/*"; }

# A user.
user=$(call get_user id '<int>1</int>')
echo "user $(member "$user" id): $(member "$user" name) <$(member "$user" email)>"

# A search. This is a page of up to 20 products; the next one is at `after` and the page's `next`.
page=$(call search_products query '<string>laptop</string>')
echo "found $(find "$page" "count(//member[name='items']/value/array/data/value)") products, first $(member "$page" name)"

# An order.
line() { struct product_id "<int>$1</int>" quantity "<int>$2</int>"; }
order=$(call place_order user_id '<int>1</int>' lines "<array><data>$(line 1 2)$(line 2 3)</data></array>")
id=$(member "$order" id)
lines=$(find "$order" "count(//member[name='lines']/value/array/data/value)")
cents=$(find "$order" "//member[name='total']//member[name='amount']/value/*") currency=$(member "$order" currency)
printf 'order %d: %d lines, %d.%02d %s\n' "$id" "$lines" $((cents / 100)) $((cents % 100)) "$currency"

# An error: a fault, which has a number and a text. The text begins with the shop's reason.
answer=$(call place_order user_id '<int>1</int>' lines "<array><data>$(line 10 1)</data></array>")
if [ -n "$(find "$answer" //fault)" ]; then
    echo "refused: $(member "$answer" faultString)"
fi

# Events, from the beginning of the log. XML-RPC can't push: the client asks, and the answer waits until there is news.
after=0 event=
until [ -n "$event" ]; do
    page=$(call list_events after "<int>$after</int>" limit '<int>100</int>' wait_seconds '<int>20</int>')
    item="//struct[member[name='order_id']/value/*=$id]"
    event=$(find "$page" "$item/member[name='seq']/value/*")
    after=$(member "$page" next)
done
echo "event $event: order $id is $(find "$page" "$item/member[name='status']/value/*")"
