import type { Choice, ClassChoice, NumberedChoice, RealReader, Samples, Statistic, Summands } from "../data/reader.ts";
import { AttarError } from "../engine/errors.ts";
import { size, Tensor } from "../engine/tensor.ts";
import { layoutOf } from "./layout.ts";
import type { Mechanism } from "./mechanism.ts";
import { tossed } from "./noise/coins.ts";
import { discreteGaussian } from "./noise/discreteGaussian.ts";
import { GridSum } from "./noise/grid.ts";
import type { NoiseKey } from "./noise/keystream.ts";
import { releasesBooked } from "./released.ts";

/** Samples that are read at once, and numbers of releases that are remembered, not drawn again when they are asked for again. */
const [slab, remembered] = [2048, 1 << 26];

/** What is watched, or otherwise than usual, of a private reader. */
export interface PrivateOptions {
  readonly toss?: typeof tossed;
  readonly onRelease?: (draw: number, means: Tensor) => void;
}

/**
 * The door to T of a private run. Means of statistics pass whose summands can be had sample by sample: of samples that coins
 * let in, each summand clipped, noise on the sum, divided by the number that is expected. Everything else that would read T is
 * refused by name. Sizes of classes are noised, or taken as equal; the number of all samples is public.
 *
 * A release is drawn once: its number gives coins and noise, so that asking again gives what was given, never a second look.
 *
 * @param options `toss`: the coins; tests toss others. `onRelease` is told of every release, of its number and its means
 */
export async function privately(
  reader: RealReader,
  mechanism: Mechanism,
  key: NoiseKey,
  { toss = tossed, onRelease }: PrivateOptions = {},
): Promise<RealReader> {
  const { facts } = reader;
  const all = reader.sizes.reduce((sum, n) => sum + n, 0);
  const sizes = await publicSizes(reader.sizes, mechanism, key);
  const released = new Map<number, { readonly what: string; means?: Promise<Tensor> }>();
  let held = 0;
  const refuse = (what: string, why: string): Promise<never> =>
    Promise.reject(
      new AttarError(
        "not-private",
        `${what} would be read of ${facts.name} in a private run: ${why}`,
        "choose parts that read sums only, a start from noise (--set initialisation=noise), or run it without privacy",
      ),
    );
  const single = "no noise hides a single sample";

  async function release(name: string, summands: Summands<unknown>, clip: number, choice: NumberedChoice) {
    const { classes, draw, change } = choice;
    const layout = layoutOf(await summands.parts(), classes.length);
    const sum = new GridSum(layout.total, clip, layout.summand);
    const places = new Map(classes.map((c, g) => [c, g]));
    const entered = await toss(key.bits("coins", draw), all, mechanism.rate);
    for (let at = 0; at < entered.length; at += slab) {
      const rows = entered.subarray(at, at + slab);
      const samples = ofClasses(await reader.batch(`a noised sum of ${name}`, { rows }), classes, change);
      let i = 0;
      if (samples.labels.length > 0)
        for await (const own of summands.rows(samples))
          for (let from = 0; from < own.length; from += layout.summand, i++)
            sum.add(
              own.subarray(from, from + layout.summand),
              layout.places,
              layout.strides,
              places.get(samples.labels[i]!)!,
            );
    }
    const bits = key.bits("noise", draw);
    const { sigma, rate, noise } = mechanism;
    const totals = await (noise === "grid" ? sum.noised(bits, sigma) : sum.floatNoised(bits, sigma));
    const expected = classes.map((c) => rate * sizes[c]!);
    const together = expected.reduce((a, b) => a + b, 0);
    const means = new Float32Array(classes.length * layout.summand);
    for (const [g, own] of expected.entries())
      for (let k = 0; k < layout.summand; k++) {
        const stride = layout.strides[k]!;
        means[g * layout.summand + k] = totals[layout.places[k]! + g * stride]! / (stride > 0 ? own : together);
      }
    return new Tensor(means, [classes.length, layout.summand], "float32");
  }

  async function sum<S>({ name, sensitivity, summands }: Statistic<S>, choice: Choice): Promise<S> {
    const what = `the sum of ${name}`;
    if (!("draw" in choice)) return refuse(what, "its samples were not let in by coins, which ε is computed for");
    if (!summands) return refuse(what, "single samples have no summand in it that could be clipped");
    if (choice.draw >= mechanism.releases)
      return refuse(what, `all of its ${mechanism.releases} releases are spent, and this is number ${choice.draw + 1}`);
    const own = released.get(choice.draw) ?? { what: name };
    if (own.what !== name) return refuse(what, `release ${choice.draw + 1} was of ${own.what}`);
    released.set(choice.draw, own);
    if (own.means) return summands.from(await own.means);
    // What is bounded by itself is not clipped further than its rounding.
    own.means = release(name, summands, Number.isFinite(sensitivity) ? sensitivity : mechanism.clip, choice);
    const means = await own.means;
    onRelease?.(choice.draw, means);
    held += means.data.length;
    for (const other of released.values()) {
      if (held <= remembered) break;
      held -= (await other.means)?.data.length ?? 0;
      other.means = undefined;
    }
    return summands.from(means);
  }

  return {
    facts,
    sizes,
    stateful: [releasesBooked(() => [...released.keys()])],
    prepare: async () => {},
    sum,
    rows: ({ name }) => refuse(`the ${name} of single samples`, single),
    batch: (purpose) => refuse(`samples for ${purpose}`, single),
    fit: ({ name }) => refuse(`all samples, to train ${name},`, "its training clips and noises nothing"),
  };
}

/** Sizes of classes that may be known: noised ones of at least 1, or equal shares of all. */
async function publicSizes(sizes: readonly number[], { counts }: Mechanism, key: NoiseKey): Promise<number[]> {
  const all = sizes.reduce((sum, n) => sum + n, 0);
  if (counts === 0) return sizes.map(() => all / sizes.length);
  const noise = await discreteGaussian(key.bits("counts", 0), sizes.length, counts);
  return sizes.map((n, c) => Math.max(1, n + noise[c]!));
}

/** The samples of some classes, class by class in their order, each class changed as a choice says. */
function ofClasses(
  { images, labels, values }: Samples,
  classes: readonly number[],
  change: ClassChoice["change"],
): Samples {
  const places = new Map(classes.map((c, g) => [c, g]));
  const members = classes.map((): number[] => []);
  for (const [i, label] of labels.entries()) {
    const g = places.get(label);
    if (g !== undefined) members[g]!.push(i);
  }
  const order = members.flat();
  const chosen = images.take(order);
  const row = size(images.shape.slice(1));
  const data = chosen.data as Float32Array;
  const changed = change ? new Float32Array(data.length) : data;
  let at = 0;
  for (const [g, own] of members.entries()) {
    const end = at + own.length * row;
    if (own.length > 0) change?.(data.subarray(at, end), g, changed.subarray(at, end));
    at = end;
  }
  return {
    images: new Tensor(changed, chosen.shape, "float32"),
    labels: Int32Array.from(order, (i) => labels[i]!),
    ...(values && { values: values.take(order) }),
  };
}
