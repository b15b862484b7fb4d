import type { Array as Traced } from "@jax-js/jax";
import { type Compiled, compile, perRuntime, type Tensor } from "../../engine/index.ts";
import { type Kernel, rowsOf, type TracedTree } from "./kernel.ts";

const compiled = perRuntime(() => new Map<string, Compiled<[TracedTree, Traced], Traced>>());

/** Points at a time. */
const chunk = 256;

/** k(x, x) of every point of [n, …]: in float64 on the host where that is cheap. */
export async function kernelDiagonal(kernel: Kernel, points: Tensor): Promise<Float64Array> {
  const n = points.shape[0]!;
  if (kernel.exact && !kernel.blockSide)
    return Float64Array.from({ length: n }, (_, i) => {
      const own = rowsOf(points.rows(i, i + 1));
      return kernel.exact!(own, own)[0]!;
    });
  const run = compiled().get(kernel.name) ?? compile(kernel.diagonal, { name: `diagonal of ${kernel.name}` });
  compiled().set(kernel.name, run);
  const out = new Float64Array(n);
  const side = Math.min(chunk, kernel.blockSide ?? chunk);
  for (let at = 0; at < n; at += side)
    out.set((await run(kernel.parameters as object, points.rows(at, Math.min(n, at + side)))).data, at);
  return out;
}
