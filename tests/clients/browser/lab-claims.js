// Every claim of every lesson: it is shown of a run that bears it out, and withdrawn when one number of that run is broken. The
// lessons run here as in the page, against the server; where a claim is about times, the run is made calm first.
//
// The documents of the lessons take their title, question and claims from the same source.
//
// Usage: lab-claims.js ADDRESS docs/lessons       (UPDATE=1 writes those parts of the documents)

import assert from "node:assert/strict";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { build } from "esbuild";
import { address, check } from "./check.js";

const DOCUMENTS = process.argv[3];

globalThis.location = new URL(`${address}/`);
globalThis.addEventListener = () => {};
const lab = await bundled(`
  export { LESSONS, PATHS } from "./lessons/all.ts";
  export { stated } from "./lessons/lesson.ts";
  export { evidence } from "./lessons/evidence.ts";
  export { loadTable, table } from "./api.ts";
  export { areOpen, following, openChannels } from "./channels.ts";
  export { changeNext } from "./views/events.tsx";
`);

/** What a module of the page exports. */
async function bundled(contents) {
  const outfile = new URL("claims-bundle.mjs", import.meta.url).pathname;
  const resolveDir = new URL("page/lab/", import.meta.url).pathname;
  await build({ stdin: { contents, resolveDir }, outfile, bundle: true, format: "esm", platform: "node", jsx: "automatic" });
  return import(outfile);
}

const MS = 1_000;
const first = (list) => list[0];

/** Times as a quiet machine would have them: so many milliseconds for each style. */
const timed = (cold, warm) => ({ styles }) =>
  styles.forEach((row, index) => {
    const times = { cold: Array(5).fill((cold + index / 100) * MS), warm: Array(20).fill((warm + index / 100) * MS) };
    Object.assign(row.time_us, times, { cold_median: times.cold[0], warm_median: times.warm[0], n: 20 });
  });

/** Runs whose time is that of their round trips alone. */
const ofRoundTrips = (ms) => (runs) =>
  runs.forEach(({ styles }) => styles.forEach((variant) => (variant.time_us = (1 + variant.round_trips * ms) * MS)));

/** Runs in which the variants take so many milliseconds, by the first end of a title that fits. */
const lasting = (times) => (runs) =>
  runs.forEach(({ styles }) =>
    styles.forEach((one) => {
      const [, ms] = Object.entries(times).find(([title]) => one.title.endsWith(title));
      one.time_us = ms * MS;
    }),
  );

/** Delays of the newest change, in milliseconds, for each mode. */
const delayed = (delays) => ({ channels, changes }) => {
  const { order, status, sentAtUs } = changes.at(-1);
  for (const { mode, events } of channels) {
    const event = events.find((event) => event.order_id === order && event.status === status);
    event.at_us = sentAtUs + delays[mode] * MS;
  }
};
const QUICK = { push: 1, wait: 2, poll: 400 };
const channel = ({ channels }, mode) => channels.find((channel) => channel.mode === mode);

const variant = ({ styles }, title) => styles.find((variant) => variant.title.includes(title));
const named = (rows, title) => rows.find((row) => row.title.includes(title));

