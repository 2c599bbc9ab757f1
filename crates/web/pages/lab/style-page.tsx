// The entry point of the page at the address of a style: the console of that style in the page that the server has written.

import { render } from "preact";
import { useEffect } from "preact/hooks";
import { signal } from "@preact/signals";
import { errorText, loadTable, table } from "./api.ts";
import { Problem } from "./components/notices.tsx";
import { Console } from "./contracts/console.tsx";
import { link, sandbox, shopUrl } from "./router.ts";
import "./theme.ts";
import "./style/base.css";
import "./style/layout.css";
import "./style/components.css";
import "./style/forms.css";
import "./style/views.css";

const problem = signal("");

function StylePage({ name }: { name: string }) {
  useEffect(() => void loadTable().catch((error: unknown) => (problem.value = errorText(error))), []);
  const style = table.value?.styles.find((style) => style.name === name);
  if (problem.value) return <Problem text={problem.value} />;
  if (!table.value || !style) return null;
  return (
    <>
      <p>
        You are in the sandbox <strong>{sandbox.value}</strong>. 
        <a href={shopUrl(link("compare", ["get_user"]))}>Compare with the other styles</a>
      </p>
      <Console style={style} table={table.value} />
    </>
  );
}

const root = document.getElementById("console");
if (root) render(<StylePage name={root.dataset["style"] ?? ""} />, root);
