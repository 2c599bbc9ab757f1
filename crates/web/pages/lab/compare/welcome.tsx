// The introduction of a first visit: what this is, what to press first, what the charts say.

import { signal } from "@preact/signals";
import { link } from "../router.ts";
import { store, stored } from "../storage.ts";

const NAME = "parlance.welcome";
const isOpen = signal(stored(NAME) !== "off");

function close(): void {
  isOpen.value = false;
  store(NAME, "off");
}

export function Welcome() {
  if (!isOpen.value) return null;
  return (
    <section class="welcome" aria-labelledby="welcome-title">
      <div class="row">
        <h2 id="welcome-title">Parlance is one shop, served in seven API styles at once.</h2>
        <button type="button" class="quiet" onClick={close}>
          Hide this introduction
        </button>
      </div>
      <p>
        Below, one user has just been read in each style. Choose another call and press <strong>Run</strong>; the requests and
        responses stand below the charts. New to this? Start with <a href={link("lessons", ["D1", 1])}>lesson D1</a>.
      </p>
      <dl>
        <div>
          <dt>Bytes per call</dt>
          <dd>how much data crosses the network. Only the body holds the result; headers and framing come on top.</dd>
        </div>
        <div>
          <dt>Round trips</dt>
          <dd>how often the client waits for the network. Over a distance, this decides the time.</dd>
        </div>
        <div>
          <dt>Time per call</dt>
          <dd>how long the client waits on this server, with a new connection and with an open one.</dd>
        </div>
      </dl>
    </section>
  );
}
