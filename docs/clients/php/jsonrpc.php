<?php
// JSON-RPC 2.0 with PHP's extension `curl`: one address, and the name of the method in the body.
//
// Usage: php jsonrpc.php [ADDRESS]

$curl = curl_init(($argv[1] ?? 'http://127.0.0.1:8080') . '/jsonrpc'); // Calls by one handle share a connection.
curl_setopt_array($curl, [CURLOPT_RETURNTRANSFER => true, CURLOPT_TIMEOUT => 30]);
curl_setopt($curl, CURLOPT_HTTPHEADER, ['Content-Type: application/json']);

/** The `error` of an answer: a code of JSON-RPC, a message, and in `data` the shop's reason. */
class Refused extends Exception
{
    public function __construct(public readonly array $error)
    {
        parent::__construct($error['message'], $error['code']);
    }
}

function call(string $method, array $params): array
{
    global $curl;
    $request = ['jsonrpc' => '2.0', 'id' => 1, 'method' => $method, 'params' => $params];
    curl_setopt($curl, CURLOPT_POSTFIELDS, json_encode($request));
    $text = curl_exec($curl);
    if ($text === false) {
        throw new RuntimeException(curl_error($curl));
    }
    $answer = json_decode($text, true);
    return $answer['result'] ?? throw new Refused($answer['error']); // The HTTP status is 200 for an error, too.
}

// A user.
$user = call('get_user', ['id' => 1]);
echo "user $user[id]: $user[name] <$user[email]>\n";

// A search. This is a page of up to 20 products; the next one is at `after` and the page's `next`.
$page = call('search_products', ['query' => 'laptop']);
echo 'found ', count($page['items']), " products, first {$page['items'][0]['name']}\n";

// An order.
$lines = [['product_id' => 1, 'quantity' => 2], ['product_id' => 2, 'quantity' => 3]];
$order = call('place_order', ['user_id' => 1, 'lines' => $lines]);
['amount' => $cents, 'currency' => $currency] = $order['total'];
printf("order %d: %d lines, %.2F %s\n", $order['id'], count($order['lines']), $cents / 100, $currency);

// An error.
try {
    call('place_order', ['user_id' => 1, 'lines' => [['product_id' => 10, 'quantity' => 1]]]);
} catch (Refused $refused) {
    echo "refused: {$refused->error['data']['reason']}: {$refused->getMessage()}\n";
}

// Events, from the beginning of the log. Over HTTP the client asks, and the answer waits until there is news.
for ($after = 0, $event = null; !$event; $after = $page['next']) {
    $page = call('list_events', ['after' => $after, 'limit' => 100, 'wait_seconds' => 20]);
    $event = current(array_filter($page['items'], fn ($event) => $event['order_id'] === $order['id']));
}
echo "event $event[seq]: order $event[order_id] is $event[status]\n";
