// The header of Swagger UI and GraphiQL: the name of the sandbox, which stands in the address (without one it is `main`), and the
// demo users, with their keys and passwords.

import "./header.css";

const [, name = "main"] = location.pathname.match(/^\/sandboxes\/([^/]+)\//) ?? [];
document.getElementById("sandbox").textContent = name;

function element(tag, text = "") {
  const element = document.createElement(tag);
  element.textContent = text;
  return element;
}

/** Lets the user choose a caller: `choose` gets the API key, or undefined for a visitor; `key` is the key in use so far. */
export async function offerCallers(choose, key) {
  const { people } = await (await fetch(new URL("../lab/table", location.href))).json();
  const [label, select, details, list] = ["label", "select", "details", "ul"].map((tag) => element(tag));
  select.append(new Option("a visitor", ""), ...people.map(({ name, role, api_key }) => new Option(`${name}, ${role}`, api_key)));
  select.value = people.some(({ api_key }) => api_key === key) ? key : "";
  select.addEventListener("change", () => choose(select.value || undefined));
  label.append("Call as ", select);
  for (const { email, password, api_key } of people) {
    const item = element("li", `${email}, password ${password}, X-API-Key `);
    item.append(element("code", api_key));
    list.append(item);
  }
  details.append(element("summary", "Keys and passwords"), list);
  document.querySelector(".page-header nav").before(label, details);
}
