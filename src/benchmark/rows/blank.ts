import type { Result } from "../store/result.ts";
import type { Row } from "./row.ts";

/** What a row says of a number itself. */
export type Numbers = Pick<Row, "metric" | "unit" | "better" | "value" | "status"> & Partial<Row>;

/** A row of which nothing is known. */
export const blank = {
  ...{ method: null, record: null, imported: null, checksum: null, ipc: null, seed: null, set: null, repeat: null },
  ...{
    network: null,
    protocol: null,
    protocol_hash: null,
    epochs: null,
    steps: null,
    budget: null,
    bytes_images: null,
  },
  ...{ bytes_labels: null, reason: null, key: null, parents: null, attar: null, commit: null, node: null },
  ...{ onnxruntime: null, device: null, executor: null, threads: null, host: null, load: null, started: null },
  ...{ seconds: null, claimed: null, claimed_source: null },
  ...{ settings: null, commands: null, training: null, samples: null, draws: null, set_seconds: null },
  ...{ set_device: null, set_threads: null, set_executor: null, origin: null },
};

/** By what, where and when a result was computed. */
export function provenanceOf({ made }: Result): Partial<Row> {
  const { versions, commit, device, executor, cores, host, load, started, seconds } = made;
  return { ...versions, commit: commit ?? null, device, executor, threads: cores, host, load, started, seconds };
}
