// What happens to real clients when the response that they were made for changes; recorded by tests/clients/evolution/run.

import { count } from "../format.ts";
import { Table } from "../components/table.tsx";
import type { Table as Shop } from "../types.ts";
import measured from "./old-clients.json";

const { changes, clients } = measured;
type Client = (typeof clients)[number];

/** The changes of the response of `get_product`. */
const CHANGES: Record<string, string> = {
  added: "rating added",
  renamed: "description renamed",
  removed: "description removed",
};

/** The outcomes, with the words for one client and for several. */
const OUTCOMES = [
  { word: "works", plural: "work", mark: "✓", class: "good" },
  { word: "wrong", plural: "wrong", mark: "≠", class: "wrong" },
  { word: "breaks", plural: "break", mark: "✕", class: "bad" },
] as const;

/** The outcome of a change for a client, and the client's own message. */
function outcomeOf({ outcomes }: Client, change: string): { word: string; why: string } {
  const [word = "", ...why] = ((outcomes as Record<string, string>)[change] ?? "").split(": ");
  return { word, why: why.join(": ") };
}

const countOf = (some: Client[], change: string, word: string) =>
  some.filter((client) => outcomeOf(client, change).word === word).length;

export function OldClients({ table }: { table: Shop }) {
  const heads = changes.map((change) => CHANGES[change] ?? change);
  return (
    <>
      <Table label="Clients by style" class="refusals" heads={["Clients", ...heads]}>
        {table.styles.map(({ name, title }) => (
          <StyleRow title={title} clients={clients.filter(({ style }) => style === name)} />
        ))}
      </Table>
      <p class="key-number">
        Wrong or broken, of {count(clients.length)} clients:{" "}
        {changes.map((change, index) => (
          <>
            {index > 0 && ", "}
            {change}: <strong>{clients.length - countOf(clients, change, "works")}</strong>
          </>
        ))}
      </p>
      <p class="muted">
        Recorded by <code>tests/clients/evolution/run</code>: real clients, made for the old contract, read a product and print its
        name and description. “Wrong” means that a client continues without an error although data is missing.
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
            {OUTCOMES.map(({ word, plural, mark, class: name }) => {
              const number = countOf(clients, change, word);
              return number > 0 && <li class={name}>{`${mark} ${number} ${number === 1 ? word : plural}`}</li>;
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
        const { word, why } = outcomeOf(client, change);
        const { mark, class: name } = OUTCOMES.find((outcome) => outcome.word === word) ?? OUTCOMES[2];
        return (
          <td>
            <strong class={name}>{`${mark} ${word}`}</strong>
            <p class="message-text">{why}</p>
          </td>
        );
      })}
    </tr>
  );
}
