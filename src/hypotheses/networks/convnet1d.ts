import { AttarError } from "../../engine/index.ts";
import { activation } from "../layers/activation.ts";
import { conv1d, pool1d } from "../layers/conv1d.ts";
import { normalisation } from "../layers/normalisation.ts";
import { sequential } from "../layers/sequential.ts";
import { flatten } from "../layers/stage.ts";
import { activationOption, declareArchitecture, normalisationOption, poolingOption } from "./architecture.ts";
import { integer } from "./options.ts";

/** The ConvNet over time: `depth` blocks of convolution with bias, normalisation, activation and pooling of two, flattened. */
export const convnet1dArchitecture = declareArchitecture({
  name: "convnet1d",
  title: "ConvNet over time",
  domains: ["series"],
  options: {
    depth: integer(3, 1, 16),
    width: integer(64, 1, 4096),
    reach: integer(1, 0, 64, "times on either side of one that a kernel sees"),
    activation: activationOption,
    normalisation: normalisationOption("instance"),
    pooling: poolingOption,
  },
  body({ depth, width, reach, activation: act, normalisation: norm, pooling }, [, length]) {
    const deepest = Math.floor(Math.log2(length));
    if (pooling !== "none" && depth > deepest)
      throw new AttarError(
        "input-too-small",
        `its depth of ${depth} halves a series ${depth} times, and one of ${length} times can be halved ${deepest} times`,
        `Use convnet1d:depth=${Math.max(1, deepest)}, or convnet1d:depth=${depth},pooling=none.`,
      );
    const blocks = Array.from({ length: depth }, (_, i) => [
      conv1d(`conv${i + 1}`, width, 2 * reach + 1),
      normalisation(`norm${i + 1}`, norm),
      activation(act),
      pool1d(`pool${i + 1}`, pooling),
    ]);
    return sequential(...blocks.flat(), flatten);
  },
});
