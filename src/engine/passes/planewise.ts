import { type Atom, type Graph, isLiteral, type Node, producedBy, type Value } from "../graph/graph.ts";
import { meanOver } from "./fusedNormalisation.ts";
import { is, isPlaneConstant, number, planeConstants } from "./planeConstants.ts";
import { type Emit, rebuild } from "./rebuild.ts";

/** Σ_k x_k · s_k + b: arrays x_k [n, C, H, W], factors and an offset that are constant over each plane. */
interface Form {
  readonly terms: readonly { readonly x: Value; readonly s: Atom }[];
  readonly b: Atom;
}

/**
 * Arithmetic that is linear over whole planes, which normalisation and its derivatives are full of, collected into
 * Σ_k x_k · s_k + b. Like terms join, sums over planes become sums of arrays whose plane sums are known (those of
 * x − mean x are zero), and what is left is carried out in as few passes over memory as there are arrays: one
 * `plane_affine` for a term with its factor and the offset, a product and a sum for each other one.
 */
export function planewise(graph: Graph): Graph {
  const readers = new Map<Atom, Node[]>();
  for (const node of graph.nodes)
    for (const a of new Set(node.inputs)) readers.set(a, [...(readers.get(a) ?? []), node]);
  const isOutput = new Set<Atom>(graph.outputs);
  const isSummed = new Set<Atom>(graph.nodes.filter(sumsPlanes).map((n) => n.inputs[0]!));
  const absorbs = (node: Node) =>
    isLinear(node) && !isCentred(node.outputs[0]!) && !isBiasOfConv(node, readers) && !isSumOfConvs(node);
  /** Read by sums over planes, and by one linear operator at most: never needed itself. */
  const passes = (v: Value) => {
    const others = (readers.get(v) ?? []).filter((n) => !sumsPlanes(n));
    return !isOutput.has(v) && others.length <= 1 && others.every(absorbs);
  };
  const pending = new Map<Atom, Form>();
  const carriedOut = new Map<Atom, Value>();
  /** Forms of arrays that exist, where their plane sums are cheaper to have from the form. */
  const summable = new Map<Atom, Form>();

  return rebuild(graph, (node, emit) => {
    const planes = planeConstants(emit);

    /** The array itself. */
    const written = (a: Atom): Atom => {
      const form = pending.get(a);
      if (!form) return a;
      const v = carriedOut.get(a) ?? carryOut(form, a as Value, emit);
      carriedOut.set(a, v);
      return v;
    };
    const formOf = (a: Atom): Form => {
      const constant = planes.of(a);
      if (constant) return { terms: [], b: constant };
      return pending.get(a) ?? { terms: [{ x: a as Value, s: number(1) }], b: number(0) };
    };
    const scaled = (a: Atom, by: Atom): Form => {
      // Scaling several terms costs more than scaling their sum.
      const form = formOf(a);
      const { terms, b } = form.terms.length <= 1 ? form : formOf(written(a));
      return { terms: terms.map(({ x, s }) => ({ x, s: planes.product(s, by) })), b: planes.product(b, by) };
    };
    const sum = (p: Form, q: Form): Form => {
      const terms = [...p.terms];
      for (const { x, s } of q.terms) {
        const at = terms.findIndex((t) => t.x === x);
        if (at < 0) terms.push({ x, s });
        else terms[at] = { x, s: planes.sum(terms[at]!.s, s) };
      }
      return { terms, b: planes.sum(p.b, q.b) };
    };
    const linear = (): Form => {
      const [a, b] = node.inputs as [Atom, Atom];
      switch (node.op) {
        case "add":
          return sum(formOf(a), formOf(b));
        case "sub":
          return sum(formOf(a), scaled(b, number(-1)));
        case "neg":
          return scaled(a, number(-1));
        default: {
          const factor = planes.of(b);
          return factor ? scaled(a, factor) : scaled(b, planes.of(a)!);
        }
      }
    };

    if (sumsPlanes(node)) {
      const source = node.inputs[0] as Value;
      const out = node.outputs[0]!;
      const form = pending.get(source) ?? summable.get(source);
      const perPlane = form ? planes.flat(sumOfPlanes(form, source), source) : undefined;
      if (node.params.axis.length === 2) return perPlane && [perPlane];
      const flat = { shape: source.shape.slice(0, 2), dtype: out.dtype };
      const sums = perPlane ?? emit("reduce", [source], { op: "Add", axis: [2, 3] }, flat);
      return [emit("reduce", [sums], { op: "Add", axis: [0] }, out)];
    }
    if (!absorbs(node)) return undefined;
    const out = node.outputs[0]!;
    const form = linear();
    if (passes(out)) {
      const deferred: Value = { id: out.id, shape: out.shape, dtype: out.dtype };
      pending.set(deferred, form);
      return [deferred];
    }
    const v = carryOut(form, out, emit);
    if (form.terms.every(({ x }) => isCentred(x) || isSummed.has(x))) summable.set(v, form);
    return [v];

    function sumOfPlanes({ terms, b }: Form, { shape }: Value): Atom {
      return terms
        .filter(({ x }) => !isCentred(x))
        .reduce(
          (total, { x, s }) => planes.sum(total, planes.product(s, planes.planeSum(x))),
          planes.product(b, number(shape[2]! * shape[3]!)),
        );
    }
  });
}

