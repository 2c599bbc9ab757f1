// Where is a question stopped that asks too much? One of each kind, sent by this browser, with the time until the refusal.

import { useAsked } from "../asked.ts";
import { milliseconds } from "../format.ts";
import { Busy, Problem } from "../parts/said.tsx";
import { Table } from "../parts/table.tsx";
import { socketAt } from "../place.ts";
import { reach, textOf } from "../server.ts";

interface Stopped {
  title: string;
  by: string;
  ms: number;
}

const DEPTH = 30;
const BATCH = 1_000;
const FRAME_BYTES = 10_000_000;

// Each level of an entity is ten of the one before ("billion laughs").
const LEVELS = 9;
const ENTITIES = Array.from({ length: LEVELS }, (_, level) => `<!ENTITY e${level + 1} "${`&e${level};`.repeat(10)}">`);
const BOMB =
  `<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e0 "ha">${ENTITIES.join("")}]>` +
  '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><SearchProducts xmlns="urn:parlance:shop:v1">' +
  `<query>&e${LEVELS};</query></SearchProducts></s:Body></s:Envelope>`;

const deep = `{ order(id: 1) ${"{ user { orders { nodes ".repeat(DEPTH)}{ id }${" } } }".repeat(DEPTH)} }`;
const batch = Array.from({ length: BATCH }, (_, id) => ({
  jsonrpc: "2.0",
  id,
  method: "search_products",
  params: { limit: 100 },
}));

export function Expensive() {
  const run = useAsked(async () => {
    const stopped: Stopped[] = [];
    // One after another, so that none waits for another.
    stopped.push(await sent(`A query ${DEPTH} levels deep`, "graphql", "application/json", JSON.stringify({ query: deep })));
    stopped.push(await sent(`A batch of ${BATCH} calls`, "jsonrpc", "application/json", JSON.stringify(batch)));
    stopped.push(await sent("An entity that unfolds to a billion", "soap", "text/xml; charset=utf-8", BOMB));
    stopped.push(await framed());
    return stopped;
  }, []);
  if (run.problem) return <Problem text={run.problem} />;
  if (!run.value) return <Busy what="Asking too much" />;
  return (
    <Table label="Expensive questions" class="refusals" heads={["Asked", { right: "Stopped after" }, "In these words"]}>
      {run.value.map(({ title, by, ms }) => (
        <tr>
          <th scope="row">{title}</th>
          <td class="right number">{milliseconds(ms)}</td>
          <td class="words">{by}</td>
        </tr>
      ))}
    </Table>
  );
}

/** What a browser says where no Close frame came (RFC 6455, section 7.1.5). */
const NO_CLOSE_FRAME = 1006;

/** The characters of a refusal that fit the table. */
const WORDS_MAX = 160;

async function sent(title: string, place: string, type: string, body: string): Promise<Stopped> {
  const start = performance.now();
  const response = await reach(place, { method: "POST", headers: { "Content-Type": type }, body });
  const text = await textOf(response);
  const said = text.match(/"message":\s*"((?:[^"\\]|\\.)*)"|<faultstring[^>]*>(.*?)</);
  const by = `HTTP ${response.status}: ${said?.[1] ?? said?.[2] ?? text}`;
  return { title, by: by.slice(0, WORDS_MAX), ms: performance.now() - start };
}

function framed(): Promise<Stopped> {
  return new Promise((resolve) => {
    const socket = new WebSocket(socketAt("ws"), ["shop.v1.json"]);
    let start = 0;
    socket.onopen = () => {
      start = performance.now();
      socket.send("x".repeat(FRAME_BYTES));
    };
    socket.onclose = ({ code, reason }) => {
      const by = `Closed with ${code}: ${code === NO_CLOSE_FRAME ? "the reason was lost, as this browser still sent" : reason}`;
      resolve({ title: "A frame of 10 MB", by, ms: performance.now() - start });
    };
  });
}
