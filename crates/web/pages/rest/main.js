// Swagger UI for the OpenAPI document of this sandbox.

import { offerCallers } from "../header.js";
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
  onComplete: () => void offerCallers(authorize, ui.authSelectors.authorized().getIn(["api_key", "value"])),
});

// The caller that is chosen in the header is filled in at Authorize, and like what is typed there it survives a reload.
function authorize(key) {
  const schema = ui.specSelectors.specJson().getIn(["components", "securitySchemes", "api_key"]).toJS();
  if (key) ui.authActions.authorizeWithPersistOption({ api_key: { name: "api_key", schema, value: key } });
  else ui.authActions.logoutWithPersistOption(["api_key"]);
}

ui.initOAuth({ clientId: "demo-app", usePkceWithAuthorizationCodeGrant: true });

// Swagger UI has a dark theme, but does not choose it by itself.
const dark = matchMedia("(prefers-color-scheme: dark)");
const follow = () => document.documentElement.classList.toggle("dark-mode", dark.matches);
dark.addEventListener("change", follow);
follow();
