#!/usr/bin/env bash
# WebSocket with websocat and jq: one connection, on which calls, answers and events are messages, a line each.
#
# Usage: bash websocket.sh [ADDRESS]
set -euo pipefail
address=${1:-http://127.0.0.1:8080}

# The connection: what is written to `to` is sent, what comes is read from `from`.
coproc websocat --protocol shop.v1.json "ws${address#http}/ws"
from=${COPROC[0]} to=${COPROC[1]}

# Sends a call with its id, and waits for the answer. One call at a time here, so no other message comes first.
call() {
    printf '{"id": %d, "op": "%s", "params": %s}\n' "$1" "$2" "$3" >&"$to"
    read -r -t 10 answer <&"$from"
}

# A user.
call 1 get_user '{"id": 1}'
jq -r '.ok | "user \(.id): \(.name) <\(.email)>"' <<<"$answer"

# A search. This is a page of up to 20 products; the next one is at `"after"` and the page's `next`.
call 2 search_products '{"query": "laptop"}'
jq -r '.ok.items | "found \(length) products, first \(.[0].name)"' <<<"$answer"

# An order.
call 3 place_order '{"user_id": 1, "lines": [{"product_id": 1, "quantity": 2}, {"product_id": 2, "quantity": 3}]}'
read -r id lines cents currency < <(jq -r '.ok | "\(.id) \(.lines | length) \(.total.amount) \(.total.currency)"' <<<"$answer")
printf 'order %d: %d lines, %d.%02d %s\n' "$id" "$lines" $((cents / 100)) $((cents % 100)) "$currency"

# An error.
call 4 place_order '{"user_id": 1, "lines": [{"product_id": 10, "quantity": 1}]}'
jq -r 'select(.error).error | "refused: \(.reason): \(.message)"' <<<"$answer"

# Events, pushed from the beginning of the log on; without `after` only new ones. jq ends at the first that fits.
call 5 watch_events '{"after": 0}'
jq -nr --argjson id "$id" '
    first(inputs.event | select(.order_id == $id)) | "event \(.seq): order \(.order_id) is \(.status)"
' <&"$from"
kill "$COPROC_PID"
