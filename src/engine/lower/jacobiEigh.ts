import type { Atom } from "../graph/graph.ts";
import { onnxTypes } from "../onnx/model.ts";
import { size } from "../tensor.ts";
import { counting } from "./cholesky.ts";
import type { Emitter, Rule } from "./emitter.ts";
import { loop } from "./loop.ts";
import { matrices } from "./triangularSolve.ts";

/**
 * Rounds of a tournament: in each, every index meets one partner, and after all rounds each pair has met once. Where n is
 * odd one index rests per round (its partner is itself).
 */
export function tournament(n: number): { rounds: number; partners: number[] } {
  const even = n + (n & 1);
  const rounds = Math.max(1, even - 1);
  const partners: number[] = [];
  for (let r = 0; r < rounds; r++) {
    const partner = Array.from({ length: even }, (_, i) => {
      if (i === even - 1) return r;
      const j = (((2 * r - i) % rounds) + rounds) % rounds;
      return j === i ? even - 1 : j;
    });
    for (let i = 0; i < n; i++) partners.push(partner[i]! < n ? partner[i]! : i);
  }
  return { rounds, partners };
}

/**
 * Symmetric eigendecomposition by Jacobi rotations, the disjoint pairs of a round rotated at once (Brent and Luk 1985).
 * Sweeps end when the largest off-diagonal element falls below the tolerance. The order of rotations is not jax-js's, so
 * unsorted eigenpairs come in another order and eigenvectors may differ in sign.
 */
const jacobiEigh: Rule = (e, node) => {
  const [a] = node.inputs as [Atom];
  const shape = node.outputs[0]!.shape;
  const { maxSweeps, tolerance } = node.params as { maxSweeps: number; tolerance: number };
  if (size(shape) === 0) return [e.get(a), e.get(a)];
  const n = a.shape.at(-1)!;
  const { name, batch, dtype } = matrices(e, node, a);
  const type = onnxTypes[dtype];
  const { rounds, partners } = tournament(n);
  // Only the lower triangle is read.
  const low = e.node("Trilu", [name], { upper: 0 });
  const strict = e.node("Trilu", [name, e.int64(-1)], { upper: 0 });
  const symmetric = e.node("Add", [low, e.transpose(strict, [0, 2, 1])]);
  const identity = (f: Emitter) => {
    const on = f.node("Equal", [f.reshape(counting(f, n), [n, 1]), f.reshape(counting(f, n), [1, n])]);
    return on;
  };
  const unit = e.node("Expand", [e.cast(identity(e), type), e.ints([batch, n, n])]);
  const largest = (f: Emitter, x: string) => f.node("ReduceMax", [f.node("Abs", [x]), f.ints([1, 2])], { keepdims: 1 });
  const one = e.scalar(1, dtype);
  const threshold = e.node("Mul", [e.node("Max", [largest(e, symmetric), one]), e.scalar(tolerance, dtype)]);
  const table = e.constant(Int32Array.from(partners), [rounds, n], onnxTypes.int32);
  const carried = [
    { name: symmetric, type, shape: [batch, n, n] },
    { name: unit, type, shape: [batch, n, n] },
  ];
  const [diagonal, vectors] = loop(e, maxSweeps * rounds, carried, (f, step, [x, v]) => {
    const scalar = (value: number) => f.scalar(value, dtype);
    const round = f.node("Mod", [step, f.int64(rounds)]);
    const partner = f.cast(f.node("Gather", [table, round]), onnxTypes.int64); // [n]
    const order = counting(f, n);
    const on = identity(f);
    const pick = (mask: string, from: string) =>
      f.node("ReduceSum", [f.node("Where", [mask, from, scalar(0)]), f.ints([2])], { keepdims: 0 });
    const meets = f.node("Equal", [f.reshape(partner, [n, 1]), f.reshape(order, [1, n])]);
    const own = pick(on, x!); // [N, n]: a_ii
    const other = f.node("Gather", [own, partner], { axis: 1 });
    const cross = pick(meets, x!); // a_ij with j the partner of i
    const resting = f.node("Or", [f.node("Equal", [partner, order]), f.node("Equal", [cross, scalar(0)])]);
    // For both members the smaller angle θ with tan 2θ = 2 a_ij / (a_jj − a_ii); the partner's sine is the negative one.
    const first = f.node("Less", [order, partner]);
    const difference = f.node("Where", [first, f.node("Sub", [other, own]), f.node("Sub", [own, other])]);
    const safe = f.node("Where", [resting, scalar(1), cross]);
    const tau = f.node("Div", [difference, f.node("Mul", [safe, scalar(2)])]);
    const root = f.node("Sqrt", [f.node("Add", [f.node("Mul", [tau, tau]), scalar(1)])]);
    const sign = f.node("Where", [f.node("Less", [tau, scalar(0)]), scalar(-1), scalar(1)]);
    const tangent = f.node("Div", [sign, f.node("Add", [f.node("Abs", [tau]), root])]);
    const t = f.node("Where", [resting, scalar(0), tangent]);
    const c = f.node("Reciprocal", [f.node("Sqrt", [f.node("Add", [f.node("Mul", [t, t]), scalar(1)])])]);
    const sine = f.node("Mul", [t, c]);
    const s = f.node("Where", [first, f.node("Neg", [sine]), sine]);
    const turn = (matrix: string, axis: 1 | 2) => {
      const along = axis === 1 ? [batch, n, 1] : [batch, 1, n];
      return f.node("Add", [
        f.node("Mul", [matrix, f.reshape(c, along)]),
        f.node("Mul", [f.node("Gather", [matrix, partner], { axis }), f.reshape(s, along)]),
      ]);
    };
    const turned = turn(turn(x!, 1), 2);
    const rotated = f.node("And", [meets, f.node("Not", [on])]);
    const next = f.node("Where", [rotated, scalar(0), turned]);
    const off = largest(f, f.node("Where", [on, scalar(0), next]));
    const open = f.cast(f.node("Greater", [off, threshold]), onnxTypes.int32);
    const any = f.cast(f.reshape(f.node("ReduceMax", [open], { keepdims: 0 }), []), onnxTypes.bool);
    return { carried: [next, turn(v!, 2)], again: any };
  }) as [string, string];
  return [diagonal, vectors].map((x) => ({ name: e.reshape(x, shape), shape }));
};

export const eigenvectors: Record<string, Rule> = { jacobi_eigh: jacobiEigh };
