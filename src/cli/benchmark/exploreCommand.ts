import { standingRecord } from "../../benchmark/explore/bestRecord.ts";
import { finalDifference, heldOutDifference } from "../../benchmark/explore/difference.ts";
import { effectsOf } from "../../benchmark/explore/effects.ts";
import type { Place, Trial } from "../../benchmark/explore/place.ts";
import { told } from "../../benchmark/explore/told.ts";
import { writeAtomic } from "../../data/index.ts";
import { AttarError } from "../../engine/errors.ts";
import { log, print, printJson, shellWord, table } from "../output.ts";
import { refuseOtherRecord } from "../ownOutput.ts";
import { type Opened, openStudy, type StudyFlags } from "./studyFlags.ts";

export interface ExploreFlags extends StudyFlags {
  record?: string;
}

/** `attar benchmark explore`: what an exploration has found so far; it computes nothing. */
export async function exploreCommand(file: string, flags: ExploreFlags): Promise<void> {
  const opened = await openStudy(file, flags);
  const { places } = opened;
  if (!places)
    throw new AttarError(
      "bad-study",
      `${file} explores nothing: it has no "explore"`,
      'add "explore": {"budget": "10m"}; docs/benchmark.md says what it takes',
    );
  if (flags.json) printJson(places.map(asJson));
  else for (const [i, place] of places.entries()) printPlace(place, i > 0);
  const under = places.filter(({ ended }) => !ended);
  if (under.length > 0 && !flags.json)
    log(`not finished: attar benchmark run ${shellWord(file)} computes the rest`, flags);
  if (flags.record !== undefined) await writeRecord(flags.record, opened, places, file, flags);
}

function printPlace(place: Place, further: boolean): void {
  const { title, sentences, tables } = told(place);
  if (further) print("");
  print(title);
  for (const sentence of sentences) print(sentence);
  for (const { caption, head, rows } of tables) {
    print("");
    print(caption);
    print(table([[...head], ...rows.map((row) => [...row])]));
  }
}

/** Writes the best record as a method file; of several places the study's part must name one. */
async function writeRecord(
  path: string,
  { cells }: Opened,
  places: readonly Place[],
  file: string,
  flags: ExploreFlags,
): Promise<void> {
  const [place, ...more] = places;
  if (!place || more.length > 0)
    throw new AttarError(
      "bad-option",
      `--record writes one record, and ${file} explores ${places.length} places`,
      "add tiers to the study that name one dataset and size each: --tier small",
    );
  const { best, dataset: label, ipc } = place;
  if (!best)
    throw new AttarError(
      "no-result",
      `${file} has no best combination yet`,
      `compute the rest: attar benchmark run ${shellWord(file)}`,
      1,
    );
  const dataset = cells.study.datasets.find((one) => one.label === label)!;
  const record = standingRecord(best.candidate, best.steps, dataset.info!, ipc, file);
  const text = `${JSON.stringify(record, null, 2)}\n`;
  await refuseOtherRecord(path, text);
  await writeAtomic(path, text);
  log(`${path}: attar condense ${shellWord(label)} --method ${shellWord(path)} --ipc ${ipc}`, flags);
}

/** A place as JSON: labels in place of records. */
function asJson(place: Place) {
  const { candidates, rungs, best, found, published, finals, ...rest } = place;
  const plain = ({ candidate, ...trial }: Trial) => ({ candidate: candidate.label, ...trial });
  return {
    ...rest,
    candidates: candidates.map(({ label, combination }) => ({
      label,
      ...(combination && {
        choices: Object.fromEntries(Object.entries(combination).map(([axis, choice]) => [axis, choice.label])),
      }),
    })),
    rungs: rungs.map(({ rung, ended, trials }) => ({ rung, ended, trials: trials.map(plain) })),
    effects: effectsOf(place),
    ...(best && { best: best.candidate.label }),
    ...(found && { found: found.candidate.label }),
    ...(published && { published: published.candidate.label }),
    heldOutDifference: heldOutDifference(place),
    finals: finals.map(({ candidate, ...final }) => ({ candidate: candidate.label, ...final })),
    finalDifference: finalDifference(place),
  };
}
