import { AttarError } from "../../engine/errors.ts";
import { type Complex, spectrumOf, valuesOfSpectrum } from "./fourier.ts";
import { type LossVariable, lossVariables } from "./lossVariable.ts";
import type { Relation, Releases } from "./release.ts";
import { renyiEpsilon } from "./renyi.ts";

/** An ε between two bounds that hold with certainty: what is claimed is the upper one. */
export interface Bounds {
  readonly lower: number;
  readonly estimate: number;
  readonly upper: number;
}

/** Equal cells of losses: number `i` around `i · width`, from −half to half of `cells`. */
interface Mesh {
  readonly width: number;
  readonly cells: number;
}

/** The share of δ that computing costs. */
const shareOfDelta = 1e-3;

/**
 * The ε of releases of one or more kinds at δ, by the distribution of their joint privacy loss: cells of single losses,
 * convolved by Fourier transforms (the PRV accountant of Gopi, Lee and Wutschitz 2021). Both losses of a relation are
 * composed, and the worse one counts.
 *
 * @param error the error in ε, by which either bound is away from the estimate
 * @throws AttarError where δ is below what float64 resolves
 */
export function composedEpsilon(
  releases: readonly Releases[],
  delta: number,
  relation: Relation,
  error: number,
): Bounds {
  const spared = delta * shareOfDelta;
  const mesh = meshFor(releases, spared, relation, error);
  const floor = mesh.cells * 2.2e-16;
  if (delta - spared < floor)
    throw new AttarError(
      "delta-too-small",
      `δ = ${delta} is below ${floor.toExponential(1)}, which is what float64 resolves for so many releases`,
      "use a larger δ, for example --delta 1e-8",
    );
  const kinds = releases.map((one) => lossVariables[relation](one));
  const all = kinds[0]!.map((_, pair) =>
    composed(
      kinds.map((variables, i) => ({ variable: variables[pair]!, times: releases[i]!.steps })),
      mesh,
    ),
  );
  const worst = (at: number) => Math.max(0, ...all.map((losses) => epsilonAt(losses, mesh.width, at)));
  return {
    lower: Math.max(0, worst(delta + spared) - error),
    estimate: worst(delta),
    upper: worst(delta - spared) + error,
  };
}

/** Cells so fine and so many that what is cut off and rounded away is within the errors. */
function meshFor(releases: readonly Releases[], spared: number, relation: Relation, error: number): Mesh {
  const steps = releases.reduce((sum, one) => sum + one.steps, 0);
  const alone = releases.map((one) => renyiEpsilon([{ ...one, steps: 1 }], spared / (8 * steps), relation));
  const reach = Math.max(renyiEpsilon(releases, spared / 4, relation), ...alone, error) + 3;
  const width = error / Math.sqrt((steps / 2) * Math.log(12 / spared));
  return { width, cells: 2 ** Math.ceil(Math.log2((2 * reach) / width)) };
}

/** The losses of a composition: probabilities of cells in order, and by how much they lie above their cells' middles. */
interface Losses {
  readonly probabilities: Float64Array;
  readonly shift: number;
}

function composed(parts: readonly { readonly variable: LossVariable; readonly times: number }[], mesh: Mesh): Losses {
  let product: Complex | undefined;
  let shift = 0;
  for (const { variable, times } of parts) {
    const cells = cellsOf(variable, mesh);
    const spectrum = spectrumOf(cells.probabilities);
    raise(spectrum, times);
    if (product) multiply(product, spectrum);
    else product = spectrum;
    shift += times * cells.shift;
  }
  return { probabilities: centred(valuesOfSpectrum(product!)), shift };
}

/** Probabilities of one loss, cell 0 first and negative losses last; and the mean that rounding to middles takes away. */
function cellsOf(variable: LossVariable, { width, cells }: Mesh): Losses {
  const half = cells / 2;
  const probabilities = new Float64Array(cells);
  const low = variable.below((-half + 0.5) * width);
  let [before, mean] = [low, 0];
  for (let i = -half + 1; i < half; i++) {
    const after = variable.below((i + 0.5) * width);
    const p = after - before;
    probabilities[(i + cells) % cells] = p;
    mean += p * i * width;
    before = after;
  }
  const mass = before - low;
  for (let i = 0; i < cells; i++) probabilities[i] = probabilities[i]! / mass;
  const end = (half - 0.5) * width;
  const shift = meanBetween(variable, -end, end) - mean / mass;
  if (!(Math.abs(shift) < width / 2)) throw new RangeError(`the mean loss is off its cells by ${shift / width} cells`);
  return { probabilities, shift };
}

/** E[loss | low ≤ loss ≤ high], by Simpson's rule over outcomes. */
function meanBetween({ loss, density, outcome, sigma }: LossVariable, low: number, high: number): number {
  const far = 12 * sigma;
  const [a, b] = [outcome(low), outcome(high)]
    .map((x) => Math.min(1 + far, Math.max(-1 - far, x)))
    .sort((x, y) => x - y);
  const parts = 200_000;
  const h = (b! - a!) / parts;
  let [sum, mass] = [0, 0];
  for (let i = 0; i <= parts; i++) {
    const x = a! + i * h;
    const weight = (i === 0 || i === parts ? 1 : i % 2 === 1 ? 4 : 2) * density(x);
    sum += weight * loss(x);
    mass += weight;
  }
  return sum / mass;
}

/** Complex numbers to a power, in their place. */
function raise({ re, im }: Complex, power: number): void {
  if (power === 1) return;
  for (let k = 0; k < re.length; k++) {
    const log = (power / 2) * Math.log(re[k]! ** 2 + im[k]! ** 2);
    // Far below what adding up resolves.
    if (log < -60) {
      re[k] = 0;
      im[k] = 0;
      continue;
    }
    const size = Math.exp(log);
    const angle = Math.atan2(im[k]!, re[k]!) * power;
    re[k] = size * Math.cos(angle);
    im[k] = size * Math.sin(angle);
  }
}

/** The first array times the second, entry by entry, in the first one's place. */
function multiply({ re, im }: Complex, by: Complex): void {
  for (let k = 0; k < re.length; k++) {
    const [a, b, c, d] = [re[k]!, im[k]!, by.re[k]!, by.im[k]!];
    re[k] = a * c - b * d;
    im[k] = a * d + b * c;
  }
}

/** Cells from the least loss to the largest. */
function centred(probabilities: Float64Array): Float64Array {
  const half = probabilities.length / 2;
  const out = new Float64Array(probabilities.length);
  out.set(probabilities.subarray(half));
  out.set(probabilities.subarray(0, half), half);
  return out;
}

/** The least ε with Σ_{loss > ε} p (1 − e^(ε − loss)) ≤ δ; −∞ where all of it is no more. */
function epsilonAt({ probabilities, shift }: Losses, width: number, delta: number): number {
  const half = probabilities.length / 2;
  let [above, weighted] = [0, 0];
  for (let i = probabilities.length - 1; i >= 0; i--) {
    const loss = (i - half) * width + shift;
    if (above - Math.exp(loss) * weighted > delta) return Math.log((above - delta) / weighted);
    above += probabilities[i]!;
    weighted += probabilities[i]! * Math.exp(-loss);
  }
  return above > delta ? Math.log((above - delta) / weighted) : Number.NEGATIVE_INFINITY;
}
