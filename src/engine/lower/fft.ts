import type { Atom } from "../graph/graph.ts";
import { onnxTypes } from "../onnx/model.ts";
import { size } from "../tensor.ts";
import type { Emitter, Rule } from "./emitter.ts";
import type { Real } from "./triangularSolve.ts";

/** Longest transform that is one matrix product where the length has divisors. */
const longest = 64;

interface Complex {
  re: string;
  im: string;
}

/** cos and sin of ±2π · (row · column) / n as constants [rows, columns]. */
function roots(e: Emitter, n: number, shape: [number, number], sign: number, dtype: Real): Complex {
  const [height, width] = shape;
  const make = (fn: (x: number) => number) => {
    const data = new (dtype === "float32" ? Float32Array : Float64Array)(height * width);
    for (let j = 0; j < height; j++)
      for (let k = 0; k < width; k++) data[j * width + k] = fn((sign * 2 * Math.PI * ((j * k) % n)) / n);
    return e.constant(data, shape, onnxTypes[dtype]);
  };
  return { re: make(Math.cos), im: make(Math.sin) };
}

/** The complex product under a real bilinear operator. */
function times(e: Emitter, op: "Mul" | "MatMul", x: Complex, y: Complex): Complex {
  const product = (a: string, b: string) => e.node(op, [a, b]);
  return {
    re: e.node("Sub", [product(x.re, y.re), product(x.im, y.im)]),
    im: e.node("Add", [product(x.re, y.im), product(x.im, y.re)]),
  };
}

/**
 * Transforms the last axis of [N, n] (Cooley and Tukey 1965). With n = p q, index p' q + q' in and p'' + p q'' out: a
 * transform of length p, a twiddle, a transform of length q.
 */
function transform(e: Emitter, x: Complex, batch: number, n: number, sign: number, dtype: Real): Complex {
  let p = Math.min(n, longest);
  while (n % p !== 0) p--;
  if (p === 1 || p === n) return times(e, "MatMul", x, roots(e, n, [n, n], sign, dtype));
  const q = n / p;
  const each = (z: Complex, fn: (name: string) => string): Complex => ({ re: fn(z.re), im: fn(z.im) });
  const split = each(x, (z) => e.reshape(z, [batch, p, q]));
  const outer = times(e, "MatMul", roots(e, p, [p, p], sign, dtype), split);
  const turned = times(e, "Mul", outer, roots(e, n, [p, q], sign, dtype));
  const inner = transform(
    e,
    each(turned, (z) => e.reshape(z, [batch * p, q])),
    batch * p,
    q,
    sign,
    dtype,
  );
  return each(inner, (z) => e.reshape(e.transpose(e.reshape(z, [batch, p, q]), [0, 2, 1]), [batch, n]));
}

/** The discrete Fourier transform of the last axis, real and imaginary parts apart; the inverse divides by its length. */
const fft: Rule = (e, node) => {
  const [real, imaginary] = node.inputs as [Atom, Atom];
  const { dtype } = real;
  if (dtype !== "float32" && dtype !== "float64") return e.fail(node, "it needs float32 or float64");
  const n = real.shape.at(-1)!;
  const batch = size(real.shape.slice(0, -1));
  const flat = (a: Atom) => e.reshape(e.full(a), [batch, n]);
  const inverse = Boolean(node.params.inverse);
  const y = transform(e, { re: flat(real), im: flat(imaginary) }, batch, n, inverse ? 1 : -1, dtype);
  return [y.re, y.im].map((name) => {
    const scaled = inverse ? e.node("Mul", [name, e.scalar(1 / n, dtype)]) : name;
    return { name: e.reshape(scaled, real.shape), shape: real.shape };
  });
};

export const fourier: Record<string, Rule> = { fft };
