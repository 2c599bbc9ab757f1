// How is REST tried out? Swagger UI reads the OpenAPI document that lies beside this page, and makes a form of each operation.

import "../bar.js";
import "swagger-ui-dist/swagger-ui.css";
import "./main.css";
import SwaggerUI from "swagger-ui-dist/swagger-ui-es-bundle.js";

const ui = SwaggerUI({
  dom_id: "#explorer",
  // Beside this page, so that it is the sandbox's own.
  url: new URL("openapi.json", location.href).href,
  // Asks no validator of somebody else's.
  validatorUrl: null,
  // Where OAuth sends the window back to that it opens: a page of our own, so a redirect_uri on any port and in any sandbox.
  oauth2RedirectUrl: new URL("docs/oauth2-redirect.html", location.href).href,
  deepLinking: true,
  tryItOutEnabled: true,
  persistAuthorization: true,
  displayRequestDuration: true,
  requestSnippetsEnabled: true,
  filter: true,
  defaultModelsExpandDepth: 0,
});
ui.initOAuth({ clientId: "demo-app", usePkceWithAuthorizationCodeGrant: true });

// Swagger UI has a dark look, and leaves it to the page when to show it.
const dark = matchMedia("(prefers-color-scheme: dark)");
const follow = () => document.documentElement.classList.toggle("dark-mode", dark.matches);
dark.addEventListener("change", follow);
follow();
