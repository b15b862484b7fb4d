import type { Configuration } from "../../condense/index.ts";
import { type EvaluationReading, type Protocol, readings, unitOfValue } from "../../evaluate/index.ts";
import type { SetFacts } from "../../evaluate/protocol.ts";
import { networkText, parseNetwork } from "../../hypotheses/index.ts";
import { derivedRows } from "../derived/derivedRows.ts";
import { heldOutProtocol } from "../explore/place.ts";
import { drawsNoise } from "../jobs/job.ts";
import type { KeptAudit } from "../jobs/run/audit.node.ts";
import type { KeptBytes, KeptClaim } from "../jobs/run/condense.node.ts";
import type { Objective } from "../objectives/objective.ts";
import { canonical } from "../plan/canonical.ts";
import { type Cells, claimFor, type SetCell } from "../plan/cells.node.ts";
import { sha256Of } from "../plan/key.node.ts";
import type { Plan, PlannedCell } from "../plan/plan.node.ts";
import { unreadable } from "../plan/unreadable.ts";
import type { Result } from "../store/result.ts";
import type { Store } from "../store/store.ts";
import type { Subject } from "../study/resolved.ts";
import { circumstancesOf, pendingOf } from "./circumstances.node.ts";
import { howMade } from "./howMade.ts";
import { measurementObjective, measurementRows } from "./measurementRows.ts";
import { membershipRows } from "./membershipRows.ts";
import type { Row } from "./row.ts";

/** What derived figures are computed from. */
const accuracyObjective: Objective = { name: "accuracy", of: "network", reading: { name: "accuracy", options: {} } };

/** The rows of a study: of every cell that has come to an end a row a number, or the reason why there is none. */
export async function rowsOf(cells: Cells, plan: Plan, store: Store): Promise<readonly Row[]> {
  const results = await resultsOf(plan, store);
  const { study } = cells.study;
  const derived = cells.study.objectives.filter(({ of }) => of === "derived");
  const named = cells.study.objectives.filter(({ of }) => of !== "derived");
  // What others are computed from is read whether or not it is asked for.
  const implied = derived.length > 0 && !named.some(({ name }) => name === "accuracy") ? [accuracyObjective] : [];
  const objectives = [...named, ...implied];
  const rows: Row[] = [];
  for (const cell of plan.cells) {
    // Of sets that an exploration chooses by, the held-out scores are rows, and nothing else.
    if (cell.set?.dataset.source.heldOut && !cell.score) continue;
    if (cell.probe) {
      rows.push(...measurementOf(study.name, cell, results));
      continue;
    }
    const own = objectives.filter((objective) => isOf(objective, cell));
    if (own.length === 0) continue;
    if (cell.taken) {
      rows.push(...cell.taken.filter(({ objective }) => own.some(({ name }) => name === objective)));
      continue;
    }
    const result = cell.job && results.get(cell.job.key);
    const made = cell.set?.job && results.get(cell.set.job.key);
    const base = {
      ...blank,
      study: study.name,
      ...placeOf(cell),
      ...setOf(made),
      ...budgetOf(cell.set),
      ...claimOf(cell.set),
    };
    const how = result ? { ...howMade(cell, cells.study), ...networksOf(cell, result, made) } : {};
    for (const objective of own)
      for (const number of numbersOf(objective, cell, result, made))
        rows.push({
          ...base,
          objective: objective.name,
          ...number,
          ...(result && { key: result.key, ...provenanceOf(result), ...how }),
          ...(number.status === "ok" && isNoised(result, made) && { reason: noised(number.reason) }),
          ...(cell.kind === "evaluate" && made && { parents: made.key }),
        });
  }
  const more = derivedRows(
    derived.map(({ name, options = {} }) => ({ name, options })),
    rows.filter(({ protocol }) => protocol !== heldOutProtocol),
    pendingOf(plan),
    circumstancesOf(cells, plan, results),
  );
  return [...rows.filter(({ objective }) => implied.every(({ name }) => name !== objective)), ...more];
}

