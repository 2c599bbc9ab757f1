#!/usr/bin/env bash
# GraphQL with curl and jq: the client writes what it wants to know, and gets just that.
#
# Usage: bash graphql.sh [ADDRESS]
set -euo pipefail
shop=${1:-http://127.0.0.1:8080}/graphql

# Sends a document with its variables. The HTTP status is 200 for an error in it, too.
ask() {
    jq -nc --arg query "$1" --argjson variables "${2:-{\}}" '{query: $query, variables: $variables}' |
        curl -sf "$shop" -H 'Content-Type: application/json' -d @-
}

# A user, and of the user these fields.
ask '{ user(id: 1) { id name email } }' | jq -r '.data.user | "user \(.id): \(.name) <\(.email)>"'

# A search. What a program fills in is a variable, never a part of the text.
ask 'query ($text: String) { products(query: $text) { nodes { name } } }' '{"text": "laptop"}' |
    jq -r '.data.products.nodes | "found \(length) products, first \(.[0].name)"'

# An order.
place='mutation ($input: PlaceOrderInput!) {
    placeOrder(input: $input) { order { id lines { quantity } total { amount currency } } }
}'
order=$(ask "$place" '{"input": {"userId": 1, "lines": [{"productId": 1, "quantity": 2}, {"productId": 2, "quantity": 3}]}}')
read -r id lines cents currency < <(
    jq -r '.data.placeOrder.order | "\(.id) \(.lines | length) \(.total.amount) \(.total.currency)"' <<<"$order"
)
printf 'order %d: %d lines, %d.%02d %s\n' "$id" "$lines" $((cents / 100)) $((cents % 100)) "$currency"

# An error: `errors` in the answer, with the shop's reason in `extensions`.
ask "$place" '{"input": {"userId": 1, "lines": [{"productId": 10, "quantity": 1}]}}' |
    jq -r '.errors[0] | "refused: \(.extensions.reason): \(.message)"'

# Events: a subscription, here as server-sent events, from the beginning of the log. jq ends at the first that fits.
subscription='{"query": "subscription { orderEvents(after: 0) { seq orderId status } }"}'
jq -nrR --arg id "$id" '
    first(inputs | select(startswith("data: {")) | ltrimstr("data: ") | fromjson.data.orderEvents | select(.orderId == $id))
    | "event \(.seq): order \(.orderId) is \(.status | ascii_downcase)"
' < <(curl -sN --max-time 30 "$shop/stream" -H 'Accept: text/event-stream' -H 'Content-Type: application/json' -d "$subscription")
