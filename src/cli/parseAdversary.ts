import { AttarError } from "../engine/errors.ts";
import { choice, integer, number, readPartText, resolveOptions, text } from "../engine/index.ts";
import { radiusOf } from "../evaluate/index.ts";
import type { TrainingAttack } from "../hypotheses/index.ts";

const rules = {
  norm: choice("linf", ["linf", "l2", "gaussian"]),
  radius: text(
    "8/255",
    "a number above 0 or a fraction of two such as 8/255",
    (value) => !Number.isNaN(radiusOf(value)),
  ),
  steps: integer(3, 1, 1000),
  step: number(0.5, 1e-6),
};

/**
 * Reads `--adversarial`: norm and radius, then options, `linf,0.1,steps=3,step=0.5`.
 *
 * @throws AttarError "bad-option", "unknown-option", "invalid-option"
 */
export function parseAdversary(written: string): TrainingAttack {
  const { options } = readPartText(
    `adversarial:${written}`,
    (name) => name,
    (piece) =>
      new AttarError(
        "bad-option",
        `cannot read "${piece}" in --adversarial ${written}`,
        "for example --adversarial linf,8/255,steps=3",
      ),
    () => ["norm", "radius"],
  );
  const { norm, radius, ...rest } = resolveOptions(
    "--adversarial",
    rules,
    options,
    (option, value) => `--adversarial ${option}=${value}`,
  );
  return { norm, radius: radiusOf(radius), ...rest };
}