/** For each step: the number to break, what makes the run calm, and the step whose run it takes, if not its own. */
const CASES = {
  "D1.1": { breaks: (run) => (run.equal = false) },
  "D1.2": { breaks: ({ styles }) => styles.forEach((row) => (row.envelope_share = 0.5)) },
  "D1.3": { breaks: ({ styles }) => (named(styles, "WebSocket").call.request.total += 10_000) },
  "D1.4": { calm: timed(5, 0.5), breaks: ({ styles }) => (first(styles).time_us.warm_median += 1.2 * MS) },
  "D3.1": { breaks: ({ styles }) => (styles.at(-1).round_trips = 6) },
  "D3.2": { calm: ofRoundTrips(0), breaks: (runs) => (runs[1].styles[0].time_us = 51 * MS) },
  "D3.3": { like: "D3.2", calm: ofRoundTrips(50), breaks: (runs) => (runs[1].styles[1].time_us = 400 * MS) },
  "D3.4": {
    like: "D3.2",
    calm: ofRoundTrips(150),
    breaks: (runs) => runs.forEach(({ styles }) => (first(styles).time_us = 300 * MS)),
  },
  "D7.1": { breaks: (refusals) => (named(refusals, "REST").code = "") },
  "D7.2": { breaks: (refusals) => (named(refusals, "SOAP").status = 200) },
  "D7.3": {
    breaks: (refusals) => refusals.filter(({ title }) => title.startsWith("GraphQL")).forEach((refusal) => (refusal.status = 200)),
  },
  "D7.4": { breaks: (refusals) => (named(refusals, "SOAP").status = 400) },
  "D10.1": {
    calm: ({ channels }) => channels.forEach((channel) => (channel.requests = channel.mode === "poll" ? 3 : 1)),
    breaks: (run) => (channel(run, "poll").requests = 1),
  },
  "D10.2": { calm: delayed(QUICK), breaks: delayed({ ...QUICK, poll: 0.5 }) },
  "D10.3": { calm: delayed(QUICK), breaks: delayed({ ...QUICK, wait: 20 }) },
  "D10.4": {
    calm: (run) => (channel(run, "poll").received += 100_000),
    breaks: (run) => (channel(run, "push").received += 200_000),
  },
  "D10.5": {
    calm: (run) => (channel(run, "poll").requests = 20),
    breaks: (run) => (channel(run, "wait").requests = 21),
  },
  "D4.1": { breaks: ({ styles }) => (variant({ styles }, "?fields=").bytes.received *= 10) },
  "D5.1": { breaks: (run) => (variant(run, "with dataloader").lookups = 20) },
  "D6.1": { breaks: ({ styles }) => (first(styles).round_trips.cold = first(styles).round_trips.warm) },
  "D6.2": { calm: timed(1, 0.5), breaks: ({ styles }) => (first(styles).time_us.cold[0] = 0.4 * MS) },
  "D6.3": { like: "D6.2", calm: timed(101, 51), breaks: ({ styles }) => (first(styles).time_us.warm_median = 101 * MS) },
  "D6.4": {
    calm: lasting({ "REST, HTTP/1.1, new connections": 2_000, WebSocket: 1_100, "": 1_050 }),
    breaks: ([{ styles }]) => (variant({ styles }, "REST, HTTP/2").time_us = 500 * MS),
  },
  "D8.1": { breaks: (run) => (variant(run, "with a key").made = 2) },
  "D2.1": { breaks: ({ raw }) => (named(raw.at(-1).styles, "XML-RPC").call.response.total = 20_000) },
  "D2.2": { breaks: ({ gzip }) => (named(gzip.at(-1).styles, "XML-RPC").call.response.total *= 2) },
  "D9.1": { breaks: (reads) => (named(reads, "REST").again.response.body = 1) },
  "D11.1": { breaks: ({ styles }) => (first(styles).tally.answered = 18) },
  "D12.1": { breaks: (clients) => (named(clients, "SOAP").tolerant.word = "breaks") },
  "D12.2": { breaks: (clients) => (named(clients, "SOAP").strict.word = "wrong") },
  "D12.3": { breaks: (clients) => clients.forEach((client) => (client.strict.word = client.tolerant.word)) },
  "D12.4": { breaks: ({ styles }) => delete first(styles).error },
  "D13.1": { breaks: (run) => (run.refused.reason = "not_allowed") },
  "D13.2": { breaks: ({ styles }) => delete first(styles).error },
  "D13.3": { breaks: (all) => (first(all).refused = 1) },
  "D14.1": { breaks: (all) => (first(all).allowed = first(all).tried) },
  "D15.1": { breaks: ({ offset }) => Object.assign(offset, { twice: 0, missed: 0 }) },
  "D17.1": { breaks: ([{ styles }]) => variant({ styles }, "REST, HTTP/2").steps.forEach((step) => (step.parts.request.total += 1_000)) },
  "D17.2": {
    like: "D17.1",
    breaks: ([{ styles }]) =>
      variant({ styles }, "REST, HTTP/2").steps.forEach(({ parts: { request, response } }) => (request.headers = response.headers = 100)),
  },
  "D17.3": { calm: lasting({ "REST, HTTP/1.1": 2, "": 3 }), breaks: lasting({ "REST, HTTP/1.1": 2, "": 1 }) },
  "D17.4": {
    like: "D6.4",
    calm: lasting({ "all at once": 100, "": 1_050 }),
    breaks: ([{ styles }]) => (variant({ styles }, "REST, HTTP/2, all at once").time_us = 1_000 * MS),
  },
  "D16.1": { breaks: (sheet) => sheet.all.splice(1) },
};

