import type { Cited } from "../../engine/index.ts";
import { activations } from "../layers/activation.ts";
import { normalisationCitations, normalisations } from "../layers/normalisation.ts";
import { poolings } from "../layers/pooling.ts";
import type { StageMaker } from "../layers/stage.ts";
import type { NetworkSpec } from "../network.ts";
import { choice, type OptionRules, type OptionValues, resolveOptions } from "./options.ts";

/** A family of networks: what its options are and how they make a body, the part before the last linear layer. */
export interface Architecture extends Cited {
  readonly name: string;
  readonly title: string;
  readonly options: OptionRules;
  /**
   * The body ψ for one input: [C, H, W] to a vector. `options` are resolved.
   *
   * @throws AttarError where the architecture does not admit the input.
   */
  body(options: OptionValues, input: readonly [number, number, number]): StageMaker;
}

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
