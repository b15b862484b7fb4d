import { AttarError, choice, integer, number, readPartText, resolveOptions, text, unsaid } from "../../engine/index.ts";
import { radiusOf, takesRadius } from "./radius.ts";
import type { TrainingAttack } from "./recipe.ts";

const rules = {
  norm: choice("linf", ["linf", "l2", "gaussian"]),
  radius: text("8/255", takesRadius, (value) => !Number.isNaN(radiusOf(value))),
  steps: integer(3, 1, 1000),
  step: number(0.5, 1e-6),
};

/**
 * Reads the perturbation of a training: norm and radius, then options, `linf,0.1,steps=3,step=0.5`.
 *
 * @param typed what a person writes before it, as errors name it: "--adversarial "
 * @throws AttarError "bad-option", "unknown-option", "invalid-option"
 */
export function parseTrainingAttack(written: string, typed: string): TrainingAttack {
  const { options } = readPartText(
    `adversarial:${written}`,
    (name) => name,
    (piece) =>
      new AttarError(
        "bad-option",
        `cannot read "${piece}" in ${typed}${written}`,
        `for example ${typed}linf,8/255,steps=3`,
      ),
    () => ["norm", "radius"],
  );
  const { norm, radius, ...rest } = resolveOptions(
    typed.trimEnd(),
    rules,
    options,
    (option, value) => `${typed}${option}=${value}`,
  );
  return { norm, radius: radiusOf(radius), ...rest };
}

/** Tells whether {@link parseTrainingAttack} reads a text. */
export const isTrainingAttack = (written: string): boolean => {
  try {
    return parseTrainingAttack(written, "").radius > 0;
  } catch (error) {
    if (error instanceof AttarError) return false;
    throw error;
  }
};

/** The option of a source that trains its networks on T adversarially (Madry et al. 2018). */
export const adversaryOption = unsaid(
  text(
    "none",
    "none, or norm and radius in pixels such as linf,0.1 with steps and step after them",
    (written) => written === "none" || isTrainingAttack(written),
    "images of their training are perturbed against them: none, or linf,0.1 (norm, radius in pixels; steps=3, step=0.5 of it)",
  ),
);

/** What a source's option adds to the recipe of its networks. */
export const adversaryIn = ({
  adversary,
}: {
  readonly adversary?: string | undefined;
}): { readonly adversary?: TrainingAttack } =>
  adversary === undefined ? {} : { adversary: parseTrainingAttack(adversary, "hypotheses.adversary=") };
