import { apgd } from "../../src/attacks/apgd.ts";
import { chosenPoints, networkVictim, type Points } from "../../src/attacks/index.ts";
import { randomKey, size } from "../../src/engine/index.ts";
import { buildNetwork, convnet, networkText } from "../../src/hypotheses/index.ts";
import type { Reference } from "./reference.ts";

const shape = [1, 28, 28] as const;
const [classes, images, atOnce, steps, radius] = [10, 500, 100, 50, 0.1];
const unit = { mean: [0.1307], std: [0.3081] };

/** Auto-PGD of 50 steps up the cross-entropy on 500 images, ConvNet-3 of width 128, the same work on both sides, in turn. */
export async function speed(reference: Reference, log: (line: string) => void) {
  const network = buildNetwork(convnet({ width: 128, depth: 3 }), shape, classes);
  const params = network.init(randomKey(0).fold("speed"));
  const victim = networkVictim({ network, params }, unit);
  const pixels = randomKey(1).uniform(images * size(shape));
  const points: Points = {
    images: Float64Array.from(pixels, (v) => Math.fround(v)),
    labels: Int32Array.from({ length: images }, (_, i) => i % classes),
    ids: Array.from({ length: images }, (_, i) => i),
  };
  await reference.load({ network, params, ...unit }, points);
  const own = async (begin: number, end: number, of: number) => {
    const some = chosenPoints(
      points,
      Array.from({ length: end - begin }, (_, i) => begin + i),
    );
    const began = performance.now();
    const { loss } = await apgd(victim, some, { norm: "linf", radius }, some.images, {
      ...{ steps: of, loss: "cross-entropy", untilFooled: false },
    });
    return { seconds: (performance.now() - began) / 1000, loss };
  };
  // Programs are compiled and memory is taken before the first round.
  await own(0, atOnce, 2);
  await reference.apgd(radius, 2, 0, atOnce);
  const rounds: { attar: number; reference: number; gap: number }[] = [];
  for (let begin = 0; begin < images; begin += atOnce) {
    const first = rounds.length % 2 === 0 ? await own(begin, begin + atOnce, steps) : undefined;
    const theirs = await reference.apgd(radius, steps, begin, begin + atOnce);
    const ours = first ?? (await own(begin, begin + atOnce, steps));
    const gaps = theirs.loss.map((v, i) => Math.abs(v - ours.loss[i]!) / Math.abs(v));
    rounds.push({ attar: ours.seconds, reference: theirs.seconds, gap: gaps.sort((a, b) => a - b)[atOnce >> 1]! });
    log(JSON.stringify(rounds.at(-1)));
  }
  const sum = (side: "attar" | "reference") => rounds.reduce((total, round) => total + round[side], 0);
  return {
    ...{ network: networkText(network.spec), images, atOnce, steps, radius, rounds },
    seconds: { attar: sum("attar"), reference: sum("reference") },
  };
}
