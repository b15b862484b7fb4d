import { integer } from "../../engine/index.ts";
import type { GeneratorGround } from "../generator.ts";

/** The option of an autoencoder that takes pictures of any size. */
export const sizeOption = integer(
  0,
  0,
  4096,
  "side of the pictures that samples are brought to; 0 for their own, rounded up",
);

type Size = readonly [height: number, width: number];

/** The size of a model's pictures: a multiple of what it shrinks them by, no smaller than the samples unless asked for. */
export const nativeSize = (asked: number, { shape: [, height, width] }: GeneratorGround, by: number): Size => {
  const up = (side: number) => by * Math.ceil((asked || side) / by);
  return [up(height), up(width)];
};

/** The size of codes of pictures that are shrunk by a factor. */
export const codeSize = ([height, width]: Size, by: number): Size => [height / by, width / by];
