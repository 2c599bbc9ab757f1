// REST with the package `http`: an address for each thing, HTTP's methods and status codes, JSON.
//
// Not run by the tests. Before: dart pub add http
// Usage: dart run rest.dart [ADDRESS]

import 'dart:convert';

import 'package:http/http.dart' as http;

// The body of a refusal.
class Refused implements Exception {
  Refused(this.problem);
  final Map<String, dynamic> problem;
}

Future<void> main(List<String> arguments) async {
  final shop = '${arguments.isEmpty ? 'http://127.0.0.1:8080' : arguments.first}/rest';
  final client = http.Client(); // Its calls share a connection.
  // The decoded answer. A refusal has a status of 4xx or 5xx, and a problem document (RFC 9457) as its body.
  dynamic decode(http.Response response) {
    final answer = jsonDecode(utf8.decode(response.bodyBytes)); // JSON is UTF-8 whatever the headers say.
    return response.statusCode < 400 ? answer : throw Refused(answer);
  }

  Future<http.Response> place(List<Map<String, int>> lines) => client.post(Uri.parse('$shop/orders'),
      headers: {'Content-Type': 'application/json'}, body: jsonEncode({'user_id': 1, 'lines': lines}));

  // A user, by the address.
  final user = decode(await client.get(Uri.parse('$shop/users/1')));
  print('user ${user['id']}: ${user['name']} <${user['email']}>');

  // A search. This is a page of up to 20 products; the next one is at `?after=` and the page's `next`.
  final page = decode(await client.get(Uri.parse('$shop/products?query=laptop')));
  print('found ${page['items'].length} products, first ${page['items'][0]['name']}');

  // An order.
  final order = decode(await place([{'product_id': 1, 'quantity': 2}, {'product_id': 2, 'quantity': 3}]));
  final total = order['total'];
  print('order ${order['id']}: ${order['lines'].length} lines, '
      '${(total['amount'] / 100).toStringAsFixed(2)} ${total['currency']}');

  // An error.
  try {
    decode(await place([{'product_id': 10, 'quantity': 1}]));
  } on Refused catch (refused) {
    print('refused: ${refused.problem['reason']}: ${refused.problem['detail']}');
  }

  // Events, as the server sends them. `Last-Event-ID` is the cursor: 0 is the beginning of the log.
  final request = http.Request('GET', Uri.parse('$shop/events'))
    ..headers.addAll({'Accept': 'text/event-stream', 'Last-Event-ID': '0'});
  final stream = (await client.send(request)).stream;
  final event = await stream
      .transform(utf8.decoder)
      .transform(const LineSplitter())
      .where((line) => line.startsWith('data: '))
      .map((line) => jsonDecode(line.substring('data: '.length)))
      .firstWhere((event) => event['order_id'] == order['id']);
  print('event ${event['seq']}: order ${event['order_id']} is ${event['status']}');
  client.close();
}
