// GraphiQL for the schema of this sandbox.

import "../header.js";
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

// Headers that the user types become the WebSocket's `connection_init`, since a page can't set headers there.
const fetcher = createGraphiQLFetcher({
  url: url.href,
  subscriptionUrl: socket.href,
  enableIncrementalDelivery: false,
});

createRoot(document.getElementById("explorer")).render(
  <GraphiQL fetcher={fetcher} defaultTabs={examples} defaultEditorToolsVisibility="variables" />,
);
