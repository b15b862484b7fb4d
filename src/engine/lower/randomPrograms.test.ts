import { grad, lax, nn, numpy as np } from "@jax-js/jax";
import fc from "fast-check";
import { expect, test } from "vitest";
import { compile } from "../compile.ts";
import type { Executor } from "../executors/executor.ts";
import { onnxruntimeNode } from "../executors/onnxruntime.node.ts";
import { oracle } from "../executors/oracle.ts";
import { randomKey } from "../random.ts";
import { size, type Tensor, tensor } from "../tensor.ts";

const onnx = onnxruntimeNode({ threads: 1 });
const truth = oracle("cpu");

type A = np.Array;

/** One operation; `pick` chooses among what its array allows. */
interface Step {
  readonly op: keyof typeof operations;
  readonly pick: number;
}

/** The largest number of elements that an array is made to have. */
const most = 300;

/** The shapes of some size with at most four axes. */
function shapesOf(count: number): number[][] {
  const found: number[][] = [];
  const extend = (shape: number[], left: number) => {
    if (left === 1 && shape.length > 0) found.push(shape);
    if (shape.length < 4)
      for (let d = left === 1 ? count + 1 : 2; d <= left; d++) if (left % d === 0) extend([...shape, d], left / d);
  };
  extend([], count);
  return found;
}

const permutations = (n: number): number[][] =>
  n === 0
    ? [[]]
    : permutations(n - 1).flatMap((p) => Array.from({ length: n }, (_, i) => [...p.slice(0, i), n - 1, ...p.slice(i)]));

const numbers = (shape: readonly number[], pick: number): A =>
  np.array([...randomKey(pick).normal(size(shape))], { shape: [...shape] });

const one = <T>(of: readonly T[], pick: number): T => of[pick % of.length]!;

/** Operations on an array, which they consume; those that do not fit leave it as it is. */
const operations = {
  newAxis(x: A, pick: number) {
    const at = pick % (x.shape.length + 1);
    const extent = 2 + (pick % 2);
    if (x.shape.length > 3 || x.size * extent > most) return x;
    const shape = [...x.shape];
    shape.splice(at, 0, 1);
    const wide = [...shape];
    wide[at] = extent;
    return np.broadcastTo(x.reshape(shape), wide);
  },
  reshape: (x: A, pick: number) => (x.size > 1 ? x.reshape(one(shapesOf(x.size), pick)) : x),
  transpose: (x: A, pick: number) => x.transpose(one(permutations(x.shape.length), pick)),
  times: (x: A, pick: number) => x.mul(0.5 + (pick % 3)),
  plus: (x: A, pick: number) => x.add((pick % 5) - 2.5),
  plusRow: (x: A, pick: number) => x.add(numbers(x.shape.slice(-1), pick)),
  timesColumn: (x: A, pick: number) =>
    x.mul(
      numbers(
        x.shape.map((d, i) => (i === pick % x.shape.length ? d : 1)),
        pick,
      ),
    ),
  plusArray: (x: A, pick: number) => x.add(numbers(x.shape, pick)),
  matmul(x: A, pick: number) {
    if (x.shape.length < 2) return x;
    return np.matmul(x, numbers([x.shape.at(-1)!, 1 + (pick % 3)], pick));
  },
  product(x: A, pick: number) {
    if (x.shape.length !== 2) return x;
    return np.matmul(numbers([1 + (pick % 4), x.shape[0]!], pick), x);
  },
  gram(x: A) {
    if (x.shape.length !== 2 || x.shape[0]! ** 2 > most) return x;
    return np.matmul(x.ref, x.transpose()).mul(0.1);
  },
  sum: (x: A, pick: number) => (x.shape.length > 1 ? np.sum(x, pick % x.shape.length) : x),
  mean: (x: A, pick: number) => np.mean(x, pick % x.shape.length, { keepdims: true }),
  centred(x: A, pick: number) {
    const mean = np.mean(x.ref, pick % x.shape.length, { keepdims: true });
    return x.sub(mean);
  },
  max: (x: A, pick: number) => (x.shape.length > 1 ? np.max(x, pick % x.shape.length) : x),
  relu: (x: A) => nn.relu(x),
  flip: (x: A, pick: number) => np.flip(x, [pick % x.shape.length]),
  twice: (x: A) => x.ref.add(x),
  joined(x: A, pick: number) {
    if (2 * x.size > most) return x;
    return np.concatenate([x.ref, x], pick % x.shape.length);
  },
  conv(x: A, pick: number) {
    const [n, c, h = 0, w = 0] = x.shape;
    if (x.shape.length !== 4 || n! * 3 * h * w > most) return x;
    const [filters, side] = [1 + (pick % 3), 1 + 2 * (pick % 2)];
    const around: [number, number] = pick % 5 === 0 ? [0, 1] : [side >> 1, side >> 1];
    if (h + around[0] + around[1] < side || w + around[0] + around[1] < side) return x;
    return lax.convGeneralDilated(x, numbers([filters, c!, side, side], pick).mul(0.5), [1, 1], [around, around]);
  },
  pooled(x: A) {
    const [, , h = 1, w = 1] = x.shape;
    if (x.shape.length !== 4 || h % 2 !== 0 || w % 2 !== 0) return x;
    return lax.reduceWindow(x, np.sum as never, [2, 2], [2, 2]).mul(0.25);
  },
  planesNormalised(x: A, pick: number) {
    const [, c, h = 1, w = 1] = x.shape;
    if (x.shape.length !== 4 || h * w === 1) return x;
    const centred = x.ref.sub(np.mean(x, [2, 3], { keepdims: true }));
    const variance = np.mean(np.square(centred.ref), [2, 3], { keepdims: true });
    const scaled = centred.mul(numbers([1, c!, 1, 1], pick).mul(np.reciprocal(np.sqrt(variance.add(0.1)))));
    return pick % 2 === 0 ? scaled : scaled.add(numbers([1, c!, 1, 1], pick + 1));
  },
  padded(x: A, pick: number) {
    const at = pick % x.shape.length;
    if (2 * x.size > most) return x;
    return np.pad(
      x,
      x.shape.map((_, i): [number, number] => (i === at ? [1, 0] : [0, 0])),
    );
  },
};

