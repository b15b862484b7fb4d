import { numpy as np } from "@jax-js/jax";
import { type Discrepancy, overLeaves, traced } from "../../src/discrepancies/index.ts";
import type { View } from "../../src/views/view.ts";

/** Every pixel less its image's mean: two uses of `images`, so the first one takes a reference. */
export const contrast: View<"samples"> = {
  yields: "samples",
  title: "pixels less the image's mean",
  reference: "an example",
  needsNetwork: false,
  options: {},
  make: () => (_network, _params, images) => {
    const rows = images.reshape([images.shape[0]!, -1]);
    const means = np.mean(rows.ref, 1, { keepdims: true });
    return { contrast: rows.sub(means) };
  },
};

/** ‖a − b‖² / (1 + ‖b‖²): the real side b is used twice, the synthetic side a once. */
export const relativeDifference = {
  title: "squared difference of means beside the real one's length",
  formula: "‖a − b‖² / (1 + ‖b‖²)",
  reference: "an example",
  options: {},
  unmeasured: "it is not symmetric in its two sides",
  traced: traced({
    compares: ["means"],
    options: {},
    make: () => ({
      between: overLeaves((a, b) => {
        const difference = np.sum(np.square(a.sub(b.ref)));
        return difference.div(np.sum(np.square(b)).add(1));
      }),
    }),
  }),
} satisfies Discrepancy;