/** The rows of a measurement that others' steps follow from. */
function measurementOf(study: string, { job, taken, probe }: PlannedCell, results: ReadonlyMap<string, Result>): Row[] {
  if (taken) return taken.filter(({ objective }) => objective === measurementObjective);
  const result = job && results.get(job.key);
  if (!probe || !result) return [];
  const { name, subject, dataset, ipc } = probe;
  const place = { cell: name, subject, dataset: dataset.label, checksum: dataset.info?.checksum ?? null, ipc };
  const base = { ...blank, study, ...place, key: result.key, ...provenanceOf(result) };
  return measurementRows(result).map((numbers) => ({ ...base, ...numbers }));
}

/** Tells whether a result hangs on the secret noise of a private run. */
const isNoised = (...results: readonly (Result | undefined)[]): boolean =>
  results.some((result) => result !== undefined && drawsNoise(result.configuration));

const noised = (reason: string | null = null): string =>
  `${reason === null ? "" : `${reason}; `}noise is drawn anew in every computation`;

/** The results of cells that have one. */
async function resultsOf(plan: Plan, store: Store): Promise<ReadonlyMap<string, Result>> {
  const found = new Map<string, Result>();
  for (const kind of ["condense", "import", "evaluate", "reference", "time", "score-time", "audit"] as const) {
    const ended = plan.cells.filter(
      (cell) => cell.kind === kind && !cell.taken && (cell.state === "done" || cell.state === "diverged"),
    );
    const keys = [...new Set(ended.map(({ job }) => job!.key))];
    for (const [key, result] of await store.results(kind, keys)) found.set(key, result);
  }
  return found;
}

/** Tells whether an objective has its numbers from a cell. */
function isOf({ of }: Objective, { kind, job }: PlannedCell): boolean {
  if (of === "network") return kind === "evaluate" || kind === "reference";
  if (of === "machine") return kind === "time";
  if (of === "audit") return kind === "audit";
  if (of === "claim") return kind === "condense" || kind === "import";
  return (kind === "condense" || kind === "import") && (job !== undefined || of === "set");
}

type Numbers = Pick<Row, "metric" | "unit" | "better" | "value" | "status"> & Partial<Row>;

function numbersOf(objective: Objective, cell: PlannedCell, result?: Result, made?: Result): Numbers[] {
  const none = { metric: objective.name, unit: "", value: null, ...senseOf(objective) };
  if (objective.absent !== undefined) return [{ ...none, status: "absent", reason: objective.absent }];
  const status = endOf(cell);
  if (status === undefined) return [];
  if (status !== "ok" || !result) return [{ ...none, status, reason: cell.reason ?? null }];
  if (result.status === "diverged") return [{ ...none, status: "diverged", reason: result.reason ?? null }];
  const unread = unreadOf(objective, cell, made);
  if (unread !== undefined) return [{ ...none, status: "absent", reason: unread }];
  if (objective.of === "network") return scoresOf(objective, result);
  if (objective.of === "machine") return machineOf(objective, result);
  if (objective.of === "audit") return membershipRows(objective.name, result.values.audit as KeptAudit);
  if (objective.of === "claim") return claimOfSet(objective, cell, result);
  return bytesOf(objective, result.values.bytes as KeptBytes);
}

/** The least bytes that a set takes whole; then, of sets of codes, images, codes, and codes with what decodes them, without labels. */
function bytesOf({ name }: Objective, { images, labels, forms }: KeptBytes): Numbers[] {
  const own = (metric: string, value: number, reason?: string): Numbers => ({
    ...{ metric, unit: "bytes", better: "lower", value, status: "ok" },
    ...(reason !== undefined && { reason }),
  });
  const least = own(name, images + labels);
  if (!forms) return [least];
  const decoder = forms.outside ? "outside: what decodes the codes was trained elsewhere" : undefined;
  return [
    least,
    own(`${name}.images`, forms.images),
    own(`${name}.codes`, forms.codes!, decoder),
    own(`${name}.codes-and-decoder`, forms.codesAndDecoder!, decoder),
  ];
}

/** The reason why a reading was not taken of a set's networks; undefined where it was. */
function unreadOf({ reading }: Objective, { set, score }: PlannedCell, made?: Result): string | undefined {
  if (!reading || !score || !set?.dataset.info || made?.status !== "ok") return undefined;
  return unreadable(reading, score.spec, (made.values as { facts: SetFacts }).facts, set.dataset.info);
}

