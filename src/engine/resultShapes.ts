import { isLiteral } from "./graph/graph.ts";
import type { Tensor } from "./tensor.ts";
import { zeros } from "./tensor.ts";
import { trace } from "./trace.ts";
import { flatten, unflatten } from "./typed.ts";

/** The result that a function would return, as zeros: it is traced, not run. */
export async function resultShapes<R>(
  fn: (...args: never[]) => unknown,
  args: readonly unknown[],
  name = fn.name,
): Promise<R> {
  const [examples, structure] = flatten<Tensor>(args);
  const { graph, outputs } = await trace({ name, fn, structure, examples });
  const leaves = graph.outputs.map((a) => zeros(isLiteral(a) ? [] : a.shape, a.dtype));
  return unflatten<R>(outputs, leaves);
}
