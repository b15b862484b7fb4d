import { work } from "../../engine/index.ts";
import { activation } from "../layers/activation.ts";
import { conv2d } from "../layers/conv2d.ts";
import { linear } from "../layers/linear.ts";
import { pool2x2 } from "../layers/pooling.ts";
import { sequential } from "../layers/sequential.ts";
import { flatten } from "../layers/stage.ts";
import type { NetworkSpec } from "../network.ts";
import { declareArchitecture, specOf } from "./architecture.ts";

/**
 * LeNet (LeCun et al. 1998) with ReLU and max pooling: 5x5 convolutions of 6 and 16 channels, linear layers of 120 and 84
 * units. The first convolution pads grey images by 2.
 */
export const lenetArchitecture = declareArchitecture({
  name: "lenet",
  title: "LeNet",
  domains: ["image"],
  citation: work(
    "Y. LeCun, L. Bottou, Y. Bengio and P. Haffner",
    1998,
    "Gradient-Based Learning Applied to Document Recognition",
    "Proceedings of the IEEE 86(11):2278–2324",
  ),
  options: {},
  body(_options, [channels]) {
    const relu = activation("relu");
    return sequential(
      conv2d("conv1", { channels: 6, kernel: 5, padding: channels === 1 ? 2 : 0 }),
      relu,
      pool2x2("pool1", "max"),
      conv2d("conv2", { channels: 16, kernel: 5 }),
      relu,
      pool2x2("pool2", "max"),
      flatten,
      linear("linear1", 120),
      relu,
      linear("linear2", 84),
      relu,
    );
  },
});

export function lenet(): NetworkSpec {
  return specOf(lenetArchitecture, {});
}
