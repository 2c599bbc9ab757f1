#!/usr/bin/env bash
# Makes C of the WSDL, compiles soap.c with it, once for each version of SOAP, and runs that. Writes where it stands.

set -euo pipefail
address=$1
cd "$(dirname "$0")"
gsoap=/usr/share/gsoap

# Generators talk much: what they say is shown if they fail.
quietly() { "$@" >generator.log 2>&1 || { cat generator.log; exit 1; }; }

# -c: C, not C++; -e: enumerations by their plain names; -x: nothing but what the schema declares.
quietly wsdl2h -c -e -x -o shop.h "$address/soap?wsdl"
# The header blocks of WS-Security, as gSOAP has them.
sed -i '1i #import "wsse.h"' shop.h

for version in 1 2; do
    made=made$version
    mkdir "$made"
    # -C: a client; -L, -x, -w: no further files.
    quietly soapcpp2 "-$version" -c -C -L -x -w "-d$made" "-I$gsoap/import" shop.h
    gcc -w "-DVERSION=\"1.$version\"" "-I$made" "-I$gsoap" -o "soap$version" soap.c \
        "$made/soapC.c" "$made/soapClient.c" "$gsoap/custom/struct_timeval.c" $(pkg-config --cflags --libs gsoap)
done

failed=0
./soap1 || failed=1
./soap2 || failed=1
exit $failed
