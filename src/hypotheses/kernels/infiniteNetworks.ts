import {
  choice,
  flag,
  integer,
  number,
  type OptionRules,
  type OptionValues,
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
  readonly options: OptionRules;
}

const options: OptionRules = {
  depth: integer(1, 1, 16, "hidden layers, or convolutional blocks"),
  convolutional: flag(false, "whether it is convolutional, or fully connected"),
  pooling: choice("none", ["none", "avg"], "of a convolutional one; with avg a pair of images takes milliseconds"),
  ridge: number(1e-6, 0, undefined, "share of the kernel matrix's mean diagonal that is added to it"),
};

export const infiniteNetworks: readonly InfiniteNetwork[] = [
  { name: "ntk", title: "infinitely wide network after gradient descent: its tangent kernel's regression", options },
  { name: "nngp", title: "infinitely wide network with only its last layer trained", options },
];

export const infiniteNetworkNamed = (name: string): InfiniteNetwork | undefined =>
  infiniteNetworks.find((n) => n.name === name);

/** The kernel of an infinitely wide network for one input [C, H, W]. `values` are resolved. */
export function kernelOfInfinite(
  { name }: InfiniteNetwork,
  values: OptionValues,
  input: readonly [number, number, number],
): Kernel {
  const { depth, pooling } = values as { depth: number; pooling: "none" | "avg" };
  return values.convolutional
    ? convolutionalKernel(name, input, { depth, pooling })
    : fullyConnectedKernel(name, { depth });
}
