import { AttarError } from "../engine/errors.ts";
import { type OptionValues, type Resolved, resolveOptions } from "../engine/options.ts";
import { epsilonOf, sigmaFor } from "./accountants/index.ts";
import { type Mechanism, releasesOf } from "./mechanism.ts";
import { privacyOptions } from "./options.ts";

/** The circumstances of a private run that its mechanism follows from; all of them public. */
export interface Circumstances {
  /** The method, for texts. */
  readonly method: string;
  /** Training samples. */
  readonly samples: number;
  readonly classes: number;
  /** Samples of a class that a release has on average. */
  readonly realBatch: number;
  readonly steps: number;
}

/** Privacy as a configuration says it: the mechanism but for its noise, and what that follows from. */
export interface PrivacySettings extends Omit<Mechanism, "sigma"> {
  /** ε to keep; 0 where `sigma` is given. */
  readonly epsilon: number;
  /** The noise; 0 where `epsilon` is given. */
  readonly sigma: number;
}

/** A mechanism with the ε that it costs: the upper bound of the accountant. */
export interface Plan extends Mechanism {
  readonly epsilon: number;
}

/**
 * The privacy that options ask for.
 *
 * @throws AttarError where neither ε nor σ is given, or both, or δ hides a whole sample
 */
export function privacySettings(given: OptionValues, around: Circumstances): PrivacySettings {
  const options = resolveOptions("privacy", privacyOptions, given, (name, value) => `--set privacy.${name}=${value}`);
  const { epsilon, sigma, clip, sampling, relation, noise, counts } = options;
  if (epsilon > 0 === sigma > 0)
    throw new AttarError(
      "bad-option",
      `${around.method} keeps ${epsilon > 0 ? "either an ε or a noise σ, not both" : "no privacy without an ε to keep or the noise σ"}`,
      epsilon > 0 ? "--set privacy.sigma=0" : "for example --set privacy.epsilon=1",
    );
  const share = (around.realBatch * around.classes) / around.samples;
  return {
    epsilon,
    sigma,
    delta: deltaOf(options, around),
    clip,
    rate: sampling === "all" ? 1 : Math.min(1, share),
    releases: options.releases === 0 ? around.steps : Math.min(options.releases, around.steps),
    relation,
    counts,
    noise,
  };
}

/**
 * The mechanism of settings: with the least noise that keeps the wanted ε, or with the ε that the given noise costs.
 *
 * @throws AttarError where no noise keeps ε
 */
export function planOf({ epsilon, sigma, ...common }: PrivacySettings): Plan {
  const { rate, releases, delta, relation } = common;
  if (sigma > 0) {
    const mechanism = { ...common, sigma };
    return { ...mechanism, epsilon: epsilonOf(releasesOf(mechanism), delta, relation).upper };
  }
  const beside = releasesOf({ ...common, sigma: 1 }, 0);
  const found = sigmaFor(epsilon, delta, { rate, steps: releases }, relation, beside);
  return { ...common, sigma: found.sigma, epsilon: found.spent.upper };
}

/** @throws AttarError where δ is no less than one sample's share: publishing one at random would be as private */
function deltaOf({ delta }: Resolved<typeof privacyOptions>, { samples }: Circumstances): number {
  const own = delta > 0 ? delta : samples >= 50_000 ? 1e-5 : 1 / (10 * samples);
  if (own < 1 / samples) return own;
  throw new AttarError(
    "bad-option",
    `δ ${own} is no less than one in ${samples}, the number of samples: giving one of them away would keep it`,
    `for example --set privacy.delta=${1 / (10 * samples)}`,
  );
}
