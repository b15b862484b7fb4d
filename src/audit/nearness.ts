import type { CondensedSet } from "../data/dataset.ts";
import { denormalise } from "../data/normalise.ts";
import { normaliseBatch } from "../data/normaliseBatch.ts";
import { nearestDistances } from "../discrepancies/nearestDistances.ts";
import { randomKey, size, Tensor } from "../engine/index.ts";
import { resolveNetwork } from "../hypotheses/index.ts";
import { type Encoder, fitNetworkEncoder } from "../views/pushForward/index.ts";
import type { Distances } from "./attacks/index.ts";
import type { Game } from "./game.ts";
import { leastDissimilarity } from "./ssim.ts";

/** Random networks whose codes stand side by side. */
const encoders = 4;
/** The width of a ConvNet among them. */
const width = 32;

/** How near the samples of a game's pool are to a set, in every space. */
export interface Nearness {
  to(set: CondensedSet, signal?: AbortSignal): Promise<Distances<Float64Array>>;
}

/**
 * Distances from the samples of a pool to the nearest of a set: in normalised pixels, in codes of four networks of the domain that are as
 * they were initialised (the same for all sets), and as 1 − SSIM where samples are images. What the pool needs is made at the first set.
 */
export function nearnessOf({ dataset }: Pick<Game, "dataset">): Nearness {
  const { shape, classes, normalisation, domain } = dataset;
  const d = size(shape);
  let pool: Promise<{ pixels: Float32Array; shades: Float32Array; codes: Float32Array }> | undefined;
  let networks: Promise<readonly Encoder[]> | undefined;
  const made = () => {
    networks ??= Promise.all(Array.from({ length: encoders }, (_, k) => encoder(k)));
    return networks;
  };
  const encoder = (k: number) => {
    const { name, options } = domain.network;
    const spec = resolveNetwork({ name, options: { ...options, ...(name === "convnet" && { width }) } });
    const images = new Tensor(new Float32Array(d), [1, ...shape], "float32");
    const set = { name: dataset.name, images, labels: new Int32Array(1), classes };
    return fitNetworkEncoder(set, spec, { layer: "embedding", epochs: 0 }, randomKey(0).fold("codes").fold(k));
  };
  const codesOf = async (images: Float32Array) => {
    const batch = new Tensor(images, [images.length / d, ...shape], "float32");
    const codes: Tensor[] = [];
    for (const own of await made()) codes.push(await own.encode(batch));
    return sideBySide(codes);
  };
  const shadesOf = (images: Float32Array) => denormalise(images, shape, normalisation);
  const ofPool = async () => {
    const pixels = (await normaliseBatch(dataset, "train")).data as Float32Array;
    return { pixels, shades: shadesOf(pixels), codes: await codesOf(pixels) };
  };
  return {
    async to({ images }, signal) {
      pool ??= ofPool();
      const { pixels, shades, codes } = await pool;
      const own = await codesOf(images);
      return {
        pixels: await nearestDistances(pixels, images, d, { signal }),
        embedding: await nearestDistances(codes, own, codes.length / (pixels.length / d), { signal }),
        structure:
          domain.kind === "image"
            ? await leastDissimilarity(shades, shadesOf(images), shape, signal)
            : new Float64Array(0),
      };
    },
  };
}

/** Codes [n, m] of several encoders as rows of all their numbers. */
function sideBySide(codes: readonly Tensor[]): Float32Array {
  const n = codes[0]!.shape[0]!;
  const lengths = codes.map(({ shape }) => shape[1]!);
  const whole = lengths.reduce((a, b) => a + b, 0);
  const out = new Float32Array(n * whole);
  let at = 0;
  for (const [k, { data }] of codes.entries()) {
    const own = lengths[k]!;
    for (let i = 0; i < n; i++) out.set((data as Float32Array).subarray(i * own, (i + 1) * own), i * whole + at);
    at += own;
  }
  return out;
}
