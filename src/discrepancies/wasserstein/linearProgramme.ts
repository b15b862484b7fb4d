import { AttarError } from "../../engine/index.ts";
import { loadHighs } from "./highs.ts";

/**
 * The transport problem handed to HiGHS as a linear programme: n m columns, n + m rows. An independent check of the
 * network simplex, which is about a hundred times faster (500 by 500 points: 16 ms against 1.6 s).
 *
 * @param cost [n, m], row-major.
 * @returns min_γ Σ C_ij γ_ij
 */
export async function transportByLinearProgramme(
  cost: Float64Array,
  a: Float64Array,
  b: Float64Array,
): Promise<number> {
  const highs = await loadHighs();
  const [n, m] = [a.length, b.length];
  const numCols = n * m;
  const numRows = n + m;
  const starts = Int32Array.from({ length: numCols + 1 }, (_, k) => 2 * k);
  const indices = Int32Array.from({ length: 2 * numCols }, (_, e) =>
    e % 2 === 0 ? Math.floor(e / 2 / m) : n + ((e >> 1) % m),
  );
  const marginals = Float64Array.from([...a, ...b]);
  return highs.withModel(
    {
      numCols,
      numRows,
      colCost: cost,
      colLower: new Float64Array(numCols),
      colUpper: new Float64Array(numCols).fill(highs.infinity),
      rowLower: marginals,
      rowUpper: marginals,
      matrix: { format: "csc", numCols, numRows, starts, indices, values: new Float64Array(2 * numCols).fill(1) },
    },
    (model) => {
      model.options.set({ output_flag: false });
      model.run();
      if (model.getModelStatus() !== highs.constants.modelStatus.optimal)
        throw new AttarError("no-convergence", "HiGHS did not solve the transport problem", "check the weights", 1);
      return model.getObjectiveValue();
    },
  );
}
