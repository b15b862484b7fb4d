import { type Atom, isLiteral, type Literal, producedBy, type Value } from "../graph/graph.ts";
import type { Emit } from "./rebuild.ts";

/**
 * Tells whether an atom is one number for each plane of [n, C, H, W]: a literal, [n or 1, C or 1, 1, 1], or a broadcast of
 * that.
 */
export function isPlaneConstant(a: Atom): boolean {
  if (isLiteral(a)) return true;
  if (a.shape.length !== 4 || a.dtype !== "float32") return false;
  if (a.shape[2] === 1 && a.shape[3] === 1) return true;
  const axes: readonly number[] = producedBy(a, "broadcast")?.params.axis ?? [];
  return axes.includes(2) && axes.includes(3);
}

export const number = (literal: number): Literal => ({ literal, shape: [], dtype: "float32" });
export const is = (a: Atom, value: number) => isLiteral(a) && a.literal === value;

/** Arithmetic on plane constants: a few thousand numbers where their arrays have millions. */
export function planeConstants(emit: Emit) {
  const like = (a: Atom, b: Atom) => {
    const shapes = [a.shape, b.shape].map((s) => (s.length === 4 ? s : [1, 1, 1, 1]));
    return { dtype: "float32" as const, shape: shapes[0]!.map((d, i) => (d === 1 ? shapes[1]![i]! : d)) };
  };
  return {
    /** The literal or the [n or 1, C or 1, 1, 1] array behind a plane constant; undefined for anything else. */
    of(a: Atom): Atom | undefined {
      if (!isPlaneConstant(a)) return undefined;
      if (isLiteral(a) || (a.shape[2] === 1 && a.shape[3] === 1)) return a;
      const { inputs, params } = producedBy(a, "broadcast")!;
      if (isLiteral(inputs[0]!)) return inputs[0]!;
      const shape = a.shape.map((d, i) => ((params.axis as number[]).includes(i) ? 1 : d));
      return emit("reshape", [inputs[0]!], { shape }, { shape, dtype: "float32" });
    },
    product(a: Atom, b: Atom): Atom {
      if (isLiteral(a) && isLiteral(b)) return number(a.literal * b.literal);
      if (is(a, 1) || is(b, 0)) return b;
      if (is(b, 1) || is(a, 0)) return a;
      return emit("mul", [a, b], {}, like(a, b));
    },
    sum(a: Atom, b: Atom): Atom {
      if (isLiteral(a) && isLiteral(b)) return number(a.literal + b.literal);
      if (is(a, 0)) return b;
      if (is(b, 0)) return a;
      return emit("add", [a, b], {}, like(a, b));
    },
    /** Σ of x over each plane: [n, C, H, W] → [n, C, 1, 1]. */
    planeSum(x: Value): Value {
      const [n, channels] = x.shape as [number, number];
      const shape = [n, channels];
      const flat = emit("reduce", [x], { op: "Add", axis: [2, 3] }, { shape, dtype: "float32" });
      const kept = [n, channels, 1, 1];
      return emit("reshape", [flat], { shape: kept }, { shape: kept, dtype: "float32" });
    },
    /** A plane constant of `x` written out as [n, C]. */
    flat(a: Atom, x: Value): Value {
      const [n, channels] = x.shape as [number, number];
      const shape = [n, channels, 1, 1];
      const ones = emit("broadcast", [number(1)], { shape, axis: [0, 1, 2, 3] }, { shape, dtype: "float32" });
      const whole = emit("mul", [a, ones], {}, { shape, dtype: "float32" });
      return emit("reshape", [whole], { shape: [n, channels] }, { shape: [n, channels], dtype: "float32" });
    },
  };
}
