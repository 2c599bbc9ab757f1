// GraphQL over HTTP: the audits of `graphql-http`. A missed MUST fails, a missed SHOULD is printed as a warning.

import { serverAudits } from "graphql-http";
import { address, check } from "./check.js";

for (const audit of serverAudits({ url: `${address}/graphql`, fetchFn: fetch })) {
  const result = await audit.fn();
  const name = `node/graphql-http ${audit.id}: ${audit.name}`;
  if (result.status === "warn" || result.status === "notice") {
    console.log(`note  ${name}: ${result.reason}`);
  } else {
    await check(name, () => {
      if (result.status !== "ok") throw result.reason;
    });
  }
}
