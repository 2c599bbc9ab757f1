// The addresses of the class, which belong to `main`.

import { fetchShop, errorOf, request, textOf } from "../api.ts";
import type { Class, Place } from "../types.ts";

const main = { sandbox: "main" };

export const readClass = (signal: AbortSignal) => request("class", { ...main, signal }) as Promise<Class>;

export const addLearners = (names: string[]) => request("class", { ...main, body: { names } }) as Promise<Place[]>;

export const showMessage = (text: string) => request("class/message", { ...main, method: "PUT", body: { text } });

export const resetAll = () => request("class/reset", { ...main, method: "POST" });

/** The results as a file. */
export async function results(format: "csv" | "jsonl"): Promise<string> {
  const response = await fetchShop(`class/progress.${format}`, main);
  if (!response.ok) throw await errorOf(response);
  return textOf(response);
}
