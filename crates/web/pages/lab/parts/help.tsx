// Which keys are there? A dialog tells, and turns them off for who does not want them.

import { useEffect, useRef } from "preact/hooks";
import { areKeysOn, keysNow, turnKeys } from "../keys.ts";

export function Help({ close }: { close: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog ref={dialog} onClose={close} aria-labelledby="help-title">
      <h2 id="help-title">Keys</h2>
      <table>
        <tbody>
          {keysNow().map(({ label, does }) => (
            <tr>
              <th scope="row">
                <kbd>{label}</kbd>
              </th>
              <td>{does}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <label class="check">
        <input type="checkbox" checked={areKeysOn.value} onChange={(event) => turnKeys(event.currentTarget.checked)} />
        Single keys do this
      </label>
      <form method="dialog">
        <button class="main">Close</button>
      </form>
    </dialog>
  );
}
