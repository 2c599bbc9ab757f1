// A step while it runs: its numbers, and what they bear out. The claim is shown only when all numbers are there.

import { useEffect, useRef, useState } from "preact/hooks";
import { errorText } from "../api.ts";
import { areOpen, type Following, following } from "../channels.ts";
import { Busy, NoFaults, Problem } from "../components/notices.tsx";
import { useRequest } from "../request.ts";
import type { Table } from "../types.ts";
import { changeNext, useChannels } from "../views/events.tsx";
import { keep } from "./evidence.ts";
import { type Lesson, type Source, stated, type Step } from "./lesson.ts";
import { keepRun } from "./runs.ts";
import { Slide } from "./slide.tsx";

interface Props {
  lesson: Lesson;
  index: number;
  step: Step;
  table: Table;
  /** The number of the run: a new one measures again. */
  run: number;
}

export function StepView(props: Props) {
  const { source, needsFaults } = props.step;
  if (needsFaults && !props.table.faults) return <NoFaults />;
  return source.kind === "events" ? (
    <Followed {...props} changes={source.changes} />
  ) : (
    <Measured {...props} source={source} />
  );
}

function Measured({ source, run, ...props }: Props & { source: Extract<Source<unknown>, { kind: "measured" }> }) {
  const { table } = props;
  const [soFar, setSoFar] = useState<{ numbers: unknown }>();
  const request = useRequest(
    (signal) => source.measure({ table, signal }, (numbers) => !signal.aborted && setSoFar({ numbers })),
    [run],
  );
  const isDone = request.value !== undefined && !request.isBusy;
  const numbers = isDone ? request.value : soFar?.numbers;
  useKept(props, numbers, isDone);
  return (
    <Slide step={props.step} {...(numbers === undefined ? {} : { numbers })} isDone={isDone}>
      {request.problem ? <Problem text={request.problem} /> : !isDone && <Busy text={source.busy} />}
    </Slide>
  );
}

/** The order is changed in a style that has no push, so that no channel has an advantage. */
const OVER = "soap";

function Followed({ changes: wanted, ...props }: Props & { changes: number }) {
  const [streamProblem, setStreamProblem] = useState("");
  const [orderProblem, setOrderProblem] = useState("");
  useChannels(setStreamProblem);
  const problem = orderProblem || streamProblem;
  const isRunning = useRef(false);
  const { isSettled } = props.step;
  const numbers = following();
  const [isReady, made] = [areOpen(numbers), numbers.changes.length];
  useEffect(() => {
    // Read again here: the values above may belong to the view that was open before.
    const now: Following = following();
    if (isRunning.current || !areOpen(now) || now.changes.length >= wanted) return;
    isRunning.current = true;
    changeNext(OVER)
      .catch((error: unknown) => setOrderProblem(errorText(error)))
      .finally(() => (isRunning.current = false));
  }, [isReady, made, wanted]);
  const isDone = isReady && made >= wanted && (isSettled?.(numbers) ?? true);
  useKept(props, numbers, isDone);
  return (
    <Slide step={props.step} numbers={numbers} isDone={isDone}>
      {problem ? <Problem text={problem} /> : <Busy text={isReady ? "Waiting for the slowest channel" : "Opening all channels"} />}
    </Slide>
  );
}

/** Keeps what a run has shown, for the worksheet and for print. */
function useKept({ lesson, index, step }: Pick<Props, "lesson" | "index" | "step">, numbers: unknown, isDone: boolean): void {
  const claim = isDone ? stated(step, numbers) : undefined;
  const key = isDone ? step.key(numbers) : undefined;
  useEffect(() => {
    if (!claim || !key) return;
    keep(lesson, index, claim, key);
    keepRun({ lesson, index }, numbers);
  }, [claim?.text, key?.value]);
}
