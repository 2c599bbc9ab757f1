#!/usr/bin/env bash
# XML-RPC, by xmlrpc-c's command `xmlrpc`: an address, a method and parameters in; out comes the answer, for people to
# read. It knows no arrays and no structs, so it buys by way of the cart.

set -uo pipefail
address=$1
failed=0

# What the shop answers; a fault is an answer, too.
shop() { xmlrpc "$address/xmlrpc" "$@" 2>&1; }

# Passes if the answer has each of the texts.
check() {
    local what=$1 answer=$2 text
    shift 2
    for text in "$@"; do
        if [[ $answer != *"$text"* ]]; then
            printf 'FAIL  shell/xmlrpc: %s\n"%s" is not in:\n%s\n' "$what" "$text" "$answer"
            failed=1
            return
        fi
    done
    echo "ok    shell/xmlrpc: $what"
}

# The number that a struct of the answer has under a name.
number() { grep -m1 -A1 "'$1'" | grep -o '[0-9]*$'; }
stock() { shop get_product i/1 | number stock; }

check "gets user 1" "$(shop get_user i/1)" "Integer: 1" "String: 'Ada Lovelace'" "String: 'ada@example.com'"
check 'finds a "laptop"' "$(shop search_products s/laptop)" "Laptop"
# What is not ASCII is shown by its bytes.
user=$(shop create_user 's/Žofia <&>' s/shell@example.com)
check "creates a user whose name is not ASCII" "$user" '\xc5\xbdofia <&>'

user=$(number id <<<"$user")
before=$(stock)
shop set_cart_line "i/$user" i/1 i/2 >/dev/null
shop set_cart_line "i/$user" i/2 i/3 >/dev/null
check "orders two lines" "$(shop check_out "i/$user")" "String: 'placed'" "Array of 2 items"
check "sees that the stock fell" "stock $(stock)" "stock $((before - 2))"

fault="user_not_found: there is no user 999999; list_users lists those that exist.  (XML-RPC fault code -32004)"
check "hears a fault" "$(shop get_user i/999999)" "$fault"
check "asks for the methods" "$(shop system.listMethods)" "'place_order'" "'system.multicall'"
caller=$(shop who_am_i -username=ada@example.com -password=parlance)
check "is user 1, by email and password" "$caller" "'Ada Lovelace'" "'password'"

exit $failed
