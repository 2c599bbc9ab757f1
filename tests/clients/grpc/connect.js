// Connect's clients: those for Node and those for browsers, which run on Node's `fetch` too. Each transport does the same.
import assert from 'node:assert/strict';
import { Code, ConnectError, createClient } from '@connectrpc/connect';
import * as node from '@connectrpc/connect-node';
import * as web from '@connectrpc/connect-web';
import { address, check } from './check.js';
import { message, registry, summary } from './details.js';

const service = registry.getService('parlance.shop.v1.ShopService');
// Each transport has a sandbox of its own, by the path; also gRPC's, whose other clients can't prefix a path.
let count = 0;
const shop = (options) => ({ baseUrl: `${address}/sandboxes/grpc-connect-${(count += 1)}`, ...options });

const TRANSPORTS = {
  'Connect over HTTP/1.1, in Node': node.createConnectTransport(shop({ httpVersion: '1.1' })),
  'Connect over HTTP/2, in Node': node.createConnectTransport(shop({ httpVersion: '2' })),
  'Connect with JSON over HTTP/2, in Node': node.createConnectTransport(shop({ httpVersion: '2', useBinaryFormat: false })),
  'Connect with GET, in Node': node.createConnectTransport(shop({ httpVersion: '2', useHttpGet: true })),
  'Connect with GET and JSON, with fetch': web.createConnectTransport(shop({ useHttpGet: true })),
  'gRPC-Web over HTTP/1.1, in Node': node.createGrpcWebTransport(shop({ httpVersion: '1.1' })),
  'gRPC-Web over HTTP/2, in Node': node.createGrpcWebTransport(shop({ httpVersion: '2' })),
  'gRPC, in Node': node.createGrpcTransport(shop()),
  'Connect with fetch': web.createConnectTransport(shop()),
  'Connect, binary, with fetch': web.createConnectTransport(shop({ useBinaryFormat: true })),
  'gRPC-Web with fetch': web.createGrpcWebTransport(shop()),
};

// What a call is refused with.
const refused = async (call) => {
  const error = await call.then((answer) => assert.fail(`answered ${JSON.stringify(answer)}`), ConnectError.from);
  const names = ['ErrorInfo', 'BadRequest', 'RetryInfo'];
  const details = names.flatMap((name) => error.findDetails(message(`google.rpc.${name}`)));
  return { code: Code[error.code], ...summary(details) };
};

// So many events, while orders are placed if there is someone to place them. The call is cancelled after them.
const follow = async (client, request, count, place = () => {}) => {
  const stop = new AbortController();
  const begun = new Promise((resolve) => (stop.begun = resolve));
  const events = [];
  const reading = (async () => {
    for await (const { event } of client.watchEvents(request, { signal: stop.signal, timeoutMs: 20_000, onHeader: stop.begun })) {
      if (events.push(event) === count) stop.abort();
    }
  })();
  await Promise.race([begun, reading]);
  for (let number = 0; number < count; number += 1) await place();
  assert.equal((await refused(reading)).code, 'Canceled');
  return events;
};

// The `seq` of the last event.
const latest = async (client) => {
  for (let after = 0; ; ) {
    const { events } = await client.listEvents({ after, limit: 100 });
    if (!events.items.length) return after;
    after = events.next;
  }
};

for (const [name, transport] of Object.entries(TRANSPORTS)) {
  const client = createClient(service, transport);
  const placed = [];
  const place = async () => placed.push((await client.placeOrder({ userId: 1, lines: [{ productId: 4, quantity: 1 }] })).order.id);

  await check(`${name}: gets a user`, async () => {
    const { user } = await client.getUser({ id: 1 });
    assert.deepEqual([user.name, user.role, Number(user.createdAt.seconds)], ['Ada Lovelace', 1, 1740816000]);
  });
  await check(`${name}: places an order; with the same key once`, async () => {
    const headers = { 'idempotency-key': name.replace(/\W+/g, '-') };
    const replayed = [];
    const options = { headers, onHeader: (head) => replayed.push(head.get('idempotency-replayed')) };
    const order = { userId: 1, lines: [{ productId: 2, quantity: 1 }] };
    const [first, second] = [await client.placeOrder(order, options), await client.placeOrder(order, options)];
    assert.equal(second.order.id, first.order.id);
    assert.deepEqual(replayed, [null, 'true']);
  });
  await check(`${name}: is refused with typed details`, async () => {
    const invalid = await refused(client.placeOrder({ userId: 1, lines: [{ productId: 1, quantity: 0 }] }));
    assert.deepEqual([invalid.code, invalid.reason, invalid.fields], ['InvalidArgument', 'INVALID_INPUT', ['lines[0].quantity']]);
    const limited = await refused(client.getUser({ id: 1 }, { headers: { 'x-fault': 'rate_limited' } }));
    assert.deepEqual([limited.code, limited.kind, limited.retrySeconds], ['ResourceExhausted', 'rate_limited', 1]);
    const wrong = await refused(client.whoAmI({}, { headers: { 'x-api-key': 'none' } }));
    assert.equal(wrong.code, 'Unauthenticated');
  });
  await check(`${name}: an absent field is not 0`, async () => {
    const { caller } = await client.whoAmI({});
    assert.deepEqual([caller.userId, caller.sandbox.startsWith('grpc-connect-')], [undefined, true]);
    assert.equal((await refused(client.listOrders({ limit: 0 }))).fields[0], 'limit');
  });
  await check(`${name}: follows events, cancels, and resumes without a gap`, async () => {
    placed.length = 0;
    const events = await follow(client, {}, 3, place);
    await place();
    const resumed = await follow(client, { after: events[1].seq }, 2);
    assert.deepEqual([...events.slice(0, 2), ...resumed].map((event) => event.orderId), placed);
  });
  await check(`${name}: a stream that is refused says why`, async () => {
    const read = async () => {
      for await (const _ of client.watchEvents({ after: -1 })) assert.fail('there is an event');
    };
    assert.equal((await refused(read())).code, 'InvalidArgument');
  });
  await check(`${name}: a deadline ends a stream and a long poll`, async () => {
    const read = async () => {
      for await (const _ of client.watchEvents({}, { timeoutMs: 300 }));
    };
    assert.equal((await refused(read())).code, 'DeadlineExceeded');
    const poll = client.listEvents({ after: await latest(client), waitSeconds: 20 }, { timeoutMs: 300 });
    assert.equal((await refused(poll)).code, 'DeadlineExceeded');
  });
}

await check('Connect with GET: reads go by GET, commands by POST', async () => {
  const seen = [];
  const watched = async (url, init) => {
    const answer = await fetch(url, init);
    seen.push([init.method, new URL(url).searchParams.get('connect'), answer.headers.get('cache-control')]);
    return answer;
  };
  const client = createClient(service, web.createConnectTransport(shop({ useHttpGet: true, fetch: watched })));
  await client.getUser({ id: 1 });
  await client.placeOrder({ userId: 1, lines: [{ productId: 4, quantity: 1 }] });
  assert.deepEqual(seen, [['GET', 'v1', 'no-cache'], ['POST', null, null]]);
});
// Its sessions of HTTP/2 are kept open for fifteen minutes.
process.exit();
