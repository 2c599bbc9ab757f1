#!/usr/bin/env bash
# REST with curl, and jq for JSON: an address for each thing, HTTP's methods and status codes.
#
# Usage: bash rest.sh [ADDRESS]
set -euo pipefail
shop=${1:-http://127.0.0.1:8080}/rest

# A user, by the address. Without -f curl succeeds whatever the status.
curl -sf "$shop/users/1" | jq -r '"user \(.id): \(.name) <\(.email)>"'

# A search. This is a page of up to 20 products; the next one is at `?after=` and the page's `next`.
curl -sf "$shop/products?query=laptop" | jq -r '"found \(.items | length) products, first \(.items[0].name)"'

# An order. With a key, a request that is repeated because its answer was lost does not order twice.
order=$(curl -sf "$shop/orders" -H 'Content-Type: application/json' -H "Idempotency-Key: $(date +%s)-$$" \
    -d '{"user_id": 1, "lines": [{"product_id": 1, "quantity": 2}, {"product_id": 2, "quantity": 3}]}')
read -r id lines cents currency < <(jq -r '"\(.id) \(.lines | length) \(.total.amount) \(.total.currency)"' <<<"$order")
printf 'order %d: %d lines, %d.%02d %s\n' "$id" "$lines" $((cents / 100)) $((cents % 100)) "$currency"

# An error: the status, and a problem document (RFC 9457) as the body.
answer=$(curl -s -w '\n%{http_code}' "$shop/orders" -H 'Content-Type: application/json' \
    -d '{"user_id": 1, "lines": [{"product_id": 10, "quantity": 1}]}')
if [ "${answer##*$'\n'}" -ge 400 ]; then
    jq -r '"refused: \(.reason): \(.detail)"' <<<"${answer%$'\n'*}"
fi

# Events, as the server sends them. `Last-Event-ID` is the cursor: 0 is the beginning of the log. jq ends at the first that fits.
jq -nrR --argjson id "$id" '
    first(inputs | select(startswith("data: ")) | ltrimstr("data: ") | fromjson | select(.order_id == $id))
    | "event \(.seq): order \(.order_id) is \(.status)"
' < <(curl -sN --max-time 30 "$shop/events" -H 'Accept: text/event-stream' -H 'Last-Event-ID: 0')
