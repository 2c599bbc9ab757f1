// WebSocket, by `ws`: a message is an object.

import { once } from "node:events";
import WebSocket from "ws";
import { printTexts } from "./old.js";

await printTexts(async (address) => {
  const socket = new WebSocket(`${address}/ws`, "shop.v1.json");
  await once(socket, "open");
  socket.send(JSON.stringify({ id: 1, op: "get_product", params: { id: 1 } }));
  const [message] = await once(socket, "message");
  socket.close();
  await once(socket, "close");
  const { ok: product } = JSON.parse(message);
  return [product.name, product.description];
});
