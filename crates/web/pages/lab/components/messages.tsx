// HTTP messages and WebSocket frames, indented or exactly as they were sent.

import { signal } from "@preact/signals";
import { bytes, bytesOf, plural } from "../format.ts";
import { pretty } from "../pretty.ts";
import type { Part } from "../types.ts";
import { Code } from "./code.tsx";

/** Whether messages are shown unchanged; one choice for all, so that they stay comparable. */
export const isRaw = signal(false);

export function RawSwitch() {
  const choose = (raw: boolean) => () => (isRaw.value = raw);
  return (
    <div class="choice" role="group" aria-label="Format of messages">
      <button type="button" aria-pressed={!isRaw.value} onClick={choose(false)}>
        Formatted
      </button>
      <button type="button" aria-pressed={isRaw.value} onClick={choose(true)}>
        Raw
      </button>
    </div>
  );
}

export function Messages({ parts, label }: { parts: Part[]; label: string }) {
  if (parts.length === 0) return <p class="muted">Nothing was sent.</p>;
  return (
    <div class="messages">
      {parts.map((part, index) => {
        const name = parts.length > 1 ? `${label}, ${index + 1} of ${parts.length}` : label;
        return part.kind === "http" ? <Message {...part} label={name} /> : <Frame {...part} label={name} />;
      })}
    </div>
  );
}

function Message({ head, body, trailers, chunks, compressed, label }: Extract<Part, { kind: "http" }> & { label: string }) {
  const note = compressed && `Sent as ${bytes(compressed.bytes)} of ${compressed.coding}; shown decompressed.`;
  if (isRaw.value) {
    return (
      <>
        <Code text={head + body + (trailers ? `\n\n${trailers}` : "")} language={body ? "text" : "http"} label={label} />
        {note && <p class="muted small">{note}</p>}
      </>
    );
  }
  const [first = "", ...fields] = head.trimEnd().split("\r\n");
  return (
    <div class="message">
      <div class="head">
        <Code text={first} language="http" label={`${label}: first line`} />
        {fields.length > 0 && (
          <details>
            <summary>
              {plural(fields.length, "header")}
              {/* HTTP/2 sends it compressed. */}
              {first.includes("HTTP/2") ? "" : `, ${bytes(bytesOf(head))} including the first line`}
            </summary>
            {/* The highlighter recognises a header by the line break before it. */}
            <Code text={`\n${fields.join("\n")}`} language="http" label={`${label}: headers`} />
          </details>
        )}
      </div>
      {body && (
        <div class="body">
          <Code text={pretty(body)} label={`${label}: body`} />
        </div>
      )}
      {trailers && (
        <div class="head">
          <Code text={`\n${trailers}`} language="http" label={`${label}: trailers`} />
        </div>
      )}
      {note && <p class="body note muted">{note}</p>}
      {chunks && <p class="framing note muted">Sent in {plural(chunks.length, "chunk")}, each with its size before it.</p>}
    </div>
  );
}

function Frame({ hex, text, opcode, label }: { hex: string; text: string; opcode: string; label: string }) {
  return (
    <div class="message">
      <div class="framing">
        <Code text={hex} language="text" label={`${label}: frame header`} />
        <span class="muted">{opcode} frame</span>
      </div>
      {text && (
        <div class="body">
          <Code text={isRaw.value ? text : pretty(text)} label={`${label}: ${opcode}`} />
        </div>
      )}
    </div>
  );
}
