import { type Atom, type Graph, isLiteral, type Literal, type Node, producedBy, type Value } from "../graph/graph.ts";
import { type Emit, rebuild } from "./rebuild.ts";

const literal = (a: Atom, value?: number): a is Literal => isLiteral(a) && (value === undefined || a.literal === value);

/**
 * Local algebra that automatic differentiation leaves behind: neutral elements, products of constants, double
 * negation, a + (−b) → a − b, a · (1/b) → a / b, max(x, 0) → relu, max(min(x, b), a) → clip, π/2 − asin(x) → acos, sqrt and
 * reciprocal kept as they are.
 * Rewrites never change a value by more than one rounding.
 */
export function algebra(graph: Graph): Graph {
  const rectified = new Set<Atom>();
  for (const node of graph.nodes)
    if (node.op === "relu" || (node.op === "max" && node.inputs.some((a) => literal(a, 0))))
      for (const a of node.inputs) rectified.add(a);
  return rebuild(graph, (node, emit) => {
    const out = node.outputs[0]!;
    const [a, b] = node.inputs as [Atom, Atom];
    const same = (x: Atom) => String(x.shape) === String(out.shape) && x.dtype === out.dtype;
    switch (node.op) {
      case "stop_gradient":
        return [a];
      case "cast":
        return a.dtype === out.dtype && !isLiteral(a) ? [a] : undefined;
      case "neg": {
        const inner = producedBy(a, "neg");
        return inner ? [inner.inputs[0]!] : undefined;
      }
      case "add": {
        if (out.dtype === "bool") return undefined;
        const twice = a === b && doubled(a, out, emit);
        if (twice) return [twice];
        if (literal(a, 0) && same(b)) return [b];
        if (literal(b, 0) && same(a)) return [a];
        const negated = producedBy(b, "neg");
        const sine = negated && literal(a, Math.fround(Math.PI / 2)) && producedBy(negated.inputs[0]!, "asin");
        if (sine && out.dtype === "float32") return [emit("acos", [...sine.inputs], {}, out)];
        if (negated) return [emit("sub", [a, negated.inputs[0]!], {}, out)];
        const other = producedBy(a, "neg");
        if (other) return [emit("sub", [b, other.inputs[0]!], {}, out)];
        return undefined;
      }
      case "mul":
        return out.dtype === "bool" ? undefined : product(a, b, out, same, emit);
      case "max": {
        const below = producedBy(a, "min") ?? producedBy(b, "min");
        const [least, most] = [[a, b], below?.inputs ?? []].map((atoms) => atoms.find((x) => literal(x)));
        if (below && least && most && out.dtype === "float32") {
          const clipped = below.inputs.find((x) => x !== most)!;
          return [emit("clip", [clipped, least, most], {}, out)];
        }
        if (literal(b, 0) && out.dtype === "float32") return [emit("relu", [a], {}, out)];
        if (literal(a, 0) && out.dtype === "float32") return [emit("relu", [b], {}, out)];
        return undefined;
      }
      case "where": {
        // The gradient of relu: where(x < 0, 0, y) → y · (x ≥ 0). Elsewhere a `where` may be hiding an infinity.
        const test = producedBy(a, "compare");
        const below = test?.params.op === "less" && literal(test.inputs[1]!, 0) && rectified.has(test.inputs[0]!);
        if (!below || !literal(b, 0) || out.dtype !== "float32") return undefined;
        const x = test.inputs[0] as Value;
        const kept = emit("step", [x], {}, { ...out, shape: x.shape });
        return [emit("mul", [node.inputs[2]!, kept], {}, out)];
      }
      default:
        return undefined;
    }
  });
}

function product(a: Atom, b: Atom, out: Value, same: (x: Atom) => boolean, emit: Emit): Atom[] | undefined {
  if (literal(a, 1) && same(b)) return [b];
  if (literal(b, 1) && same(a)) return [a];
  if (literal(a, -1) && same(b)) return [emit("neg", [b], {}, out)];
  if (literal(b, -1) && same(a)) return [emit("neg", [a], {}, out)];
  const [constant, rest] = literal(a) ? [a, b] : literal(b) ? [b, a] : [undefined, undefined];
  if (constant && rest) {
    const mean = scaledPool(rest, constant.literal, out, emit);
    if (mean) return [mean];
    const inner: Node | undefined = producedBy(rest, "mul");
    const factor = inner?.inputs.find((x) => literal(x)) as Literal | undefined;
    if (inner && factor) {
      const base = inner.inputs[0] === factor ? inner.inputs[1]! : inner.inputs[0]!;
      const both: Literal = { literal: constant.literal * factor.literal, shape: [], dtype: out.dtype };
      if (both.literal === 1 && same(base)) return [base];
      return [emit("mul", [base, both], {}, out)];
    }
  }
  if (out.dtype !== "float32" && out.dtype !== "float64") return undefined;
  const right = producedBy(b, "reciprocal");
  if (right) return [emit("div", [a, right.inputs[0]!], {}, out)];
  const left = producedBy(a, "reciprocal");
  if (left) return [emit("div", [b, left.inputs[0]!], {}, out)];
  return undefined;
}

/** x · s + x · s, s spread over axes of x: x · 2s. */
function doubled(a: Atom, out: Value, emit: Emit): Value | undefined {
  const node = producedBy(a, "mul");
  const spread = node?.inputs.find((x) => producedBy(x, "broadcast"));
  const source = spread && producedBy(spread, "broadcast");
  const rest = node?.inputs.find((x) => x !== spread);
  const [small] = source?.inputs ?? [];
  if (!source || !rest || !small || isLiteral(small) || small.dtype !== out.dtype) return undefined;
  const two: Literal = { literal: 2, shape: [], dtype: out.dtype };
  const both = emit("mul", [small, two], {}, small);
  return emit("mul", [rest, emit("broadcast", [both], source.params, source.outputs[0]!)], {}, out);
}

/** A sum over the windows of a `pool`, times a number: average pooling, which is one operator. */
function scaledPool(sum: Atom, factor: number, out: Value, emit: Emit): Value | undefined {
  const node = producedBy(sum, "reduce");
  const pooled =
    node && out.dtype === "float32" && String(node.params.op) === "Add" && producedBy(node.inputs[0]!, "pool");
  if (!pooled) return undefined;
  // The sum may be a multiple of one already.
  const { scale = 1 } = node.params as { scale?: number };
  return emit("reduce", [...node.inputs], { ...node.params, scale: scale * factor }, out);
}
