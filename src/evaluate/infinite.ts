import {
  centredOneHot,
  type InfiniteNetwork,
  kernelOfInfinite,
  kernelRidge,
  type NetworkSpec,
  networkText,
} from "../hypotheses/index.ts";
import type { Learner } from "./learner.ts";

/**
 * An infinitely wide network, trained on a set in closed form (§5.2.2), as KIP's and RFAD's authors score: ridge regression on
 * the labels, hard ones less 1/K. No network is drawn, so a set has one run. Training throws AttarError "ill-conditioned" (exit
 * code 3).
 */
export function infiniteLearner(
  network: InfiniteNetwork,
  spec: NetworkSpec,
  shape: readonly [number, number, number],
  classes: number,
): Learner {
  const kernel = kernelOfInfinite(network, spec.options, shape);
  const ridge = kernelRidge(kernel, {
    ridge: spec.options.ridge as number,
    precision: kernel.exact ? "float64" : "float32",
  });
  return {
    net: networkText(spec),
    drawn: false,
    outputs: () => ({ kind: "values", why: "it is a regression on labels as values" }),
    async train({ images, labels }, _recipe, _key, { signal }) {
      signal?.throwIfAborted();
      const fit = await ridge.fit({
        images,
        labels: labels instanceof Int32Array ? centredOneHot(labels, classes) : labels,
      });
      return { spec, outputs: "values", predict: (batch) => ridge.predict(fit, batch) };
    },
    dispose: () => ridge.dispose(),
  };
}
