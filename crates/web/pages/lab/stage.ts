// What a speaker needs on stage: font size, a blank screen, full screen, and two windows on the same step.

import { signal } from "@preact/signals";
import { store, stored } from "./storage.ts";

const NAME = "parlance.font";
/** As factors of the least size, which can be read from the last row. */
const SIZES = [1, 1.15, 1.3, 1.5, 1.75, 2];

const size = signal(Math.max(0, SIZES.indexOf(Number(stored(NAME)))));

/** Makes all text larger or smaller; the smallest size is the least that can be read. */
export function changeFont(by: 1 | -1): void {
  size.value = Math.min(SIZES.length - 1, Math.max(0, size.value + by));
  store(NAME, String(SIZES[size.value]));
}

/** Whether the screen is black, so that the class looks at the speaker. */
export const isBlank = signal(false);

/** The whole page is on stage until the returned function is called: its font size is the stage's. */
export function enterStage(): () => void {
  const { dataset } = document.documentElement;
  dataset["stage"] = "";
  return () => {
    delete dataset["stage"];
    isBlank.value = false;
  };
}

export const fontFactor = () => SIZES[size.value] ?? 1;

export const switchFullScreen = () =>
  document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen();

const windows = new BroadcastChannel("parlance.lesson");

/** Tells the other windows which step is open. */
export const announce = (step: string) => windows.postMessage(step);

/** Follows the other windows, until the returned function is called. */
export function followSteps(open: (step: string) => void): () => void {
  const listen = ({ data }: MessageEvent<unknown>) => typeof data === "string" && open(data);
  windows.addEventListener("message", listen);
  return () => windows.removeEventListener("message", listen);
}
