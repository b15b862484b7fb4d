import { methodFrom, resolveConfiguration } from "../../condense/index.ts";
import type { DatasetInfo } from "../../data/datasetInfo.ts";
import { infoOf } from "../../data/datasetInfo.ts";
import { AttarError, randomKey } from "../../engine/index.ts";
import { type Method, methodNamed } from "../../methods/index.ts";
import type { Source } from "../jobs/job.ts";
import { datasetOf } from "../jobs/run/dataset.node.ts";
import type { ResolvedStudy, StudyDataset, Subject } from "../study/resolved.ts";
import type { Exploration } from "../study/schema.ts";
import { axesOf } from "./axes.ts";
import { drawn, type Refused } from "./draw.ts";
import { type Combination, labelOf, recordOf, usualBase } from "./record.ts";

/** What is tried: a method of the study, or a combination of parts. */
export interface Candidate {
  readonly label: string;
  readonly subject: Subject & { readonly made: { readonly by: "method" } };
  /** Its choices; none of a method of the study. */
  readonly combination?: Combination;
}

/** A dataset of which a part of the training split is held out; its own test split is not in it. */
export type HeldOutDataset = StudyDataset & { readonly info: DatasetInfo };

/** Held-out rows at most: an accuracy of 0.9 has a standard error of 0.7 points on them. */
const mostHeldOut = 2000;

const infos = new Map<string, Promise<DatasetInfo>>();

/** A study's dataset as candidates see it. It is loaded once: the held-out rows determine its checksum. */
export async function heldOutOf(dataset: StudyDataset, { heldOut: share, seed }: Exploration): Promise<HeldOutDataset> {
  const source: Source = { ...dataset.source, heldOut: { share, most: mostHeldOut, seed } };
  const id = JSON.stringify(source);
  const info = infos.get(id) ?? datasetOf(source).then(infoOf);
  infos.set(id, info);
  return { label: dataset.label, source, info: await info };
}

/**
 * The candidates on a dataset at a size: the study's methods, then combinations that are drawn, with what was refused.
 *
 * @throws AttarError "bad-study" for a base or choices that cannot be
 */
export function candidatesOf(
  study: ResolvedStudy,
  exploration: Exploration,
  dataset: HeldOutDataset,
  ipc: number,
): { readonly candidates: readonly Candidate[]; readonly refused: readonly Refused[] } {
  const { info } = dataset;
  const { seed, candidates: count } = exploration;
  const candidates: Candidate[] = [];
  const refused: Refused[] = [];
  for (const subject of study.subjects) {
    const reason = reasonAgainst(subject, info, ipc, seed);
    if (reason !== undefined) refused.push({ label: subject.label, reason });
    else if (subject.made.by === "method")
      candidates.push({ label: subject.label, subject: { ...subject, made: subject.made } });
  }
  const base = baseOf(exploration, study.file);
  const check = (combination: Combination) => {
    const record = recordOf(base, combination);
    resolveConfiguration(info, record, { record, ipc, seed });
  };
  const key = randomKey(seed).fold("explore");
  const found = drawn(axesOf(exploration, info, study.file), count, key, check);
  for (const combination of found.combinations) {
    const record = recordOf(base, combination);
    const label = labelOf(combination);
    candidates.push({ label, subject: subjectOf(record, label), combination });
  }
  return { candidates, refused: [...refused, ...found.refused] };
}

function reasonAgainst({ made }: Subject, info: DatasetInfo, ipc: number, seed: number): string | undefined {
  if (made.by !== "method") return "it was made elsewhere, perhaps from rows that are held out here";
  try {
    resolveConfiguration(info, made.method, { ...made.given, ipc, seed });
    return undefined;
  } catch (error) {
    if (error instanceof AttarError) return error.message;
    throw error;
  }
}

function baseOf({ base }: Exploration, file: string): Method {
  try {
    return typeof base === "string" ? methodNamed(base) : methodFrom(base ?? usualBase);
  } catch (error) {
    if (error instanceof AttarError)
      throw new AttarError("bad-study", `${file}: explore.base: ${error.message}`, error.hint);
    throw error;
  }
}

const subjectOf = (record: Method, label: string): Candidate["subject"] => ({
  label,
  title: record.title,
  claimed: [],
  made: {
    by: "method",
    method: record,
    named: record,
    options: { preset: "laptop" },
    given: { preset: "laptop", record },
  },
});
