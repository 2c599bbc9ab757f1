// D16: the worksheet: a case of one's own, the evidence of the other lessons, and a choice with its reasons.

import { download } from "../compare/export.ts";
import { Table } from "../components/table.tsx";
import { count, short } from "../format.ts";
import { link } from "../router.ts";
import type { Table as Shop } from "../types.ts";
import { type Case, type Evidence, evidence, evidenceFor, nameOf, ownCase, worksheet } from "./evidence.ts";
import { type Lesson, step } from "./lesson.ts";

interface Worksheet {
  table: Shop;
  case: Case;
  all: Evidence[];
}

/** Fewer do not carry a choice. */
const EVIDENCE_MIN = 3;

const read = (table: Shop): Worksheet => ({
  table,
  case: ownCase.value.value,
  all: [...evidence.value.value].filter(({ lesson }) => lesson !== "D16"),
});

const chosen = (sheet: Worksheet) => evidenceFor(sheet.case, sheet.all);

export const OWN_CASE: Lesson = {
  id: "D16",
  question: "Choose and defend: which style fits your case?",
  steps: [
    step<Worksheet>({
      source: { kind: "measured", busy: "Collecting the evidence", measure: async ({ table }) => read(table) },
      claim: {
        sentence: "Here is what your own runs have shown. Choose a style, and defend it with that.",
        shownIf: `this browser has seen at least ${EVIDENCE_MIN} steps of other lessons`,
        holds: ({ all }) => all.length >= EVIDENCE_MIN,
        otherwise: "There is too little evidence for a choice yet: run some other lessons first.",
      },
      key: (sheet) => ({ value: count(sheet.all.length), of: "steps measured in this browser" }),
      figures: ({ table }) => <Sheet table={table} />,
      isWide: true,
      exchanges: () => [],
      cause: "No style is best: each saves what another spends.",
      nature: "What your evidence shows of every server.",
      choice: "What it shows of this server only: check that on yours.",
      notes: "Ask for the one number that speaks against the choice.",
    }),
  ],
};

function Sheet({ table }: { table: Shop }) {
  const { case: own, all } = read(table);
  const change = (part: Partial<Case>) => ownCase.set({ ...own, ...part });
  const choice = short(table.styles.find(({ name }) => name === own.choice)?.title ?? "");
  const save = () => download("worksheet.md", worksheet(own, all, { ...table, choice }), "text/markdown");
  const toggle = (name: string) =>
    change({ matters: own.matters.includes(name) ? own.matters.filter((other) => other !== name) : [...own.matters, name] });
  return (
    <form class="worksheet" onSubmit={(event) => event.preventDefault()}>
      <label>
        My case: who calls, from where, how often, for what?
        <textarea rows={2} value={own.description} onInput={({ currentTarget }) => change({ description: currentTarget.value })} />
      </label>
      {all.length > 0 && (
        <Table label="Evidence" class="plain" heads={["Matters", "Step", "What its run showed", "Number"]}>
          {all.map((one) => (
            <tr>
              <td>
                <input
                  type="checkbox"
                  aria-label={`${nameOf(one)} matters`}
                  checked={own.matters.includes(nameOf(one))}
                  onChange={() => toggle(nameOf(one))}
                />
              </td>
              <th scope="row">
                <a href={link("lessons", [one.lesson, one.step])}>{nameOf(one)}</a>
              </th>
              <td class={one.holds ? undefined : "wrong"}>{one.text}</td>
              <td>
                <strong>{one.key.value}</strong> {one.key.of}
              </td>
            </tr>
          ))}
        </Table>
      )}
      <div class="row">
        <label for="choice">My choice</label>
        <select id="choice" value={own.choice} onChange={({ currentTarget }) => change({ choice: currentTarget.value })}>
          <option value="">None yet</option>
          {table.styles.map(({ name, title }) => (
            <option value={name}>{short(title)}</option>
          ))}
        </select>
        <span class="muted fill">{chosen({ table, case: own, all }).length} steps as evidence</span>
        <button type="button" class="main" onClick={save}>
          Download the worksheet
        </button>
      </div>
      <label>
        Because
        <textarea rows={2} value={own.reason} onInput={({ currentTarget }) => change({ reason: currentTarget.value })} />
      </label>
    </form>
  );
}
