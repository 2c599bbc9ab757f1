// Makes the calls by one of Node's clients, with its default settings.
//
// Usage: node clients.js CLIENT ADDRESS CALLS ROUNDS [packed]

import { readFileSync } from "node:fs";
import http from "node:http";
import http2 from "node:http2";
import { gzipSync } from "node:zlib";
import axios from "axios";
import got from "got";
import { H2CClient, request as undici } from "undici";

const [client, address, calls, rounds, packed] = process.argv.slice(2);

// Each sends a request, and gives the status and the text.
const clients = {
  http: (url, method, headers, body) =>
    new Promise((resolve, reject) => {
      const request = http.request(url, { method, headers }, (response) => {
        let text = "";
        response.setEncoding("utf8").on("data", (part) => (text += part));
        response.on("end", () => resolve([response.statusCode, text])).on("error", reject);
      });
      request.on("error", reject).end(body);
    }),
  fetch: async (url, method, headers, body) => {
    const response = await fetch(url, { method, headers, body });
    return [response.status, await response.text()];
  },
  undici: async (url, method, headers, body) => {
    const response = await undici(url, { method, headers, body });
    return [response.statusCode, await response.body.text()];
  },
  http2: (url, method, headers, body) =>
    new Promise((resolve, reject) => {
      const lower = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
      const { pathname, search } = new URL(url);
      const stream = session.request({ ":method": method, ":path": pathname + search, ...lower });
      let [status, text] = [0, ""];
      stream.on("response", (head) => (status = head[":status"])).on("error", reject);
      stream.setEncoding("utf8").on("data", (part) => (text += part)).on("end", () => resolve([status, text]));
      stream.end(body);
    }),
  "undici h2c": async (url, method, headers, body) => {
    const { pathname, search } = new URL(url);
    const response = await h2c.request({ path: pathname + search, method, headers, body });
    return [response.statusCode, await response.body.text()];
  },
  axios: async (url, method, headers, data) => {
    const options = { responseType: "text", validateStatus: () => true };
    const response = await axios({ url, method, headers, data, ...options });
    return [response.status, response.data];
  },
  got: async (url, method, headers, body) => {
    const response = await got(url, { method, headers, body, throwHttpErrors: false });
    return [response.statusCode, response.body];
  },
};

// One connection of each client of HTTP/2.
const session = client === "http2" && http2.connect(new URL(address).origin);
const h2c = client === "undici h2c" && new H2CClient(new URL(address).origin);

const rows = readFileSync(calls, "utf8").replace(/\n$/, "").split("\n").map((line) => line.split("\t"));
for (let made = 0; made < rounds; made++) {
  for (const [name, method, path, times, fields, text] of rows) {
    if (made >= times) continue;
    const headers = Object.fromEntries(fields.split(" | ").filter(Boolean).map((field) => field.split(/: (.*)/s)));
    let body = text || undefined;
    if (packed && body) {
      headers["Content-Encoding"] = "gzip";
      body = gzipSync(body);
    }
    // What a client throws is its answer.
    const failed = (error) => [0, `${error} ${error.cause ?? ""}`];
    const [status, answer] = await clients[client](address + path, method, headers, body).catch(failed);
    console.log([name, status, answer.replace(/\s+/g, " ")].join("\t"));
  }
}

if (session) session.close();
if (h2c) await h2c.close();
