// D15: all orders read page by page while new ones are placed, by cursor, and by offset as the control.

import { send } from "../api.ts";
import { Table } from "../components/table.tsx";
import { count, plural } from "../format.ts";
import type { Sent } from "../types.ts";
import { type Lesson, type Shown, step } from "./lesson.ts";
import { inSandbox } from "./sandboxes.ts";

const PAGE = 20;
/** Orders placed after each page. */
const MEANWHILE = 3;
/** The longest page of the server. */
const PAGE_MAX = 100;

interface Reading {
  how: string;
  pages: number;
  read: number;
  placed: number;
  twice: number;
  /** Of the orders that were there before the first page. */
  missed: number;
}

interface Paging {
  cursor: Reading;
  offset: Reading;
  last: Shown;
}

interface Page {
  items: { id: number }[];
  next?: string;
}

type How = { sandbox: string; as: string };

const list = (how: How, limit: number, after?: string) =>
  send({ over: "rest", operation: "list_orders", input: { limit, ...(after ? { after } : {}) } }, how);
const pageOf = ({ answer }: Sent) => answer as unknown as Page;

/** The ids of all orders at this moment. */
async function allIds(how: How): Promise<number[]> {
  const ids: number[] = [];
  let after: string | undefined;
  do {
    const page = pageOf(await list(how, PAGE_MAX, after));
    ids.push(...page.items.map(({ id }) => id));
    after = page.next;
  } while (after);
  return ids;
}

async function place(how: How): Promise<void> {
  const input = { user_id: 1, lines: [{ product_id: 1, quantity: 1 }] };
  for (let order = 0; order < MEANWHILE; order += 1) await send({ over: "rest", operation: "place_order", input }, how);
}

/** Reads until a page is the last one, and places orders after each other page. */
async function read(name: string, how: How, page: (number: number) => Promise<{ ids: number[]; isLast: boolean }>): Promise<Reading> {
  const before = await allIds(how);
  const seen: number[] = [];
  let pages = 0;
  for (let isLast = false; !isLast; pages += 1) {
    const next = await page(pages);
    seen.push(...next.ids);
    isLast = next.isLast;
    if (!isLast) await place(how);
  }
  const all = new Set(seen);
  const missed = before.filter((id) => !all.has(id)).length;
  return { how: name, pages, read: seen.length, placed: (pages - 1) * MEANWHILE, twice: seen.length - all.size, missed };
}

async function measure(signal: AbortSignal): Promise<Paging> {
  const inOwn = <T,>(work: (how: How & { signal: AbortSignal }) => Promise<T>) =>
    inSandbox({}, (sandbox) => work({ sandbox, signal, as: "" }));
  let last: Shown = { title: "REST, by cursor", wire: { sent: [], received: [] } };
  const cursor = await inOwn((how) => {
    let after: string | undefined;
    return read("By cursor, oldest first", how, async () => {
      const sent = await list(how, PAGE, after);
      const { items, next } = pageOf(sent);
      [after, last] = [next, { ...last, wire: sent.wire }];
      return { ids: items.map(({ id }) => id), isLast: next === undefined };
    });
  });
  // The server has no offset. What one would return is taken from the whole list, read at that moment.
  const offset = await inOwn((how) =>
    read("By offset, newest first", how, async (number) => {
      const newestFirst = (await allIds(how)).reverse();
      const end = (number + 1) * PAGE;
      return { ids: newestFirst.slice(number * PAGE, end), isLast: end >= newestFirst.length };
    }),
  );
  return { cursor, offset, last };
}

const wrong = ({ twice, missed }: Reading) => twice + missed;

export const PAGING: Lesson = {
  id: "D15",
  question: "Paging while someone writes: what is read twice, what is missed?",
  steps: [
    step<Paging>({
      source: {
        kind: "measured",
        busy: "Reading page by page, twice, while orders are placed",
        measure: ({ signal }) => measure(signal),
      },
      claim: {
        sentence: "While orders arrive, a cursor keeps its place; an offset does not.",
        shownIf: "the cursor reads nothing twice and misses nothing, and the offset, as the control, does one of both",
        holds: ({ cursor, offset }) => wrong(cursor) === 0 && wrong(offset) > 0 && cursor.placed > 0,
        otherwise: "In this run the control has not failed, or the cursor has: nothing is shown.",
      },
      key: ({ cursor, offset }) => ({
        value: `${count(wrong(offset))} : ${count(wrong(cursor))}`,
        of: "orders read twice or missed, by offset and by cursor",
      }),
      figures: ({ cursor, offset }) => (
        <Table
          label="Paging"
          class="plain"
          heads={["REST, pages of 20", ...["Pages", "Read", "Placed meanwhile", "Twice", "Missed"].map((right) => ({ right }))]}
        >
          {[cursor, offset].map(({ how, pages, read, placed, twice, missed }) => (
            <tr>
              <th scope="row">{how}</th>
              {[pages, read, placed].map((number) => (
                <td class="right">{count(number)}</td>
              ))}
              {[twice, missed].map((number) => (
                <td class={number > 0 ? "right bad" : "right good"}>{count(number)}</td>
              ))}
            </tr>
          ))}
        </Table>
      ),
      isWide: true,
      exchanges: ({ last }) => [last],
      cause: "An offset counts from an end that moves. A cursor names the item after which to go on.",
      nature: "None: every style could page either way.",
      choice: "Cursors in all styles. The offset is the lab's, from the whole list.",
      notes: `Each new order moves all others back by one: with ${plural(MEANWHILE, "order")} a page, as many are read twice.`,
    }),
  ],
};
