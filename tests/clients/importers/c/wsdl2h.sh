#!/usr/bin/env bash
# Does gSOAP read the WSDL with its schema inline as it reads the two-part one, and make a client of it?

set -euo pipefail
address=$1
cd "$(dirname "$0")"
for form in wsdl singlewsdl; do
    # -c: C, not C++; -e: enumerations by their plain names; -x: nothing but what the schema declares.
    wsdl2h -c -e -x -o "$form.h" "$address/soap?$form" >"$form.log" 2>&1 || { cat "$form.log"; exit 1; }
done
declared() { grep -c '^int  *__' "$1"; }
if [ "$(declared wsdl.h)" -eq 54 ] && [ "$(declared singlewsdl.h)" -eq 54 ] && soapcpp2 -c -C -L -x -w singlewsdl.h >soapcpp2.log 2>&1; then
    echo "ok    singlewsdl/gsoap: a client with 54 calls, as of both parts"
else
    cat soapcpp2.log 2>/dev/null || true
    echo "FAIL  singlewsdl/gsoap: $(declared wsdl.h) calls of both parts, $(declared singlewsdl.h) of one"
fi
