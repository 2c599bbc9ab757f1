<?php
// XML-RPC, by PHP's extension `xmlrpc`: it writes calls and reads answers; HTTP is PHP's own stream.

require __DIR__ . '/check.php';

/** A fault of the server, as an exception. */
class Fault extends Exception
{
}

function call(string $method, mixed ...$params): mixed
{
    global $argv;
    $http = ['method' => 'POST', 'header' => 'Content-Type: text/xml'];
    // Without them the extension writes ISO-8859-1, and references for all that is not ASCII.
    $form = ['encoding' => 'UTF-8', 'escaping' => 'markup'];
    $http['content'] = xmlrpc_encode_request($method, $params, $form);
    $answer = file_get_contents("$argv[1]/xmlrpc", false, stream_context_create(['http' => $http]));
    $value = xmlrpc_decode($answer, 'UTF-8');
    if (is_array($value) && xmlrpc_is_fault($value)) {
        throw new Fault($value['faultString'], $value['faultCode']);
    }
    return $value;
}

check('php/xmlrpc: gets user 1, by position and by name', function () {
    $user = call('get_user', 1);
    equal([1, 'Ada Lovelace', 'ada@example.com'], [$user['id'], $user['name'], $user['email']]);
    equal('datetime', xmlrpc_get_type($user['created_at']));
    equal($user['name'], call('get_user', ['id' => 1])['name']);
});

check('php/xmlrpc: creates a user whose name is not ASCII', function () {
    $user = call('create_user', ['name' => 'Žofia <&> 東京', 'email' => 'php@example.com']);
    equal('Žofia <&> 東京', $user['name']);
});

check('php/xmlrpc: finds a "laptop"', function () {
    $products = call('search_products', ['query' => 'laptop'])['items'];
    equal(1, preg_match('/laptop/i', $products[0]['name']));
});

check('php/xmlrpc: orders two lines, and the stock falls', function () {
    $before = call('get_product', 1)['stock'];
    $lines = [['product_id' => 1, 'quantity' => 2], ['product_id' => 2, 'quantity' => 3]];
    $order = call('place_order', 1, $lines);
    equal([2, 3], array_column($order['lines'], 'quantity'));
    equal($before - 2, call('get_product', 1)['stock']);
});

check('php/xmlrpc: hears a fault', function () {
    $fault = refusal(fn () => call('get_user', 999999));
    equal([-32004, 'user_not_found: there is no user 999999; list_users lists those that exist'], [$fault->getCode(), $fault->getMessage()]);
});

check('php/xmlrpc: asks for the methods', function () {
    equal([], array_diff(['place_order', 'system.multicall'], call('system.listMethods')));
    equal('struct', call('system.methodSignature', 'get_user')[0][0]);
});

check('php/xmlrpc: makes several calls at once, and one of them fails', function () {
    $get = fn ($id) => ['methodName' => 'get_user', 'params' => [$id]];
    [[$ada], $fault, [$third]] = call('system.multicall', [$get(1), $get(999999), $get(3)]);
    equal([1, -32004, 3], [$ada['id'], $fault['faultCode'], $third['id']]);
});
