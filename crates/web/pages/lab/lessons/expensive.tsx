// One request of each kind that asks for too much, with the time until it is refused.

import { useRequest } from "../request.ts";
import { time } from "../format.ts";
import { Busy, Problem } from "../components/notices.tsx";
import { Table } from "../components/table.tsx";
import { socketUrl } from "../router.ts";
import { send } from "../api.ts";

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
  const run = useRequest(async () => {
    const stopped: Stopped[] = [];
    // One after another, so that none delays another.
    stopped.push(await stop(`A GraphQL query ${DEPTH} levels deep`, "graphql", JSON.stringify({ query: deep })));
    stopped.push(await stop(`A JSON-RPC batch of ${BATCH} calls`, "jsonrpc", JSON.stringify(batch)));
    stopped.push(await stop("An XML entity that expands a billion times", "soap", BOMB));
    stopped.push(await stopFrame());
    return stopped;
  }, []);
  if (run.problem) return <Problem text={run.problem} />;
  if (!run.value) return <Busy text="Sending expensive requests" />;
  return (
    <Table label="Expensive requests" class="refusals" heads={["Request", { right: "Stopped after" }, "Message"]}>
      {run.value.map(({ title, by, us }) => (
        <tr>
          <th scope="row">{title}</th>
          <td class="right number">{time(us)}</td>
          <td class="message-text">{by}</td>
        </tr>
      ))}
    </Table>
  );
}

/** The code for a connection without a Close frame (RFC 6455, section 7.1.5). */
const NO_CLOSE_FRAME = 1006;

/** The characters of a message that fit the table. */
const MESSAGE_MAX = 160;

async function stop(title: string, over: string, text: string): Promise<Stopped> {
  const sent = await send({ over, operation: "search_products", text });
  const by = `HTTP ${sent.status}: ${sent.error?.message ?? sent.text}`;
  return { title, by: by.slice(0, MESSAGE_MAX), us: sent.time_us };
}

function stopFrame(): Promise<Stopped> {
  return new Promise((resolve) => {
    const socket = new WebSocket(socketUrl("ws"), ["shop.v1.json"]);
    let start = 0;
    socket.onopen = () => {
      start = performance.now();
      socket.send("x".repeat(FRAME_BYTES));
    };
    socket.onclose = ({ code, reason }) => {
      const by = `Closed with code ${code}: ${code === NO_CLOSE_FRAME ? "this browser was still sending and lost the reason" : reason}`;
      resolve({ title: "A WebSocket frame of 10 MB", by, us: 1_000 * (performance.now() - start) });
    };
  });
}
