import type { DatasetInfo } from "../../data/datasetInfo.ts";
import { arrayShape } from "../../data/domain.ts";
import { size } from "../../engine/index.ts";
import type { Survey } from "../import/survey.node.ts";
import { keyOf } from "../plan/key.node.ts";
import type { Imported } from "../study/resolved.ts";
import { type Job, type Source, versions } from "./job.ts";

/** Images that the doctor's network sees, repeated ones counted, about. */
const doctored = 64_000;

/**
 * The job that takes a set in that was made elsewhere: read, held against the dataset, kept; in its authors' layout looked at by the
 * doctor, too.
 *
 * @param found what the file comes to, where it is in such a layout
 */
export function importJob(
  name: string,
  dataset: Source,
  info: DatasetInfo,
  { path, sha256, foreign }: Imported,
  found?: Survey,
): Job<"import"> {
  const version = versions.import;
  const own = { dataset: info.checksum, normalisation: info.normalisation };
  if (!foreign || !found) {
    const determined = { kind: "import", version, configuration: own, inputs: [sha256] } as const;
    return { ...determined, key: keyOf(determined), name, task: { dataset, path, sha256 }, work: 0 };
  }
  const { layout } = foreign;
  const [subject = ""] = name.split("/");
  const configuration = { ...own, layout, subject };
  const determined = { kind: "import", version, configuration, inputs: [found.content] } as const;
  const task = { dataset, path, sha256: found.content, layout, subject };
  return { ...determined, key: keyOf(determined), name, task, work: doctored * size(arrayShape(info.domain)) };
}
