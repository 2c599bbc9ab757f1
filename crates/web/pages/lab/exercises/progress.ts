// What the server has recognised in this sandbox: read whole, and again whenever its stream reports something.

import { useEffect, useState } from "preact/hooks";
import { currentUser, getProgress } from "../api.ts";
import { useRequest } from "../request.ts";
import { route, sandbox } from "../router.ts";
import { subscribe } from "../stream.ts";
import type { ExerciseOutcome, ExerciseState, Progress } from "../types.ts";

export type Received = ExerciseOutcome & {
  /** When it came, in milliseconds by the clock of the page. */
  at: number;
  /** Whether the exercise was open, and so showed it. */
  wasOpen: boolean;
};

export interface Following {
  progress: Progress | undefined;
  problem: string;
  /** Why the stream reports nothing; empty if it does. */
  broken: string;
  /** The last outcome of each exercise since the page was opened, by its name. */
  received: Record<string, Received>;
  read: () => void;
}

/** Follows the progress while the component is shown. */
export function useProgress(): Following {
  const run = useRequest((signal) => getProgress({ signal }), [sandbox.value, currentUser.value]);
  const progress = run.value?.sandbox === sandbox.value ? run.value : undefined;
  const isOn = progress?.exercises === "on";
  const [broken, setBroken] = useState("");
  const [received, setReceived] = useState<Record<string, Received>>({});
  useEffect(() => {
    setBroken("");
    setReceived({});
    if (!isOn) return;
    return subscribe("progress/stream", ["outcome", "missed"], {
      // Something may have happened before the stream was open, or while it was broken.
      onOpen: () => {
        setBroken("");
        run.repeat();
      },
      onError: setBroken,
      onEvent: ({ event, data }) => {
        if (event === "outcome") {
          const outcome = JSON.parse(data) as ExerciseOutcome;
          const wasOpen = route.peek().rest[0] === outcome.exercise;
          setReceived((others) => ({ ...others, [outcome.exercise]: { ...outcome, at: Date.now(), wasOpen } }));
        }
        run.repeat();
      },
    });
  }, [sandbox.value, currentUser.value, isOn]);
  return { progress, problem: run.problem ?? "", broken, received, read: run.repeat };
}

export const isDone = ({ done_at }: ExerciseState) => done_at !== undefined;

export const exercisesOf = ({ paths }: Progress) => paths.flatMap(({ exercises }) => exercises);

/** The next exercise that is not done; after the last one, the search goes on from the first. */
export function nextAfter(progress: Progress, name: string): ExerciseState | undefined {
  const all = exercisesOf(progress);
  const index = all.findIndex((one) => one.name === name);
  return [...all.slice(index + 1), ...all.slice(0, index)].find((one) => !isDone(one));
}

/** The styles in which an exercise can be done; none if it can be done in all. */
export const limits = ({ styles }: ExerciseState, all: unknown[]) => (styles.length < all.length ? styles : []);
