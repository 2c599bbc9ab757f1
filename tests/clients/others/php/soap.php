<?php
// SOAP, by PHP's own SoapClient: an operation of the WSDL is a method, a message is an object, a fault is an exception.

require __DIR__ . '/check.php';

const SHOP = 'urn:parlance:shop:v1';
const WSSE = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd';

function shop(int $version): SoapClient
{
    global $argv;
    return new SoapClient("$argv[1]/soap?wsdl", [
        'soap_version' => $version,
        'cache_wsdl' => WSDL_CACHE_NONE,
        // Else a list of one would be the one.
        'features' => SOAP_SINGLE_ELEMENT_ARRAYS,
    ]);
}

/** The header block by which WS-Security says who sends the envelope. PHP knows it not: it is written by hand. */
function username_token(string $email, string $password): SoapHeader
{
    $text = '<wsse:Security xmlns:wsse="' . WSSE . '"><wsse:UsernameToken>'
        . "<wsse:Username>$email</wsse:Username><wsse:Password>$password</wsse:Password>"
        . '</wsse:UsernameToken></wsse:Security>';
    return new SoapHeader(WSSE, 'Security', new SoapVar($text, XSD_ANYXML), true);
}

foreach (['1.1' => SOAP_1_1, '1.2' => SOAP_1_2] as $name => $version) {
    $shop = shop($version);
    $who = "php/soap $name";

    check("$who: finds the operations in the contract", function () use ($shop) {
        $operations = implode("\n", $shop->__getFunctions());
        equal(1, preg_match('/^PlaceOrderResponse PlaceOrder\(PlaceOrder \$parameters\)$/m', $operations));
    });

    check("$who: lists users", function () use ($shop) {
        $users = $shop->ListUsers(['limit' => 2])->users;
        equal([1, 2], array_map(fn ($user) => $user->id, $users->item));
        equal([3], array_map(fn ($user) => $user->id, $shop->ListUsers(['ids' => ['id' => [3]]])->users->item));
    });

    check("$who: gets user 1", function () use ($shop) {
        $user = $shop->GetUser(['id' => 1])->user;
        equal([1, 'Ada Lovelace', 'ada@example.com'], [$user->id, $user->name, $user->email]);
    });

    check("$who: creates a user", function () use ($shop, $name) {
        $user = $shop->CreateUser(['name' => 'Žofia <&>', 'email' => "php@$name.example.com"])->user;
        equal(['Žofia <&>', 'customer', 1], [$user->name, $user->role, $user->version]);
    });

    check("$who: orders two lines, and the stock falls", function () use ($shop) {
        $stock = fn () => $shop->GetProduct(['id' => 1])->product->stock;
        $before = $stock();
        $lines = [['productId' => 1, 'quantity' => 2], ['productId' => 2, 'quantity' => 3]];
        $order = $shop->PlaceOrder(['userId' => 1, 'lines' => ['line' => $lines]])->order;
        equal([2, 3], array_map(fn ($line) => $line->quantity, $order->lines->line));
        equal($before - 2, $stock());
    });

    check("$who: clicks twice for one order", function () use ($shop, $name) {
        $once = new SoapHeader(SHOP, 'IdempotencyKey', "php-$name");
        $input = [['userId' => 1, 'lines' => ['line' => [['productId' => 1, 'quantity' => 1]]]]];
        $click = fn () => $shop->__soapCall('PlaceOrder', $input, null, [$once])->order->id;
        equal($click(), $click());
    });

    check("$who: hears a typed fault", function () use ($shop, $name) {
        $fault = refusal(fn () => $shop->GetUser(['id' => 999999]));
        equal(['1.1' => 'soap:Client', '1.2' => 'soap:Sender'][$name], $fault->faultcode);
        $details = $fault->detail->ShopFault;
        equal(['user_not_found', 'not_found', $fault->getMessage()], [$details->reason, $details->kind, $details->message]);
    });

    check("$who: is user 1, by its envelope", function () use ($version) {
        $who_am_i = function ($password) use ($version) {
            $shop = shop($version);
            $shop->__setSoapHeaders(username_token('ada@example.com', $password));
            return $shop->WhoAmI()->caller;
        };
        $caller = $who_am_i('parlance');
        equal([1, 'customer', 'password'], [$caller->userId, $caller->role, $caller->proof]);
        equal('credentials_wrong', refusal(fn () => $who_am_i('wrong'))->detail->ShopFault->reason);
    });
}
