import { activation } from "../../hypotheses/layers/activation.ts";
import { conv2d } from "../../hypotheses/layers/conv2d.ts";
import { linear } from "../../hypotheses/layers/linear.ts";
import { normalisation } from "../../hypotheses/layers/normalisation.ts";
import { sequential } from "../../hypotheses/layers/sequential.ts";
import { flatten, type Stage, type StageMaker } from "../../hypotheses/layers/stage.ts";
import { leakyStage } from "./leaky.ts";
import { mapSides } from "./sides.ts";

/** `depth` hidden layers of `width` units with ReLU, of images [n, C, H, W]. */
export const fullyConnectedEncoder = (
  shape: readonly number[],
  { width, depth }: { readonly width: number; readonly depth: number },
): Stage => {
  const hidden = Array.from({ length: depth }, (_, i) => [linear(`encoder${i + 1}`, width), activation("relu")]);
  return sequential(flatten, ...hidden.flat())(shape);
};

/** Two 3x3 convolutions in steps of two, of `channels` and twice as many, and a linear layer of four times as many units, with ReLU. */
export const convolutionalEncoder = (shape: readonly number[], channels: number): Stage =>
  sequential(
    conv2d("encoder1", { channels, kernel: 3, stride: 2, padding: 1 }),
    activation("relu"),
    conv2d("encoder2", { channels: 2 * channels, kernel: 3, stride: 2, padding: 1 }),
    activation("relu"),
    flatten,
    linear("encoder3", 4 * channels),
    activation("relu"),
  )(shape);

/**
 * A critic's body: 3x3 convolutions in steps of two down to maps of 4 pixels or less, of `channels`, 2·`channels`, then 4·`channels`; every image is
 * normalised by itself after all but the first where `norm` is layer. No batch statistics: a penalty is of one sample's slope.
 */
export function convolutionalCritic(
  shape: readonly [number, number, number],
  { channels, norm }: { readonly channels: number; readonly norm: "layer" | "none" },
): Stage {
  const count = Math.max(2, mapSides(shape).length);
  const blocks = Array.from({ length: count }, (_, i): StageMaker[] => [
    conv2d(`critic${i + 1}`, { channels: channels * 2 ** Math.min(i, 2), kernel: 3, stride: 2, padding: 1 }),
    ...(i > 0 ? [normalisation(`norm${i + 1}`, norm)] : []),
    leakyStage,
  ]);
  return sequential(...blocks.flat(), flatten)(shape);
}

/** The same of fully connected layers. */
export const fullyConnectedCritic = (
  shape: readonly number[],
  { width, depth }: { readonly width: number; readonly depth: number },
): Stage => {
  const hidden = Array.from({ length: depth }, (_, i) => [linear(`critic${i + 1}`, width), leakyStage]);
  return sequential(flatten, ...hidden.flat())(shape);
};
