// A hook for a request to the server: its result, its error, and whether it is running. A newer request cancels an older one.

import { useEffect, useRef, useState } from "preact/hooks";
import { errorText, isAborted } from "./api.ts";

export interface RequestState<T> {
  isBusy: boolean;
  /** The last result, also while the next request runs. */
  value?: T;
  problem?: string;
  repeat: () => void;
}

/** Sends now, and whenever one of `inputs` changes; not at all while `send` is undefined. */
export function useRequest<T>(send: ((signal: AbortSignal) => Promise<T>) | undefined, inputs: unknown[]): RequestState<T> {
  const [state, setState] = useState<Omit<RequestState<T>, "repeat">>({ isBusy: send !== undefined });
  const [turn, setTurn] = useState(0);
  const last = useRef<T | undefined>(undefined);
  useEffect(() => {
    if (!send) return setState({ isBusy: false });
    const stop = new AbortController();
    setState({ isBusy: true, ...(last.current === undefined ? {} : { value: last.current }) });
    send(stop.signal).then(
      (value) => {
        if (stop.signal.aborted) return;
        last.current = value;
        setState({ isBusy: false, value });
      },
      (problem: unknown) => {
        if (stop.signal.aborted || isAborted(problem)) return;
        last.current = undefined;
        setState({ isBusy: false, problem: errorText(problem) });
      },
    );
    return () => stop.abort();
  }, [...inputs, turn]);
  return { ...state, repeat: () => setTurn((turn) => turn + 1) };
}
