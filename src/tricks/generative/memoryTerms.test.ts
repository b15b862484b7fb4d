import type { Array as Traced } from "@jax-js/jax";
import { expect, test } from "vitest";
import golden from "../../../golden/generators/diffusion.json" with { type: "json" };
import { formulaTensor } from "../../../golden/hypotheses/formula.ts";
import { compile, type Tensor, tensor, valueAndGradient } from "../../engine/index.ts";
import { diversityOf, reductions, representativeOf } from "./memoryTerms.ts";

const terms = { representative: representativeOf, diversity: diversityOf };

/** A term of one class and its gradient in the estimates; rows of the memory beyond `there` are gaps. */
async function pulled(
  term: typeof representativeOf,
  reduce: (typeof reductions)[number],
  memory: Tensor,
  there: number,
) {
  const rows = memory.shape[0]!;
  const own = compile(
    (e: Traced, given: { memory: Traced; filled: Traced }) => {
      const [[value], gradient] = valueAndGradient((estimates: Traced) => [term({ estimates, ...given }, reduce), {}])(
        e,
      );
      return { value, gradient };
    },
    { name: "golden term" },
  );
  const filled = tensor(
    Array.from({ length: rows }, (_, i) => (i < there ? 1 : 0)),
    [1, rows],
  );
  return own(formulaTensor([3, 4], 80).reshape([1, 3, 4]), { memory: memory.reshape([1, rows, 4]), filled });
}

test.each(reductions)("terms under memories, and their gradients, are PyTorch's: %s", async (reduce) => {
  for (const [name, rows, t] of [
    ["representative", 5, 81],
    ["diversity", 2, 82],
  ] as const) {
    const memory = formulaTensor([rows, 4], t);
    const { value, gradient } = golden.minimax[reduce][name];
    const found = await pulled(terms[name], reduce, memory, rows);
    expect(found.value.item()).toBeCloseTo(value, 5);
    for (const [i, slope] of gradient.entries()) expect(found.gradient.data[i]).toBeCloseTo(slope, 5);
  }
});

test("gaps of a memory do not count, and a class that remembers nothing adds nothing", async () => {
  const memory = formulaTensor([5, 4], 81);
  for (const term of Object.values(terms)) {
    const padded = await pulled(term, "each", memory, 2);
    const short = await pulled(term, "each", memory.rows(0, 2), 2);
    expect(padded.value.item()).toBeCloseTo(short.value.item(), 6);
    const empty = await pulled(term, "all", memory, 0);
    expect(empty.value.item()).toBeCloseTo(0, 12);
    expect(Array.from(empty.gradient.data).every((g) => g === 0)).toBe(true);
  }
});
