import { lineChart, percent, type Series } from "../charts/index.ts";
import { AttarError } from "../engine/errors.ts";
import type { Accuracy, Evaluation } from "../evaluate/index.ts";
import { radiusOf } from "../hypotheses/index.ts";

/** An accuracy under attack by the name of its value: `pgd:linf,0.1,steps=40`. */
function attackOf(name: string): { norm: string; radius: number; attack: string } | undefined {
  const found = /^([a-z+-]+):(linf|l2),([\d./e-]+)((?:,[^,]+)*)$/.exec(name);
  if (!found || /\.[a-z][a-z-]*$/.test(name)) return undefined;
  const [, plan, norm, radius, options] = found;
  return { norm: norm!, radius: radiusOf(radius!), attack: `${plan}${options}` };
}

/** @throws AttarError "bad-option" where there is no norm, or more than one: two share no axis */
export function refuseUndrawable(norms: readonly unknown[]): void {
  const different = new Set(norms).size;
  if (different === 1) return;
  throw new AttarError(
    "bad-option",
    different === 0
      ? "--attack-plot has no attack to draw"
      : "--attack-plot draws attacks of one norm, and there are two",
    "for example --attack apgd-ce:linf,0.05,0.1,0.2",
  );
}

/**
 * Accuracy against the radius: a line for every set, network and attack, from the accuracy without attack at a radius of 0.
 *
 * @throws AttarError as {@link refuseUndrawable} does
 */
export function attackChart(result: Evaluation): string {
  const subjects = { [result.subject]: result.results, ...mapped(result.baselines, ({ results }) => results) };
  const nets = new Set(result.results.map(({ net }) => net));
  const series = new Map<string, Map<number, Accuracy>>();
  const norms = new Set<string>();
  for (const [subject, results] of Object.entries(subjects))
    for (const { net, readings = {} } of results)
      for (const [name, value] of Object.entries(readings)) {
        const own = attackOf(name);
        if (!own) continue;
        norms.add(own.norm);
        const line = [subject, ...(nets.size > 1 ? [net] : []), own.attack].join(", ");
        const points = series.get(line) ?? new Map([[0, readings[`${name}.clean`]!]]);
        series.set(line, points.set(own.radius, value));
      }
  refuseUndrawable([...norms]);
  const lines: Series[] = [...series].map(([name, points]) => ({
    name,
    points: [...points].map(([x, { mean, std }]) => ({ x, y: mean, low: mean - std, high: mean + std })),
  }));
  const [norm] = norms;
  return lineChart({
    title: `${result.dataset}: accuracy under attack`,
    x: { title: `radius, ${norm === "linf" ? "L∞" : "L2"}, pixels from 0 to 1`, from: 0 },
    y: { title: "accuracy, %", format: percent, from: 0, to: 1 },
    series: lines,
    notes: ["Whiskers: a sample deviation over networks. An accuracy under attack is an upper bound."],
  });
}

const mapped = <A, B>(of: Readonly<Record<string, A>>, change: (value: A) => B): Record<string, B> =>
  Object.fromEntries(Object.entries(of).map(([name, value]) => [name, change(value)]));
