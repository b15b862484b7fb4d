import type { Array as Traced } from "@jax-js/jax";
import { numpy as np } from "@jax-js/jax";
import type { TracedParams } from "../../hypotheses/index.ts";
import type { DecodeStages } from "../generator.ts";
import { type NoiseModel, noised, noisesOf, type Sampling, stepWeights } from "./sampler.ts";

/** A sampling, and what its steps look at. */
export interface Chain {
  readonly sampling: Sampling;
  /** The layers of parameters that a step reads. */
  readonly layers: readonly string[];
  /** The part of a code that tells the class. */
  readonly conditions: "class" | "condition";
  /** ε̂ of n latents under their conditions. Consumes both; `dispose` lets go of what is left of them. */
  noiseOf(params: TracedParams, conditions: Traced, n: number): { readonly model: NoiseModel; dispose(): void };
  readonly end: DecodeStages["end"];
}

/** A chain of sampling as stages: the sums of `stepped`, whose weights are inputs. */
export function chained({ sampling, layers, conditions, noiseOf, end }: Chain): DecodeStages {
  const { steps, sampler, skip } = sampling;
  const draws = sampler === "ddpm";
  const drawn = (k: number) => Array.from({ length: noisesOf(sampling) }, (_, i) => (i === k + 1 ? 1 : 0));
  return {
    steps: steps.map((_, k) => {
      const { time, z, noise, start, draw } = stepWeights(sampling, k);
      return {
        ...{ time: [time], z: [z], noise: [noise] },
        ...(skip && { start: [start] }),
        ...(draws && { draw: drawn(k).map((here) => draw * here) }),
      };
    }),
    begin: {
      parts: ["z", "noise"],
      run: ({ z, noise }) => noised(z!, noise!.slice([], 0), steps[0]!.share),
    },
    step: {
      layers,
      parts: [conditions, ...(skip ? ["z"] : []), ...(draws ? ["noise"] : [])],
      run(params, codes, state, numbers) {
        const { model, dispose } = noiseOf(params, codes[conditions]!, state.shape[0]!);
        const seen = model(state.ref, numbers.time!);
        dispose();
        let next = state.mul(numbers.z!).add(seen.mul(numbers.noise!));
        if (skip) next = next.add(codes.z!.mul(numbers.start!));
        if (!draws) return next;
        const weights = numbers.draw!.reshape([1, -1, ...next.shape.slice(1).map(() => 1)]);
        return next.add(np.sum(codes.noise!.mul(weights), 1));
      },
    },
    end,
  };
}
