// @grpc/grpc-js with its default settings; @grpc/proto-loader reads the served file at run time.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import grpc from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { address, check } from './check.js';
import { details } from './details.js';

const target = address.replace('http://', '');
const loaded = loadSync('parlance/shop/v1/shop.proto', { includeDirs: ['proto'], enums: String, defaults: true, oneofs: true });
const { ShopService } = grpc.loadPackageDefinition(loaded).parlance.shop.v1;
const client = new ShopService(target, grpc.credentials.createInsecure());

const metadata = (fields = {}) => grpc.Metadata.fromHttp2Headers({ 'x-sandbox': 'grpc-js', ...fields });

// A call that takes a callback, as a promise.
const promised = (begin) => new Promise((resolve, reject) => begin((error, answer) => (error ? reject(error) : resolve(answer))));

// The response of a call, and the metadata before it.
const ask = async (method, request, fields, options = {}) => {
  let head;
  const begin = (done) => client[method](request, metadata(fields), options, done).on('metadata', (found) => (head = found));
  return { ...(await promised(begin)), head };
};
const place = async () => (await ask('placeOrder', { userId: 1, lines: [{ productId: 4, quantity: 1 }] })).order.id;

// What a call is refused with.
const refused = async (call) => {
  const error = await call.then((answer) => assert.fail(`answered ${JSON.stringify(answer)}`), (problem) => problem);
  const status = error.metadata?.get('grpc-status-details-bin')[0];
  return { code: grpc.status[error.code], ...(status && details(status)) };
};

// So many events of a stream.
const next = async (stream, count) => {
  const events = [];
  for await (const { event } of stream) if (events.push(event) === count) break;
  return events;
};

// The `seq` of the last event.
const latest = async () => {
  for (let after = 0; ; ) {
    const { events } = await ask('listEvents', { after, limit: 100 });
    if (!events.items.length) return after;
    after = events.next;
  }
};

const watch = async (request = {}) => {
  const stream = client.watchEvents(request, metadata());
  await once(stream, 'metadata');
  return stream;
};

await check('grpc-js: gets a user, with an enum and a time', async () => {
  const { user } = await ask('getUser', { id: 1 });
  assert.deepEqual([user.name, user.role, user.createdAt.seconds.toString()], ['Ada Lovelace', 'ROLE_CUSTOMER', '1740816000']);
});

await check('grpc-js: places an order; with the same key once, and the metadata says so', async () => {
  const order = { userId: 1, lines: [{ productId: 2, quantity: 2 }] };
  const first = await ask('placeOrder', order, { 'idempotency-key': 'js' });
  const second = await ask('placeOrder', order, { 'idempotency-key': 'js' });
  assert.deepEqual(second.order, first.order);
  assert.deepEqual([first.head.get('idempotency-replayed'), second.head.get('idempotency-replayed')], [[], ['true']]);
});

await check('grpc-js: a violation names its field, and the reason is there for programs', async () => {
  const { code, reason, fields } = await refused(ask('placeOrder', { userId: 1, lines: [{ productId: 1, quantity: 0 }] }));
  assert.deepEqual([code, reason, fields], ['INVALID_ARGUMENT', 'INVALID_INPUT', ['lines[0].quantity']]);
});

await check('grpc-js: an error says when to try again', async () => {
  const { code, reason, retrySeconds } = await refused(ask('getUser', { id: 1 }, { 'x-fault': 'rate_limited' }));
  assert.deepEqual([code, reason], ['RESOURCE_EXHAUSTED', 'RATE_LIMITED']);
  assert(retrySeconds >= 1);
});

await check('grpc-js: is refused with wrong credentials, and without a method', async () => {
  const wrong = await refused(ask('whoAmI', {}, { authorization: 'Bearer a.b.c' }));
  assert.deepEqual([wrong.code, wrong.reason], ['UNAUTHENTICATED', 'CREDENTIALS_WRONG']);
  const same = (bytes) => bytes;
  const path = '/parlance.shop.v1.ShopService/None';
  const none = promised((done) => client.makeUnaryRequest(path, same, same, Buffer.alloc(0), done));
  assert.equal((await refused(none)).code, 'UNIMPLEMENTED');
});

await check('grpc-js: a sandbox by authority', async () => {
  const port = target.split(':')[1];
  const authority = { 'grpc.default_authority': `alice.localhost:${port}` };
  const named = new ShopService(target, grpc.credentials.createInsecure(), authority);
  assert.equal((await promised((done) => named.whoAmI({}, done))).caller.sandbox, 'alice');
  named.close();
});

await check('grpc-js: follows events, cancels, and resumes without a gap', async () => {
  const stream = await watch();
  const placed = [await place(), await place(), await place()];
  const events = await next(stream, 3);
  assert.deepEqual(events.map((event) => event.orderId), placed);
  assert.deepEqual([events[0].kind, events[0].status], ['EVENT_KIND_ORDER_PLACED', 'ORDER_STATUS_PLACED']);
  stream.cancel();
  const missed = [await place(), await place()];
  const resumed = await watch({ after: events[2].seq });
  assert.deepEqual((await next(resumed, 2)).map((event) => event.orderId), missed);
  resumed.cancel();
});

await check('grpc-js: a cancelled stream ends with CANCELLED', async () => {
  const stream = await watch();
  stream.cancel();
  const [error] = await once(stream, 'error');
  assert.equal(grpc.status[error.code], 'CANCELLED');
});

await check('grpc-js: a deadline ends a stream and a long poll', async () => {
  const soon = () => ({ deadline: Date.now() + 300 });
  const stream = client.watchEvents({}, metadata(), soon());
  stream.resume();
  const [error] = await once(stream, 'error');
  assert.equal(grpc.status[error.code], 'DEADLINE_EXCEEDED');
  const poll = ask('listEvents', { after: await latest(), waitSeconds: 20 }, {}, soon());
  assert.equal((await refused(poll)).code, 'DEADLINE_EXCEEDED');
});

await check('grpc-js: gzip both ways', async () => {
  const options = { 'grpc.default_compression_algorithm': grpc.compressionAlgorithms.gzip };
  const packing = new ShopService(target, grpc.credentials.createInsecure(), options);
  const description = 'many words '.repeat(150);
  const answer = await promised((done) => packing.updateProduct({ id: 6, description }, metadata(), done));
  assert.equal(answer.product.description, description);
  packing.close();
});

await check('grpc-js: 200 calls at once', async () => {
  const answers = await Promise.all(Array.from({ length: 200 }, () => ask('getUser', { id: 1 })));
  assert(answers.every(({ user }) => user.id === 1));
});

client.close();
