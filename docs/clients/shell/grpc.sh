#!/usr/bin/env bash
# gRPC with grpcurl, which learns the service by reflection and turns JSON into messages and back, and jq.
#
# Usage: bash grpc.sh [ADDRESS]
set -euo pipefail
address=${1:-http://127.0.0.1:8080}
origin=$(cut -d / -f 1-3 <<<"$address")
service=parlance.shop.v1.ShopService

# A gRPC client can't put /sandboxes/alice before its paths: the name of the sandbox is in the metadata.
sandbox=main
[[ $address != */sandboxes/* ]] || sandbox=${address##*/sandboxes/}
call() {
    grpcurl -plaintext -max-time 30 -format-error -H "x-sandbox: $sandbox" -d "$2" "${origin#http://}" "$service/$1"
}

# A user.
call GetUser '{"id": 1}' | jq -r '.user | "user \(.id): \(.name) <\(.email)>"'

# A search. This is a page of up to 20 products; the next one is at `"after"` and the page's `next`.
call SearchProducts '{"query": "laptop"}' | jq -r '.products.items | "found \(length) products, first \(.[0].name)"'

# An order.
order=$(call PlaceOrder '{"userId": 1, "lines": [{"productId": 1, "quantity": 2}, {"productId": 2, "quantity": 3}]}')
read -r id lines cents currency < <(jq -r '.order | "\(.id) \(.lines | length) \(.total.amount) \(.total.currency)"' <<<"$order")
printf 'order %d: %d lines, %d.%02d %s\n' "$id" "$lines" $((cents / 100)) $((cents % 100)) "$currency"

# An error: a status code, a message, and typed details, one of which is the reason. grpcurl writes them to stderr.
if ! error=$(call PlaceOrder '{"userId": 1, "lines": [{"productId": 10, "quantity": 1}]}' 2>&1); then
    jq -r '"refused: \(.details[0].reason | ascii_downcase): \(.message)"' <<<"$error"
fi

# Events: a stream of messages, from the beginning of the log on; without `after` only new ones. jq ends at the first that fits.
jq -nr --argjson id "$id" '
    first(inputs.event | select(.orderId == $id))
    | "event \(.seq): order \(.orderId) is \(.status | ltrimstr("ORDER_STATUS_") | ascii_downcase)"
' < <(call WatchEvents '{"after": 0}' 2>/dev/null)
