import { numpy as np, type Array as Traced } from "@jax-js/jax";
import type { Tree } from "../../../discrepancies/index.ts";
import { mapTree, valueAndGradients } from "../../../engine/index.ts";
import type { TracedParams } from "../../../hypotheses/index.ts";
import type { TracedVariables } from "../../../synthetic/index.ts";
import { augmentTraced, type TracedAugmentation } from "../../../tricks/index.ts";
import type { Features } from "../../../views/index.ts";
import { labelsName, partnersName, type Setup } from "../../setup.ts";
import { referenced, referencedFeatures } from "./realSide.ts";
import type { SyntheticSide, TracedDirections, TracedTerm } from "./terms.ts";

/** The way from the variables of S to its images and labels. */
export type SyntheticSides = Pick<Setup, "space" | "labels" | "variables">;

/** The inputs that every group sees. */
export interface Fixed {
  readonly params: readonly TracedParams[];
  /** Variables that belong to all classes. */
  readonly shared: TracedVariables;
  /** Random arrays of the distances, by term. */
  readonly draws: Record<string, Features>;
  readonly accuracy: Traced;
  /** Directions of the parameters, by term. */
  readonly directions: Record<string, TracedDirections>;
  /** The parameters of opponents, by slot. */
  readonly opponents: Record<string, TracedParams>;
}

/** One class, or all of them: every array's first axis counts classes. */
export interface Group {
  readonly variables: TracedVariables;
  /** One-hot labels [G, n, classes] of the images that enter. */
  readonly targets: Traced;
  /** The values that the terms are held against, by term; the first axis of a matching term's is 1. */
  readonly real: Record<string, Tree>;
  readonly draw?: TracedAugmentation;
  /** Rows of [G · imagesPerClass] that enter, [G, n], where not all do. */
  readonly picked?: Traced;
}

export interface Pulled {
  /** [1]. */
  readonly loss: Traced;
  /** The gradient: in the group's own variables shaped as they are, in the shared ones [1, …shape]. */
  readonly gradient: TracedVariables;
}

/**
 * The weighted sum of terms over one group and its gradient with respect to S: variables are decoded into images, augmented
 * with the draws the real side had, looked at through the hypotheses and held against T.
 */
export function pull(
  terms: readonly TracedTerm[],
  { space, labels, variables: traits }: SyntheticSides,
  colourFirst: boolean,
) {
  const moving = (names: string[]) => names.filter((name) => !traits[name]?.frozen);
  return (fixed: Fixed, group: Group): Pulled => {
    const own = moving(Object.keys(group.variables));
    const shared = moving(Object.keys(fixed.shared));
    const groups = group.targets.shape[0]!;
    const given: TracedVariables = { ...fixed.shared, ...group.variables };
    const still = Object.keys(given).filter((name) => traits[name]?.frozen);
    const loss = ({ [labelsName]: learned, ...variables }: TracedVariables): Traced => {
      const held = Object.fromEntries(
        still.filter((name) => name !== partnersName).map((name) => [name, given[name]!.ref]),
      );
      let images = space.decode({ ...held, ...variables });
      const [, all, channels, height, width] = images.shape as [number, number, number, number, number];
      const entering = (rows: Traced, shape: number[]): Traced =>
        group.picked
          ? rows
              .reshape([groups * all, ...shape])
              .slice(group.picked.ref.reshape([-1]))
              .reshape([groups, -1, ...shape])
          : rows;
      images = entering(images, [channels, height, width]);
      const targets = learned && entering(labels.read ? labels.read(learned) : learned, [learned.shape.at(-1)!]);
      const partners = given[partnersName] && entering(given[partnersName].ref, [channels, height, width]);
      const partnersSeen =
        partners && group.draw
          ? augmentTraced(
              partners,
              mapTree(group.draw, (own) => own.ref),
              colourFirst,
            )
          : partners;
      if (group.draw) images = augmentTraced(images, group.draw, colourFirst);
      const each = images.shape[1]!;
      const flat = images.reshape([groups * each, channels, height, width]);
      const side: SyntheticSide = {
        groups,
        each,
        params: (h) => referenced(fixed.params[h] ?? {}),
        images: () => flat.ref,
        partners: () => partnersSeen!.ref.reshape([groups * each, channels, height, width]),
        targets: () => (targets ?? group.targets).ref.reshape([groups * each, -1]),
        accuracy: () => fixed.accuracy.ref,
        opponent: (slot) => referenced(fixed.opponents[slot]!),
      };
      return terms
        .map((term) => {
          const real = group.real[term.key] ?? {};
          const value = term.loss(
            side,
            term.comparison ? withoutFirstAxis(real) : real,
            referencedFeatures(fixed.draws[term.key] ?? {}),
            referencedAlong(fixed.directions[term.key]),
          );
          return term.weight === 1 ? value : value.mul(term.weight);
        })
        .reduce((total, part) => np.add(total, part));
    };
    const [value, [gradient]] = valueAndGradients(loss)(
      Object.fromEntries([...shared, ...own].map((name): [string, Traced] => [name, given[name]!])),
    );
    return {
      loss: value.reshape([1]),
      gradient: Object.fromEntries([
        ...own.map((name) => [name, gradient[name]!]),
        ...shared.map((name) => [name, gradient[name]!.reshape([1, ...gradient[name]!.shape])]),
      ]),
    };
  };
}

/** The inputs that every group sees where gradients of T come as sums over `count` images. */
export type FixedWithCount = Fixed & { readonly count: Traced };

/** {@link pull}, where the gradients of T are sums over the images of the group, by term. */
export function pullAfterGradients(terms: readonly TracedTerm[], sides: SyntheticSides, colourFirst: boolean) {
  const own = pull(terms, sides, colourFirst);
  return ({ count, ...fixed }: FixedWithCount, group: Group, sums: Record<string, TracedParams>): Pulled => {
    const mean = (sum: Traced) => sum.div(count.ref).reshape([1, ...sum.shape]);
    const means = mapTree(sums, mean);
    return own(fixed, { ...group, real: { ...group.real, ...means } });
  };
}

const referencedAlong = (along?: TracedDirections): TracedDirections | undefined =>
  along && { vectors: referenced(along.vectors), curvature: along.curvature.ref };

/** Every leaf without its first axis, which is 1. */
const withoutFirstAxis = (real: Tree): Tree => mapTree(real, (leaf) => leaf.reshape(leaf.shape.slice(1)));
