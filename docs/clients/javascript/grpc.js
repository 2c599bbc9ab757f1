// gRPC with `@grpc/grpc-js`: a client made at run time of the served descriptors. Fields have the names of the `.proto` file.
//
// Usage: node grpc.js [ADDRESS]

import { promisify } from "node:util";
import grpc from "@grpc/grpc-js";
import { fromJSON, loadFileDescriptorSetFromBuffer } from "@grpc/proto-loader";

const address = new URL(process.argv[2] ?? "http://127.0.0.1:8080");
const descriptors = await (await fetch(`${address.origin}/grpc/descriptors.binpb`)).arrayBuffer();
const loaded = loadFileDescriptorSetFromBuffer(Buffer.from(descriptors), { enums: String });
const { ShopService } = grpc.loadPackageDefinition(loaded).parlance.shop.v1;
const client = new ShopService(address.host, grpc.credentials.createInsecure());

// A gRPC client can't put /sandboxes/alice before its paths: the name of the sandbox is in the metadata.
const metadata = new grpc.Metadata();
metadata.set("x-sandbox", address.pathname.split("/sandboxes/")[1] ?? "main");
const call = (method, request) => promisify(client[method].bind(client))(request, metadata);

// A user.
const { user } = await call("getUser", { id: 1 });
console.log(`user ${user.id}: ${user.name} <${user.email}>`);

// A search. This is a page of up to 20 products; the next one is at `after: products.next`.
const { products } = await call("searchProducts", { query: "laptop" });
console.log(`found ${products.items.length} products, first ${products.items[0].name}`);

// An order.
const { order } = await call("placeOrder", { user_id: 1, lines: [{ product_id: 1, quantity: 2 }, { product_id: 2, quantity: 3 }] });
console.log(`order ${order.id}: ${order.lines.length} lines, ${(order.total.amount / 100).toFixed(2)} ${order.total.currency}`);

// An error: a status code, a message, and in the trailers Google's `Status` with typed details, of which one is the reason.
const { Status } = fromJSON({
  nested: {
    Detail: { fields: { type: { type: "string", id: 1 }, value: { type: "bytes", id: 2 } } },
    Status: { fields: { details: { rule: "repeated", type: "Detail", id: 3 } } },
  },
});
try {
  await call("placeOrder", { user_id: 1, lines: [{ product_id: 10, quantity: 1 }] });
} catch (error) {
  const [bytes] = error.metadata.get("grpc-status-details-bin");
  const packed = Status.deserialize(bytes).details.find(({ type }) => type.endsWith("/google.rpc.ErrorInfo"));
  const { reason } = loaded["google.rpc.ErrorInfo"].deserialize(packed.value);
  console.log(`refused: ${reason.toLowerCase()}: ${error.details}`);
}

// Events: a stream of messages, from the beginning of the log on; without `after` only new ones.
const events = client.watchEvents({ after: 0 }, metadata);
for await (const { event } of events) {
  if (event.order_id === order.id) {
    console.log(`event ${event.seq}: order ${event.order_id} is ${event.status.replace("ORDER_STATUS_", "").toLowerCase()}`);
    break;
  }
}
events.cancel(); // Leaving the loop does not end the call.
client.close();
