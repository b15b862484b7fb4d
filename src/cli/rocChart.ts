import type { Audit, Roc } from "../audit/index.ts";
import { lineChart, type Point, percent } from "../charts/index.ts";

/** Points of a curve that are drawn: enough for its shape on two logarithmic axes. */
const drawn = 48;

/** The attack of a subject that finds out most at an FPR of 1 %. */
const strongest = (attacks: Audit["subjects"][number]["attacks"]): string =>
  Object.entries(attacks).reduce((best, [name, { tpr }]) =>
    tpr[1]!.value > best[1].tpr[1]!.value ? [name, attacks[name]!] : best,
  )[0];

/** The curves of an audit, both axes logarithmic: a line a subject, of the attack that finds out most of it at an FPR of 1 %. */
export function rocChart({ dataset, subjects, shadows, asked }: Audit): string {
  return lineChart({
    title: `${dataset}: who was in it`,
    x: { title: "others taken for members, %", log: true, format: percent },
    y: { title: "members found, %", log: true, format: percent },
    series: [
      ...subjects.map(({ name, attacks }) => {
        const attack = strongest(attacks);
        return { name: `${name}, ${attack}`, points: pointsOf(attacks[attack]!.roc) };
      }),
      { name: "a coin", points: [0.001, 0.01, 0.1, 1].map((x) => ({ x, y: x })) },
    ],
    notes: [`${shadows} models a line, ${asked} samples asked about of each.`],
  });
}

function pointsOf({ points, within, without }: Roc): Point[] {
  const least = Math.log(1 / without);
  const out: Point[] = [];
  let at = 0;
  for (let k = 0; k < drawn; k++) {
    const level = Math.exp(least * (1 - k / (drawn - 1)));
    while (at + 1 < points.length && points[at + 1]!.falsePositives <= level * without * (1 + 1e-9)) at++;
    const { falsePositives, truePositives } = points[at]!;
    if (falsePositives === 0 || truePositives === 0) continue;
    const point = { x: falsePositives / without, y: truePositives / within };
    if (out.at(-1)?.x !== point.x) out.push(point);
  }
  return out;
}
