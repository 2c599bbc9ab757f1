// The list of keyboard shortcuts, and the switch that turns them off.

import { useEffect, useRef } from "preact/hooks";
import { activeShortcuts, areShortcutsOn, setShortcuts } from "../shortcuts.ts";

export function ShortcutDialog({ close }: { close: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog ref={dialog} onClose={close} aria-labelledby="shortcuts-title">
      <h2 id="shortcuts-title">Keyboard shortcuts</h2>
      <table>
        <tbody>
          {activeShortcuts().map(({ label, description }) => (
            <tr>
              <th scope="row">
                <kbd>{label}</kbd>
              </th>
              <td>{description}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <label class="check">
        <input type="checkbox" checked={areShortcutsOn.value} onChange={(event) => setShortcuts(event.currentTarget.checked)} />
        Use keyboard shortcuts
      </label>
      <form method="dialog">
        <button class="main">Close</button>
      </form>
    </dialog>
  );
}
