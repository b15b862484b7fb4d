import { tree } from "@jax-js/jax";
import { multiplyAddsOf } from "./graph/work.ts";
import type { Tensor } from "./tensor.ts";
import { trace } from "./trace.ts";

/** {@link multiplyAddsOf} the trace of one call of a function. */
export async function multiplyAdds(
  fn: (...args: never[]) => unknown,
  args: readonly unknown[],
  name = fn.name,
): Promise<number> {
  const [examples, structure] = tree.flatten(args as never) as unknown as [Tensor[], unknown];
  const { graph, captured } = await trace({ name, fn, structure, examples });
  return multiplyAddsOf(graph, captured.length);
}
