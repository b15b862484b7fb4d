import { type RandomKey, size, Tensor } from "../../engine/index.ts";
import type { InitialTable } from "../layers/stage.ts";
import type { Params } from "../network.ts";

/** Fresh tensors for a table: each is drawn from `key.fold(layer).fold(name)`, so no tensor's values depend on another. */
export function initialise(table: InitialTable, key: RandomKey): Params {
  const params: Params = {};
  for (const [layer, tensors] of Object.entries(table)) {
    const own: Params[string] = {};
    for (const [name, { shape, start }] of Object.entries(tensors)) {
      const count = size(shape);
      const data =
        "bound" in start
          ? key.fold(layer).fold(name).uniform(count, -start.bound, start.bound)
          : new Float32Array(count).fill(start.value);
      own[name] = new Tensor(data, shape, "float32");
    }
    params[layer] = own;
  }
  return params;
}
