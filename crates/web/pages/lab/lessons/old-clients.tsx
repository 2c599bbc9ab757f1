// What becomes of clients that were made for a contract, once it changes? Measured with real ones; told style by style, and one
// by one.

import { count } from "../format.ts";
import { Table } from "../parts/table.tsx";
import type { Table as Shop } from "../types.ts";
import measured from "./old-clients.json";

const { changes, clients } = measured;
type Client = (typeof clients)[number];

/** What was changed in the answer of `get_product`. */
const CHANGED: Record<string, string> = {
  added: "rating is added",
  renamed: "description is renamed",
  removed: "description is removed",
};

/** What may become of a client; of one, and of several. */
const OUTCOMES = [
  { word: "works", of: "work", mark: "✓", class: "good" },
  { word: "wrong", of: "wrong", mark: "≠", class: "wrong" },
  { word: "breaks", of: "break", mark: "✕", class: "bad" },
] as const;

/** What a client said to a change: the outcome, and its own words after it. */
function saidBy({ said }: Client, change: string): { word: string; why: string } {
  const [word = "", ...why] = ((said as Record<string, string>)[change] ?? "").split(": ");
  return { word, why: why.join(": ") };
}

const howMany = (some: Client[], change: string, word: string) =>
  some.filter((client) => saidBy(client, change).word === word).length;

export function OldClients({ table }: { table: Shop }) {
  const heads = changes.map((change) => CHANGED[change] ?? change);
  return (
    <>
      <Table label="Clients by style" class="refusals" heads={["Clients", ...heads]}>
        {table.styles.map(({ name, title }) => (
          <StyleRow title={title} clients={clients.filter(({ style }) => style === name)} />
        ))}
      </Table>
      <p class="pointed">
        Wrong or broken, of {count(clients.length)} clients:{" "}
        {changes.map((change, index) => (
          <>
            {index > 0 && ", "}
            {change} <strong>{clients.length - howMany(clients, change, "works")}</strong>
          </>
        ))}
      </p>
      <p class="soft">
        Real clients, each made for the contract as it was, asked for a product and printed its name and its description:{" "}
        <code>tests/clients/evolution/run</code> measured it. Wrong is who goes on with something missing, without an error.
      </p>
      <h3>Client by client</h3>
      <Table label="Client by client" class="refusals" heads={["Style", "Client", ...heads]}>
        {clients.map((client) => (
          <ClientRow client={client} title={table.styles.find(({ name }) => name === client.style)?.title ?? client.style} />
        ))}
      </Table>
    </>
  );
}

function StyleRow({ title, clients }: { title: string; clients: Client[] }) {
  return (
    <tr>
      <th scope="row">{title}</th>
      {changes.map((change) => (
        <td>
          <ul class="outcomes">
            {OUTCOMES.map(({ word, of, mark, class: name }) => {
              const many = howMany(clients, change, word);
              return many > 0 && <li class={name}>{`${mark} ${many} ${many === 1 ? word : of}`}</li>;
            })}
          </ul>
        </td>
      ))}
    </tr>
  );
}

function ClientRow({ client, title }: { client: Client; title: string }) {
  return (
    <tr>
      <td>{title}</td>
      <th scope="row">{client.client}</th>
      {changes.map((change) => {
        const { word, why } = saidBy(client, change);
        const { mark, class: name } = OUTCOMES.find((outcome) => outcome.word === word) ?? OUTCOMES[2];
        return (
          <td>
            <strong class={name}>{`${mark} ${word}`}</strong>
            <p class="words">{why}</p>
          </td>
        );
      })}
    </tr>
  );
}
