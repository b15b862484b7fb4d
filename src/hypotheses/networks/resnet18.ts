import { work } from "../../engine/index.ts";
import { activation } from "../layers/activation.ts";
import { conv2d } from "../layers/conv2d.ts";
import { convBlock } from "../layers/convBlock.ts";
import { type Normalisation, normalisation } from "../layers/normalisation.ts";
import { globalAverage } from "../layers/pooling.ts";
import { residual, sequential } from "../layers/sequential.ts";
import { plain, type StageMaker } from "../layers/stage.ts";
import type { NetworkSpec } from "../network.ts";
import { declareArchitecture, normalisationOption, specOf } from "./architecture.ts";

export type ResNet18Options = {
  /** "instance". */
  readonly normalisation?: Normalisation;
};

/** ResNet-18 (He et al. 2016) for small images: a 3x3 stem, four groups of two basic blocks, global average pooling. */
export const resnet18Architecture = declareArchitecture({
  name: "resnet18",
  title: "ResNet-18",
  domains: ["image"],
  citation: work("K. He, X. Zhang, S. Ren and J. Sun", 2016, "Deep Residual Learning for Image Recognition", "CVPR"),
  options: { normalisation: normalisationOption("instance") },
  body(options) {
    const { normalisation: norm } = options;
    const groups = [64, 128, 256, 512].flatMap((channels, g) => [
      basicBlock(`group${g + 1}_1`, channels, g === 0 ? 1 : 2, norm),
      basicBlock(`group${g + 1}_2`, channels, 1, norm),
    ]);
    return sequential(
      convBlock(1, {
        channels: 64,
        kernel: 3,
        padding: 1,
        bias: false,
        normalisation: norm,
        activation: "relu",
        pooling: "none",
      }),
      ...groups,
      globalAverage,
    );
  },
});

/** Two 3x3 convolutions beside the identity, or beside a 1x1 projection where the shape changes. */
function basicBlock(name: string, channels: number, stride: number, norm: Normalisation): StageMaker {
  return (input) => {
    const main = sequential(
      conv2d(`${name}_conv1`, { channels, kernel: 3, padding: 1, stride, bias: false }),
      normalisation(`${name}_norm1`, norm),
      activation("relu"),
      conv2d(`${name}_conv2`, { channels, kernel: 3, padding: 1, bias: false }),
      normalisation(`${name}_norm2`, norm),
    );
    const projection = sequential(
      conv2d(`${name}_shortcut`, { channels, kernel: 1, stride, bias: false }),
      normalisation(`${name}_shortcutNorm`, norm),
    );
    const identity: StageMaker = (shape) => plain(shape, (x) => x);
    const shortcut = stride === 1 && input[0] === channels ? identity : projection;
    return sequential(residual(main, shortcut), activation("relu"))(input);
  };
}

export function resnet18(options: ResNet18Options = {}): NetworkSpec {
  return specOf(resnet18Architecture, options);
}
