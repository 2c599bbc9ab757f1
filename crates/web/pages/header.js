// Shows the name of the sandbox, which stands in the address; without one it is `main`.

import "./header.css";

const [, name = "main"] = location.pathname.match(/^\/sandboxes\/([^/]+)\//) ?? [];
document.getElementById("sandbox").textContent = name;
