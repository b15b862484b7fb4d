import type { Cited, Resolved, Serving } from "../../engine/index.ts";
import { activations } from "../layers/activation.ts";
import { normalisationCitations, normalisations } from "../layers/normalisation.ts";
import { poolings } from "../layers/pooling.ts";
import type { StageMaker } from "../layers/stage.ts";
import type { NetworkSpec } from "../network.ts";
import type { InitialLaw } from "./initialise.ts";
import { choice, type OptionRules, type OptionValues, resolveOptions } from "./options.ts";

/** A family of networks: what its options are and how they make a body, the part before the last linear layer. */
export interface Architecture<R extends OptionRules = OptionRules> extends Cited, Serving {
  readonly name: string;
  /** A text that tells it apart from another one of its name, such as the digest of its file; none of attar's own. */
  readonly content?: string;
  readonly title: string;
  readonly options: R;
  /**
   * The body ψ for one input: [C, H, W] to a vector. `options` are resolved.
   *
   * @throws AttarError where the architecture does not admit the input.
   */
  body(options: Resolved<R>, input: readonly [number, number, number]): StageMaker;
  /** The law that parameters start by, where options choose it. */
  law?(options: Resolved<R>): InitialLaw;
}

/** Declares a family of networks: its functions see the values that its rules allow, by their types. */
export const declareArchitecture = <const R extends OptionRules>(family: Architecture<R>): Architecture<R> => family;

/** The spec of an architecture with every option resolved. */
export function specOf(architecture: Pick<Architecture, "name" | "options">, options: OptionValues): NetworkSpec {
  return {
    name: architecture.name,
    options: resolveOptions(architecture.name, architecture.options, options),
  };
}

/** Options that several architectures share. */
export const normalisationOption = (value: (typeof normalisations)[number]) =>
  choice(value, normalisations, undefined, normalisationCitations);
export const activationOption = choice("relu", activations);
export const poolingOption = choice("avg", poolings);
