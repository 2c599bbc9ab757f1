// D10: one order through its life, on all event channels at once.

import { areOpen, type Channel, delay, type Following, STATUSES } from "../channels.ts";
import { bytes, count, time } from "../format.ts";
import { ChannelTable } from "../views/events.tsx";
import { followed, type Lesson, type Step } from "./lesson.ts";

const of = ({ channels }: Following, mode: Channel["mode"]) => channels.filter((channel) => channel.mode === mode);

/** The delays of the newest change on the channels of a mode; none while one is missing. */
function delays(run: Following, mode: Channel["mode"]): number[] {
  const change = run.changes.at(-1);
  const all = change ? of(run, mode).map((channel) => delay(channel, change)) : [];
  return all.every((us) => us !== undefined) ? all : [];
}

const longest = (run: Following, mode: Channel["mode"]) => Math.max(...delays(run, mode));
const shortest = (run: Following, mode: Channel["mode"]) => Math.min(...delays(run, mode));
/** Whether the newest change has arrived on every channel. */
const hasArrived = (run: Following) => (["push", "wait", "poll"] as const).every((mode) => delays(run, mode).length > 0);

const requests = (run: Following, mode: Channel["mode"]) => of(run, mode).map(({ requests }) => requests);
const traffic = (run: Following, mode: Channel["mode"]) => of(run, mode).map(({ sent, received }) => sent + received);

const mostRequests = ({ channels }: Following) =>
  channels.reduce((one, other) => (other.requests > one.requests ? other : one));

/** Twice the requests of a channel that has asked for each event once. */
const OFTEN = 2 * (STATUSES.length + 1);

const common: Pick<Step<Following>, "figures" | "exchanges" | "isWide" | "isSettled" | "nature" | "choice"> = {
  isSettled: hasArrived,
  figures: (run) => <ChannelTable {...run} />,
  exchanges: ({ channels }) =>
    channels.map(({ title, how, request, events }) => {
      const raw = events.at(-1)?.raw;
      return { title, wire: { sent: [...text(request.trimEnd()), ...text(`(${how})`)], received: raw ? text(raw) : [] } };
    }),
  isWide: true,
  nature: "A socket and a stream push; a plain request cannot.",
  choice: "Poll each second; waits of 20 s in REST, SOAP and XML-RPC.",
};

const text = (text: string) => [{ kind: "frame" as const, hex: "", opcode: "text", text }];

export const CHANNELS: Lesson = {
  id: "D10",
  question: "Poll, wait or push: which client learns of a change first?",
  steps: [
    followed(
      {
        ...common,
        isSettled: (run) => Math.max(...requests(run, "poll")) >= 2,
        claim: {
          sentence: "Nothing has happened yet, and only the polling client keeps asking.",
          shownIf: "polls have sent at least 2 requests, every other channel at most 1",
          holds: (run) =>
            areOpen(run) &&
            Math.min(...requests(run, "poll")) >= 2 &&
            Math.max(...requests(run, "push"), ...requests(run, "wait")) <= 1,
          otherwise: "In this run the polling client has asked no more often than the others.",
        },
        key: (run) => ({ value: count(Math.max(0, ...requests(run, "poll"))), of: "requests by the poll, for no news" }),
        cause: "A poll must ask to learn that there is nothing.",
        notes: "Each channel is a client inside the server, on its own TCP connection. Bytes are all bytes, with headers; those of a waiting request come with its answer.",
      },
      0,
    ),
    followed(
      {
        ...common,
        claim: {
          sentence: "The order is placed, and every push arrives before the poll asks.",
          shownIf: "the slowest push of this event is faster than the poll",
          holds: (run) => hasArrived(run) && longest(run, "push") < shortest(run, "poll"),
          otherwise: "In this run the poll asked just after the change: push and poll can't be distinguished.",
        },
        key: (run) => ({ value: hasArrived(run) ? time(longest(run, "push")) : "…", of: "the slowest push of this event" }),
        cause: "A push leaves with the commit. A poll is late by half its interval on average.",
        notes: "The change is made over SOAP, which has no push, so no channel has an advantage.",
      },
      1,
    ),
    followed(
      {
        ...common,
        claim: {
          sentence: "Paid: a waiting request is as soon as a push, at one request per event.",
          shownIf: "long polls are slower than the slowest push by less than 10 ms, and have sent a request more than there are events",
          holds: (run) =>
            hasArrived(run) &&
            longest(run, "wait") - longest(run, "push") < 10_000 &&
            requests(run, "wait").every((sent) => sent > run.changes.length),
          otherwise: "In this run the waiting requests were slower than the pushes.",
        },
        key: (run) => ({ value: hasArrived(run) ? time(longest(run, "wait")) : "…", of: "the slowest waiting request" }),
        cause: "The server holds the request back until there is news, and answers at once.",
        notes: "Long polling works through every proxy that allows a request of 20 seconds.",
      },
      2,
    ),
    followed(
      {
        ...common,
        claim: {
          sentence: "Shipped: with its headers, the poll has moved more bytes than any push.",
          shownIf: "every poll has more bytes in both directions than every pushed channel",
          holds: (run) => hasArrived(run) && Math.min(...traffic(run, "poll")) > Math.max(...traffic(run, "push")),
          otherwise: "In this run a pushed channel has as many bytes as the poll: it has not polled for long.",
        },
        key: (run) => ({
          value: bytes(Math.max(0, ...traffic(run, "poll"))),
          of: `by the poll; ${bytes(Math.max(0, ...traffic(run, "push")))} by the costliest push`,
        }),
        cause: "Every poll repeats its headers and gets headers back, whether or not there is news.",
        notes: "Counted by bodies alone, a poll looks cheap: an empty list is short. The headers are what it costs.",
      },
      3,
    ),
    followed(
      {
        ...common,
        claim: {
          sentence: "Delivered: the poll has sent the most requests, for the same four events.",
          shownIf: `the channel with the most requests is a poll, with more than ${OFTEN}`,
          holds: (run) => hasArrived(run) && mostRequests(run).mode === "poll" && mostRequests(run).requests > OFTEN,
          otherwise: `In this run the poll has not asked more than ${OFTEN} times: stay a little longer.`,
        },
        key: (run) => ({
          value: `${count(Math.max(0, ...requests(run, "poll")))} : ${count(Math.max(0, ...requests(run, "push")))}`,
          of: "requests, poll to push",
        }),
        cause: "Its number of requests grows with time, that of the others with events.",
        notes: "Ask how rare events must be for a poll to be the wrong choice, and how frequent for it to be the right one.",
      },
      4,
    ),
  ],
};
