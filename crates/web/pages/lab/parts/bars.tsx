// How much is it? Bars from zero, all on one axis, with the number beside each: who cannot see the bar reads the number.

import type { ComponentChildren } from "preact";

export interface Piece {
  kind: string;
  value: number;
}

export interface Bar {
  /** What it is called beside the bar, if there is more than one. */
  label?: string;
  pieces: Piece[];
  text: string;
  /** Up to where one in twenty goes, if that is known. */
  reach?: number;
}

export interface Group {
  title: string;
  bars: Bar[];
  /** Whether it is what is spoken of. */
  isPointedAt?: boolean;
}

interface Props {
  title: string;
  note: ComponentChildren;
  groups: Group[];
  legend?: { kind: string; name: string }[];
}

const length = ({ pieces }: Bar) => pieces.reduce((sum, { value }) => sum + value, 0);

export function Bars({ title, note, groups, legend = [] }: Props) {
  const most = Math.max(...groups.flatMap(({ bars }) => bars.map((bar) => Math.max(length(bar), bar.reach ?? 0))), 1e-9);
  const part = (value: number) => `${(100 * value) / most}%`;
  return (
    <figure class="bars">
      <figcaption>
        <h2>{title}</h2>
        <p class="soft">{note}</p>
      </figcaption>
      <dl>
        {groups
          .filter(({ bars }) => bars.length > 0)
          .map(({ title, bars, isPointedAt }) => (
            <div class={isPointedAt ? "group pointed-at" : "group"}>
              <dt>{title}</dt>
              {bars.map((bar) => (
                <dd>
                  {bar.label && <span class="which">{bar.label}</span>}
                  <span class="track" aria-hidden="true">
                    {bar.pieces.map(({ kind, value }) => (
                      <span class={`piece ${kind}`} style={{ width: part(value) }} />
                    ))}
                    {bar.reach !== undefined && <span class="reach" style={{ left: part(bar.reach) }} />}
                  </span>
                  <span class="number">{bar.text}</span>
                </dd>
              ))}
            </div>
          ))}
      </dl>
      {legend.length > 0 && (
        <ul class="legend" aria-label="Colours">
          {legend.map(({ kind, name }) => (
            <li>
              <span class={`swatch ${kind}`} aria-hidden="true" />
              {name}
            </li>
          ))}
        </ul>
      )}
    </figure>
  );
}
