// Google's grpc-web, as in a browser, on an XMLHttpRequest for Node: one that shows a text while it comes, and one that has bytes.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { address, check } from './check.js';
import { details, registry } from './details.js';

const require = createRequire(import.meta.url);
const REQUESTS = { text: require('xmlhttprequest').XMLHttpRequest, binary: require('xmlhttprequest-ssl').XMLHttpRequest };
const { GrpcWebClientBase, MethodDescriptor, MethodType, StatusCode } = require('grpc-web');

const service = registry.getService('parlance.shop.v1.ShopService');
const base = `${address}/sandboxes/grpc-web`;

for (const format of ['text', 'binary']) {
  globalThis.XMLHttpRequest = REQUESTS[format];
  const client = new GrpcWebClientBase({ format });

  // A method by its descriptor: what protoc-gen-grpc-web would write.
  const prepare = (name, fields) => {
    const method = service.method[name];
    const type = method.methodKind === 'unary' ? MethodType.UNARY : MethodType.SERVER_STREAMING;
    const write = (request) => toBinary(method.input, request);
    const read = (bytes) => fromBinary(method.output, bytes);
    const descriptor = new MethodDescriptor(`/${service.typeName}/${method.name}`, type, Object, Object, write, read);
    return [`${base}/${service.typeName}/${method.name}`, create(method.input, fields), {}, descriptor];
  };
  const ask = (name, fields, metadata = {}) => {
    const [url, request, , descriptor] = prepare(name, fields);
    return client.unaryCall(url, request, metadata, descriptor);
  };
  const place = async () => (await ask('placeOrder', { userId: 1, lines: [{ productId: 4, quantity: 1 }] })).order.id;
  const refused = async (call) => {
    const error = await call.then((answer) => assert.fail(`answered ${JSON.stringify(answer)}`), (problem) => problem);
    const status = error.metadata?.['grpc-status-details-bin'];
    const code = Object.keys(StatusCode).find((name) => StatusCode[name] === error.code);
    return { code, ...(status && details(Buffer.from(status, 'base64'))) };
  };

  await check(`grpc-web, ${format}: gets a user`, async () => {
    const { user } = await ask('getUser', { id: 1 });
    assert.deepEqual([user.name, user.role], ['Ada Lovelace', 1]);
  });
  await check(`grpc-web, ${format}: places an order; with the same key once`, async () => {
    const order = { userId: 1, lines: [{ productId: 2, quantity: 1 }] };
    const metadata = { 'idempotency-key': format };
    assert.equal((await ask('placeOrder', order, metadata)).order.id, (await ask('placeOrder', order, metadata)).order.id);
  });
  await check(`grpc-web, ${format}: is refused with typed details`, async () => {
    const { code, reason, fields } = await refused(ask('placeOrder', { userId: 1, lines: [{ productId: 1, quantity: 0 }] }));
    assert.deepEqual([code, reason, fields], ['INVALID_ARGUMENT', 'INVALID_INPUT', ['lines[0].quantity']]);
    const wrong = await refused(ask('whoAmI', {}, { 'x-api-key': 'none' }));
    assert.deepEqual([wrong.code, wrong.reason], ['UNAUTHENTICATED', 'CREDENTIALS_WRONG']);
  });

  // In its binary form the library has no streams (its README, "Wire Format Mode").
  if (format === 'binary') continue;

  const watch = (fields) => client.serverStreaming(...prepare('watchEvents', fields));
  const next = (stream, count) =>
    new Promise((resolve, reject) => {
      const events = [];
      stream.on('data', ({ event }) => events.push(event) === count && resolve(events));
      stream.on('error', reject);
    });
  await check('grpc-web, text: follows events, cancels, and resumes without a gap', async () => {
    let last = 0;
    for (let page; (page = (await ask('listEvents', { after: last, limit: 100 })).events).items.length; ) last = page.next;
    const placed = [await place()];
    const stream = watch({ after: last });
    const following = next(stream, 3);
    placed.push(await place(), await place());
    const events = await following;
    stream.cancel();
    assert.deepEqual(events.map((event) => event.orderId), placed);
    const resumed = watch({ after: events[0].seq });
    assert.deepEqual((await next(resumed, 2)).map((event) => event.orderId), placed.slice(1));
    resumed.cancel();
  });
  await check('grpc-web, text: a stream that is refused says why', async () => {
    const { code } = await refused(next(watch({ after: -1 }), 1));
    assert.equal(code, 'INVALID_ARGUMENT');
  });
  await check('grpc-web, text: a deadline ends a stream', async () => {
    const deadline = { deadline: String(Date.now() + 400) };
    const [url, request, , descriptor] = prepare('watchEvents', {});
    const { code } = await refused(next(client.serverStreaming(url, request, deadline, descriptor), 1));
    assert.equal(code, 'DEADLINE_EXCEEDED');
  });
}
