import type { Array as Traced } from "@jax-js/jax";
import type { Optimizer } from "./optimizer.ts";
import { overTensors, zerosLike } from "./overTensors.ts";

export interface SgdOptions {
  /** 0.9. */
  readonly momentum?: number;
  /** Added to the gradient as weightDecay · θ; 5e-4. */
  readonly weightDecay?: number;
}

/**
 * Stochastic gradient descent with momentum, in PyTorch's form: g ← g + weightDecay · θ; v ← momentum · v + g; θ ← θ − rate · v.
 */
export function sgd({ momentum = 0.9, weightDecay = 5e-4 }: SgdOptions = {}): Optimizer {
  const decayed = (p: Traced, g: Traced) => (weightDecay === 0 ? g : g.add(p.ref.mul(weightDecay)));
  const plain: Optimizer = {
    name: "sgd",
    init: () => ({}),
    update(params, gradient, _state, rate) {
      const [moved] = overTensors([params, gradient], (p, g) => {
        const total = decayed(p, g);
        return [p.sub(total.mul(rate.ref))] as const;
      });
      rate.dispose();
      return { params: moved, state: {} };
    },
  };
  if (momentum === 0) return plain;
  return {
    name: "sgd",
    init: (params) => ({ velocity: zerosLike(params) }),
    update(params, gradient, state, rate) {
      const [moved, velocity] = overTensors([params, gradient, state.velocity!], (p, g, v) => {
        const next = v.mul(momentum).add(decayed(p, g));
        return [p.sub(next.ref.mul(rate.ref)), next] as const;
      });
      rate.dispose();
      return { params: moved, state: { velocity } };
    },
  };
}
