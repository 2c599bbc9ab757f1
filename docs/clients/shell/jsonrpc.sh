#!/usr/bin/env bash
# JSON-RPC 2.0 with curl and jq: one address, and the name of the method in the body.
#
# Usage: bash jsonrpc.sh [ADDRESS]
set -euo pipefail
shop=${1:-http://127.0.0.1:8080}/jsonrpc

# Calls a method with parameters by name, and prints the answer. The HTTP status is 200 for an error, too.
call() {
    jq -nc --arg method "$1" --argjson params "$2" '{jsonrpc: "2.0", id: 1, method: $method, params: $params}' |
        curl -sf "$shop" -H 'Content-Type: application/json' -d @-
}

# A user.
call get_user '{"id": 1}' | jq -r '.result | "user \(.id): \(.name) <\(.email)>"'

# A search. This is a page of up to 20 products; the next one is at `"after"` and the page's `next`.
call search_products '{"query": "laptop"}' | jq -r '.result.items | "found \(length) products, first \(.[0].name)"'

# An order.
order=$(call place_order '{"user_id": 1, "lines": [{"product_id": 1, "quantity": 2}, {"product_id": 2, "quantity": 3}]}')
read -r id lines cents currency < <(jq -r '.result | "\(.id) \(.lines | length) \(.total.amount) \(.total.currency)"' <<<"$order")
printf 'order %d: %d lines, %d.%02d %s\n' "$id" "$lines" $((cents / 100)) $((cents % 100)) "$currency"

# An error: a code of JSON-RPC, a message, and in `data` the shop's reason.
call place_order '{"user_id": 1, "lines": [{"product_id": 10, "quantity": 1}]}' |
    jq -r 'select(.error).error | "refused: \(.data.reason): \(.message)"'

# Events, from the beginning of the log. Over HTTP the client asks, and the answer waits until there is news.
after=0 event=
until [ -n "$event" ]; do
    page=$(call list_events "{\"after\": $after, \"limit\": 100, \"wait_seconds\": 20}")
    event=$(jq -r --argjson id "$id" '
        .result.items[] | select(.order_id == $id) | "event \(.seq): order \(.order_id) is \(.status)"
    ' <<<"$page")
    after=$(jq .result.next <<<"$page")
done
echo "$event"
