// A bar chart. All bars start at zero on one axis, and each has its number as text next to it.

import type { ComponentChildren } from "preact";

export interface Segment {
  kind: string;
  value: number;
}

export interface Bar {
  /** Its name next to the bar, if the group has more than one. */
  label?: string;
  segments: Segment[];
  text: string;
  /** The 95th percentile, if known. */
  p95?: number;
  /** The least and the greatest of several runs. */
  range?: [least: number, most: number];
}

export interface Group {
  title: string;
  bars: Bar[];
}

interface Props {
  title: string;
  note: ComponentChildren;
  groups: Group[];
  legend?: { kind: string; name: string }[];
  /** The end of the axis, where it is the same on several charts; a longer bar extends it. */
  axis?: number;
}

const length = ({ segments }: Bar) => segments.reduce((sum, { value }) => sum + value, 0);

export function Bars({ title, note, groups, legend = [], axis = 1e-9 }: Props) {
  const end = (bar: Bar) => Math.max(length(bar), bar.p95 ?? 0, bar.range?.[1] ?? 0);
  const most = Math.max(axis, ...groups.flatMap(({ bars }) => bars.map(end)));
  const percent = (value: number) => `${(100 * value) / most}%`;
  return (
    <figure class="bars">
      <figcaption>
        <h2>{title}</h2>
        <p class="muted">{note}</p>
      </figcaption>
      <dl>
        {groups
          .filter(({ bars }) => bars.length > 0)
          .map(({ title, bars }) => (
            <div class="group">
              <dt>{title}</dt>
              {bars.map((bar) => (
                <dd>
                  {bar.label && <span class="bar-label">{bar.label}</span>}
                  <span class="track" aria-hidden="true">
                    {bar.segments.map(({ kind, value }) => (
                      <span class={`segment ${kind}`} style={{ width: percent(value) }} />
                    ))}
                    {bar.p95 !== undefined && <span class="p95" style={{ left: percent(bar.p95) }} />}
                    {bar.range && (
                      <span
                        class="range"
                        style={{ left: percent(bar.range[0]), width: percent(bar.range[1] - bar.range[0]) }}
                      />
                    )}
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
