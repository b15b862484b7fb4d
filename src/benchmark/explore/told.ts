import type { Interval } from "../statistics/index.ts";
import { mean } from "../statistics/index.ts";
import { type Difference, finalDifference, heldOutDifference } from "./difference.ts";
import { effectsOf } from "./effects.ts";
import type { Final, Place, Trial } from "./place.ts";

/** A table in words. */
export interface ToldTable {
  readonly caption: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** What an exploration found on a dataset at a size, in words: for a terminal and for a page. */
export interface Told {
  readonly title: string;
  readonly sentences: readonly string[];
  readonly tables: readonly ToldTable[];
}

/** Candidates of the last rung are all listed, and so many of those that left before. */
const shown = 10;

export function told(place: Place): Told {
  const { dataset, ipc } = place;
  return {
    title: `${dataset} at ${ipc} ${ipc === 1 ? "image" : "images"} a class`,
    sentences: sentencesOf(place),
    tables: [candidatesTable(place), ...effectTables(place), leftTable(place)].filter(({ rows }) => rows.length > 0),
  };
}

const percent = (value: number) => (100 * value).toFixed(1);
const valueText = (value: number, { metric }: Place) =>
  metric === "accuracy" ? `${percent(value)} %` : value.toFixed(3);
const unitText = (value: number, { metric }: Place) => (metric === "accuracy" ? percent(value) : value.toFixed(3));
const signed = (value: number, place: Place) => `${value >= 0 ? "+" : ""}${unitText(value, place)}`;
const intervalText = (interval: Interval | undefined, place: Place) =>
  interval ? `${unitText(interval.low, place)} to ${unitText(interval.high, place)}` : "–";
const count = (n: number, noun: string) => `${n} ${noun}${n === 1 ? "" : "s"}`;

function sentencesOf(place: Place): string[] {
  const { candidates, refused, leftOut, sizes, rungs, best, found, published, ended } = place;
  const combinations = candidates.filter(({ combination }) => combination).length;
  const sentences = [
    `${count(combinations, "combination")} and ${count(candidates.length - combinations, "method")} of the study are candidates; ${refused.length} cannot be, and ${leftOut.length} were left out by what a step takes.`,
  ];
  if (sizes.length === 0) return [...sentences, "They are being timed."];
  sentences.push(`Rungs of ${sizes.join(", ")}: each the best of the one before, with ${place.eta} times the steps.`);
  const under = rungs.find((rung) => !rung.ended);
  if (under) return [...sentences, `Rung ${under.rung + 1} of ${sizes.length} is under way.`];
  if (!best || best.score === undefined) return [...sentences, "No candidate came to a score."];
  const beyond = best === found ? "a combination" : "a method of the study";
  sentences.push(`Best on held-out rows: ${best.candidate.label}, ${beyond}, ${valueText(best.score, place)}.`);
  if (!found || !published) return sentences;
  const held = heldOutDifference(place);
  sentences.push(
    held
      ? `On held-out rows ${found.candidate.label} less ${published.candidate.label} is ${differenceText(held, place, `${found.values.length} networks each`)}.`
      : `${found.candidate.label} and ${published.candidate.label} did not meet in the rung where the farther one ended: their held-out scores are of other numbers of steps.`,
  );
  const final = finalDifference(place);
  if (final)
    sentences.push(
      `On the test split, after the choice: ${place.finals.map((one) => finalText(one, place)).join("; ")}. The first less the second is ${differenceText(final, place, `${place.finals[0]?.sets.length ?? 0} seeds`)}.`,
    );
  else sentences.push(ended ? "A final score is missing." : "The final scores on the test split are under way.");
  return sentences;
}

function differenceText({ value, interval }: Difference, place: Place, over: string): string {
  const points = place.metric === "accuracy" ? " points" : "";
  const told = `${signed(value, place)}${points}`;
  if (!interval) return `${told}, of one value each`;
  const parted = interval.low > 0 || interval.high < 0;
  return `${told}, 95 % interval ${intervalText(interval, place)} over ${over}${parted ? "" : ": no difference that this shows"}`;
}

function finalText({ candidate, steps, sets }: Final, place: Place): string {
  const scores = sets.flatMap(({ score }) => score ?? []);
  return `${candidate.label} ${valueText(mean(scores), place)} (${count(scores.length, "set")} of ${count(steps, "step")})`;
}

/** Every candidate with the last rung that it was in, the farthest first. */
function candidatesTable(place: Place): ToldTable {
  const last = new Map<Trial["candidate"], { trial: Trial; rung: number }>();
  for (const { rung, trials } of place.rungs) for (const trial of trials) last.set(trial.candidate, { trial, rung });
  const orderOf = ({ trial: { score = Number.NEGATIVE_INFINITY } }: { trial: Trial }) => score;
  const all = [...last.values()].sort(
    (a, b) => b.rung - a.rung || (orderOf(a) === orderOf(b) ? 0 : orderOf(b) - orderOf(a)),
  );
  const final = all.filter(({ rung }) => rung === place.rungs.length - 1).length;
  const rows = all
    .slice(0, Math.max(final, shown))
    .map(({ trial: { candidate, steps, score, reason }, rung }) => [
      candidate.label,
      candidate.combination ? "combination" : "method",
      String(rung + 1),
      String(steps),
      score === undefined ? (reason ?? "–") : unitText(score, place),
    ]);
  const more = all.length > rows.length ? `, ${rows.length} of ${all.length}` : "";
  const unit = place.metric === "accuracy" ? "accuracy, %" : "R²";
  return { caption: `Candidates${more}`, head: ["", "", "rung", "steps", `held-out ${unit}`], rows };
}

function effectTables(place: Place): ToldTable[] {
  const effects = place.rungs[0]?.ended ? effectsOf(place) : [];
  return [...new Set(effects.map(({ axis }) => axis))].map((axis) => ({
    caption: `The choices of ${axis}, over all combinations of the first rung`,
    head: ["", "combinations", "mean rank", "mean", "95 % interval", "without a score"],
    rows: effects
      .filter((one) => one.axis === axis)
      .map(({ choice, combinations, diverged, missing, rank, mean: own, interval }) => [
        choice,
        String(combinations),
        rank === undefined ? "–" : rank.toFixed(1),
        own === undefined ? "–" : unitText(own, place),
        intervalText(interval, place),
        [diverged > 0 ? `${diverged} diverged` : "", missing > 0 ? `${missing} failed` : ""].filter(Boolean).join(", "),
      ]),
  }));
}

/** What was not tried, and why: reasons that several have in common as one. */
function leftTable({ refused, leftOut }: Place): ToldTable {
  const byReason = new Map<string, string[]>();
  for (const { label, reason } of [...leftOut, ...refused]) {
    const told = reason.replaceAll(/explored-[0-9a-f]{8}/g, "it");
    byReason.set(told, [...(byReason.get(told) ?? []), label]);
  }
  return {
    caption: "What was not tried, and why",
    head: ["", "why"],
    rows: [...byReason].map(([reason, labels]) => [
      labels.length === 1 ? labels[0]! : `${labels[0]} and ${labels.length - 1} more`,
      reason,
    ]),
  };
}
