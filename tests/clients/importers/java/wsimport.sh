#!/usr/bin/env bash
# Does wsimport make of the WSDL with its schema inline the same classes as of the two-part one, and without a warning?

set -euo pipefail
address=$1
cd "$(dirname "$0")"
mkdir two one
for form in two:wsdl one:singlewsdl; do
    # -extension: SOAP 1.2 also, which JAX-WS does not demand of a WSDL 1.1.
    sh /usr/share/jaxws/bin/wsimport.sh -extension -Xnocompile -keep -s "${form%:*}" -p shop "$address/soap?${form#*:}" >"${form%:*}.log" 2>&1
done
classes=$(ls two/shop | wc -l)
# The service names the address of its WSDL.
if diff -w <(sed 's/?singlewsdl/?wsdl/' one/shop/*.java) <(cat two/shop/*.java) >difference.log && [ "$classes" -gt 60 ]; then
    echo "ok    singlewsdl/wsimport: the same $classes classes as of both parts"
else
    head -20 difference.log
    echo "FAIL  singlewsdl/wsimport: $classes classes"
fi
