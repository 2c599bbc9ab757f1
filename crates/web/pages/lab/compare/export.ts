// What was measured, call by call? As CSV, so that whoever doubts a bar can draw it anew.

import type { Bytes, Comparison, Row } from "../types.ts";

const DIRECTION: (keyof Bytes)[] = ["headers", "body", "framing", "total"];

/** A line for each measured call; the bytes are those of a call on an open connection. */
export function csv({ operation, styles }: Comparison): string {
  const bytes = ["sent", "received"].flatMap((way) => DIRECTION.map((part) => `${way}_${part}`));
  const head = ["operation", "style", "connection", "call", "time_us", ...bytes, "packed"];
  const lines = styles.flatMap((row) => [...calls(operation, row, "cold"), ...calls(operation, row, "warm")]);
  return [head, ...lines].map((line) => line.join(",")).join("\r\n") + "\r\n";
}

function calls(operation: string, { style, call, packed, time_us }: Row, connection: "cold" | "warm"): (string | number)[][] {
  const bytes = [call.request, call.response].flatMap((way) => DIRECTION.map((part) => way[part]));
  return (time_us?.[connection] ?? []).map((time, index) => [
    operation,
    style,
    connection,
    index + 1,
    time,
    ...bytes,
    packed ? "yes" : "no",
  ]);
}

/** Lets the browser keep a text as a file. */
export function download(name: string, text: string, type: string): void {
  const address = URL.createObjectURL(new Blob([text], { type }));
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  URL.revokeObjectURL(address);
}
