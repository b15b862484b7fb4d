import { lax, numpy as np, type Array as Traced } from "@jax-js/jax";
import { type RandomKey, type Tensor, tensor } from "../../engine/index.ts";
import { type FeatureKernel, featureKernel } from "./featureMap.ts";
import { flatPoints } from "./kernel.ts";

/**
 * Frequencies ω of exp(−c‖x‖^γ) = E cos(ω·x) as columns: [length, count]. The measure is γ-stable: ω = c^(1/γ) √(2A) g with g
 * standard normal and A positive (γ/2)-stable, E exp(−tA) = exp(−t^(γ/2)), by Kanter's formula (Kanter 1975); normal with
 * variance 2c for γ = 2, multivariate Cauchy for γ = 1.
 */
export function spectralFrequencies(gamma: number, c: number, length: number, count: number, key: RandomKey): Tensor {
  const normal = key.fold("direction").normal(length * count);
  const mixing = mixingVariables(gamma / 2, count, key.fold("mixing"));
  const scale = c ** (1 / gamma);
  const data = normal.map((g, i) => g * scale * Math.sqrt(2 * mixing[i % count]!));
  return tensor(data, [length, count]);
}

/** Draws of the positive α-stable variable with Laplace transform exp(−t^α), 0 < α <= 1. */
function mixingVariables(alpha: number, count: number, key: RandomKey): Float64Array {
  if (alpha === 1) return new Float64Array(count).fill(1);
  const bits = key.bits(2 * count);
  const open = (word: number) => (word + 0.5) / 4294967296;
  return Float64Array.from({ length: count }, (_, i) => {
    const angle = Math.PI * open(bits[2 * i]!);
    const exponential = -Math.log(open(bits[2 * i + 1]!));
    const ratio = Math.sin(alpha * angle) / Math.sin(angle) ** (1 / alpha);
    return ratio * (Math.sin((1 - alpha) * angle) / exponential) ** ((1 - alpha) / alpha);
  });
}

/**
 * Random Fourier features (Rahimi and Recht 2007) for given frequencies [length, D]: φ(x) = (cos ωx, sin ωx)/√D, of norm 1, so
 * that φ(x)·φ(y) averages cos(ω·(x − y)) over the D frequencies. A mean embedding under φ is a sum over samples, each bounded
 * by 1/n: one pass, and a known sensitivity.
 */
export function fourierKernel(frequencies: Tensor): FeatureKernel<{ readonly frequencies: Tensor }> {
  const [length, count] = frequencies.shape as [number, number];
  const kernel = featureKernel(`${count} Fourier features of length ${length}`, { frequencies }, (parameters, x) => {
    const { frequencies } = parameters as { frequencies: Traced };
    const phase = lax.dot(flatPoints(x), frequencies, { lhsContractingDims: [1], rhsContractingDims: [0] });
    return np.concatenate([np.cos(phase.ref), np.sin(phase)], 1).mul(1 / Math.sqrt(count));
  });
  return { ...kernel, chunk: 256 };
}
