// D2: the bytes of lists of several lengths as multiples of REST's, without and with compression.

import { compare } from "../api.ts";
import { Table } from "../components/table.tsx";
import { bytes, change, count, short, times } from "../format.ts";
import type { Comparison, Row } from "../types.ts";
import { exchangesOf, total } from "./figures.tsx";
import { type Context, type Lesson, type Source, type Step, step } from "./lesson.ts";

const LENGTHS = [1, 10, 50, 100];

interface Lists {
  /** A comparison for each length. */
  raw: Comparison[];
  /** The same with gzip, if the step is about it. */
  gzip?: Comparison[];
}

/** One length after another: simultaneous comparisons would disturb each other. */
async function measure({ signal }: Context, gzip: boolean): Promise<Comparison[]> {
  const comparisons: Comparison[] = [];
  for (const limit of LENGTHS) {
    comparisons.push(await compare({ operation: "search_products", input: { limit }, n: 1, gzip }, { signal }));
  }
  return comparisons;
}

const plain: Source<Lists> = {
  kind: "measured",
  busy: "Reading lists in every style",
  measure: async (context) => ({ raw: await measure(context, false) }),
};

const compressed: Source<Lists> = {
  kind: "measured",
  busy: "Reading lists in every style, without and with gzip",
  measure: async (context) => ({ raw: await measure(context, false), gzip: await measure(context, true) }),
};

const REFERENCE = "rest";
const bytesOf = (row: Row | undefined) => (row ? total(row.call) : 0);
const rowOf = (comparison: Comparison | undefined, style: string) => comparison?.styles.find((row) => row.style === style);

/** The bytes of a style as a multiple of REST's. */
const multiple = (comparison: Comparison | undefined, style: string) =>
  bytesOf(rowOf(comparison, style)) / bytesOf(rowOf(comparison, REFERENCE));

/** The style with the most bytes for the shortest list. */
function largest({ raw: [first] }: Lists): string {
  const [row] = [...(first?.styles ?? [])].sort((one, other) => bytesOf(other) - bytesOf(one));
  return row?.style ?? "";
}

const titleOf = (lists: Lists) => short(rowOf(lists.raw[0], largest(lists))?.title ?? "");

/** How many times the bytes of the smallest compressed style the largest has, for the longest list. */
function factor(comparison: Comparison | undefined, styles: string[]): number {
  const all = styles.map((style) => bytesOf(rowOf(comparison, style)));
  return Math.max(...all) / Math.min(...all);
}
const compressedStyles = ({ gzip = [] }: Lists) => (gzip.at(-1)?.styles ?? []).filter(({ compressed }) => compressed).map(({ style }) => style);

const common: Pick<Step<Lists>, "figures" | "exchanges" | "isWide"> = {
  figures: (lists) => <Multiples {...lists} />,
  exchanges: ({ raw, gzip }) => exchangesOf((gzip ?? raw)[0] ?? { styles: [] }),
  isWide: true,
};

export const LISTS: Lesson = {
  id: "D2",
  question: "Does the envelope matter for lists?",
  steps: [
    step<Lists>({
      ...common,
      source: plain,
      claim: {
        sentence: "A list has one envelope but names in every record: the costliest style falls further behind.",
        shownIf: "the style with the most bytes for one product has a larger multiple of REST's for 100",
        holds: (lists) => {
          const [one, hundred] = [lists.raw[0], lists.raw.at(-1)].map((list) => multiple(list, largest(lists)));
          return one !== undefined && hundred !== undefined && hundred > one;
        },
        otherwise: "In this run the costliest style does not fall further behind on long lists.",
      },
      key: (lists) => {
        const [one = 0, hundred = 0] = [lists.raw[0], lists.raw.at(-1)].map((list) => multiple(list, largest(lists)));
        return { value: change(one, hundred), of: `${titleOf(lists)}'s bytes to REST's, for one and 100` };
      },
      cause: "Headers and envelope are sent once per list; tags and names with every record.",
      nature: "XML-RPC wraps each member in five tags, SOAP in two.",
      choice: "Short names; REST's list has no wrapper per item.",
      notes: "Bytes of request and response, with headers. One call for each length: bytes repeat exactly.",
    }),
    step<Lists>({
      ...common,
      source: compressed,
      claim: {
        sentence: "With gzip, the styles that compress are less than a third apart.",
        shownIf: "for 100 products the largest compressed style has less than 1.33 times the smallest's bytes, and more without gzip",
        holds: (lists) => {
          const styles = compressedStyles(lists);
          return styles.length > 1 && factor(lists.gzip?.at(-1), styles) < 1.33 && factor(lists.raw.at(-1), styles) > 1.33;
        },
        otherwise: "In this run compression does not bring the styles that close.",
      },
      key: (lists) => {
        const [raw, gzip] = [lists.raw, lists.gzip].map((list) => factor(list?.at(-1), compressedStyles(lists)));
        return { value: change(raw ?? 0, gzip ?? 0), of: "the largest to the smallest of them, by gzip" };
      },
      cause: "Repeated names and tags compress to almost nothing. What is left is the data.",
      nature: "HTTP has a header for it; a WebSocket needs an extension.",
      choice: "No extension on the WebSocket; gzip from 1,400 bytes.",
      notes: "A socket that does not compress is last here, although it was first for one user.",
    }),
  ],
};

function Multiples({ raw, gzip }: Lists) {
  const shown = gzip ?? raw;
  const heads = ["Products", ...LENGTHS.map((length) => ({ right: count(length) }))];
  return (
    <Table label="Bytes by list length" class="plain" heads={heads}>
      {(shown[0]?.styles ?? []).map(({ title, style }) => (
        <tr>
          <th scope="row">{short(title)}</th>
          {shown.map((comparison) => {
            const row = rowOf(comparison, style);
            return (
              <td class="right">
                <strong>{times(multiple(comparison, style))}</strong> <span class="muted">{bytes(bytesOf(row))}</span>
                {gzip && <span class="muted">{row?.compressed ? " gzip" : " plain"}</span>}
              </td>
            );
          })}
        </tr>
      ))}
    </Table>
  );
}
