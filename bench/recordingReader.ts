import type { RealReader, Samples } from "../src/data/reader.ts";

/** What was read, with what it was read for: a purpose, or the name of a statistic. */
export interface Read extends Samples {
  readonly purpose: string;
}

/** A reader that lets everything through, and keeps copies of the samples while it is told to. */
export interface RecordingReader extends RealReader {
  /** Runs something, and returns copies of the samples that it reads, in order. */
  during(what: () => Promise<unknown>): Promise<readonly Read[]>;
}

/** The storage that samples lie in is the reader's to use again, so that copies are kept. */
export function recordingReader(reader: RealReader): RecordingReader {
  let reads: Read[] | undefined;
  const keep = (purpose: string, samples: Samples): Samples => {
    const { images, labels } = samples;
    reads?.push({ purpose, images: images.map((v) => v), labels: labels.slice() });
    return samples;
  };
  return {
    ...reader,
    sum: (statistic, choice) =>
      reader.sum({ ...statistic, of: (samples) => statistic.of(keep(statistic.name, samples)) }, choice),
    rows: (view, choice) => reader.rows({ ...view, of: (samples) => view.of(keep(view.name, samples)) }, choice),
    batch: async (purpose, choice) => keep(purpose, await reader.batch(purpose, choice)),
    async during(what) {
      const own: Read[] = [];
      reads = own;
      try {
        await what();
      } finally {
        reads = undefined;
      }
      return own;
    },
  };
}
