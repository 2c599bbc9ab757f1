#!/usr/bin/env bash
# buf: the rules of its STANDARD lint, and its `curl` in the three protocols, with the served file and with reflection.
set -uo pipefail

address=$1
service=parlance.shop.v1.ShopService
check() {
    local what=$1
    shift
    if problem=$("$@" 2>&1); then echo "ok    buf: $what"; else printf 'FAIL  buf: %s\n%s\n' "$what" "$problem"; fi
}
# Seconds until a call is cut off.
seconds=20
call() {
    local protocol=$1
    shift
    timeout "$seconds" buf curl --protocol "$protocol" "$@"
}
# Calls a method; the answer has a text.
answers() {
    local text=$1 answer
    shift
    answer=$(call "$@" 2>&1)
    grep -qF -- "$text" <<<"$answer" || { echo "$answer"; return 1; }
}
# Follows a stream until it has brought a text.
follows() {
    local text=$1
    shift
    grep -qF -m 1 -- "$text" < <(exec 2>/dev/null; call "$@" 2>&1 | tee followed) || { cat followed; return 1; }
}

# The lint is of our file alone.
mkdir -p linted/proto
cp -r proto/parlance linted/proto/
cat >linted/buf.yaml <<'END'
version: v2
modules:
  - path: proto
lint:
  use: [STANDARD]
END
check "STANDARD finds nothing" buf lint linted

for protocol in grpc grpcweb connect; do
    to=(--http2-prior-knowledge)
    schema=(--schema linted)
    get=(-d '{"id":1}' "$address/$service/GetUser")
    check "$protocol gets a user, with the file" answers '"Ada Lovelace"' "$protocol" "${to[@]}" "${schema[@]}" "${get[@]}"
    check "$protocol gets a user, with reflection" answers '"Ada Lovelace"' "$protocol" "${to[@]}" "${get[@]}"
    refused=(-d '{"userId":1,"lines":[{"productId":1}]}' "$address/$service/PlaceOrder")
    check "$protocol is refused with details" answers 'google.rpc.BadRequest' "$protocol" "${to[@]}" "${schema[@]}" "${refused[@]}"
    order=(-H 'x-sandbox: grpc-buf' -d '{"userId":1,"lines":[{"productId":1,"quantity":1}]}' "$address/$service/PlaceOrder")
    check "$protocol places an order" answers 'ORDER_STATUS_PLACED' "$protocol" "${to[@]}" "${schema[@]}" "${order[@]}"
    watch=(-d '{"after":0}' "$address/$service/WatchEvents")
    check "$protocol follows events" follows '"seq": 2' "$protocol" "${to[@]}" "${schema[@]}" "${watch[@]}"
done
for protocol in grpcweb connect; do
    check "$protocol over HTTP/1.1" answers '"Ada Lovelace"' "$protocol" --schema linted -d '{"id":1}' "$address/$service/GetUser"
done
check "lists the methods by reflection" answers "$service/PlaceOrder" grpc --http2-prior-knowledge --list-methods "$address"
