import { numpy as np, type Array as Traced, tree } from "@jax-js/jax";
import { AttarError, type Tensor, zeros } from "../../engine/index.ts";
import type { Params, TracedParams } from "../network.ts";

/** An optimizer by name and constants; JSON-serialisable. */
export interface OptimizerSpec {
  readonly name: "sgd" | "adam" | "adamw";
  readonly momentum?: number;
  readonly weightDecay?: number;
}

export const sgd = (options: { momentum?: number; weightDecay?: number } = {}): OptimizerSpec => ({
  name: "sgd",
  ...options,
});
export const adam = (options: { weightDecay?: number } = {}): OptimizerSpec => ({ name: "adam", ...options });
export const adamw = (options: { weightDecay?: number } = {}): OptimizerSpec => ({ name: "adamw", ...options });

/** Slots each parameter needs: SGD one (momentum), Adam two (first and second moment). */
export function optimizerState(spec: OptimizerSpec, params: Params): Params[] {
  const blank = (): Params => tree.map((t: Tensor) => zeros(t.shape), params as never) as unknown as Params;
  return spec.name === "sgd" ? [blank()] : [blank(), blank()];
}

/**
 * One update, traced, with PyTorch's semantics: SGD v ← m v + (g + λ w), w ← w − η v; Adam with bias correction (step
 * counted from 1), AdamW with decoupled decay.
 *
 * @param rate learning rate η, a scalar. @param step number of this update, a scalar (read by Adam only).
 */
export function optimizerStep(
  spec: OptimizerSpec,
  params: TracedParams,
  gradients: TracedParams,
  state: TracedParams[],
  rate: Traced,
  step: Traced,
): { params: TracedParams; state: TracedParams[] } {
  const decay = spec.weightDecay ?? 0;
  const [w, structure] = tree.flatten(params as never) as unknown as [Traced[], never];
  const g = tree.leaves(gradients as never) as unknown as Traced[];
  const slots = state.map((s) => tree.leaves(s as never) as unknown as Traced[]);
  const next: Traced[] = [];
  const nextSlots: Traced[][] = state.map(() => []);
  w.forEach((weight, i) => {
    if (spec.name === "sgd") {
      const direction = decay ? g[i]!.add(weight.ref.mul(decay)) : g[i]!;
      const v = slots[0]![i]!.mul(spec.momentum ?? 0).add(direction);
      nextSlots[0]!.push(v.ref);
      next.push(weight.sub(v.mul(rate.ref)));
      return;
    }
    if (spec.name !== "adam" && spec.name !== "adamw")
      throw new AttarError("unknown-optimizer", `unknown optimizer "${spec.name}"`, "use sgd, adam or adamw");
    const [b1, b2] = [0.9, 0.999];
    const coupled = spec.name === "adam" && decay ? g[i]!.add(weight.ref.mul(decay)) : g[i]!;
    const m = slots[0]![i]!.mul(b1).add(coupled.ref.mul(1 - b1));
    const s = slots[1]![i]!.mul(b2).add(coupled.ref.mul(coupled).mul(1 - b2));
    nextSlots[0]!.push(m.ref);
    nextSlots[1]!.push(s.ref);
    const corrected = (base: number) => np.subtract(1, np.exp(step.ref.mul(Math.log(base))));
    const unit = m.div(corrected(b1)).div(np.sqrt(s.div(corrected(b2))).add(1e-8));
    const shrunk = spec.name === "adamw" && decay ? weight.ref.mul(np.subtract(1, rate.ref.mul(decay))) : weight.ref;
    next.push(shrunk.sub(unit.mul(rate.ref)));
  });
  return {
    params: tree.unflatten(structure, next as never) as unknown as TracedParams,
    state: nextSlots.map((leaves) => tree.unflatten(structure, leaves as never) as unknown as TracedParams),
  };
}
