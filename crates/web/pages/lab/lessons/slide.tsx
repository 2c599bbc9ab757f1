// One step on the screen: the claim or its withdrawal, the figures, the key number, the reasons, and the requests.

import type { ComponentChildren } from "preact";
import { stated, type Step } from "./lesson.ts";
import { Requests } from "./requests.tsx";

export interface SlideProps {
  step: Step;
  /** Absent while there are none. */
  numbers?: unknown;
  /** Whether all numbers are there. */
  isDone: boolean;
  /** What is shown in place of the claim: that the step runs, or why it can't. */
  children?: ComponentChildren;
}

export function Slide({ step, numbers, isDone, children }: SlideProps) {
  const claim = isDone ? stated(step, numbers) : undefined;
  const key = numbers === undefined ? undefined : step.key(numbers);
  const state = claim ? (claim.holds ? "held" : "withdrawn") : "pending";
  return (
    <>
      <div class="statement large" aria-live="polite" data-claim={state}>
        {claim ? <h2 class="large">{claim.text}</h2> : children}
      </div>
      {numbers !== undefined && (
        <div class={step.isWide ? "slide-content wide" : "slide-content"}>
          <div class="slide-figures">{step.figures(numbers)}</div>
          <aside class="slide-reasons">
            {key && (
              <p class="key-number">
                <strong class="large">{key.value}</strong> {key.of}
              </p>
            )}
            <dl>
              <Reason name="Cause" text={step.cause} />
              <Reason name="The styles' nature" text={step.nature} />
              <Reason name="This server's choice" text={step.choice} />
            </dl>
          </aside>
          <Requests exchanges={step.exchanges(numbers)} />
        </div>
      )}
    </>
  );
}

const Reason = ({ name, text }: { name: string; text: string }) => (
  <div>
    <dt>{name}</dt>
    <dd>{text}</dd>
  </div>
);
