/** Values of one sample under reference models: of those that it was in, and of those that it was not. */
export interface Sides {
  readonly within: readonly number[];
  readonly without: readonly number[];
}

/** The values of sample `i`, by side. */
export function sidesOf(
  values: readonly Float64Array[],
  members: readonly Uint8Array[],
  references: readonly number[],
  i: number,
): Sides {
  const within: number[] = [];
  const without: number[] = [];
  for (const m of references) (members[m]![i] === 1 ? within : without).push(values[m]![i]!);
  return { within, without };
}

export const meanOf = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;

/** The middle value, of an even number the mean of the two in the middle; NaN of none. */
export function medianOf(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
}
