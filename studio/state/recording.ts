import type { Asked, StudioEvent } from "../../src/studio/contract.ts";
import { asked, beginRun, recorded, take } from "./store.ts";

/** A recorded run: what was asked for and its events, pictures in base64. */
export interface Recording {
  readonly asked: Asked;
  readonly steps: number;
  readonly events: readonly RecordedEvent[];
}

export type RecordedEvent =
  | Exclude<StudioEvent, { type: "frame" }>
  | (Omit<Extract<StudioEvent, { type: "frame" }>, "images"> & { readonly images: RecordedImages });

interface RecordedImages {
  readonly count: number;
  readonly channels: number;
  readonly height: number;
  readonly width: number;
  readonly labels: readonly number[];
  readonly base64: string;
}

/** Milliseconds between two recorded frames. */
const pause = 120;

/**
 * Plays the recorded run beside the page, if there is one: something moves before the engine is there.
 *
 * @returns the end of playing
 */
export async function playRecording(): Promise<() => void> {
  const response = await fetch("recording.json");
  if (!response.ok) return () => undefined;
  const recording: Recording = await response.json();
  const id = "recorded";
  recorded.value = true;
  beginRun({
    id,
    asked: { ...recording.asked, dataset: asked.value.dataset },
    steps: recording.steps,
    state: "running",
  });
  let at = 0;
  const timer = setInterval(() => {
    if (!recorded.value || at >= recording.events.length) return clearInterval(timer);
    do take({ ...live(recording.events[at]!), run: id });
    while (++at < recording.events.length && recording.events[at - 1]!.type !== "frame");
  }, pause);
  return () => clearInterval(timer);
}

/** An event as the engine tells it. */
function live(event: RecordedEvent): StudioEvent {
  if (event.type !== "frame") return event;
  const { base64, ...rest } = event.images;
  return { ...event, images: { ...rest, data: Uint8Array.from(atob(base64), (c) => c.charCodeAt(0)) } };
}
