import { defaultDevice, init, DType as JaxDType, numpy as np, type Array as Traced, tree } from "@jax-js/jax";
import { type DType, Tensor, type TensorData } from "../tensor.ts";
import type { Executor, Program, Traceable } from "./executor.ts";

const jaxDTypes: Record<DType, JaxDType> = {
  float32: JaxDType.Float32,
  float64: JaxDType.Float64,
  int32: JaxDType.Int32,
  uint32: JaxDType.Uint32,
  bool: JaxDType.Bool,
};

let ready: Promise<unknown> | undefined;

/**
 * jax-js executing the function itself, operation by operation, on its reference CPU backend (`cpu`) or its
 * WebAssembly one (`wasm`). Slow; the truth that every lowering rule is tested against.
 */
export function oracle(device: "cpu" | "wasm" = "cpu"): Executor {
  return {
    name: `oracle-${device}`,
    async load({ fn, structure }: Traceable): Promise<Program> {
      ready ??= init("cpu", "wasm");
      await ready;
      let outputs: unknown;
      const program = {
        get outputs() {
          return outputs;
        },
        async run(inputs: readonly Tensor[]) {
          const before = defaultDevice();
          defaultDevice(device);
          try {
            const args = tree.unflatten(structure as never, inputs.map(toJax) as never) as never[];
            const [leaves, definition] = tree.flatten(fn(...args) as never) as unknown as [Traced[], unknown];
            outputs = definition;
            return leaves.map(fromJax);
          } finally {
            defaultDevice(before);
          }
        },
        dispose() {},
      };
      return program;
    },
  };
}

function toJax(t: Tensor): Traced {
  const data = t.dtype === "bool" ? Int32Array.from(t.data) : t.data.slice();
  const array = np.array(data as never, {
    shape: [...t.shape],
    dtype: jaxDTypes[t.dtype === "bool" ? "int32" : t.dtype],
  });
  return t.dtype === "bool" ? array.astype(JaxDType.Bool) : array;
}

function fromJax(leaf: Traced | number): Tensor {
  if (typeof leaf === "number") return new Tensor(Float32Array.of(leaf), [], "float32");
  const dtype = leaf.dtype as unknown as DType;
  const shape = [...leaf.shape];
  const data = leaf.dataSync() as unknown as TensorData;
  return new Tensor(dtype === "bool" ? Uint8Array.from(data) : data, shape, dtype);
}
