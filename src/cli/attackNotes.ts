import type { Evaluation } from "../evaluate/index.ts";

/** The share of images from which on one that only a black box fools is a sign, as AutoAttack's authors have it. */
const telling = 0.002;

/**
 * Notes on signs that an accuracy under attack is too good: gradients that lead nowhere (Athalye et al. 2018), or an attack that
 * sees outputs alone fooling what gradients did not.
 */
export function attackNotes({ results, baselines }: Evaluation): string[] {
  const all = [results, ...Object.values(baselines).map((baseline) => baseline.results)].flat();
  const worst = new Map<string, number>();
  for (const { readings = {} } of all)
    for (const [name, { runs }] of Object.entries(readings)) {
      if (!/\.(zero-gradients|black-box-only)$/.test(name)) continue;
      worst.set(name, Math.max(worst.get(name) ?? 0, ...runs));
    }
  return [...worst].flatMap(([name, share]) => {
    const [attack, sign] = [name.slice(0, name.lastIndexOf(".")), name.slice(name.lastIndexOf(".") + 1)];
    const per = `${(100 * share).toFixed(1)} %`;
    if (sign === "zero-gradients" && share > 0)
      return [
        `${attack}: the gradient is zero at up to ${per} of the images; join square to the attack, which needs none`,
      ];
    if (sign === "black-box-only" && share > telling)
      return [`${attack}: up to ${per} of the images are fooled without gradients only: those may lead nowhere`];
    return [];
  });
}
