import { defaultDevice, type Array as Traced } from "@jax-js/jax";
import type { Tensor } from "../tensor.ts";
import { fromJax, jaxReady, toJax } from "../trace.ts";
import { flatten, unflatten } from "../typed.ts";
import type { Executor, Program, Traceable } from "./executor.ts";

/**
 * jax-js executing the function itself, operation by operation, on its reference CPU backend (`cpu`) or its
 * WebAssembly one (`wasm`). Slow; the truth that every lowering rule is tested against.
 */
export function oracle(device: "cpu" | "wasm" = "cpu"): Executor {
  return {
    name: `oracle-${device}`,
    async load({ fn, structure }: Traceable): Promise<Program> {
      await jaxReady();
      let outputs: unknown;
      return {
        get outputs() {
          return outputs;
        },
        async run(inputs: readonly Tensor[]) {
          const before = defaultDevice();
          defaultDevice(device);
          try {
            const args = unflatten<never[]>(structure, inputs.map(toJax));
            const [leaves, definition] = flatten<Traced>(fn(...args));
            outputs = definition;
            return leaves.map(fromJax);
          } finally {
            defaultDevice(before);
          }
        },
        dispose() {},
      };
    },
  };
}
