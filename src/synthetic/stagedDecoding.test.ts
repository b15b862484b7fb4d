import { expect, test } from "vitest";
import { loadDigits } from "../data/digits.ts";
import { readerOf } from "../data/reader.ts";
import { type OptionValues, randomKey, resolveOptions, Tensor } from "../engine/index.ts";
import { Decoding, spaceNamed, type Variables } from "./index.ts";

const dataset = await loadDigits();
const reader = readerOf(dataset);
const tiny = "ldm:width=8,channels=4,z=2";

const largestOf = ({ data }: Tensor): number =>
  (data as Float32Array).reduce((most, v) => Math.max(most, Math.abs(v)), 0);

/** The largest difference over the largest value, or over `least` where that is more. */
function apart(a: Tensor, b: Tensor, least = 0): number {
  expect(a.shape).toEqual(b.shape);
  const largest = Math.max(largestOf(a), least);
  return (a.data as Float32Array).reduce((most, v, i) => Math.max(most, Math.abs(v - b.data[i]!)), 0) / largest;
}

const variants: readonly [name: string, generator: string, options: OptionValues, ipc: number][] = [
  ["blended, embeddings", "ddim=3,guidance=1,skip=true,conditions=embedding", { part: "z+condition" }, 1],
  // More images than are decoded together: five classes at a time, whose shares of learned weights add up.
  ["guided, weights learned", "ddim=2,guidance=2", { part: "z", weights: "learned" }, 12],
  ["with noise in every step", "sampler=ddpm,ddim=3,guidance=1.5,strength=0.7", { part: "z+class" }, 2],
];

test.each(variants)(
  "decoding in stages is that of the whole, and so is its way back: %s",
  async (_, more, options, ipc) => {
    const latent = spaceNamed("latent");
    const asked = { generator: `${tiny},${more}`, steps: 0, fidelity: 0, ...options };
    const space = latent.make(resolveOptions("a test", latent.options, asked), reader.facts, ipc);
    expect(space.staged!.steps.length).toBeGreaterThan(1);
    const key = randomKey(3);
    const start = await space.initial({ name: "noise" }, key, reader);
    // The model of noise begins at zero: weights that are none of a start show every path.
    const variables: Variables = Object.fromEntries(
      Object.entries(start).map(([name, t]) => {
        const own = key.fold(name).normal(t.data.length);
        return [name, name.includes("deviation") ? t : t.map((v, i) => v + 0.2 * own[i]!)];
      }),
    );
    const { staged: _staged, ...plain } = space;
    const [stages, whole] = [new Decoding(space, 10), new Decoding(plain, 10)];
    const images = await whole.images(variables);
    expect(apart(images, await stages.images(variables))).toBeLessThan(1e-4);
    const bar = new Tensor(key.fold("bar").normal(images.data.length), images.shape, "float32");
    const [expected, found] = [await whole.pullback(variables, bar), await stages.pullback(variables, bar)];
    expect(Object.keys(found).toSorted()).toEqual(Object.keys(expected).toSorted());
    // A bias before a normalisation has no gradient but what rounding leaves.
    const least = 1e-3 * Math.max(...Object.values(expected).map(largestOf));
    for (const [name, t] of Object.entries(expected)) expect(apart(t, found[name]!, least), name).toBeLessThan(1e-3);
    expect(await stages.work(variables)).toBeGreaterThan(await whole.work(variables));
    for (const decoding of [stages, whole]) decoding.dispose();
  },
);
