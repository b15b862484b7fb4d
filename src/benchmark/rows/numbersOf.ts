import { type EvaluationReading, type Protocol, readings, unitOfValue } from "../../evaluate/index.ts";
import type { SetFacts } from "../../evaluate/protocol.ts";
import type { KeptAudit } from "../jobs/run/audit.node.ts";
import type { KeptBytes, KeptClaim } from "../jobs/run/condense.node.ts";
import type { Objective } from "../objectives/objective.ts";
import type { PlannedCell } from "../plan/plan.node.ts";
import { unreadable } from "../plan/unreadable.ts";
import type { Result } from "../store/result.ts";
import type { Numbers } from "./blank.ts";
import { membershipRows } from "./membershipRows.ts";
import type { Row } from "./row.ts";

/** What an objective finds in a cell: its numbers, or the reason why there are none; nothing of a cell that goes on. */
export function numbersOf(objective: Objective, cell: PlannedCell, result?: Result, made?: Result): Numbers[] {
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
