import { numpy as np, type Array as Traced } from "@jax-js/jax";
import { expect, test } from "vitest";
import { formulaTensor } from "../../golden/hypotheses/formula.ts";
import { onnxruntimeNode } from "./executors/onnxruntime.node.ts";
import { oracle } from "./executors/oracle.ts";
import { mapSummedGroups, summedAtOnce } from "./mapSummedGroups.ts";
import { size, type Tensor, tensor } from "./tensor.ts";

const executors = {
  "two threads": onnxruntimeNode({ threads: 2 }),
  "one thread": onnxruntimeNode({ threads: 1 }),
  oracle: oracle(),
};

/** Σ by·x of a group's samples, twice, and a function of it: what does not depend on the group alone is computed before. */
function compiled(executor: (typeof executors)[keyof typeof executors]) {
  const sums = ({ by }: { by: Traced }, { x }: { x: Traced }) => {
    const sum = np.sum(x.mul(np.exp(by)), 0);
    return { once: sum.ref, twice: sum.mul(2), count: np.sum(np.ones([x.shape[0]!]), 0) };
  };
  const fn = (
    fixed: { add: Traced },
    group: { y: Traced },
    { once, twice, count }: { once: Traced; twice: Traced; count: Traced },
  ) => {
    count.dispose();
    return { a: once.add(fixed.add).mul(group.y.ref), b: twice.reshape([1, -1]).add(group.y) };
  };
  return mapSummedGroups(sums, fn, { name: "sums and products", executor });
}

test.each(Object.keys(executors))("every group has the sum of its own samples (%s)", async (name) => {
  const map = compiled(executors[name as keyof typeof executors]);
  for (const [groups, each] of [
    [3, 7],
    [2, 64],
    [1, 1],
  ] as const) {
    const [x, y] = [formulaTensor([groups, each, 5], 1), formulaTensor([groups, 5], 2)];
    const { a, b } = (await map(
      { fixed: { by: tensor(0.5) }, samples: { x } },
      { fixed: { add: tensor(3) }, groups: { y } },
    )) as { a: Tensor; b: Tensor };
    expect(a.shape).toEqual([groups, 5]);
    for (let g = 0; g < groups; g++)
      for (let k = 0; k < 5; k++) {
        let sum = 0;
        for (let i = 0; i < each; i++) sum += Math.exp(0.5) * x.data[(g * each + i) * 5 + k]!;
        const own = y.data[g * 5 + k]!;
        expect(a.data[g * 5 + k]).toBeCloseTo((sum + 3) * own, 3);
        expect(b.data[g * 5 + k]).toBeCloseTo(2 * sum + own, 3);
      }
  }
  map.dispose();
});

test("the number of threads does not change a bit of the result", async () => {
  const [x, y] = [formulaTensor([5, 64, 5], 3), formulaTensor([5, 5], 4)];
  const results: Tensor[] = [];
  for (const name of ["one thread", "two threads"] as const) {
    const map = compiled(executors[name]);
    const { a } = await map(
      { fixed: { by: tensor(0.3) }, samples: { x } },
      { fixed: { add: tensor(1) }, groups: { y } },
    );
    results.push(a as Tensor);
  }
  expect(size(results[0]!.shape)).toBe(25);
  expect(results[1]!.data).toEqual(results[0]!.data);
});

test("samples at once divide their number", () => {
  for (const each of [1, 7, 31, 37, 60, 64, 100, 256]) expect(each % summedAtOnce(each)).toBe(0);
  expect([64, 256, 60, 37, 7].map(summedAtOnce)).toEqual([16, 16, 15, 1, 7]);
});
