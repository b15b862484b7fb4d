import { lineChart, percent, type Series } from "../charts/index.ts";
import type { Advice } from "./advice.ts";

/** An advice as an SVG: what each method reaches by images a class, beside all training data where that was trained on. */
export function adviceChart({ question, trials, reference, recommended }: Advice, sample = "images"): string {
  const { dataset, heldOut, networks, epochs, network, reading } = question;
  const methods = [...new Set(trials.map(({ method }) => method))];
  const series: Series[] = methods.map((name) => ({
    name,
    points: trials
      .filter(({ method }) => method === name)
      .map(({ ipc, score: { mean, std, runs } }) => ({
        x: ipc,
        y: mean,
        ...(runs.length > 1 && { low: mean - std, high: mean + std }),
      })),
  }));
  const sizes = [...new Set(trials.map(({ ipc }) => ipc))].sort((a, b) => a - b);
  return lineChart({
    title: `What sizes of ${dataset} are worth`,
    subtitle: `Scored on ${heldOut} training samples that were held out`,
    x: { title: `${sample} a class`, log: true, ticks: sizes },
    y: reading === "accuracy" ? { title: "accuracy, %", format: percent } : { title: "R²" },
    series,
    references: reference ? [{ name: "all training data", value: reference.score.mean }] : [],
    notes: [
      `${network}, ${epochs} epochs; intervals are the sample deviation over ${networks} networks.`,
      ...(recommended ? [`Recommended: ${recommended.method} at ${recommended.ipc}, ${recommended.why}.`] : []),
    ],
  });
}
