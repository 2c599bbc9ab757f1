// Whose shop is it? The address says so; without a sandbox in it, it is `main`.

import "./bar.css";

const [, name = "main"] = location.pathname.match(/^\/sandboxes\/([^/]+)\//) ?? [];
document.getElementById("sandbox").textContent = name;
