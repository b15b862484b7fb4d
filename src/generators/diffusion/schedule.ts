import { AttarError } from "../../engine/index.ts";

/** The courses of noise over the times of a diffusion. */
export const noiseSchedules = ["linear", "scaled-linear", "cosine"] as const;
export type NoiseSchedule = (typeof noiseSchedules)[number];

const between = (from: number, to: number, count: number) =>
  Float64Array.from({ length: count }, (_, t) => from + ((to - from) * t) / Math.max(1, count - 1));

/** The variances β_t of the noise that each of T times adds. */
const variances: Readonly<Record<NoiseSchedule, (times: number) => Float64Array>> = {
  // Ho et al. 2020.
  linear: (times) => between(1e-4, 0.02, times),
  // Rombach et al. 2022: linear in √β.
  "scaled-linear": (times) => between(Math.sqrt(0.0015), Math.sqrt(0.0195), times).map((root) => root ** 2),
  // Nichol and Dhariwal 2021: ᾱ along a squared cosine, β at most 0.999.
  cosine(times) {
    const signal = (u: number) => Math.cos((((u + 0.008) / 1.008) * Math.PI) / 2) ** 2;
    return Float64Array.from({ length: times }, (_, t) =>
      Math.min(0.999, 1 - signal((t + 1) / times) / signal(t / times)),
    );
  },
};

/** ᾱ_t = Π_{s ≤ t} (1 − β_s), the share of a sample's variance that is left at each of T times, in float64. */
export function signalShares(schedule: NoiseSchedule, times: number): Float64Array {
  let left = 1;
  return variances[schedule](times).map((beta) => {
    left *= 1 - beta;
    return left;
  });
}

/** One step of sampling: from time t with share ᾱ_t down to a share ᾱ before it. */
export interface SamplingStep {
  readonly time: number;
  readonly share: number;
  readonly before: number;
}

/**
 * The times of a sampling of `steps` of T times, the noisiest first: 1 + k⌊T/steps⌋ as in DDIM's code, of which a strength below 1 takes
 * the last ⌊strength · steps⌋, at least one. The step to the end goes down to ᾱ_0.
 *
 * @throws AttarError "bad-combination" (exit code 2) for more steps than times
 */
export function samplingSteps(shares: Float64Array, steps: number, strength = 1): SamplingStep[] {
  const times = shares.length;
  if (steps >= times)
    throw new AttarError(
      "bad-combination",
      `a sampling of ${steps} steps needs more than ${steps} times of noise, and there are ${times}`,
      `--set ddim=${Math.max(1, Math.min(20, times - 1))}`,
    );
  const stride = Math.floor(times / steps);
  const taken = Math.max(1, Math.floor(strength * steps + 1e-9));
  return Array.from({ length: taken }, (_, i) => {
    const k = taken - 1 - i;
    const time = 1 + k * stride;
    return { time, share: shares[time]!, before: k === 0 ? shares[0]! : shares[time - stride]! };
  });
}
