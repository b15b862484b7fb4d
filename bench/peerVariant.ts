/** A value of one of the axes along which the peer is tuned; see peers/variant.py. */
export type AxisValue = string | number | boolean | null;

/** One way to run the peer: a value of each axis that a case has. Axes left out are as PyTorch comes. */
export type PeerVariant = Readonly<Record<string, AxisValue>>;

/** The values of each axis, in the order of the search; the first of each is PyTorch as it comes. */
export type AxisValues = Readonly<Record<string, readonly AxisValue[]>>;

/** The first value of every axis. */
export function asItComes(options: AxisValues): PeerVariant {
  return Object.fromEntries(Object.entries(options).map(([axis, values]) => [axis, values[0]!]));
}

const words: Readonly<Record<string, (value: AxisValue) => string>> = {
  allocator: String,
  layout: String,
  norm: (norm) => ({ group_norm: "GroupNorm", instance_norm: "F.instance_norm" })[String(norm)] ?? `norm ${norm}`,
  batch: (images) => (images === null ? "whole batch" : `${images} at a time`),
  workers: (workers) => (workers ? "a worker a core" : "threads in each operation"),
  compile: (compiled) => (compiled ? "compiled" : "eager"),
};

/** The variant in words, axis by axis. */
export function variantText(variant: PeerVariant): string {
  return Object.entries(variant)
    .map(([axis, value]) => words[axis]?.(value) ?? `${axis} ${value}`)
    .join(", ");
}

/** Equal variants have equal keys. */
export const variantKey = (variant: PeerVariant): string => JSON.stringify(Object.entries(variant).sort());
