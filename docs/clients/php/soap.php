<?php
// SOAP with PHP's own SoapClient, which reads the WSDL: an operation is a method.
//
// Usage: php soap.php [ADDRESS]

$address = $argv[1] ?? 'http://127.0.0.1:8080';
$shop = new SoapClient("$address/soap?wsdl", [
    'cache_wsdl' => WSDL_CACHE_NONE, // Else PHP writes the WSDL to /tmp and reads it there for a day.
    'features' => SOAP_SINGLE_ELEMENT_ARRAYS, // Else a list of one is the one.
]);

// A user. Input and answer are the messages of the contract.
$user = $shop->GetUser(['id' => 1])->user;
echo "user $user->id: $user->name <$user->email>\n";

// A search. This is a page of up to 20 products; the next one is at `after` and the page's `next`.
$products = $shop->SearchProducts(['query' => 'laptop'])->products->item;
echo 'found ', count($products), " products, first {$products[0]->name}\n";

// An order. A list is an element of its own in XML: `lines` holds each `line`.
$lines = [['productId' => 1, 'quantity' => 2], ['productId' => 2, 'quantity' => 3]];
$order = $shop->PlaceOrder(['userId' => 1, 'lines' => ['line' => $lines]])->order;
$total = $order->total;
printf("order %d: %d lines, %.2F %s\n", $order->id, count($order->lines->line), $total->amount / 100, $total->currency);

// An error: an exception. The fault's detail is the shop's.
try {
    $shop->PlaceOrder(['userId' => 1, 'lines' => ['line' => [['productId' => 10, 'quantity' => 1]]]]);
} catch (SoapFault $fault) {
    $problem = $fault->detail->ShopFault;
    echo "refused: $problem->reason: $problem->message\n";
}

/** The events after a cursor. SOAP can't push: the client asks, and the answer waits until there is news. */
function follow(SoapClient $shop, int $after): Generator
{
    while (true) {
        $page = $shop->ListEvents(['after' => $after, 'limit' => 100, 'waitSeconds' => 20])->events;
        yield from $page->item ?? []; // A page without events has no `item`.
        $after = $page->next;
    }
}

// Events, from the beginning of the log.
foreach (follow($shop, 0) as $event) {
    if ($event->orderId === $order->id) {
        echo "event $event->seq: order $event->orderId is $event->status\n";
        break;
    }
}
