// JSON-RPC 2.0 with the package `dio`: one address, and the name of the method in the body.
//
// Not run by the tests. Before: dart pub add dio
// Usage: dart run jsonrpc.dart [ADDRESS]

import 'package:dio/dio.dart';

// The `error` of an answer: a code of JSON-RPC, a message, and in `data` the shop's reason.
class Refused implements Exception {
  Refused(this.error);
  final Map<String, dynamic> error;
}

Future<void> main(List<String> arguments) async {
  final dio = Dio(BaseOptions(baseUrl: arguments.isEmpty ? 'http://127.0.0.1:8080' : arguments.first));
  var id = 0;

  // dio throws for a status such as 413; an error of JSON-RPC comes with status 200.
  Future<dynamic> call(String method, Map<String, dynamic> params) async {
    final request = {'jsonrpc': '2.0', 'id': ++id, 'method': method, 'params': params};
    final answer = (await dio.post('/jsonrpc', data: request)).data;
    if (answer['error'] != null) throw Refused(answer['error']);
    return answer['result'];
  }

  // A user.
  final user = await call('get_user', {'id': 1});
  print('user ${user['id']}: ${user['name']} <${user['email']}>');

  // A search. This is a page of up to 20 products; the next one is at `after` and the page's `next`.
  final page = await call('search_products', {'query': 'laptop'});
  print('found ${page['items'].length} products, first ${page['items'][0]['name']}');

  // An order.
  final lines = [{'product_id': 1, 'quantity': 2}, {'product_id': 2, 'quantity': 3}];
  final order = await call('place_order', {'user_id': 1, 'lines': lines});
  final total = order['total'];
  print('order ${order['id']}: ${order['lines'].length} lines, '
      '${(total['amount'] / 100).toStringAsFixed(2)} ${total['currency']}');

  // An error.
  try {
    await call('place_order', {'user_id': 1, 'lines': [{'product_id': 10, 'quantity': 1}]});
  } on Refused catch (refused) {
    print('refused: ${refused.error['data']['reason']}: ${refused.error['message']}');
  }

  // Events, from the beginning of the log. Over HTTP the client asks, and the answer waits until there is news.
  dynamic after = 0, event;
  while (event == null) {
    final page = await call('list_events', {'after': after, 'limit': 100, 'wait_seconds': 20});
    event = page['items'].cast<Map?>().firstWhere((event) => event['order_id'] == order['id'], orElse: () => null);
    after = page['next'];
  }
  print('event ${event['seq']}: order ${event['order_id']} is ${event['status']}');
  dio.close();
}
