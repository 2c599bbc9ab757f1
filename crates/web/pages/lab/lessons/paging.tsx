// Reads all orders page by page while new ones are placed, and counts duplicates and misses.

import { useRequest } from "../request.ts";
import { count } from "../format.ts";
import { Busy, Problem } from "../components/notices.tsx";
import { send } from "../api.ts";
import { inSandbox } from "./sandboxes.ts";

const PAGE = 20;
/** Orders placed after each page. */
const MEANWHILE = 3;

interface Orders {
  items: { id: number }[];
  next?: string;
}

export function Paging() {
  const run = useRequest(() => inSandbox({}, readAll), []);
  if (run.problem) return <Problem text={run.problem} />;
  if (!run.value) return <Busy text="Reading page by page" />;
  const { pages, read, placed, twice, missed } = run.value;
  return (
    <dl class="figures">
      <Figure name="pages read" value={pages} />
      <Figure name="orders read" value={read} />
      <Figure name="placed while reading" value={placed} />
      <Figure name="read twice" value={twice} isHighlighted />
      <Figure name="missed" value={missed} isHighlighted />
    </dl>
  );
}

const Figure = ({ name, value, isHighlighted }: { name: string; value: number; isHighlighted?: boolean }) => (
  <div class={isHighlighted ? "highlighted" : undefined}>
    <dt>{name}</dt>
    <dd>{count(value)}</dd>
  </div>
);

async function readAll(sandbox: string) {
  const how = { sandbox, as: "" };
  const seen: number[] = [];
  let pages = 0;
  let placed = 0;
  let after: string | undefined;
  do {
    const input = { limit: PAGE, ...(after ? { after } : {}) };
    const { answer } = await send({ over: "rest", operation: "list_orders", input }, how);
    const page = answer as unknown as Orders;
    seen.push(...page.items.map(({ id }) => id));
    pages += 1;
    after = page.next;
    for (let order = 0; after && order < MEANWHILE; order += 1) {
      const input = { user_id: 1, lines: [{ product_id: 1, quantity: 1 }] };
      await send({ over: "rest", operation: "place_order", input }, how);
      placed += 1;
    }
  } while (after);
  const read = new Set(seen);
  const newest = Math.max(...seen);
  const missed = Array.from({ length: newest }, (_, index) => index + 1).filter((id) => !read.has(id)).length;
  return { pages, read: seen.length, placed, twice: seen.length - read.size, missed };
}
