// The seventeen lessons, in the order in which they are taught.

import { ACCESS } from "./access.tsx";
import { BATCHES } from "./batches.tsx";
import { CACHING } from "./caching.tsx";
import { CHANNELS } from "./channels.tsx";
import { CONNECTIONS } from "./connections.tsx";
import { ENVELOPE } from "./envelope.tsx";
import { EXPENSIVE } from "./expensive.tsx";
import { FIELDS, LOOKUPS } from "./fields.tsx";
import { GRPC_SPEED } from "./grpc-speed.tsx";
import type { Lesson } from "./lesson.ts";
import { LISTS } from "./lists.tsx";
import { MISTAKES } from "./mistakes.tsx";
import { OLD_CLIENTS } from "./old-clients.tsx";
import { ORDER_PAGE } from "./order-page.tsx";
import { OWN_CASE } from "./own-case.tsx";
import { PAGING } from "./paging.tsx";
import { RETRIES } from "./retries.tsx";

export const PATHS: { title: string; lessons: Lesson[] }[] = [
  { title: "The first 20 minutes", lessons: [ENVELOPE, ORDER_PAGE, MISTAKES, CHANNELS] },
  { title: "For one hour, add these", lessons: [FIELDS, LOOKUPS, CONNECTIONS, RETRIES] },
  { title: "Extra lessons", lessons: [LISTS, CACHING, BATCHES, OLD_CLIENTS, ACCESS, EXPENSIVE, PAGING, GRPC_SPEED, OWN_CASE] },
];

export const LESSONS: Lesson[] = PATHS.flatMap(({ lessons }) => lessons);