const program = fc.array(
  fc.record({
    op: fc.constantFrom(...(Object.keys(operations) as (keyof typeof operations)[])),
    pick: fc.nat({ max: 23 }),
  }),
  { minLength: 2, maxLength: 10 },
);

const run = (steps: readonly Step[], x: A): A => steps.reduce((y, { op, pick }) => operations[op](y, pick), x);

/** The number of programs: more search further, as does `ATTAR_SEED`. */
const count = Number(process.env.ATTAR_PROGRAMS ?? 60);

const starts = [
  [2, 3],
  [2, 2, 4, 4],
].map((shape) => tensor(randomKey(1).normal(size(shape)), shape));

async function results(steps: readonly Step[], executor: Executor, x: Tensor): Promise<[Tensor, Tensor]> {
  const fn = (y: A): [A, A] => {
    const value = run(steps, y.ref);
    return [value, grad((z: A) => np.sum(np.square(run(steps, z))))(y) as A];
  };
  const program = compile(fn, { executor, name: "random program" });
  try {
    return await program(x);
  } finally {
    program.dispose();
  }
}

/** Throws unless an array is the right one, but for rounding. */
function check({ shape, data }: Tensor, right: Tensor): void {
  const scale = Math.max(1, ...Array.from(right.data, Math.abs));
  const error = Math.max(...Array.from(data, (v, i) => Math.abs(v - right.data[i]!))) / scale;
  if (String(shape) !== String(right.shape) || !(error < 1e-4))
    throw new Error(`off by ${error}, [${shape}] in place of [${right.shape}]`);
}

test(
  `${count} programs of random operations, and their gradients, agree with jax-js`,
  async () => {
    const faults: string[] = [];
    for (const [index, steps] of fc.sample(program, count).entries()) {
      const x = starts[index % 2]!;
      try {
        const [got, right] = [await results(steps, onnx, x), await results(steps, truth, x)];
        for (const [k, array] of got.entries()) check(array, right[k]!);
      } catch (error) {
        const words = steps.map(({ op, pick }) => `${op} ${pick}`).join(", ");
        faults.push(`[${x.shape}] ${words}: ${String(error).slice(0, 300)}`);
      }
    }
    expect(faults).toEqual([]);
  },
  count * 3000,
);
