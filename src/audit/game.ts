import type { Dataset } from "../data/dataset.ts";
import { countOf } from "../data/samples.ts";
import { onRows } from "../data/splits/onRows.ts";
import { AttarError, randomKey } from "../engine/index.ts";

export interface GameOptions {
  /** Models: halves of the pool, each condensed. */
  readonly shadows: number;
  /** Samples of the training split that are asked about, drawn at random; all where left out. */
  readonly pool?: number | undefined;
  /** Samples of the pool that get a wrong label, and are then asked about alone; none where left out. */
  readonly canaries?: number | undefined;
  readonly seed: number;
}

/** A game of membership: who condenses is given half of a pool, who attacks guesses which half. */
export interface Game {
  /** The dataset whose training split is the pool; wrong labels of canaries are in it. */
  readonly dataset: Dataset;
  /** The class of every sample of the pool, of canaries the wrong one: [pool]. */
  readonly labels: Int32Array;
  /** 1 where a sample is in a model's half, by a fair coin for each sample and model: [models][pool]. */
  readonly members: readonly Uint8Array[];
  /** The samples that are asked about, as positions in the pool, ascending. */
  readonly asked: readonly number[];
}

/**
 * Draws a game. Coins are independent of one another, so that nothing is told of a model's half by the halves of others.
 *
 * @throws AttarError "bad-option" for sizes out of range, "bad-combination" where numbers are predicted
 */
export async function gameOf(dataset: Dataset, options: GameOptions): Promise<Game> {
  const { shadows, seed, canaries = 0 } = options;
  const all = countOf(dataset, "train");
  const pool = Math.min(all, options.pool ?? all);
  const classes = dataset.classes.length;
  if (dataset.target)
    throw new AttarError(
      "bad-combination",
      `attacks on membership read the probability of a class, and of ${dataset.name} numbers are predicted`,
      "attar audit dm --on digits",
    );
  inRange("--shadows", shadows, 4, 4096);
  inRange("--pool", pool, 4 * classes, all);
  inRange("--canaries", canaries, 0, pool);
  const key = randomKey(seed).fold("membership");
  const rows = Array.from(key.fold("pool").permutation(all, pool)).sort((a, b) => a - b);
  const wrong = Array.from(key.fold("canaries").permutation(pool, canaries)).sort((a, b) => a - b);
  const turns = key.fold("labels").bits(canaries);
  let labels = new Int32Array(pool);
  const relabelled = (own: Int32Array) => {
    for (const [k, i] of wrong.entries()) own[i] = (own[i]! + 1 + (turns[k]! % (classes - 1))) % classes;
    labels = own.slice();
    return own;
  };
  const own = await onRows(dataset, rows, relabelled);
  return {
    dataset: own,
    labels,
    members: Array.from({ length: shadows }, (_, m) =>
      Uint8Array.from(key.fold("half").fold(m).bits(pool), (bits) => bits >>> 31),
    ),
    asked: canaries > 0 ? wrong : Array.from(rows.keys()),
  };
}

/** The dataset of one model: its half of the pool, and the test split. */
export const halfOf = ({ dataset, members }: Game, model: number): Promise<Dataset> =>
  onRows(
    dataset,
    Array.from(members[model]!.keys()).filter((i) => members[model]![i] === 1),
  );

function inRange(name: string, value: number, least: number, most: number): void {
  if (Number.isSafeInteger(value) && value >= least && value <= most) return;
  throw new AttarError(
    "bad-option",
    `${name} must be a whole number from ${least} to ${most}, got ${value}`,
    `for example ${name} ${Math.min(most, Math.max(least, 16))}`,
  );
}
