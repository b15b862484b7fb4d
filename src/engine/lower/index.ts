import { countUses, type Graph } from "../graph/graph.ts";
import { workOf } from "../graph/work.ts";
import { encodeModel, type OnnxModel, type OnnxNode, type OnnxTensorType, onnxTypes } from "../onnx/model.ts";
import type { DType } from "../tensor.ts";
import { bits } from "./bits.ts";
import { choleskyFactors } from "./cholesky.ts";
import { convolutions } from "./conv.ts";
import { products } from "./dot.ts";
import { elementwise } from "./elementwise.ts";
import { Emitter, type Rule, type Target } from "./emitter.ts";
import { fourier } from "./fft.ts";
import { indexing } from "./indexing.ts";
import { eigenvectors } from "./jacobiEigh.ts";
import { luFactors } from "./lu.ts";
import { movement } from "./movement.ts";
import { normalisations } from "./normalisation.ts";
import { pooling } from "./pool.ts";
import { reductions } from "./reduce.ts";
import { sorting } from "./sort.ts";
import { triangularSolves } from "./triangularSolve.ts";

/** One rule per primitive of jax-js and per primitive the passes introduce. */
export const rules: Readonly<Record<string, Rule>> = {
  ...elementwise,
  ...movement,
  ...reductions,
  ...pooling,
  ...products,
  ...convolutions,
  ...indexing,
  ...normalisations,
  ...sorting,
  ...bits,
  ...triangularSolves,
  ...choleskyFactors,
  ...luFactors,
  ...eigenvectors,
  ...fourier,
};

export interface OutputType {
  readonly shape: readonly number[];
  readonly dtype: DType;
}

/** One ONNX model: serialised, with the names it is fed and fetched by. */
export interface OnnxProgram {
  readonly model: Uint8Array;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** {@link workOf} its graph, at most, where it is known. */
  readonly work?: number;
}

/** A graph lowered to ONNX. Input k of the graph is named `i<k>`, output k `o<k>`. */
export interface Lowered {
  readonly whole: OnnxProgram;
  /** The model that `whole` serialises. */
  readonly model: OnnxModel;
  /**
   * The same in two parts for programs that run many times while only some inputs change: what depends on the others
   * alone (reordered weights) is computed once by `prelude` and fed to `body` by name.
   */
  split(varying: ReadonlySet<string>): { prelude?: OnnxProgram; body: OnnxProgram };
  readonly outputs: readonly OutputType[];
}

/**
 * Lowers a graph to ONNX.
 *
 * @throws AttarError naming the primitive and the function where there is no rule for it.
 */
export function lower(graph: Graph, name: string, target: Target): Lowered {
  const e = new Emitter(name, target, countUses(graph));
  const types = new Map<string, OnnxTensorType>();
  graph.inputs.forEach((v, i) => {
    e.set(v, { name: `i${i}`, shape: v.shape });
    types.set(`i${i}`, { name: `i${i}`, type: onnxTypes[v.dtype], shape: v.shape });
  });
  for (const node of graph.nodes) {
    const rule = rules[node.op] ?? (() => e.fail(node, "there is no rule for it"));
    const held = rule(e, node);
    node.outputs.forEach((v, i) => {
      e.set(v, held[i]!);
    });
  }
  const outputs = graph.outputs.map((a, i) => {
    e.nodes.push({ op: "Identity", inputs: [e.full(a)], outputs: [`o${i}`] });
    types.set(`o${i}`, { name: `o${i}`, type: onnxTypes[a.dtype], shape: a.shape });
    return { shape: a.shape, dtype: a.dtype };
  });
  const results = outputs.map((_, i) => `o${i}`);
  for (const h of e.hoisted) types.set(h, { name: h, type: onnxTypes.float32 });
  const modelOf = (wanted: readonly string[], given: ReadonlySet<string>): OnnxModel => {
    const nodes = reached(e.nodes, wanted, given);
    const read = new Set(nodes.flatMap(readBy));
    const inputs = [...types.keys()].filter((k) => read.has(k) && (k.startsWith("i") || given.has(k)));
    return {
      nodes,
      initializers: e.initializers.filter((c) => read.has(c.name)),
      inputs: inputs.map((k) => types.get(k)!),
      outputs: wanted.map((k) => types.get(k)!),
    };
  };
  const program = (wanted: readonly string[], given: ReadonlySet<string>): OnnxProgram => {
    const model = modelOf(wanted, given);
    return { model: encodeModel(model), inputs: model.inputs.map(({ name }) => name), outputs: wanted };
  };
  const work = workOf(graph);
  return {
    whole: { ...program(results, new Set()), work },
    model: modelOf(results, new Set()),
    split(varying) {
      const changing = dependents(e.nodes, varying);
      const fixed = [...e.hoisted].filter((h) => !changing.has(h));
      const given = new Set(fixed);
      const body = { ...program(results, given), work };
      const used = fixed.filter((h) => body.inputs.includes(h));
      return used.length > 0 ? { prelude: program(used, new Set()), body } : { body };
    },
    outputs,
  };
}

/** Everything a node reads, the bodies of loops included. */
const readBy = (node: OnnxNode): readonly string[] => [...node.inputs, ...(node.captures ?? [])];

/** All names that depend on some of the given ones. */
function dependents(nodes: readonly OnnxNode[], from: ReadonlySet<string>): Set<string> {
  const all = new Set(from);
  for (const node of nodes) if (readBy(node).some((i) => all.has(i))) for (const o of node.outputs) all.add(o);
  return all;
}

/** The nodes that some output depends on: rules may emit a form that a later rule replaces. */
function reached(nodes: readonly OnnxNode[], outputs: readonly string[], given: ReadonlySet<string>): OnnxNode[] {
  const wanted = new Set(outputs);
  const kept: OnnxNode[] = [];
  for (let i = nodes.length - 1; i >= 0; i--) {
    const node = nodes[i]!;
    if (!node.outputs.some((o) => wanted.has(o) && !given.has(o))) continue;
    kept.push(node);
    for (const name of readBy(node)) wanted.add(name);
  }
  return kept.reverse();
}
