import { loadHighs } from "../wasserstein/highs.ts";

/** Which columns cover each row: ascending positions. */
export type CoverRows = readonly (readonly number[])[];

export interface Cover {
  /** Chosen columns; undefined where none were found that fit the limit. */
  readonly chosen?: readonly number[];
  /** No cover has fewer columns; more than the limit where the limit is proven too small. */
  readonly atLeast: number;
}

/** Greedy set cover: the column that covers most rows not covered yet, again and again. At most ln(rows) + 1 times too many. */
export function greedyCover(rows: CoverRows, columns: number): number[] {
  const covers: number[][] = Array.from({ length: columns }, () => []);
  for (const [i, near] of rows.entries()) for (const j of near) covers[j]!.push(i);
  const gain = Int32Array.from(covers, (c) => c.length);
  const covered = new Uint8Array(rows.length);
  const chosen: number[] = [];
  for (let left = rows.length; left > 0; ) {
    let best = 0;
    for (let j = 1; j < columns; j++) if (gain[j]! > gain[best]!) best = j;
    if (gain[best] === 0) return chosen;
    chosen.push(best);
    for (const i of covers[best]!) {
      if (covered[i]) continue;
      covered[i] = 1;
      left--;
      for (const j of rows[i]!) gain[j] = gain[j]! - 1;
    }
  }
  return chosen;
}

/**
 * The least number of columns that cover every row, min 1ᵀs with A s >= 1 and s binary, by HiGHS with the greedy cover as
 * its start. With `most`, only the question whether so many suffice.
 *
 * @param limit HiGHS stops after so many seconds, or nodes of branch and bound, with the best cover and bound so far.
 */
export async function minimumCover(
  rows: CoverRows,
  columns: number,
  limit: { readonly seconds: number } | { readonly nodes: number },
  most = columns,
): Promise<Cover> {
  if (rows.some((near) => near.length === 0)) return { atLeast: Number.POSITIVE_INFINITY };
  const greedy = greedyCover(rows, columns);
  const limited = most < columns;
  if (limited && greedy.length <= most) return { chosen: greedy, atLeast: 1 };
  const highs = await loadHighs();
  const lengths = limited ? [...rows.map((near) => near.length), columns] : rows.map((near) => near.length);
  const starts = Int32Array.from([0, ...lengths]);
  for (let i = 1; i < starts.length; i++) starts[i] = starts[i]! + starts[i - 1]!;
  const indices = Int32Array.from([...rows.flat(), ...(limited ? Array.from({ length: columns }, (_, j) => j) : [])]);
  const { infinity, constants } = highs;
  return highs.withModel(
    {
      numCols: columns,
      numRows: lengths.length,
      colCost: new Float64Array(columns).fill(1),
      colLower: new Float64Array(columns),
      colUpper: new Float64Array(columns).fill(1),
      rowLower: [...rows.map(() => 1), ...(limited ? [0] : [])],
      rowUpper: [...rows.map(() => infinity), ...(limited ? [most] : [])],
      integrality: new Array(columns).fill(constants.variableType.integer),
      matrix: {
        format: "csr",
        numRows: lengths.length,
        numCols: columns,
        starts,
        indices,
        values: new Float64Array(indices.length).fill(1),
      },
    },
    (model) => {
      model.options.set({ output_flag: false, mip_rel_gap: 0, mip_abs_gap: 0.999 });
      if ("nodes" in limit) model.options.set("mip_max_nodes", limit.nodes);
      else model.options.set("time_limit", limit.seconds);
      if (limited) model.options.set("objective_target", most + 0.5);
      else {
        const colValue = new Float64Array(columns);
        for (const j of greedy) colValue[j] = 1;
        model.setSolution({ colValue });
      }
      model.run();
      const status = model.getModelStatus();
      if (status === constants.modelStatus.infeasible) return { atLeast: most + 1 };
      const bound = Number(model.info.get("mip_dual_bound"));
      const atLeast = Number.isFinite(bound) ? Math.max(1, Math.ceil(bound - 1e-6)) : 1;
      const { colValue } = model.getSolution();
      const chosen = Array.from(colValue ?? [])
        .map((v, j) => (v > 0.5 ? j : -1))
        .filter((j) => j >= 0);
      const covering = chosen.length > 0 && rows.every((near) => near.some((j) => colValue![j]! > 0.5));
      if (covering && chosen.length <= most) return { chosen, atLeast };
      return limited ? { atLeast } : { chosen: greedy, atLeast };
    },
  );
}
