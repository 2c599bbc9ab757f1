// How is GraphQL tried out? GraphiQL reads the schema by asking for it, completes what is typed, and shows what comes back.

import "../bar.js";
import "./workers.js";
import "graphiql/style.css";
import "./main.css";
import { createGraphiQLFetcher } from "@graphiql/toolkit";
import { GraphiQL } from "graphiql";
import { createRoot } from "react-dom/client";
import { examples } from "./examples.js";

// Beside this page, so that it is the sandbox's own.
const url = new URL("../graphql", location.href);
const socket = new URL(url);
socket.protocol = url.protocol.replace("http", "ws");

// What is typed as headers is a WebSocket's `connection_init`, since no page can set headers there.
const fetcher = createGraphiQLFetcher({
  url: url.href,
  subscriptionUrl: socket.href,
  enableIncrementalDelivery: false,
});

createRoot(document.getElementById("explorer")).render(
  <GraphiQL fetcher={fetcher} defaultTabs={examples} defaultEditorToolsVisibility="variables" />,
);
