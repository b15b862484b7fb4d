import { lax, numpy as np, type Array as Traced } from "@jax-js/jax";
import { type Compared, type Comparison, distanceNamed, type Tree } from "../../../discrepancies/index.ts";
import { AttarError, type OptionValues, type Resolved, resolveOptions, summedInParts } from "../../../engine/index.ts";
import { crossEntropy } from "../../../hypotheses/crossEntropy.ts";
import type { Network, TracedParams } from "../../../hypotheses/index.ts";
import {
  type DirectionalTrick,
  type DirectionRequest,
  type InputTrick,
  type RegularisationTrick,
  trickNamed,
  type WeightedRules,
} from "../../../tricks/index.ts";
import { type Features, type LossGradient, type SampleValues, viewNamed } from "../../../views/index.ts";
import type { Configuration, ResolvedTerm } from "../../configuration.ts";
import type { RunOpponent } from "../opponents.ts";
import { clipped } from "./clipped.ts";

/** The values of S that a term sees inside a trace; every call hands out a reference of its own. */
export interface SyntheticSide {
  readonly groups: number;
  /** Images of a group. */
  readonly each: number;
  params(hypothesis: number): TracedParams;
  /** [groups · each, C, H, W], decoded and augmented. */
  images(): Traced;
  /** The real images that these started from, augmented alike. */
  partners(): Traced;
  /** One-hot labels [groups · each, classes]. */
  targets(): Traced;
  /** Training accuracy of the first hypothesis, a scalar. */
  accuracy(): Traced;
  /** The parameters of an opponent, by its slot. */
  opponent(slot: string): TracedParams;
}

/** The kind of values of T that a term is held against: means or rows of a view's values, a mean gradient, or nothing. */
export type RealKind = Compared | "none";

/** One summand of the objective, ready to be traced: a discrepancy between two views, or a regularising term. */
export interface TracedTerm {
  /** The term's number, as text, by which its part of a tree is named. */
  readonly key: string;
  /** The view or the trick it comes from. */
  readonly name: string;
  readonly weight: number;
  /** "class" for a sum over classes, each alone; "set" for a function of the whole set. */
  readonly over: "class" | "set";
  readonly phase: ResolvedTerm["phase"];
  /** Hypotheses it reads. */
  readonly hypotheses: number;
  readonly real: RealKind;
  /** True where the training accuracy enters. */
  readonly readsAccuracy: boolean;
  /** The view itself, where it is one of samples. */
  readonly view?: SampleValues;
  /** The values that the real side averages or keeps; for gradients the gradient of the summed loss. */
  readonly values?: (network: Network, params: TracedParams, images: Traced, draws: Features) => Features;
  readonly gradient?: LossGradient;
  readonly comparison?: Comparison;
  /** Directions of the parameters that it reads. */
  readonly directions?: DirectionRequest;
  /** The opponent that it looks at S through. */
  readonly opponent?: RunOpponent;
  /**
   * The summand for the groups of `side`. `real` is what was asked for: means [k], rows [n, k], gradients as the parameters;
   * where groups are several (over the set), means of regularising terms are [groups, k] and rows [groups, m, k].
   */
  loss(side: SyntheticSide, real: Tree, draws: Features, along?: TracedDirections): Traced;
}

/** Directions of the parameters, leaves [k, …shape], and how T curves along them. */
export interface TracedDirections {
  readonly vectors: TracedParams;
  readonly curvature: Traced;
}

type Unnumbered = Omit<TracedTerm, "key">;

/** The terms of a configuration that match views of S and T. */
export const matchingTerms = (configuration: Configuration, network: Network): Unnumbered[] =>
  configuration.terms
    .filter(({ weight }) => weight > 0)
    .map((term) =>
      matchingTerm(
        term,
        network,
        configuration.privacy && configuration.privacy.clip / Math.sqrt(configuration.terms.length),
      ),
    );

/** The terms that a configuration's regularising tricks add to any objective. */
export const addedTerms = (
  configuration: Configuration,
  network: Network,
  opponents: readonly RunOpponent[],
): Unnumbered[] =>
  configuration.tricks.flatMap(({ name, options }) => {
    const trick = trickNamed(name);
    if (trick.kind === "regularisation")
      return [regularisingTerm(name, trick, valuesOf(name, trick, options), network)];
    if (trick.kind === "directional") return [directionalTerm(name, trick, valuesOf(name, trick, options), network)];
    if (trick.kind === "opponent") {
      const own = opponents.find(({ slot }) => slot === trick.slot)!;
      return [opponentTerm(name, own, valuesOf(name, trick, options).weight)];
    }
    return trick.kind === "input" ? [inputTerm(name, trick, valuesOf(name, trick, options), network)] : [];
  });

/** Terms with their numbers as keys. */
export const numbered = (terms: readonly Unnumbered[]): TracedTerm[] =>
  terms.map((term, i) => ({ ...term, key: String(i) }));

/** The options of an added term by its rules, its weight among them. */
const valuesOf = (name: string, { options }: { readonly options: WeightedRules }, given: OptionValues) =>
  resolveOptions(`trick "${name}"`, options, given);