/** The state of a cell that has come to an end, as rows say it. */
function endOf({ state }: PlannedCell): Row["status"] | undefined {
  if (state === "done") return "ok";
  return state === "diverged" || state === "failed" || state === "blocked" || state === "stopped" || state === "refused"
    ? state
    : undefined;
}

const readingOf = ({ reading }: Objective): EvaluationReading | undefined =>
  readings.find(({ name }) => name === reading?.name);

function senseOf(objective: Objective): Pick<Row, "better"> {
  return { better: readingOf(objective)?.better ?? "lower" };
}

/** A number a network and value of the reading: "worst-class", "worst-class.class". */
function scoresOf(objective: Objective, { values }: Result): Numbers[] {
  const { scores, network, protocol } = values as {
    scores: Readonly<Record<string, readonly number[]>>;
    network: string;
    protocol: Protocol;
  };
  const own = Object.keys(scores).filter((name) => name === objective.name || name.startsWith(`${objective.name}.`));
  return own.flatMap((metric) =>
    scores[metric]!.map((value, repeat) => ({
      metric,
      unit: unitOfValue(metric) ?? "",
      ...senseOf(objective),
      value,
      repeat,
      network,
      protocol_hash: protocol.hash,
      epochs: protocol.recipe.epochs,
      status: "ok" as const,
    })),
  );
}

function machineOf({ name }: Objective, { values }: Result): Numbers[] {
  const { seconds, multiplyAddsPerStep, steps, watts } = values as Readonly<Record<string, number | undefined>>;
  const row = (value: number | undefined, unit: string): Numbers[] => {
    const own = { metric: name, unit, better: "lower", value: value ?? null } as const;
    if (value !== undefined) return [{ ...own, status: "ok" }];
    return [{ ...own, status: "absent", reason: String(values.reason ?? "it was not measured") }];
  };
  if (name === "seconds") return row(seconds, "s");
  if (name === "multiply-adds") return row((multiplyAddsPerStep ?? 0) * (steps ?? 0), "multiply-adds");
  return row(watts === undefined ? undefined : watts * (seconds ?? 0), "J");
}

/** ε of a private run and the δ that it holds at; the reason of a run that claims nothing. */
function claimOfSet({ name }: Objective, { set, kind }: PlannedCell, { values }: Result): Numbers[] {
  const own = { metric: name, unit: "", better: "lower" } as const;
  const privacy = values.privacy as KeptClaim | undefined;
  const none = (reason: string): Numbers[] => [{ ...own, value: null, status: "absent", reason }];
  if (!privacy) {
    const what = kind === "import" ? "a set made elsewhere brings no claim" : `${set!.subject.label} claims nothing`;
    return none(`not private: ${what}`);
  }
  const { epsilon, delta, relation, unit, against } = privacy;
  if (against.length > 0) return none(`not private: ${against.join("; ")}`);
  const reason = `at δ = ${Number(delta.toPrecision(3))}, of ${unit} ${relation === "add-remove" ? "more or less" : "in another's place"}`;
  return [
    { ...own, value: epsilon, status: "ok", reason },
    { ...own, metric: `${name}.delta`, value: delta, status: "ok" },
  ];
}

function placeOf({
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
function setOf(result?: Result): Partial<Row> {
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
function claimOf(set?: SetCell): Partial<Row> {
  const claim = set && claimFor(set);
  return claim ? { claimed: claim.accuracy, claimed_source: claim.source } : {};
}

/** How the networks of a score were trained, and where the set comes from that they were trained on. */
function networksOf({ kind, set }: PlannedCell, { values, configuration }: Result, made?: Result): Partial<Row> {
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
function budgetOf(set?: SetCell): Partial<Row> {
  if (set?.budget === undefined || set.job?.kind !== "condense") return {};
  return { budget: set.budget, steps: (set.job.configuration as Configuration).steps };
}

function provenanceOf({ made }: Result): Partial<Row> {
  const { versions, commit, device, executor, cores, host, load, started, seconds } = made;
  return { ...versions, commit: commit ?? null, device, executor, threads: cores, host, load, started, seconds };
}

/** A row of which nothing is known. */
const blank = {
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
