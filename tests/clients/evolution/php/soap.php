<?php
// SOAP, by PHP's own SoapClient: an operation of the WSDL is a method, a message is an object. A warning does not end it, as
// PHP has it by default.

try {
    $shop = new SoapClient("$argv[1]/soap?wsdl", ['cache_wsdl' => WSDL_CACHE_NONE]);
    $product = $shop->GetProduct(['id' => 1])->product;
    echo "$product->name\n$product->description\n";
} catch (Throwable $error) {
    fwrite(STDERR, get_class($error) . ': ' . $error->getMessage());
    exit(1);
}
