import { autoAttack, type Ball, networkVictim, type Points, rightOnes, withstand } from "../../src/attacks/index.ts";
import { load } from "../../src/data/index.ts";
import { readerOf } from "../../src/data/reader.ts";
import { randomKey, size } from "../../src/engine/index.ts";
import { buildNetwork, convnet, fieldRecipe, networkText, train, trainingSetOf } from "../../src/hypotheses/index.ts";
import type { Reference } from "./reference.ts";

/** Digits that are attacked: the test split, and as many of the training split as make 500; the others are trained on. */
const attacked = 500;
const balls: readonly Ball[] = [
  { norm: "linf", radius: 0.05 },
  { norm: "linf", radius: 0.1 },
  { norm: "linf", radius: 0.15 },
  { norm: "l2", radius: 0.5 },
  { norm: "l2", radius: 1 },
];

/** The ensemble at a radius, by attar and by its authors' code. */
export interface EnsembleRow extends Ball {
  /** Shares of all images: right without an attack, and right after the ensemble of either. */
  readonly clean: number;
  readonly attar: number;
  readonly reference: number;
  /** The share of images of which both say the same. */
  readonly alike: number;
  /** Share that each of attar's attacks left, in turn. */
  readonly after: Readonly<Record<string, number>>;
  readonly seconds: { readonly attar: number; readonly reference: number };
}

/** The standard AutoAttack on a ConvNet that was trained on digits, both on the same weights and images. */
export async function ensemble(reference: Reference, log: (line: string) => void) {
  const digits = await load("digits");
  const more = attacked - digits.test.labels.length;
  const d = size(digits.shape);
  const { mean, std, scale } = digits.normalisation;
  const stored = [...digits.test.images, ...digits.train.images.subarray(0, more * d)];
  const points: Points = {
    images: Float64Array.from(stored, (v) => v / scale),
    labels: Int32Array.of(...digits.test.labels, ...digits.train.labels.subarray(0, more)),
    ids: Array.from({ length: attacked }, (_, i) => i),
  };
  const network = buildNetwork(convnet({ width: 16, depth: 3 }), digits.shape, digits.classes.length);
  const rows = Array.from({ length: digits.train.labels.length - more }, (_, i) => more + i);
  const set = trainingSetOf(await readerOf(digits).batch("a network that is attacked", { rows }));
  const recipe = { ...fieldRecipe, epochs: 40, batch: 64, optimizer: "adam", learningRate: 2e-3 } as const;
  const { params } = await train(network, set, recipe, randomKey(0));
  const victim = networkVictim({ network, params }, digits.normalisation);
  const right = rightOnes(await victim.logits(points.images), points.labels, victim.classes);
  const theirs = await reference.load({ network, params, mean, std }, points);
  if (theirs.reduce((a, b) => a + b, 0) !== right.length) throw new Error("both sides classify the images differently");
  const found: EnsembleRow[] = [];
  for (const ball of balls) {
    const began = performance.now();
    let left: readonly number[] = right;
    const after: Record<string, number> = {};
    for (const attack of autoAttack) {
      left = await withstand(victim, points, left, ball, { attack, options: {} }, randomKey(0));
      after[attack.name] = left.length / attacked;
    }
    const seconds = (performance.now() - began) / 1000;
    const other = await reference.ensemble(ball.norm, ball.radius, 0);
    const own = new Set(left);
    const alike = other.right.filter((v, i) => (v === 1) === own.has(i)).length;
    found.push({
      ...ball,
      clean: right.length / attacked,
      attar: left.length / attacked,
      reference: other.right.reduce((a, b) => a + b, 0) / attacked,
      alike: alike / attacked,
      after,
      seconds: { attar: seconds, reference: other.seconds },
    });
    log(JSON.stringify(found.at(-1)));
  }
  return { network: networkText(network.spec), images: attacked, rows: found };
}
