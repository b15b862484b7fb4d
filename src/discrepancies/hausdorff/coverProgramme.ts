import type { Highs } from "highs";

/** A set cover as HiGHS takes it, with nothing in it that could not cross to another thread. */
export interface CoverProgramme {
  readonly columns: number;
  /** The columns that cover each row, in compressed rows. */
  readonly starts: Int32Array;
  readonly indices: Int32Array;
  /** The number of columns that are to suffice, where only that is asked. */
  readonly most?: number;
  /** The cover to start from, where the least number is asked. */
  readonly known?: readonly number[];
  /** The number of nodes of branch and bound after which the search ends. */
  readonly nodes: number;
}

/** The result of HiGHS. */
export interface CoverSolution {
  /** True where there is proven to be no such cover. */
  readonly infeasible: boolean;
  /** The bound on the number of columns from below; not finite where there is none. */
  readonly bound: number;
  /** The columns of the best cover found, above a half where chosen. */
  readonly values: Float64Array | undefined;
}

/**
 * min 1ᵀs with A s >= 1 and s binary. It blocks the thread that calls it, for minutes where the set is large.
 *
 * The function refers to nothing outside itself: its text is what a thread is started with.
 */
export function solveCover(highs: Highs, programme: CoverProgramme): CoverSolution {
  const { columns, most, known, nodes } = programme;
  const limited = most !== undefined;
  const { infinity, constants } = highs;
  const rows = programme.starts.length - 1;
  const numRows = limited ? rows + 1 : rows;
  const length = programme.indices.length;
  const starts = new Int32Array(numRows + 1);
  starts.set(programme.starts);
  const indices = new Int32Array(limited ? length + columns : length);
  indices.set(programme.indices);
  if (limited) {
    // The last row counts the columns.
    starts[numRows] = length + columns;
    for (let j = 0; j < columns; j++) indices[length + j] = j;
  }
  const rowLower = new Float64Array(numRows).fill(1);
  const rowUpper = new Float64Array(numRows).fill(infinity);
  if (limited) {
    rowLower[rows] = 0;
    rowUpper[rows] = most;
  }
  return highs.withModel(
    {
      numCols: columns,
      numRows,
      colCost: new Float64Array(columns).fill(1),
      colLower: new Float64Array(columns),
      colUpper: new Float64Array(columns).fill(1),
      rowLower,
      rowUpper,
      integrality: new Array(columns).fill(constants.variableType.integer),
      matrix: {
        format: "csr",
        numRows,
        numCols: columns,
        starts,
        indices,
        values: new Float64Array(indices.length).fill(1),
      },
    },
    (model) => {
      model.options.set({ output_flag: false, mip_rel_gap: 0, mip_abs_gap: 0.999 });
      model.options.set("mip_max_nodes", nodes);
      if (limited) model.options.set("objective_target", most + 0.5);
      if (known) {
        const colValue = new Float64Array(columns);
        for (const j of known) colValue[j] = 1;
        model.setSolution({ colValue });
      }
      model.run();
      const infeasible = model.getModelStatus() === constants.modelStatus.infeasible;
      const { colValue } = model.getSolution();
      return {
        infeasible,
        bound: Number(model.info.get("mip_dual_bound")),
        values: colValue ? Float64Array.from(colValue) : undefined,
      };
    },
  );
}
