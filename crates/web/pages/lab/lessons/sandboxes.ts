// Where does a lesson turn the dials? In a sandbox of its own, which goes when the lesson has been told: nobody else notices.

import { forgetSandbox, setUpSandbox, table } from "../server.ts";
import type { JsonObject } from "../types.ts";

/** Who may unlock a sandbox again. */
const admin = () => table.peek()?.people.find(({ role }) => role === "admin")?.api_key ?? "";

/** Works in a new sandbox that is set so. */
export async function inSandbox<T>(settings: JsonObject, work: (name: string) => Promise<T>): Promise<T> {
  const name = `lesson-${crypto.getRandomValues(new Uint32Array(1)).join()}`;
  const how = { as: admin() };
  await setUpSandbox(name, settings, how);
  try {
    return await work(name);
  } finally {
    await forgetSandbox(name, how);
  }
}
