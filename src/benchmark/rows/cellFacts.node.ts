import type { Configuration } from "../../condense/index.ts";
import type { Protocol } from "../../evaluate/index.ts";
import type { SetFacts } from "../../evaluate/protocol.ts";
import { networkText, parseNetwork } from "../../hypotheses/index.ts";
import type { KeptBytes } from "../jobs/run/condense.node.ts";
import { canonical } from "../plan/canonical.ts";
import { claimFor, type SetCell } from "../plan/cells.node.ts";
import { sha256Of } from "../plan/key.node.ts";
import type { PlannedCell } from "../plan/plan.node.ts";
import type { Result } from "../store/result.ts";
import type { Subject } from "../study/resolved.ts";
import type { Row } from "./row.ts";

/** Where a cell stands in its study. */
export function placeOf({
  name,
  set,
  score,
  reference,
}: PlannedCell): Partial<Row> & Pick<Row, "cell" | "subject" | "dataset"> {
  const dataset = (set ?? reference)!.dataset;
  const place = { cell: name, dataset: dataset.label, checksum: dataset.info?.checksum ?? null };
  if (reference)
    return {
      ...place,
      subject: "full",
      network: networkText(parseNetwork(reference.network)),
      protocol: reference.protocol.name,
    };
  const { subject, ipc, seed } = set!;
  return {
    ...place,
    subject: subject.label,
    ...identityOf(subject),
    ipc,
    seed,
    ...(score && { network: networkText(score.spec), protocol: score.protocol.name }),
  };
}

const digests = new WeakMap<Subject, Partial<Row>>();

/** What a subject is: the record of a method, or the file of a set. */
function identityOf(subject: Subject): Partial<Row> {
  const known = digests.get(subject);
  if (known) return known;
  const { made } = subject;
  const found =
    made.by === "import"
      ? { imported: made.file.sha256 }
      : { method: made.method.name, record: sha256Of(canonical(made.method)) };
  digests.set(subject, found);
  return found;
}

/** What is known of a condensed set. */
export function setOf(result?: Result): Partial<Row> {
  if (result?.status !== "ok") return {};
  const { bytes, steps } = result.values as { bytes: KeptBytes; steps?: number };
  return {
    set: result.outputs.set ?? null,
    steps: steps ?? null,
    bytes_images: bytes.images,
    bytes_labels: bytes.labels,
  };
}

/** The published figure for a set: of its dataset and its size, where there are several. */
export function claimOf(set?: SetCell): Partial<Row> {
  const claim = set && claimFor(set);
  return claim ? { claimed: claim.accuracy, claimed_source: claim.source } : {};
}

/** How the networks of a score were trained, and where the set comes from that they were trained on. */
export function networksOf({ kind, set }: PlannedCell, { values, configuration }: Result, made?: Result): Partial<Row> {
  if (kind !== "evaluate") return {};
  const { hash: _, ...training } = (values as { protocol: Protocol }).protocol;
  const { facts } = (made?.values ?? {}) as { facts?: SetFacts };
  const from = made?.kind === "condense" && !set?.baseline ? made.made : undefined;
  return {
    training: canonical(training),
    samples: facts?.samples ?? null,
    draws: "redrawn" in configuration ? training.repeats : 1,
    ...(from && {
      ...{ set_seconds: from.seconds, set_device: from.device },
      ...{ set_threads: from.cores, set_executor: from.executor },
    }),
  };
}

/** What a set was given, and the steps that follow from it. */
export function budgetOf(set?: SetCell): Partial<Row> {
  if (set?.budget === undefined || set.job?.kind !== "condense") return {};
  return { budget: set.budget, steps: (set.job.configuration as Configuration).steps };
}