/** Tells whether an array has planes worth the trouble. */
const hasPlanes = (a: Atom): boolean =>
  a.dtype === "float32" && a.shape.length === 4 && a.shape[2]! * a.shape[3]! > 1 && !isPlaneConstant(a);

/** x − mean of x over its planes: its planes add up to zero. */
function isCentred(v: Value): boolean {
  const difference = producedBy(v, "sub");
  return difference !== undefined && meanOver(difference.inputs[1]!, v) === difference.inputs[0];
}

function sumsPlanes(node: Node): boolean {
  if (node.op !== "reduce" || String(node.params.op) !== "Add" || !hasPlanes(node.inputs[0]!)) return false;
  return String(node.params.axis) === "2,3" || String(node.params.axis) === "0,2,3";
}

/** Sums, differences, negatives, and products with a plane constant. */
function isLinear(node: Node): boolean {
  const out = node.outputs[0]!;
  const constants = node.inputs.filter(isPlaneConstant).length;
  const whole = node.inputs.every((a) => isPlaneConstant(a) || String(a.shape) === String(out.shape));
  if (!hasPlanes(out) || !whole || constants === node.inputs.length) return false;
  return node.op === "mul" ? constants === 1 : ["add", "sub", "neg"].includes(node.op);
}

/** The sum that becomes a convolution's own bias, which costs nothing. */
function isBiasOfConv(node: Node, readers: ReadonlyMap<Atom, Node[]>): boolean {
  return node.inputs.some((a, i) => {
    const bias = node.inputs[1 - i];
    const isOffset = node.op === "add" && bias && !isLiteral(bias) && isPlaneConstant(bias) && bias.shape[0] === 1;
    return isOffset && producedBy(a, "conv") && readers.get(a)?.length === 1;
  });
}

/** Two convolutions added up, whose lowering may add before it has finished either. */
const isSumOfConvs = (node: Node): boolean =>
  node.op === "add" && node.inputs.every((a) => producedBy(unswapped(a), "conv"));

function unswapped(a: Atom): Atom {
  const swap = producedBy(a, "transpose");
  return swap ? unswapped(swap.inputs[0]!) : a;
}

/** Emits what computes a form; the offset rides on a term that has a factor, if any does. */
function carryOut({ terms, b }: Form, like: Value, emit: Emit): Value {
  const first = Math.max(
    0,
    terms.findIndex(({ s }) => !is(s, 1)),
  );
  const scaled = ({ x, s }: Form["terms"][number]) => (is(s, 1) ? x : emit("mul", [x, s], {}, like));
  const { x, s } = terms[first]!;
  let v = is(b, 0)
    ? scaled(terms[first]!)
    : is(s, 1)
      ? emit("add", [x, b], {}, like)
      : emit("plane_affine", [x, s, b], {}, like);
  terms.forEach((term, i) => {
    if (i !== first) v = emit("add", [v, scaled(term)], {}, like);
  });
  return v;
}
