import type { Row } from "../rows/row.ts";
import type { Asked, Circumstances, Derived } from "./derivation.ts";
import { Numbers, type Pending, type Place } from "./numbers.ts";
import { derivationOf } from "./registry.ts";

/** A derived objective as a study names it. */
export interface DerivedObjective {
  /** The text of the study. */
  readonly name: string;
  readonly options: Readonly<Record<string, string>>;
}

/**
 * Rows of figures that follow from other rows: a function of these and of a study's circumstances. A set without accuracy keeps its
 * own reason; what else is missing is "absent", with the reason, and nothing is averaged over the rest.
 *
 * @param rows the study's, accuracies among them
 * @param pending places whose networks are not trained yet
 */
export function derivedRows(
  objectives: readonly DerivedObjective[],
  rows: readonly Row[],
  pending: readonly Pending[],
  circumstances: Circumstances,
): readonly Row[] {
  if (objectives.length === 0) return [];
  const numbers = new Numbers(rows, pending);
  const [networks, sets] = [new Map<string, Row>(), new Map<string, Row>()];
  for (const row of rows) {
    if (row.metric !== "accuracy" || row.network === null || row.ipc === null) continue;
    const { subject, dataset, ipc, seed, protocol } = row;
    remember(networks, JSON.stringify([row.cell]), row);
    remember(sets, JSON.stringify([subject, dataset, ipc, seed, protocol]), row);
  }
  return objectives.flatMap(({ name: objective, options }) => {
    const derivation = derivationOf(objective)!;
    const { unit, better } = derivation;
    return [...(derivation.of === "set" ? sets : networks).values()].flatMap((first) => {
      const place: Place = derivation.of === "set" ? { ...first, network: null } : first;
      const base = baseOf(first, place, objective);
      // A set that cannot be, or that failed, has that as its state here, too.
      if (first.value === null && derivation.of === "network") {
        const { status, reason } = first;
        return [{ ...base, ...{ metric: objective, unit, better, value: null, status, reason } }];
      }
      const asked: Asked = { objective, options, place, numbers, circumstances };
      return derivation.figures(asked).map((figure) => ({ ...base, ...numberOf(figure) }));
    });
  });
}

const remember = (map: Map<string, Row>, key: string, row: Row) => {
  if (!map.has(key)) map.set(key, row);
};

function numberOf({ value, reason, repeat, keys, ...words }: Derived): Partial<Row> & Pick<Row, "value" | "status"> {
  return {
    ...words,
    value,
    status: value === null ? "absent" : "ok",
    reason: reason ?? null,
    ...(repeat !== undefined && { repeat }),
    ...(keys && keys.length > 0 && { parents: [...new Set(keys)].join(" ") }),
  };
}

/** What a figure has of the rows that it follows from; no job found it, and it has no machine. */
function baseOf(first: Row, { network }: Place, objective: string): Row {
  const cell = network === null ? first.cell.split("/").slice(0, -2).join("/") : first.cell;
  const ofSet = network === null && { network: null, protocol_hash: null, epochs: null };
  return {
    ...first,
    ...{ cell, objective, repeat: null, key: null, parents: null, claimed: null, claimed_source: null },
    ...{ attar: null, commit: null, node: null, onnxruntime: null, device: null, executor: null, threads: null },
    ...{ host: null, load: null, started: null, seconds: null },
    ...ofSet,
  };
}
