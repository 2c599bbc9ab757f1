// The form for an answer in writing. The browser remembers what was written.

import { useId } from "preact/hooks";
import { sendAnswer } from "../api.ts";
import { count } from "../format.ts";
import { sandbox } from "../router.ts";
import { remembered } from "../storage.ts";

/** As many as the server takes. */
const CHARACTERS_MAX = 5_000;

/** By sandbox and exercise. */
const answers = remembered<Record<string, string>>("parlance.answers", {});

export function AnswerForm({ name, act }: { name: string; act: (work: Promise<unknown>) => Promise<void> }) {
  const id = useId();
  const key = `${sandbox.value}/${name}`;
  const text = answers.value.value[key] ?? "";
  // As the server counts them, a character outside the basic plane is one.
  const length = [...text].length;
  const submit = (event: Event) => {
    event.preventDefault();
    void act(sendAnswer(name, text));
  };
  return (
    <form class="answer" onSubmit={submit}>
      <label for={id}>
        <strong>Your answer</strong>
      </label>
      <textarea
        id={id}
        rows={6}
        value={text}
        aria-describedby={`${id}-length`}
        onInput={({ currentTarget }) => answers.set({ ...answers.value.peek(), [key]: currentTarget.value })}
      />
      <div class="row">
        <button type="submit" class="main" disabled={length === 0 || length > CHARACTERS_MAX}>
          Send the answer
        </button>
        <span id={`${id}-length`} class={length > CHARACTERS_MAX ? "bad" : "muted"}>
          {count(length)} of at most {count(CHARACTERS_MAX)} characters
        </span>
      </div>
    </form>
  );
}
