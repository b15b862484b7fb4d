import { defaultDevice, init, DType as JaxDType, numpy as np, type Array as Traced } from "@jax-js/jax";
import type { Traceable } from "./executors/executor.ts";
import { graphFromJaxpr, type JaxprLike } from "./graph/fromJaxpr.ts";
import type { Graph } from "./graph/graph.ts";
import { optimise } from "./passes/index.ts";
import { type DType, Tensor } from "./tensor.ts";
import { jaxprOf, unflatten } from "./typed.ts";

/** jax-js's name of each element type. */
export const jaxDTypes: Record<DType, JaxDType> = {
  float32: JaxDType.Float32,
  float64: JaxDType.Float64,
  int32: JaxDType.Int32,
  uint32: JaxDType.Uint32,
  bool: JaxDType.Bool,
};

let ready: Promise<unknown> | undefined;

/** Loads jax-js's backends once. The devices are named because its default probe reads `navigator`, absent in Node 20. */
export function jaxReady(): Promise<unknown> {
  ready ??= init("cpu", "wasm");
  return ready;
}

/** An array known by shape and type only: a leaf of an argument tree. */
class Abstract {
  readonly weakType = false;
  constructor(
    readonly shape: number[],
    readonly dtype: JaxDType,
  ) {}
}

export interface Trace {
  readonly graph: Graph;
  /** Values of the graph's leading inputs: arrays that the function closed over. */
  readonly captured: readonly Tensor[];
  /** jax-js tree definition of the result. */
  readonly outputs: unknown;
}

/** Runs a function on abstract arrays and returns what it did as an optimised graph. */
export async function trace({ name, fn, structure, examples }: Traceable): Promise<Trace> {
  await jaxReady();
  const before = defaultDevice();
  defaultDevice("cpu");
  try {
    const abstract = examples.map((t) => new Abstract([...t.shape], jaxDTypes[t.dtype]));
    const { jaxpr, captured, outputs } = jaxprOf<JaxprLike>(fn, unflatten(structure, abstract));
    const graph = optimise(graphFromJaxpr(jaxpr, name));
    return { graph, captured: captured.map(fromJax), outputs };
  } finally {
    defaultDevice(before);
  }
}

function dtypeOf(dtype: JaxDType): DType {
  for (const [name, value] of Object.entries(jaxDTypes)) if (value === dtype) return name as DType;
  throw new TypeError(`arrays of ${dtype} do not leave the graph`);
}

/** A host copy of a jax-js array. */
export function fromJax(leaf: Traced | number): Tensor {
  if (typeof leaf === "number") return new Tensor(Float32Array.of(leaf), [], "float32");
  const dtype = dtypeOf(leaf.dtype);
  const shape = [...leaf.shape];
  const data = leaf.dataSync();
  return new Tensor(dtype === "bool" ? Uint8Array.from(data) : data, shape, dtype);
}

/** A jax-js array with a copy of a host tensor. */
export function toJax(t: Tensor): Traced {
  const data = t.dtype === "bool" ? Int32Array.from(t.data) : t.data.slice();
  const dtype = jaxDTypes[t.dtype === "bool" ? "int32" : t.dtype];
  const array = np.array(data, { shape: [...t.shape], dtype });
  return t.dtype === "bool" ? array.astype(JaxDType.Bool) : array;
}
