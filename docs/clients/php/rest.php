<?php
// REST with PHP's extension `curl`: an address for each thing, HTTP's methods and status codes, JSON.
//
// Usage: php rest.php [ADDRESS]

$shop = ($argv[1] ?? 'http://127.0.0.1:8080') . '/rest';
$curl = curl_init(); // Calls by one handle share a connection.

/** The body of a refusal. */
class Refused extends Exception
{
    public function __construct(public readonly array $problem)
    {
        parent::__construct($problem['detail'], $problem['status']);
    }
}

/** The decoded answer; with `$body` the request is a POST. A refusal is 4xx or 5xx with a problem document (RFC 9457). */
function call(string $url, ?array $body = null): array
{
    global $curl;
    curl_reset($curl);
    curl_setopt_array($curl, [CURLOPT_URL => $url, CURLOPT_RETURNTRANSFER => true, CURLOPT_TIMEOUT => 10]);
    if ($body !== null) {
        curl_setopt($curl, CURLOPT_HTTPHEADER, ['Content-Type: application/json']);
        curl_setopt($curl, CURLOPT_POSTFIELDS, json_encode($body));
    }
    $text = curl_exec($curl);
    if ($text === false) {
        throw new RuntimeException(curl_error($curl));
    }
    $answer = json_decode($text, true);
    return curl_getinfo($curl, CURLINFO_RESPONSE_CODE) < 400 ? $answer : throw new Refused($answer);
}

// A user, by the address.
$user = call("$shop/users/1");
echo "user $user[id]: $user[name] <$user[email]>\n";

// A search. This is a page of up to 20 products; the next one is at `?after=` and the page's `next`.
$page = call("$shop/products?" . http_build_query(['query' => 'laptop']));
echo 'found ', count($page['items']), " products, first {$page['items'][0]['name']}\n";

// An order.
$lines = [['product_id' => 1, 'quantity' => 2], ['product_id' => 2, 'quantity' => 3]];
$order = call("$shop/orders", ['user_id' => 1, 'lines' => $lines]);
['amount' => $cents, 'currency' => $currency] = $order['total'];
printf("order %d: %d lines, %.2F %s\n", $order['id'], count($order['lines']), $cents / 100, $currency);

// An error.
try {
    call("$shop/orders", ['user_id' => 1, 'lines' => [['product_id' => 10, 'quantity' => 1]]]);
} catch (Refused $refused) {
    echo "refused: {$refused->problem['reason']}: {$refused->getMessage()}\n";
}

// Events, as the server sends them. `Last-Event-ID` is the cursor: 0 is the beginning of the log.
$begun = ''; // A line whose end has not come yet.
curl_reset($curl);
curl_setopt_array($curl, [
    CURLOPT_URL => "$shop/events",
    CURLOPT_HTTPHEADER => ['Accept: text/event-stream', 'Last-Event-ID: 0'],
    CURLOPT_WRITEFUNCTION => function ($curl, string $chunk) use (&$begun, $order): int {
        $lines = explode("\n", $begun . $chunk);
        $begun = array_pop($lines);
        foreach (preg_grep('/^data: /', $lines) as $line) {
            $event = json_decode(substr($line, strlen('data: ')), true);
            if ($event['order_id'] === $order['id']) {
                echo "event $event[seq]: order $event[order_id] is $event[status]\n";
                return 0; // Ends the stream.
            }
        }
        return strlen($chunk);
    },
]);
curl_exec($curl);
