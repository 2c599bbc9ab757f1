// A sandbox for one step of a lesson: it has its own settings, and is deleted afterwards.

import { deleteSandbox, table, updateSandbox } from "../api.ts";
import type { JsonObject } from "../types.ts";

/** The key of an admin, who may change a locked sandbox. */
const adminKey = () => table.peek()?.people.find(({ role }) => role === "admin")?.api_key ?? "";

/** Runs the work in a new sandbox with these settings. */
export async function inSandbox<T>(settings: JsonObject, work: (name: string) => Promise<T>): Promise<T> {
  const name = `lesson-${crypto.getRandomValues(new Uint32Array(1)).join()}`;
  const options = { as: adminKey() };
  await updateSandbox(name, settings, options);
  try {
    return await work(name);
  } finally {
    await deleteSandbox(name, options);
  }
}
