import { type OnnxTensorType, onnxTypes } from "../onnx/model.ts";
import { Emitter } from "./emitter.ts";

/** A value that a loop hands from one iteration to the next. */
export interface Carried {
  name: string;
  /** TensorProto.DataType. */
  type: number;
  shape: readonly number[];
}

/** The arrays that one iteration leaves behind. */
export interface Iteration {
  /** The carried values of the next iteration. */
  carried: readonly string[];
  /** Values of every iteration, stacked along a new first axis after the loop. */
  scanned?: readonly { name: string; type: number }[];
  /** A boolean scalar; the loop ends once it is false. */
  again?: string;
}

/**
 * An ONNX Loop of at most `trips` iterations. `body` emits one iteration into an emitter of its own and may read names of
 * the graph around it.
 *
 * @returns the carried values after the last iteration, then the scanned ones.
 */
export function loop(
  e: Emitter,
  trips: number,
  carried: readonly Carried[],
  body: (inner: Emitter, iteration: string, carried: readonly string[]) => Iteration,
): string[] {
  const prefix = `${e.fresh()}_`;
  const inner = new Emitter(e.program, e.target, new Map(), prefix);
  const inputs: OnnxTensorType[] = [
    { name: inner.fresh(), type: onnxTypes.int64, shape: [] },
    { name: inner.fresh(), type: onnxTypes.bool, shape: [] },
    ...carried.map((c) => ({ name: inner.fresh(), type: c.type, shape: c.shape })),
  ];
  const [iteration, going, ...states] = inputs.map((i) => i.name) as [string, string, ...string[]];
  const result = body(inner, iteration, states);
  const wanted = [
    { name: result.again ?? going, type: onnxTypes.bool },
    ...result.carried.map((name, k) => ({ name, type: carried[k]!.type })),
    ...(result.scanned ?? []),
  ];
  const produced = new Set(inner.nodes.flatMap((n) => n.outputs));
  const outputs = wanted.map(({ name, type }, k) => {
    if (produced.has(name) && wanted.findIndex((w) => w.name === name) === k) return { name, type };
    const copy = inner.fresh();
    inner.nodes.push({ op: "Identity", inputs: [name], outputs: [copy] });
    return { name: copy, type };
  });
  const own = new Set([
    ...inputs.map((i) => i.name),
    ...inner.initializers.map((c) => c.name),
    ...inner.nodes.flatMap((n) => n.outputs),
  ]);
  const reads = inner.nodes.flatMap((n) => [...n.inputs, ...(n.captures ?? [])]);
  const results = outputs.slice(1).map(() => e.fresh());
  const graph = { nodes: inner.nodes, initializers: inner.initializers, inputs, outputs };
  e.nodes.push({
    op: "Loop",
    inputs: [e.int64(trips), "", ...carried.map((c) => c.name)],
    outputs: results,
    attributes: { body: { graph } },
    captures: [...new Set(reads.filter((name) => name !== "" && !own.has(name)))],
  });
  return results;
}
