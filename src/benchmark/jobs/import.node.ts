import type { DatasetInfo } from "../../data/datasetInfo.ts";
import { keyOf } from "../plan/key.node.ts";
import type { Imported } from "../study/resolved.ts";
import { type Job, type Source, versions } from "./job.ts";

/** The job that takes a set in that was made elsewhere: read, held against the dataset, kept. */
export function importJob(name: string, dataset: Source, info: DatasetInfo, { path, sha256 }: Imported): Job<"import"> {
  const configuration = { dataset: info.checksum, normalisation: info.normalisation };
  const determined = { kind: "import", version: versions.import, configuration, inputs: [sha256] } as const;
  return { ...determined, key: keyOf(determined), name, task: { dataset, path, sha256 }, work: 0 };
}
