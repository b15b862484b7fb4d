import { activation } from "../../hypotheses/layers/activation.ts";
import { conv2d } from "../../hypotheses/layers/conv2d.ts";
import { normalisation } from "../../hypotheses/layers/normalisation.ts";
import { residual, sequential } from "../../hypotheses/layers/sequential.ts";
import { flatten, plain, type Stage, type StageMaker } from "../../hypotheses/layers/stage.ts";
import { enlarged } from "./enlarge.ts";
import { leakyStage } from "./leaky.ts";

type Shape = readonly [number, number, number];

/**
 * A network from images to images (Johnson et al. 2016; Zhu et al. 2017), small: maps of `channels`, half the size of twice as many, residual blocks
 * there, and back; every map of an image is normalised by itself. [n, C, H, W] → [n, C·H·W]. Its layers' names start with `name`.
 */
export function translator(
  name: string,
  shape: Shape,
  { channels, blocks }: { readonly channels: number; readonly blocks: number },
): Stage {
  const [depth, height, width] = shape;
  const convolution = (own: string, out: number, stride = 1) =>
    conv2d(`${name}${own}`, { channels: out, kernel: 3, stride, padding: 1 });
  const rectified = (own: string) => [normalisation(`${name}${own}Norm`, "instance"), activation("relu")];
  const same: StageMaker = (input) => plain(input, (x) => x);
  const block = (i: number) =>
    residual(
      sequential(
        convolution(`Block${i}a`, 2 * channels),
        ...rectified(`Block${i}a`),
        convolution(`Block${i}b`, 2 * channels),
        normalisation(`${name}Block${i}bNorm`, "instance"),
      ),
      same,
    );
  return sequential(
    convolution("In", channels),
    ...rectified("In"),
    convolution("Down", 2 * channels, 2),
    ...rectified("Down"),
    ...Array.from({ length: blocks }, (_, i) => block(i + 1)),
    enlarged(height, width),
    convolution("Up", channels),
    ...rectified("Up"),
    convolution("Out", depth),
    flatten,
  )(shape);
}

/**
 * A critic of patches (Isola et al. 2017): two convolutions in steps of two, then a score for every place of the map, which sees a patch of
 * the image: [n, C, H, W] → [n, places]. Its layers' names start with `name`.
 */
export const patchCritic = (name: string, shape: Shape, channels: number): Stage =>
  sequential(
    conv2d(`${name}1`, { channels, kernel: 3, stride: 2, padding: 1 }),
    leakyStage,
    conv2d(`${name}2`, { channels: 2 * channels, kernel: 3, stride: 2, padding: 1 }),
    normalisation(`${name}2Norm`, "layer"),
    leakyStage,
    conv2d(`${name}3`, { channels: 1, kernel: 3, padding: 1 }),
    flatten,
  )(shape);
