import { multiplyAddsOf } from "./graph/work.ts";
import type { Tensor } from "./tensor.ts";
import { trace } from "./trace.ts";
import { flatten } from "./typed.ts";

/** {@link multiplyAddsOf} the trace of one call of a function. */
export async function multiplyAdds(
  fn: (...args: never[]) => unknown,
  args: readonly unknown[],
  name = fn.name,
): Promise<number> {
  const [examples, structure] = flatten<Tensor>(args);
  const { graph, captured } = await trace({ name, fn, structure, examples });
  return multiplyAddsOf(graph, captured.length);
}
