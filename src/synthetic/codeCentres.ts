import type { RealReader } from "../data/reader.ts";
import { Pace, type RandomKey, size, Tensor } from "../engine/index.ts";
import type { Codes, HostedGenerator } from "../generators/index.ts";
import { encoderAsked } from "./encoderOption.ts";
import { optionsOf } from "./initialisations.ts";
import { kmeansCentres } from "./kmeans.ts";
import { repeatedDraw } from "./repeatedDraw.ts";
import type { ChosenRule } from "./select.ts";

/** Tells whether a rule, in the codes of a generator, means centres of these: not of pixels, nor of another encoder's codes. */
export const clustersCodes = ({ name, options, given }: ChosenRule): boolean =>
  name === "kmeans-centres" && !given && !encoderAsked(optionsOf(name, options));

/** Images of a class that are clustered at most, unless more centres are wanted. */
const clustered = 1000;

/**
 * The centres of a k-means clustering of each class's codes of a layer (Su et al. 2024), class-major: the draws and rounds of the initialisation
 * `kmeans-centres` in pixels, which the codes of the identity make it. Parts that say nothing of an image are drawn; a class of too few
 * images has the codes of some of them more than once.
 */
export async function codeCentres(
  { generator, encode }: Pick<HostedGenerator, "generator" | "encode">,
  key: RandomKey,
  {
    reader,
    ipc,
    layer,
    signal,
  }: {
    readonly reader: RealReader;
    readonly ipc: number;
    readonly layer: number;
    readonly signal: AbortSignal | undefined;
  },
): Promise<Codes> {
  const pace = new Pace(signal);
  const drawn = Object.keys(generator.encoder?.draws?.(0, key) ?? {});
  const found: Record<string, Tensor[]> = {};
  for (const [c, count] of reader.sizes.entries()) {
    const branch = key.fold(c);
    const isClustered = count >= ipc;
    const want = isClustered ? Math.max(ipc, Math.min(clustered, count)) : ipc;
    const positions = [repeatedDraw(branch, count, want)];
    const { images } = await reader.batch("the codes that are clustered", { classes: [c], positions });
    const codes = await encode(images, new Int32Array(want).fill(c), layer, branch.fold("codes"));
    const own = isClustered ? await centresOfCodes(codes, drawn, ipc, branch.fold("kmeans"), pace) : codes;
    for (const [part, t] of Object.entries(own)) {
      found[part] ??= [];
      found[part].push(t);
    }
  }
  return Object.fromEntries(Object.entries(found).map(([part, own]) => [part, Tensor.concat(own)]));
}

/** Centres of codes [n, …], their parts joined; of the drawn parts the first `count`. */
async function centresOfCodes(
  codes: Codes,
  drawn: readonly string[],
  count: number,
  key: RandomKey,
  pace: Pace,
): Promise<Codes> {
  const parts = Object.entries(codes).filter(([part]) => !drawn.includes(part));
  const n = parts[0]![1].shape[0]!;
  const sizes = parts.map(([, t]) => size(t.shape.slice(1)));
  const m = sizes.reduce((sum, d) => sum + d, 0);
  const points = new Float32Array(n * m);
  const centred: Record<string, Tensor> = {};
  let from = 0;
  for (const [k, [, t]] of parts.entries()) {
    const d = sizes[k]!;
    for (let i = 0; i < n; i++) points.set(t.data.subarray(i * d, (i + 1) * d), i * m + from);
    from += d;
  }
  const centres = await kmeansCentres(points, m, count, key, { pace });
  from = 0;
  for (const [k, [part, t]] of parts.entries()) {
    const d = sizes[k]!;
    const own = new Float32Array(count * d);
    for (let i = 0; i < count; i++) own.set(centres.subarray(i * m + from, i * m + from + d), i * d);
    centred[part] = new Tensor(own, [count, ...t.shape.slice(1)], "float32");
    from += d;
  }
  const rest = Object.entries(codes).filter(([part]) => drawn.includes(part));
  return { ...centred, ...Object.fromEntries(rest.map(([part, t]) => [part, t.rows(0, count)])) };
}
