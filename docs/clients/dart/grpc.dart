// gRPC with the package `grpc`: calls are typed.
//
// Not run by the tests. Before: curl -O http://127.0.0.1:8080/grpc/shop.proto
//   dart pub add grpc protobuf fixnum; dart pub global activate protoc_plugin
//   protoc --dart_out=grpc:. shop.proto google/protobuf/timestamp.proto
// Usage: dart run grpc.dart [ADDRESS]

import 'package:grpc/grpc.dart';
import 'package:grpc/protos.dart' show ErrorInfo;

import 'shop.pbgrpc.dart';

Future<void> main(List<String> arguments) async {
  final address = Uri.parse(arguments.isEmpty ? 'http://127.0.0.1:8080' : arguments.first);
  final channel = ClientChannel(address.host,
      port: address.port, options: const ChannelOptions(credentials: ChannelCredentials.insecure()));
  // A gRPC client can't put /sandboxes/alice before its paths: the name of the sandbox is in the metadata.
  final sandbox = address.path.startsWith('/sandboxes/') ? address.pathSegments[1] : 'main';
  final shop = ShopServiceClient(channel, options: CallOptions(metadata: {'x-sandbox': sandbox}));

  // A user.
  final user = (await shop.getUser(GetUserRequest(id: 1))).user;
  print('user ${user.id}: ${user.name} <${user.email}>');

  // A search. This is a page of up to 20 products; the next one is at `after: products.next`.
  final products = (await shop.searchProducts(SearchProductsRequest(query: 'laptop'))).products;
  print('found ${products.items.length} products, first ${products.items.first.name}');

  // An order.
  final lines = [LineInput(productId: 1, quantity: 2), LineInput(productId: 2, quantity: 3)];
  final order = (await shop.placeOrder(PlaceOrderRequest(userId: 1, lines: lines))).order;
  print('order ${order.id}: ${order.lines.length} lines, '
      '${(order.total.amount / 100).toStringAsFixed(2)} ${order.total.currency}');

  // An error: a status code, a message, and typed details, one of which is the reason.
  try {
    await shop.placeOrder(PlaceOrderRequest(userId: 1, lines: [LineInput(productId: 10, quantity: 1)]));
  } on GrpcError catch (error) {
    final info = error.details!.whereType<ErrorInfo>().single;
    print('refused: ${info.reason.toLowerCase()}: ${error.message}');
  }

  // Events: a stream of messages, from the beginning of the log on; without `after` only new ones.
  final answers = shop.watchEvents(WatchEventsRequest(after: 0));
  final event = (await answers.firstWhere((answer) => answer.event.orderId == order.id)).event;
  final status = event.status.name.replaceFirst('ORDER_STATUS_', '').toLowerCase();
  print('event ${event.seq}: order ${event.orderId} is $status');
  await channel.terminate();
}
