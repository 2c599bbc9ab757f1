// Where is a question stopped that asks too much? One of each kind, with the time until the refusal; the long frame
// is sent by this browser, as its socket is what is closed.

import { useAsked } from "../asked.ts";
import { time } from "../format.ts";
import { Busy, Problem } from "../parts/said.tsx";
import { Table } from "../parts/table.tsx";
import { socketAt } from "../place.ts";
import { send } from "../server.ts";

interface Stopped {
  title: string;
  by: string;
  us: number;
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
    stopped.push(await sent(`A query ${DEPTH} levels deep`, "graphql", JSON.stringify({ query: deep })));
    stopped.push(await sent(`A batch of ${BATCH} calls`, "jsonrpc", JSON.stringify(batch)));
    stopped.push(await sent("An entity that unfolds to a billion", "soap", BOMB));
    stopped.push(await framed());
    return stopped;
  }, []);
  if (run.problem) return <Problem text={run.problem} />;
  if (!run.value) return <Busy what="Asking too much" />;
  return (
    <Table label="Expensive questions" class="refusals" heads={["Asked", { right: "Stopped after" }, "In these words"]}>
      {run.value.map(({ title, by, us }) => (
        <tr>
          <th scope="row">{title}</th>
          <td class="right number">{time(us)}</td>
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

async function sent(title: string, over: string, text: string): Promise<Stopped> {
  const sent = await send({ over, operation: "search_products", text });
  const by = `HTTP ${sent.status}: ${sent.said?.message ?? sent.text}`;
  return { title, by: by.slice(0, WORDS_MAX), us: sent.time_us };
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
      resolve({ title: "A frame of 10 MB", by, us: 1_000 * (performance.now() - start) });
    };
  });
}
