// What crossed the wire? A message of HTTP with its headers folded, or a frame with its first bytes in hex; pretty, or just so.

import { signal } from "@preact/signals";
import { bytes, bytesOf, several } from "../format.ts";
import { pretty } from "../pretty.ts";
import type { Part } from "../types.ts";
import { Code } from "./code.tsx";

/** Whether messages are laid out or shown as they were: one choice for all columns, so that they stay comparable. */
export const isRaw = signal(false);

export function RawSwitch() {
  const choose = (raw: boolean) => () => (isRaw.value = raw);
  return (
    <div class="choice" role="group" aria-label="How messages are shown">
      <button type="button" aria-pressed={!isRaw.value} onClick={choose(false)}>
        Pretty
      </button>
      <button type="button" aria-pressed={isRaw.value} onClick={choose(true)}>
        Raw
      </button>
    </div>
  );
}

export function Parts({ parts, label }: { parts: Part[]; label: string }) {
  if (parts.length === 0) return <p class="soft">Nothing.</p>;
  return (
    <div class="parts">
      {parts.map((part, index) => {
        const name = parts.length > 1 ? `${label}, ${index + 1} of ${parts.length}` : label;
        return part.kind === "http" ? <Message {...part} label={name} /> : <Frame {...part} label={name} />;
      })}
    </div>
  );
}

function Message({ head, body, chunks, packed, label }: Extract<Part, { kind: "http" }> & { label: string }) {
  const note = packed && `came as ${bytes(packed.bytes)} of ${packed.coding}, and is shown unpacked`;
  if (isRaw.value) {
    return (
      <>
        <Code text={head + body} language={body ? "text" : "http"} label={label} />
        {note && <p class="soft small">{note}</p>}
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
              {several(fields.length, "header")}, {bytes(bytesOf(head))} with the first line
            </summary>
            {/* The grammar knows a header by the line before it. */}
            <Code text={`\n${fields.join("\n")}`} language="http" label={`${label}: headers`} />
          </details>
        )}
      </div>
      {body && (
        <div class="body">
          <Code text={pretty(body)} label={`${label}: body`} />
        </div>
      )}
      {note && <p class="body note soft">{note}</p>}
      {chunks && <p class="framing note soft">in {several(chunks.length, "chunk")}, whose sizes are told between</p>}
    </div>
  );
}

function Frame({ hex, text, opcode, label }: { hex: string; text: string; opcode: string; label: string }) {
  return (
    <div class="message">
      <div class="framing">
        <Code text={hex} language="text" label={`${label}: header of the frame`} />
        <span class="soft">{opcode} frame</span>
      </div>
      {text && (
        <div class="body">
          <Code text={isRaw.value ? text : pretty(text)} label={`${label}: ${opcode}`} />
        </div>
      )}
    </div>
  );
}
