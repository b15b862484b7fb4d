import { integer, type RandomKey, Tensor } from "../../engine/index.ts";
import { declareProxy, type ProxyContext } from "../trick.ts";
import { compiledScores, representatives } from "./representatives.ts";

/** Images that are clustered together: the cost of a class grows with its size only, and so little is held at a time. */
const block = 2000;

/**
 * A first, rough stage for classes that are too large (§5.3.3): before the first step every class is reduced to a few images,
 * and steps draw from those. Greedy: a class is dealt into blocks at random, k-means runs in every block by itself on
 * embeddings under the first hypothesis, and the images nearest to the centres stay.
 */
export const precompression = declareProxy({
  kind: "proxy",
  title: "every class reduced by k-means before the first step",
  formula: "cl(T) in place of T, once",
  reference: "§5.3.3, two-stage compression",
  options: {
    images: integer(500, 1, undefined, "images that a class keeps at most"),
    rounds: integer(10, 1, undefined, "of Lloyd's algorithm at most"),
  },
  main: "images",
  refuses: ({ images }, { hypotheses, realBatch }) => {
    if (hypotheses === 0) return "the method looks through no network";
    return images < realBatch ? `a step draws ${realBatch} real images of a class, and it keeps ${images}` : undefined;
  },
  make(options) {
    const { images, rounds } = options;
    const scores = compiledScores();
    return {
      dispose: () => scores.dispose(),
      async choose(context, kept) {
        const { key, sizes, count } = context;
        const positions = new Int32Array(sizes.length * count);
        const next: Record<string, Tensor> = {};
        for (const c of sizes.keys()) {
          const name = `class${c}`;
          const stays = kept[name] ?? (await reduced(context, c, images, { rounds, scores }));
          next[name] = stays;
          key
            .fold(c)
            .fold("draw")
            .permutation(stays.data.length, count)
            .forEach((row, i) => {
              positions[c * count + i] = stays.data[row]!;
            });
        }
        return { ...next, positions: new Tensor(positions, [sizes.length, count], "int32") };
      },
    };
  },
});

/** Positions of the images that a class keeps. */
async function reduced(
  { key, sizes, embed }: ProxyContext,
  c: number,
  images: number,
  how: Parameters<typeof representatives>[3],
): Promise<Tensor> {
  const own = key.fold(c).fold("reduce");
  const size = sizes[c]!;
  const dealt = own.permutation(size);
  const blocks = Math.ceil(size / block);
  const stays: number[] = [];
  for (let b = 0; b < blocks; b++) {
    const members = dealt.subarray(share(size, b, blocks), share(size, b + 1, blocks));
    const wanted = share(Math.min(images, size), b + 1, blocks) - share(Math.min(images, size), b, blocks);
    stays.push(...(await nearestOf(members, wanted, own.fold(b), embed, c, how)));
  }
  return new Tensor(Int32Array.from(stays), [stays.length], "int32");
}

async function nearestOf(
  members: Uint32Array,
  wanted: number,
  key: RandomKey,
  embed: ProxyContext["embed"],
  c: number,
  how: Parameters<typeof representatives>[3],
): Promise<number[]> {
  if (wanted === members.length) return Array.from(members);
  return (await representatives(await embed(c, members), wanted, key, how)).map((row) => members[row]!);
}

/** The beginning of part `part` of `parts` even parts of `whole`. */
const share = (whole: number, part: number, parts: number) => Math.floor((whole * part) / parts);
