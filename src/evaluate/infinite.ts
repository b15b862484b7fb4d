import { currentRuntime, type Tensor } from "../engine/index.ts";
import {
  centredOneHot,
  type InfiniteNetwork,
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
  const runtime = currentRuntime();
  const kernel = network.kernel(spec.options, shape);
  const ridge = kernelRidge(kernel, {
    ridge: spec.options.ridge as number,
    precision: kernel.exact ? "float64" : "float32",
  });
  return {
    net: networkText(spec),
    drawn: false,
    weights: false,
    outputs: () => ({ kind: "values", why: "it is a regression on labels as values" }),
    async train({ images, labels }, _recipe, _key, { signal }) {
      signal?.throwIfAborted();
      const targets = labels instanceof Int32Array ? centredOneHot(labels, classes) : labels;
      const fit = await runtime.throughout(() => ridge.fit({ images, labels: targets }));
      const predict = (batch: Tensor) => runtime.throughout(() => ridge.predict(fit, batch));
      return { spec, outputs: "values", predict };
    },
    dispose: () => ridge.dispose(),
  };
}
