#!/usr/bin/env bash
# Makes Java of the WSDL by wsimport, and runs Soap.java with it. Writes where it stands.

set -euo pipefail
address=$1
cd "$(dirname "$0")"
jaxws=/usr/share/jaxws

# -extension: SOAP 1.2 also, which JAX-WS does not demand of a WSDL 1.1.
sh "$jaxws/bin/wsimport.sh" -quiet -extension -p shop "$address/soap?wsdl"
# Without the name it searches for one, and warns.
messages=-Djavax.xml.soap.SAAJMetaFactory=com.sun.xml.messaging.saaj.soap.SAAJMetaFactoryImpl
java "$messages" -cp ".:$jaxws/lib/*" Soap.java "$address"
