import { choice, integer, type RandomKey } from "../../engine/index.ts";
import { gaussianParameters } from "../kernels/gaussianParameters.ts";
import type { Network } from "../network.ts";
import { declareSource, type Hypothesis } from "./source.ts";

/** Random initialisations, a new one every so many steps: the supremum over ℋ as a mean over draws (§5.1.4). */
export const fresh = declareSource({
  title: "random initialisations",
  reference: "§5.1.4",
  options: {
    every: integer(1, 1, undefined, "steps that each random network serves"),
    parameters: choice("own", ["own", "gaussian"], "as the network starts, or normal as infinite-width kernels assume"),
  },
  atOnce: Number.POSITIVE_INFINITY,
  make(options, network, key) {
    const every = options.every;
    const position = (step: number) => ({ network: Math.floor(step / every), within: step % every });
    const init = options.parameters === "gaussian" ? gaussianParameters : undefined;
    const draw = remembered((k, i) => randomHypothesis(network, key, k, i, init));
    return {
      position,
      async at(step, count) {
        const { network: k } = position(step);
        return { hypotheses: Array.from({ length: count }, (_, i) => draw(k, i)), kept: {} };
      },
      foresee: (step) => void draw(position(step).network, 0),
      after: async () => ({}),
      trainedImages: () => 0,
    };
  },
});

/** The i-th untrained network of draw k. */
export function randomHypothesis(
  network: Network,
  key: RandomKey,
  k: number,
  i = 0,
  init = (n: Network, by: RandomKey) => n.init(by),
): Hypothesis {
  const own = key.fold("network").fold(k);
  return { params: init(network, i === 0 ? own : own.fold("beside").fold(i)), accuracy: 0 };
}

/** Keeps the draws of the latest k, so that equal hypotheses are equal objects. */
export function remembered<T>(make: (k: number, i: number) => T): (k: number, i: number) => T {
  let latest = -1;
  let made = new Map<number, T>();
  return (k, i) => {
    if (k !== latest) [latest, made] = [k, new Map()];
    let found = made.get(i);
    if (found === undefined) {
      found = make(k, i);
      made.set(i, found);
    }
    return found;
  };
}