/** @param clip the largest norm of what is averaged of a sample, on both sides; without a limit where left out */
function matchingTerm(term: ResolvedTerm, network: Network, clip?: number): Unnumbered {
  const view = viewNamed(term.view.name);
  const distance = distanceNamed(term.discrepancy.name);
  const own = distance.make(term.discrepancy.options);
  const comparison = clip !== undefined && distance.compares.includes("means") ? clipped(own, clip) : own;
  const common = {
    name: term.view.name,
    weight: term.weight,
    over: term.over,
    phase: term.phase,
    hypotheses: view.needsNetwork ? 1 : 0,
    readsAccuracy: false,
    comparison,
  };
  if (view.yields === "gradient") {
    if (!distance.compares.includes("gradients")) throw mismatch(term, "a gradient");
    const gradient = partedGradient(view.make(term.view.options) as LossGradient);
    return {
      ...common,
      real: "gradients",
      gradient,
      loss(side, real) {
        const share = 1 / (side.groups * side.each);
        const sum = gradient(network, side.params(0), side.images(), side.targets());
        return comparison.between(scaled(sum, share), real);
      },
    };
  }
  const kind = distance.compares.find((c) => c !== "gradients");
  if (!kind) throw mismatch(term, "values of samples");
  const seenOf = view.make(term.view.options) as SampleValues;
  const values: NonNullable<TracedTerm["values"]> = (h, params, images, draws) => {
    const seen = seenOf(h, params, images);
    return comparison.lift ? comparison.lift(seen, draws) : seen;
  };
  return {
    ...common,
    real: kind,
    view: seenOf,
    values,
    loss(side, real, draws) {
      const seen = values(network, side.params(0), side.images(), draws);
      const n = side.groups * side.each;
      return comparison.between(kind === "rows" ? seen : mapped(seen, (v) => np.sum(v, 0).mul(1 / n)), real);
    },
  };
}

/** A loss gradient taken of a few images at a time, unless the images of a batch see one another (batch normalisation). */
function partedGradient(gradient: LossGradient): LossGradient {
  return (network, params, images, targets) => {
    const sum = (p: TracedParams, set: { images: Traced; targets: Traced }) =>
      gradient(network, p, set.images, set.targets);
    return (network.statistics ? sum : summedInParts(sum))(params, { images, targets });
  };
}

function regularisingTerm(
  name: string,
  trick: RegularisationTrick,
  options: Resolved<WeightedRules>,
  network: Network,
): Unnumbered {
  const view = viewNamed(trick.view(options)).make({}) as SampleValues;
  const make = trick.make(options);
  return {
    name,
    weight: options.weight,
    over: trick.over,
    phase: "always",
    hypotheses: trick.hypotheses,
    real: trick.real === "partners" ? "none" : trick.real,
    readsAccuracy: true,
    values: (h, params, images) => view(h, params, images),
    loss(side, real) {
      const grouped = (i: number, images = side.images()) =>
        only(view(network, side.params(i), images)).reshape([side.groups, side.each, -1]);
      const realOf = () =>
        trick.real === "partners" ? lax.stopGradient(grouped(0, side.partners())) : only(real as Features);
      const targets = side.targets();
      return make({
        synthetic: Array.from({ length: Math.max(1, trick.hypotheses) }, (_, i) => grouped(i)),
        ...(trick.real !== "none" && { real: realOf() }),
        targets: targets.reshape([side.groups, side.each, -1]),
        accuracy: side.accuracy(),
      });
    },
  };
}

function directionalTerm(
  name: string,
  trick: DirectionalTrick,
  options: Resolved<WeightedRules>,
  network: Network,
): Unnumbered {
  const make = trick.make(options);
  return {
    name,
    weight: options.weight,
    over: "set",
    phase: "always",
    hypotheses: 1,
    real: "none",
    readsAccuracy: false,
    directions: trick.directions(options),
    loss(side, _real, _draws, along) {
      const n = side.groups * side.each;
      const loss = (params: TracedParams) =>
        crossEntropy(network.logits(params, side.images()), side.targets()).mul(1 / n);
      return make({ loss, params: side.params(0), ...along! });
    },
  };
}

function inputTerm(name: string, trick: InputTrick, options: Resolved<WeightedRules>, network: Network): Unnumbered {
  const make = trick.make(options);
  return {
    name,
    weight: options.weight,
    over: "set",
    phase: "always",
    hypotheses: 1,
    real: "none",
    readsAccuracy: false,
    loss: (side) =>
      make({
        loss: (images) => crossEntropy(network.logits(side.params(0), images), side.targets()),
        images: side.images(),
      }),
  };
}

function opponentTerm(name: string, own: RunOpponent, weight: number): Unnumbered {
  return {
    name,
    weight,
    over: "set",
    phase: "always",
    hypotheses: 0,
    real: "none",
    readsAccuracy: false,
    opponent: own,
    loss: (side, _real, draws) =>
      own.opponent.term(side.opponent(own.slot), { images: side.images(), targets: side.targets(), draws }),
  };
}

const only = (values: Features): Traced => Object.values(values)[0]!;

export function mapped(values: Features, change: (v: Traced) => Traced): Features {
  return Object.fromEntries(Object.entries(values).map(([name, v]) => [name, change(v)]));
}

function scaled(gradient: TracedParams, factor: number): TracedParams {
  return Object.fromEntries(Object.entries(gradient).map(([layer, own]) => [layer, mapped(own, (v) => v.mul(factor))]));
}

function mismatch(term: ResolvedTerm, what: string): AttarError {
  return new AttarError(
    "bad-combination",
    `the view ${term.view.name} yields ${what}, which the distance ${term.discrepancy.name} does not compare`,
    "see attar methods for pairs that fit",
  );
}
