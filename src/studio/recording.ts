import type { About, Asked, DatasetFacts, Engine, Images, MethodFacts, Resolved, StudioEvent } from "./contract.ts";

/** A run with all that a page shows of it before there is an engine; JSON, pictures in base64. */
export interface Recording {
  readonly about: About;
  readonly methods: readonly MethodFacts[];
  readonly dataset: DatasetFacts;
  readonly samples: RecordedImages;
  readonly asked: Asked;
  readonly resolved: Resolved;
  readonly events: readonly RecordedEvent[];
}

export type RecordedEvent =
  | Exclude<StudioEvent, { type: "frame" }>
  | (Omit<Extract<StudioEvent, { type: "frame" }>, "images"> & { readonly images: RecordedImages });

export type RecordedImages = Omit<Images, "data"> & { readonly base64: string };

/** Samples of each class that a recording holds. */
export const samplesRecorded = 10;

/**
 * Records a run of an engine to its end.
 *
 * @throws Error where the run fails
 */
export async function recordingOf(engine: Engine, dataset: DatasetFacts, asked: Asked): Promise<Recording> {
  const events: RecordedEvent[] = [];
  const ended = new Promise<void>((resolve, reject) => {
    const end = engine.listen((event) => {
      events.push(event.type === "frame" ? { ...event, images: packed(event.images) } : event);
      if (event.type !== "run.ended") return;
      end();
      if (event.outcome === "done") resolve();
      else reject(new Error(event.problem?.message ?? event.outcome));
    });
  });
  const [about, methods, resolved] = [await engine.about(), await engine.methods(), await engine.resolve(asked)];
  const samples = packed(await engine.samples(dataset.id, "train", samplesRecorded));
  await engine.start(asked);
  await ended;
  return { about, methods, dataset, samples, asked, resolved, events };
}

/** Pictures as JSON holds them. */
export function packed({ data, ...rest }: Images): RecordedImages {
  let text = "";
  for (const byte of data) text += String.fromCharCode(byte);
  return { ...rest, base64: btoa(text) };
}

/** Pictures of a recording. */
export const unpacked = ({ base64, ...rest }: RecordedImages): Images => ({
  ...rest,
  data: Uint8Array.from(atob(base64), (c) => c.charCodeAt(0)),
});
