// Swagger UI for the OpenAPI document of this sandbox.

import "../header.js";
import "swagger-ui-dist/swagger-ui.css";
import "./main.css";
import SwaggerUI from "swagger-ui-dist/swagger-ui-es-bundle.js";

const ui = SwaggerUI({
  dom_id: "#explorer",
  // Relative to this page, so that it belongs to the sandbox.
  url: new URL("openapi.json", location.href).href,
  // No validator on another host.
  validatorUrl: null,
  // OAuth returns to this page; the server accepts it as redirect_uri on any port and in any sandbox.
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

// Swagger UI has a dark theme, but does not choose it by itself.
const dark = matchMedia("(prefers-color-scheme: dark)");
const follow = () => document.documentElement.classList.toggle("dark-mode", dark.matches);
dark.addEventListener("change", follow);
follow();