const steps = new Map(
  lab.LESSONS.flatMap(({ id, steps }) => steps.map((step, index) => [`${id}.${index + 1}`, step])),
);

/** The runs that other steps take, too. */
const runs = new Map();

async function runOf(name) {
  if (!runs.has(name)) runs.set(name, await measured(steps.get(name)));
  return structuredClone(runs.get(name));
}

function measured({ source }) {
  if (source.kind === "events") return followed(source.changes);
  return source.measure({ table: lab.table.value, signal: new AbortController().signal }, () => {});
}

/** Follows the channels until every one has reported each of so many changes. */
async function followed(wanted) {
  const close = lab.openChannels((problem) => problem && assert.fail(problem));
  const until = async (is) => {
    for (let tries = 0; !is(lab.following()); tries += 1) {
      assert.ok(tries < 500, "the channels do not report");
      await new Promise((done) => setTimeout(done, 20));
    }
  };
  await until(lab.areOpen);
  for (let made = 1; made <= wanted; made += 1) {
    await lab.changeNext("soap");
    await until(({ channels }) => channels.every(({ events }) => events.length === made));
  }
  const run = structuredClone(lab.following());
  close();
  return run;
}

await check("browser/lab-claims: every step has a number to break", () => {
  assert.deepEqual([...steps.keys()].sort(), Object.keys(CASES).sort());
});

await lab.loadTable();
// The worksheet takes the evidence of earlier runs.
const seen = { holds: true, key: { value: "1", of: "one" }, at: "", text: "" };
lab.evidence.set([1, 2, 3].map((step) => ({ ...seen, lesson: "D1", step })));

for (const [name, { like = name, calm = () => {}, breaks }] of Object.entries(CASES)) {
  await check(`browser/lab-claims: ${name} is shown if its run shows it, and withdrawn if a number is broken`, async () => {
    const [step, numbers] = [steps.get(name), await runOf(like)];
    calm(numbers);
    const { sentence, otherwise } = step.claim;
    const key = step.key(numbers);
    assert.deepEqual(lab.stated(step, numbers), { text: sentence, holds: true }, JSON.stringify(key));
    assert.ok(key.value && key.of && !/NaN|Infinity|undefined/.test(key.value + key.of), JSON.stringify(key));
    breaks(numbers);
    assert.deepEqual(lab.stated(step, numbers), { text: otherwise, holds: false });
  });
}

/** A lesson's title, and its table of claims and predicates. */
function claims({ id, question, steps }) {
  const rows = steps.map(
    ({ claim: { sentence, shownIf, otherwise } }, index) => `| ${id}.${index + 1} | ${sentence} | ${shownIf} | ${otherwise} |`,
  );
  return [`# ${id}: ${question}`, "", "| step | claim | shown if | otherwise |", "| --- | --- | --- | --- |", ...rows].join("\n");
}

/** The lessons by paths, as the page lists them. */
function paths() {
  const rows = lab.PATHS.flatMap(({ title, lessons }) => [
    `| **${title}** | |`,
    ...lessons.map(({ id, question }) => `| [${id}](${id}.md) | ${question} |`),
  ]);
  return ["| lesson | question |", "| --- | --- |", ...rows].join("\n");
}

const parts = new Map([["README.md", paths()], ...lab.LESSONS.map((lesson) => [`${lesson.id}.md`, claims(lesson)])]);

await check("browser/lab-claims: every lesson has a document, and no other is there", () => {
  assert.deepEqual(readdirSync(DOCUMENTS).sort(), [...parts.keys()].sort());
});

for (const [name, part] of parts) {
  await check(`browser/lab-claims: ${name} says what the page says`, () => {
    const [begin, end] = ["<!-- from the page -->\n", "\n<!-- end of the page's part -->"];
    const document = `${DOCUMENTS}/${name}`;
    const [head, rest] = readFileSync(document, "utf8").split(begin);
    const [, ...tail] = rest.split(end);
    const expected = head + begin + part + end + tail.join(end);
    if (process.env.UPDATE) writeFileSync(document, expected);
    assert.equal(readFileSync(document, "utf8"), expected, "UPDATE=1 tests/clients/browser/run");
  });
}
