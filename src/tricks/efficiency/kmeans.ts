import { integer, Tensor, work } from "../../engine/index.ts";
import { declareProxy } from "../trick.ts";
import { compiledScores, representatives } from "./representatives.ts";

/**
 * A proxy of T, renewed every few steps: of every class the real images nearest to the centres of a k-means clustering of
 * embeddings under the hypothesis of the moment (Liu et al. 2023; §5.3.3). Their gradients vary less than those of random
 * images, so S is pulled the same way for longer.
 */
export const kmeans = declareProxy({
  kind: "proxy",
  title: "images nearest to k-means centres of embeddings instead of random ones",
  formula: "cl(T) in place of T",
  reference: "§5.3.3, gradient matching with k-means clustering",
  citation: work(
    "Y. Liu, J. Gu, K. Wang, Z. Zhu, W. Jiang and Y. You",
    2023,
    "DREAM: Efficient Dataset Distillation by Representative Matching",
    "ICCV",
    "a",
  ),
  options: {
    every: integer(10, 1, undefined, "steps that a choice serves"),
    each: integer(1, 1, undefined, "images taken of every cluster"),
    images: integer(512, 0, undefined, "random images of a class that are clustered at most; 0 for all"),
    rounds: integer(10, 1, undefined, "of Lloyd's algorithm at most"),
  },
  main: "every",
  make(options) {
    const { every, each, images, rounds } = options;
    const scores = compiledScores();
    return {
      dispose: () => scores.dispose(),
      async choose({ step, key, sizes, count, embed }, kept) {
        if (kept.positions && step % every !== 0) return kept;
        const positions = new Int32Array(sizes.length * count);
        for (const [c, size] of sizes.entries()) {
          const own = key.fold(c);
          const among = images === 0 ? size : Math.min(size, Math.max(images, count));
          const candidates = own.fold("among").permutation(size, among);
          const rows = await representatives(await embed(c, candidates), count, own, { rounds, each, scores });
          rows.forEach((row, i) => {
            positions[c * count + i] = candidates[row]!;
          });
        }
        return { positions: new Tensor(positions, [sizes.length, count], "int32") };
      },
    };
  },
});
