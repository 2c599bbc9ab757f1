// The demo users, with everything to log in with.

import type { Person } from "../types.ts";
import { CopyButton } from "./code.tsx";
import { Table } from "./table.tsx";

export const People = ({ people }: { people: Person[] }) => (
  <Table label="Keys and passwords" class="people" heads={["User", "Role", "Email", "Password", "API key (X-API-Key)"]}>
    {people.map(({ user_id, name, role, email, password, api_key }) => (
      <tr>
        <th scope="row">
          {name}, user {user_id}
        </th>
        <td>{role}</td>
        <td>{email}</td>
        <td>
          <code>{password}</code>
        </td>
        <td>
          <code>{api_key}</code> <CopyButton text={api_key} what={`the API key of ${name}`} />
        </td>
      </tr>
    ))}
  </Table>
);

interface Props {
  id: string;
  people: Person[];
  value: Person | undefined;
  choose: (person: Person | undefined) => void;
}

/** The choice of a caller. */
export const CallerSelect = ({ id, people, value, choose }: Props) => (
  <select
    id={id}
    value={String(value?.user_id ?? "")}
    onChange={({ currentTarget }) => choose(people.find(({ user_id }) => String(user_id) === currentTarget.value))}
  >
    <option value="">a visitor</option>
    {people.map(({ user_id, name, role }) => (
      <option value={String(user_id)}>
        {name}, {role}
      </option>
    ))}
  </select>
);
