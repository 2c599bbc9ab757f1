// GraphiQL for the schema of this sandbox.

import { offerCallers } from "../header.js";
import "./workers.js";
import "graphiql/style.css";
import "./main.css";
import { createGraphiQLFetcher } from "@graphiql/toolkit";
import { GraphiQL } from "graphiql";
import { createRoot } from "react-dom/client";
import { examples } from "./examples.js";

// Relative to this page, so that it belongs to the sandbox.
const url = new URL("../graphql", location.href);
const socket = new URL(url);
socket.protocol = url.protocol.replace("http", "ws");

// The key of the caller that is chosen in the header; credentials among the typed headers come first.
let key;
void offerCallers((chosen) => (key = chosen));
const withKey = ({ headers, ...options } = {}) => {
  const isTyped = Object.keys(headers ?? {}).some((name) => /^(x-api-key|authorization)$/i.test(name));
  return { ...options, headers: { ...(key && !isTyped ? { "X-API-Key": key } : {}), ...headers } };
};

// Headers that the user types become the WebSocket's `connection_init`, since a page can't set headers there.
const fetcher = createGraphiQLFetcher({
  url: url.href,
  subscriptionUrl: socket.href,
  enableIncrementalDelivery: false,
});

createRoot(document.getElementById("explorer")).render(
  <GraphiQL fetcher={(request, options) => fetcher(request, withKey(options))} defaultTabs={examples} defaultEditorToolsVisibility="variables" />,
);
