import { lax, numpy as np, type Array as Traced } from "@jax-js/jax";
import type { StageMaker } from "./stage.ts";
import { epsilon } from "./standardised.ts";

/** Share of the newest batch in the running statistics. */
const rate = 0.1;

/**
 * Batch normalisation (Ioffe and Szegedy 2015) of [n, C, H, W] per channel, with PyTorch's conventions: the batch's biased
 * variance normalises, running ← 0.9·running + 0.1·batch with the unbiased variance. Statistics `mean` and `variance` [C].
 */
export function batchNorm(layer: string): StageMaker {
  return (input) => {
    const [channels, height, width] = input as [number, number, number];
    const perChannel = [1, channels, 1, 1];
    const tensor = (value: number) => ({ shape: [channels], start: { value } });
    return {
      parameters: { [layer]: { weight: tensor(1), bias: tensor(0) } },
      statistics: { [layer]: { mean: tensor(0), variance: tensor(1) } },
      output: input,
      apply(params, x, pass) {
        const count = x.shape[0]! * height * width;
        let centred: Traced;
        let variance: Traced;
        if (pass.moments === "running") {
          const running = pass.statistics[layer]!;
          centred = x.sub(running.mean!.reshape(perChannel));
          variance = running.variance!.reshape(perChannel);
        } else {
          const mean = np.sum(x.ref, [0, 2, 3], { keepdims: true }).mul(1 / count);
          centred = x.sub(mean.ref);
          variance = np.sum(np.square(centred.ref), [0, 2, 3], { keepdims: true }).mul(1 / count);
          if (pass.moments === "recorded") {
            const running = pass.statistics[layer]!;
            const unbiased = count / Math.max(1, count - 1);
            const moved = (old: Traced, now: Traced, share: number) =>
              old.mul(1 - rate).add(lax.stopGradient(now.reshape([channels])).mul(share));
            pass.updated[layer] = {
              mean: moved(running.mean!, mean, rate),
              variance: moved(running.variance!, variance.ref, rate * unbiased),
            };
          } else mean.dispose();
        }
        const own = params[layer]!;
        const scale = np.reciprocal(np.sqrt(variance.add(epsilon))).mul(own.weight!.reshape(perChannel));
        return centred.mul(scale).add(own.bias!.reshape(perChannel));
      },
    };
  };
}
