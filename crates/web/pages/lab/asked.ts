// What became of a question to the server? It is under way, answered or refused; a newer one stops an older one.

import { useEffect, useRef, useState } from "preact/hooks";
import { isStopped, told } from "./server.ts";

export interface Asked<T> {
  isBusy: boolean;
  /** The last answer, also while the next one is under way. */
  value?: T;
  /** Why there is none. */
  problem?: string;
  again: () => void;
}

/** Asks now, and whenever one of `about` changes; not at all while `question` is undefined. */
export function useAsked<T>(question: ((signal: AbortSignal) => Promise<T>) | undefined, about: unknown[]): Asked<T> {
  const [state, setState] = useState<Omit<Asked<T>, "again">>({ isBusy: question !== undefined });
  const [turn, setTurn] = useState(0);
  const last = useRef<T | undefined>(undefined);
  useEffect(() => {
    if (!question) return setState({ isBusy: false });
    const stop = new AbortController();
    setState({ isBusy: true, ...(last.current === undefined ? {} : { value: last.current }) });
    question(stop.signal).then(
      (value) => {
        if (stop.signal.aborted) return;
        last.current = value;
        setState({ isBusy: false, value });
      },
      (problem: unknown) => {
        if (stop.signal.aborted || isStopped(problem)) return;
        last.current = undefined;
        setState({ isBusy: false, problem: told(problem) });
      },
    );
    return () => stop.abort();
  }, [...about, turn]);
  return { ...state, again: () => setTurn((turn) => turn + 1) };
}
