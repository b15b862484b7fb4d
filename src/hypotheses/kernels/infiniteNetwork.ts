import {
  type Citation,
  choice,
  flag,
  integer,
  number,
  type OptionRules,
  type OptionValues,
  resolveOptions,
  type Serving,
} from "../../engine/index.ts";
import { convolutionalKernel } from "./convolutional.ts";
import { fullyConnectedKernel } from "./fullyConnected.ts";
import type { Limit } from "./infiniteWidth.ts";
import type { Kernel } from "./kernel.ts";

/** An infinitely wide network by name, in place of a finite one: training on S is kernel ridge regression (§5.2.2). */
export interface InfiniteNetwork extends Serving {
  readonly name: Limit;
  readonly title: string;
  readonly citation: Citation;
  readonly options: OptionRules;
  /** The network's kernel for one input [C, H, W]. */
  kernel(values: OptionValues, input: readonly [number, number, number]): Kernel;
}

const options = {
  depth: integer(1, 1, 16, "hidden layers, or convolutional blocks"),
  convolutional: flag(false, "whether it is convolutional, or fully connected"),
  pooling: choice("none", ["none", "avg"], "of a convolutional one; with avg a pair of images takes milliseconds"),
  ridge: number(1e-6, 0, undefined, "share of the kernel matrix's mean diagonal that is added to it"),
};

/** The record of the infinitely wide network that a limit is the kernel of. */
export const infiniteNetwork = (name: Limit, words: Pick<InfiniteNetwork, "title" | "citation">): InfiniteNetwork => ({
  name,
  ...words,
  options,
  kernel: (values, input) => infiniteWidthKernel(name, resolveOptions(`network ${name}`, options, values), input),
});

/** The facts that the kernel of infinitely wide networks depends on beside the input. */
export interface Architecture {
  readonly depth: number;
  readonly convolutional: boolean;
  readonly pooling: "none" | "avg";
}

/** The kernel of infinitely wide networks, fully connected or convolutional, for one input [C, H, W]. */
export function infiniteWidthKernel(
  limit: Limit,
  { depth, convolutional, pooling }: Architecture,
  input: readonly [number, number, number],
): Kernel {
  return convolutional ? convolutionalKernel(limit, input, { depth, pooling }) : fullyConnectedKernel(limit, { depth });
}
