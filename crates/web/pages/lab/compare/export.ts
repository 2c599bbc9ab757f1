// The measured calls as CSV, to check or redraw a chart.

import type { Bytes, Comparison, Row } from "../types.ts";

const PARTS: (keyof Bytes)[] = ["headers", "body", "framing", "total"];

/** A row for each measured call; the byte counts are those of a call on an open connection. */
export function csv({ operation, styles }: Comparison): string {
  const bytes = ["sent", "received"].flatMap((direction) => PARTS.map((part) => `${direction}_${part}`));
  const head = ["operation", "style", "http_version", "connection", "call", "time_us", ...bytes, "compressed"];
  const rows = styles.flatMap((row) => [...calls(operation, row, "cold"), ...calls(operation, row, "warm")]);
  return [head, ...rows].map((cells) => cells.join(",")).join("\r\n") + "\r\n";
}

function calls(operation: string, { style, http_version, call, compressed, time_us }: Row, kind: "cold" | "warm"): (string | number)[][] {
  const bytes = [call.request, call.response].flatMap((direction) => PARTS.map((part) => direction[part]));
  const connection = kind === "cold" ? "new" : "open";
  return (time_us?.[kind] ?? []).map((time, index) => [
    operation,
    style,
    http_version,
    connection,
    index + 1,
    time,
    ...bytes,
    compressed ? "yes" : "no",
  ]);
}

/** Has the browser save a text as a file. */
export function download(name: string, text: string, type: string): void {
  const address = URL.createObjectURL(new Blob([text], { type }));
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  URL.revokeObjectURL(address);
}
