import { byClass } from "../data/byClass.ts";
import type { Dataset } from "../data/dataset.ts";
import { normalise } from "../data/normalise.ts";
import { AttarError, type OptionValues, Pace, type RandomKey, size } from "../engine/index.ts";
import { selectionNamed } from "./initialisations.ts";

/**
 * A coreset: `ipc` real images of every class, chosen per class among normalised pixels by a declared rule.
 *
 * @param options what may be set of the rule
 * @returns positions in the training split, class-major.
 * @throws AttarError "unknown-method", "bad-option" or "ipc-too-large" (exit code 2), "interrupted" (4) where the signal is aborted.
 */
export async function selectCoreset(
  dataset: Dataset,
  rule: string,
  ipc: number,
  key: RandomKey,
  signal?: AbortSignal,
  options?: OptionValues,
): Promise<number[]> {
  return (await chosenOf(dataset, rule, classesOf(dataset, ipc), ipc, key, signal, options)).flat();
}

/** {@link selectCoreset} class by class, of a class with fewer images all of them. */
export async function selectAtMost(
  dataset: Dataset,
  rule: string,
  ipc: number,
  key: RandomKey,
  signal?: AbortSignal,
): Promise<number[][]> {
  return chosenOf(dataset, rule, byClass(dataset.train.labels, dataset.classes.length), ipc, key, signal);
}

async function chosenOf(
  dataset: Dataset,
  rule: string,
  classes: readonly Uint32Array[],
  ipc: number,
  key: RandomKey,
  signal: AbortSignal | undefined,
  options?: OptionValues,
): Promise<number[][]> {
  const { select, blind } = selectionNamed(rule, options);
  const d = size(dataset.shape);
  return classByClass(classes, signal, async (members, c, pace) => {
    const points = blind ? new Float32Array(members.length * d) : await pointsOf(dataset, members, pace);
    return select(points, d, Math.min(ipc, members.length), key.fold(c), pace);
  });
}

/** Chooses in every class, of its images by their positions, and gives the choices as positions in the training split. */
async function classByClass(
  classes: readonly Uint32Array[],
  signal: AbortSignal | undefined,
  choose: (members: Uint32Array, c: number, pace: Pace) => Promise<number[]>,
): Promise<number[][]> {
  const pace = new Pace(signal);
  const chosen: number[][] = [];
  try {
    for (const [c, members] of classes.entries()) chosen.push((await choose(members, c, pace)).map((i) => members[i]!));
  } catch (error) {
    if (!signal?.aborted) throw error;
    throw new AttarError(
      "interrupted",
      "the choice of a coreset was interrupted; nothing of it is kept",
      "run the same command again",
      4,
    );
  }
  return chosen;
}

/** The number of images that are normalised together: whitening multiplies four by its matrix at a time. */
const normalisedAtOnce = 4;

async function pointsOf(dataset: Dataset, members: Uint32Array, pace: Pace): Promise<Float32Array> {
  const d = size(dataset.shape);
  const points = new Float32Array(members.length * d);
  const each = dataset.normalisation.zca ? d * d : d;
  for (let at = 0; at < members.length; at += normalisedAtOnce) {
    const some = members.subarray(at, at + normalisedAtOnce);
    points.set(normalise(dataset, "train", some).data as Float32Array, at * d);
    if (pace.spent(some.length * each)) await pace.pause();
  }
  return points;
}

/** Positions of every class's images. @throws AttarError where a class has fewer than `ipc`. */
function classesOf(dataset: Dataset, ipc: number) {
  if (!Number.isSafeInteger(ipc) || ipc < 1)
    throw new AttarError("bad-option", `ipc must be a whole number of at least 1, got ${ipc}`, "for example --ipc 10");
  const classes = byClass(dataset.train.labels, dataset.classes.length);
  for (const [c, members] of classes.entries())
    if (ipc > members.length)
      throw new AttarError(
        "ipc-too-large",
        `ipc ${ipc} is larger than class "${dataset.classes[c]}" of ${dataset.name}, which has ${members.length} training images`,
        `use --ipc ${members.length} or less`,
      );
  return classes;
}
