import { nn, numpy as np, type Array as Traced } from "@jax-js/jax";
import type { StageMaker } from "./stage.ts";

const sharpness = 60;

const functions = {
  /** max(x, 0). */
  relu: (x: Traced) => nn.relu(x),
  /** 1 / (1 + exp(−x)). */
  sigmoid: (x: Traced) => sigmoid(x),
  /** x where positive, 0.01·x elsewhere. */
  leakyrelu: (x: Traced) => np.maximum(x.ref, x.mul(0.01)),
  /** x · sigmoid(x). */
  swish: (x: Traced) => x.ref.mul(sigmoid(x)),
  /** log(1 + exp(60 x)) / 60: a ReLU that can be differentiated twice (Loo et al. 2023). */
  softplus: (x: Traced) => {
    const corner = np.log(np.exp(np.abs(x.ref).mul(-sharpness)).add(1)).mul(1 / sharpness);
    return nn.relu(x).add(corner);
  },
} as const;

/** Below −30 it is 0 to float32's last digit beside 1, and its derivatives would multiply 0 by ∞ further out. */
function sigmoid(x: Traced): Traced {
  return nn.sigmoid(np.maximum(x, -30));
}

export type Activation = keyof typeof functions;

export const activations = Object.keys(functions) as Activation[];

/** An elementwise nonlinearity by name; what it yields can be collected on the way. */
export function activation(name: Activation): StageMaker {
  return (input) => ({
    parameters: {},
    statistics: {},
    output: input,
    apply(_params, x, pass) {
      const result = functions[name](x);
      pass.activations?.push(result.ref);
      return result;
    },
  });
}
