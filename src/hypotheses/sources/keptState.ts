import type { Params } from "../network.ts";
import type { OptimizerState } from "../optimizers/optimizer.ts";
import type { TrainingState } from "../training/trainingStep.ts";
import type { Kept } from "./source.ts";

/** A training's state as flat tensors: "params/conv1/weight", "optimizer/velocity/conv1/weight", "statistics/…". */
export function flattenState({ params, optimizer, statistics }: TrainingState, prefix = ""): Kept {
  const flat: Record<string, Kept[string]> = {};
  const add = (path: string, tree: Params) => {
    for (const [layer, tensors] of Object.entries(tree))
      for (const [name, t] of Object.entries(tensors)) flat[`${prefix}${path}/${layer}/${name}`] = t;
  };
  add("params", params);
  add("statistics", statistics);
  for (const [part, tree] of Object.entries(optimizer)) add(`optimizer/${part}`, tree);
  return flat;
}

/** The inverse of {@link flattenState}; undefined where nothing is kept under the prefix. */
export function gatherState(kept: Kept, prefix = ""): TrainingState | undefined {
  const params: Params = {};
  const statistics: Params = {};
  const optimizer: Record<string, Params> = {};
  let found = false;
  for (const [path, t] of Object.entries(kept)) {
    if (!path.startsWith(prefix)) continue;
    const [part, ...rest] = path.slice(prefix.length).split("/") as [string, ...string[]];
    if (part !== "params" && part !== "statistics" && part !== "optimizer") continue;
    found = true;
    let tree = part === "params" ? params : statistics;
    if (part === "optimizer") {
      const own = rest.shift()!;
      optimizer[own] ??= {};
      tree = optimizer[own];
    }
    const [layer, name] = rest as [string, string];
    tree[layer] ??= {};
    tree[layer][name] = t;
  }
  return found ? ({ params, optimizer: optimizer as OptimizerState, statistics } as TrainingState) : undefined;
}
