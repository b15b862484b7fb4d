import type { Recording } from "../../src/studio/recording.ts";
import { unpacked } from "../../src/studio/recording.ts";
import { replayOf } from "../../src/studio/replay.ts";
import { about, asked, beginRun, dataset, methods, recorded, samples, take } from "./store.ts";

/**
 * Plays the recorded run beside the page, if there is one: T and S are there, and move, before the engine is.
 *
 * @returns the end of playing
 */
export async function playRecording(): Promise<() => void> {
  const response = await fetch("recording.json").catch(() => undefined);
  if (!response?.ok) return () => undefined;
  const recording: Recording = await response.json();
  // The engine was faster.
  if (about.value) return () => undefined;
  const replay = replayOf(recording);
  const { asked: own, dataset: data } = recording;
  recorded.value = true;
  dataset.value ??= data;
  samples.value ??= unpacked(recording.samples);
  if (methods.value.length === 0) methods.value = recording.methods;
  asked.value = { ...asked.value, dataset: asked.value.dataset || data.id };
  const end = replay.listen((event) => {
    if (recorded.value) take(event);
    else finish();
  });
  const steps = own.steps ?? 1;
  const run = await replay.newest().then(() => replay.start(own));
  beginRun({ id: run, asked: own, steps, state: "running" });
  const finish = () => {
    end();
    replay.stop(run).catch(() => {});
  };
  return finish;
}
