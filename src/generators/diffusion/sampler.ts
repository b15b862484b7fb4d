import { numpy as np, type Array as Traced } from "@jax-js/jax";
import type { SamplingStep } from "./schedule.ts";

/** z_t = √ᾱ z + √(1 − ᾱ) ε. Consumes both. */
export const noised = (z: Traced, noise: Traced, share: number): Traced =>
  z.mul(Math.sqrt(share)).add(noise.mul(Math.sqrt(1 - share)));

/** ẑ_0 = (z_t − √(1 − ᾱ) ε̂) / √ᾱ. Consumes both. */
export const denoised = (z: Traced, noise: Traced, share: number): Traced =>
  z.sub(noise.mul(Math.sqrt(1 - share))).mul(1 / Math.sqrt(share));

/** ε̂ = ε_u + w (ε_c − ε_u): guidance without a classifier (Ho and Salimans 2022). Consumes both. */
export const guided = (conditional: Traced, unconditional: Traced, weight: number): Traced =>
  unconditional.ref.add(conditional.sub(unconditional).mul(weight));

/** ẑ_0 ← (1 − w) ẑ_0 + w z: the start shows through, the more the earlier the step (LD3M). Consumes both. */
export const blended = (clean: Traced, start: Traced, weight: number): Traced =>
  clean.mul(1 - weight).add(start.mul(weight));

/** The step of DDIM with η = 0: √ᾱ′ ẑ_0 + √(1 − ᾱ′) ε̂. Consumes both. */
export const ddimStep = (clean: Traced, noise: Traced, { before }: SamplingStep): Traced =>
  noised(clean, noise, before);

/**
 * The step of DDPM between any two times: mean √ᾱ′ β / (1 − ᾱ) ẑ_0 + √α (1 − ᾱ′) / (1 − ᾱ) z_t with α = ᾱ / ᾱ′ and β = 1 − α, which is
 * (z_t − β / √(1 − ᾱ) ε̂) / √α; variance β (1 − ᾱ′) / (1 − ᾱ). The last step adds no noise. Consumes what it is given.
 */
export function ddpmStep(z: Traced, clean: Traced, draw: Traced | undefined, { share, before }: SamplingStep): Traced {
  const alpha = share / before;
  const beta = 1 - alpha;
  const mean = clean
    .mul((Math.sqrt(before) * beta) / (1 - share))
    .add(z.mul((Math.sqrt(alpha) * (1 - before)) / (1 - share)));
  return draw ? mean.add(draw.mul(Math.sqrt((beta * (1 - before)) / (1 - share)))) : mean;
}

/** The noise that a model sees in z at a time, ε̂. Consumes z, and a time that is an array, [1]. */
export type NoiseModel = (z: Traced, time: number | Traced) => Traced;

/** How codes are sampled. */
export interface Sampling {
  readonly sampler: "ddim" | "ddpm";
  /** True where ẑ_0 is blended with the start. */
  readonly skip: boolean;
  readonly steps: readonly SamplingStep[];
}

/** Noises that one code's sampling reads: one to begin with, and of DDPM one for each step but the last. */
export const noisesOf = ({ sampler, steps }: Sampling): number => (sampler === "ddpm" ? steps.length : 1);

/**
 * The first `taken` steps of a sampling that starts at z: √ᾱ z + √(1 − ᾱ) ε at the first time, then a step a time. Consumes both arrays.
 *
 * @param z [n, …] @param noises [n, {@link noisesOf}, …]
 */
export function sampled(model: NoiseModel, z: Traced, noises: Traced, sampling: Sampling): Traced {
  const { steps } = sampling;
  const noise = (k: number) => noises.ref.slice([], k);
  let at = noised(z.ref, noise(0), steps[0]!.share);
  for (let k = 0; k < steps.length; k++) at = stepped(model, at, sampling, k, { start: z, draw: () => noise(k + 1) });
  for (const spent of [z, noises]) spent.dispose();
  return at;
}

/** What a step reads beside the array that it moves. */
export interface StepInputs {
  /** Referenced, not consumed. */
  readonly start: Traced;
  /** The noise that the step adds, where it adds one. */
  readonly draw: () => Traced;
}

/** Step k of a sampling. Consumes z. */
export function stepped(
  model: NoiseModel,
  z: Traced,
  { sampler, skip, steps }: Sampling,
  k: number,
  { start, draw }: StepInputs,
): Traced {
  const step = steps[k]!;
  const noise = model(z.ref, step.time);
  const found = denoised(z.ref, noise.ref, step.share);
  // From 1 at the first step to 0 at the last.
  const weight = steps.length === 1 ? 0 : 1 - k / (steps.length - 1);
  const clean = skip && weight > 0 ? blended(found, start.ref, weight) : found;
  if (sampler === "ddim") {
    z.dispose();
    return ddimStep(clean, noise, step);
  }
  noise.dispose();
  return ddpmStep(z, clean, k < steps.length - 1 ? draw() : undefined, step);
}

/** The same for z of any batch where the noises are given as times and shares of every sample: √ᾱ z + √(1 − ᾱ) ε, ᾱ [n]. */
export function noisedEach(z: Traced, noise: Traced, share: Traced): Traced {
  const column = share.reshape([-1, ...z.shape.slice(1).map(() => 1)]);
  return z.mul(np.sqrt(column.ref)).add(noise.mul(np.sqrt(column.mul(-1).add(1))));
}

/** What a step adds up: its result is z · z_t + noise · ε̂ + start · z + draw · ε. */
export interface StepWeights {
  readonly time: number;
  readonly z: number;
  readonly noise: number;
  readonly start: number;
  readonly draw: number;
}

/** The weights of step k, which {@link stepped} takes one after the other: the same step again and again, under other numbers. */
export function stepWeights({ sampler, skip, steps }: Sampling, k: number): StepWeights {
  const { time, share, before } = steps[k]!;
  const blend = skip && steps.length > 1 ? 1 - k / (steps.length - 1) : 0;
  const alpha = share / before;
  const beta = 1 - alpha;
  const ofClean = sampler === "ddim" ? Math.sqrt(before) : (Math.sqrt(before) * beta) / (1 - share);
  const estimate = (ofClean * (1 - blend)) / Math.sqrt(share);
  const last = k === steps.length - 1;
  return {
    time,
    z: estimate + (sampler === "ddim" ? 0 : (Math.sqrt(alpha) * (1 - before)) / (1 - share)),
    noise: (sampler === "ddim" ? Math.sqrt(1 - before) : 0) - estimate * Math.sqrt(1 - share),
    start: ofClean * blend,
    draw: sampler === "ddim" || last ? 0 : Math.sqrt((beta * (1 - before)) / (1 - share)),
  };
}
