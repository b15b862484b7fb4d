import { size } from "../../engine/index.ts";
import { activation } from "../../hypotheses/layers/activation.ts";
import { conv2d } from "../../hypotheses/layers/conv2d.ts";
import { linear } from "../../hypotheses/layers/linear.ts";
import { type Normalisation, normalisation } from "../../hypotheses/layers/normalisation.ts";
import { sequential } from "../../hypotheses/layers/sequential.ts";
import { flatten, plain, type Stage, type StageMaker } from "../../hypotheses/layers/stage.ts";
import { enlarged } from "./enlarge.ts";
import { mapSides } from "./sides.ts";

/** The layers of a decoder, one a stage: stage i makes layer i + 1 of layer i, the last one the sample as [n, C·H·W]. */
export type Decoder = readonly Stage[];

/** `depth` hidden layers of `width` units with ReLU. */
export function fullyConnectedDecoder(
  shape: readonly number[],
  { width, depth }: { readonly width: number; readonly depth: number },
  code: number,
): Decoder {
  const hidden = Array.from({ length: depth }, (_, i) =>
    sequential(linear(`decoder${i + 1}`, width), activation("relu"))([i === 0 ? code : width]),
  );
  return [...hidden, linear("output", size(shape))([width])];
}

/** Channels of the maps of a decoder from the smallest on: the first two alike, then half as many from map to map, four at least. */
export const mapChannels = (channels: number, maps: number): number[] =>
  Array.from({ length: maps }, (_, i) =>
    Math.max(Math.min(4, channels), Math.ceil(channels / 2 ** Math.max(0, i - 1))),
  );

/**
 * A small map of a linear layer, doubled again and again: nearest neighbours, then a 3x3 convolution. With 32 channels, 28x28 pixels and a
 * code of 26 numbers: 26 → 7·7·32, ↑ 32 → 32, ↑ 32 → 16, 16 → 1.
 */
export function convolutionalDecoder(
  shape: readonly [number, number, number],
  { channels, norm }: { readonly channels: number; readonly norm: Extract<Normalisation, "batch" | "none"> },
  code: number,
): Decoder {
  const sides = mapSides(shape);
  const depths = mapChannels(channels, sides.length);
  const rectified = (layer: string): StageMaker[] => [normalisation(layer, norm), activation("relu")];
  const first = [depths[0]!, ...sides[0]!] as const;
  const ground = sequential(
    linear("decoder1", size(first)),
    () => plain(first, (x) => x.reshape([x.shape[0]!, ...first])),
    ...rectified("norm1"),
  )([code]);
  const stages = [ground];
  for (let i = 1; i < sides.length; i++) {
    const last = stages[i - 1]!.output;
    const layers = [
      enlarged(...(sides[i] as [number, number])),
      conv2d(`decoder${i + 1}`, { channels: depths[i]!, kernel: 3, padding: 1, bias: norm === "none" }),
      ...rectified(`norm${i + 1}`),
    ];
    stages.push(sequential(...layers)(last));
  }
  const output = sequential(conv2d("output", { channels: shape[0], kernel: 3, padding: 1 }), flatten);
  return [...stages, output(stages.at(-1)!.output)];
}
